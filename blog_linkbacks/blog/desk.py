"""The writing desk: the author's list of posts, the editor with its preview, unpublish and delete."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import defer, lazyload
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from blog_linkbacks import tasks, urls, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import checking, lookup, markdown, outlinks, posts
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.sending import progress, rules
from blog_linkbacks.sending.progress import Progress
from blog_linkbacks.sending.tables import Rule
from blog_linkbacks.vocabulary import Status

blueprint = Blueprint("desk", __name__, url_prefix="/admin/posts")

PAGE = 50
FORM_BYTES = 12 * markdown.MAX_LENGTH + 100_000
_MAX_ID = 2**63 - 1


class PostForm(FlaskForm):
    """A post as it is typed."""

    title = StringField(
        "Title",
        [
            DataRequired("A post needs a title."),
            Length(max=500, message="The title is longer than 500 characters."),
        ],
    )
    body = TextAreaField("Text")
    slug = StringField("Address", [Length(max=200)])
    tags = StringField("Tags", [Length(max=1000)])
    summary = TextAreaField("Summary", [Length(max=1000)])
    accept_linkbacks = BooleanField("Take linkbacks", default=True)

    def draft(self) -> posts.Draft:
        """What was typed, as a draft; PostError where the tags are none."""
        return posts.Draft(
            title=self.title.data or "",
            body=self.body.data or "",
            slug=(self.slug.data or "").strip(),
            tags=posts.parse_tags(self.tags.data),
            summary=(self.summary.data or "").strip(),
            accept_linkbacks=bool(self.accept_linkbacks.data),
        )


@blueprint.url_value_preprocessor
def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A post of the greatest length in any script fits into its form; everything else keeps the usual bounds."""
    request.max_content_length = request.max_form_memory_size = FORM_BYTES


@blueprint.get("", strict_slashes=False, endpoint="posts")
@web.needs(Role.AUTHOR)
def list_posts() -> ResponseReturnValue:
    """Posts by state, found by title or address, the newest first."""
    state = request.args.get("state", "")
    wanted = request.args.get("q", "").strip()[:200]
    found = db.session.scalars(_listed(state, wanted, request.args.get("before", ""))).all()
    shown, more = found[:PAGE], len(found) > PAGE
    return render_template(
        "desk/posts.html",
        posts=shown,
        older=shown[-1].id if more else None,
        counts=_linkback_counts([post.id for post in shown]),
        states=_state_counts(),
        state=state,
        q=wanted,
        telling=_telling(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def new() -> ResponseReturnValue:
    return _edit(None, PostForm())


@blueprint.route("/<int:post_id>", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def edit(post_id: int) -> ResponseReturnValue:
    post = _get(post_id)
    return _edit(post, PostForm(data=_typed(post)))


@blueprint.post("/preview")
@web.needs(Role.AUTHOR)
def preview() -> ResponseReturnValue:
    """The text as readers will see it, and what becomes of its links, as a fragment."""
    post_id = request.args.get("post_id", type=int)
    known = _get(post_id) if post_id is not None else None
    _set_rules()
    return render_template("desk/_previewed.html", **_preview(request.form.get("body", ""), known))


@blueprint.get("/reach")
@web.needs(Role.AUTHOR)
def reach() -> ResponseReturnValue:
    """What the page at `url` takes, as a fragment: asked while the author writes."""
    url = request.args.get("url", "")
    if not urls.is_web(url) or web.is_own(url):
        abort(400)
    badge = outlinks.ask(url)
    return render_template("desk/_forecast.html", badge=badge, url=url, waits=badge.ask)


@blueprint.route("/<int:post_id>/delete", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def delete(post_id: int) -> ResponseReturnValue:
    """Ask, then delete for good."""
    post = _get(post_id)
    if request.method == "GET":
        return render_template("desk/delete.html", post=post, form=FlaskForm())
    posts.delete(post.slug)
    _tell(post)
    flash(f"Deleted “{post.title}”.")
    return redirect(url_for("desk.posts"), 303)


def _edit(post: Post | None, form: PostForm) -> ResponseReturnValue:
    action = request.form.get("action", "save")
    _set_rules()
    if request.method == "GET" or action in ("preview", "check"):
        return _editor(post, form)
    if not form.validate():
        return _editor(post, form), 422
    was_published = post is not None and post.published
    try:
        saved = _save(post, form.draft(), action)
    except ValueError as error:
        return _editor(post, form, str(error)), 422
    _tell(saved)
    flash(_done(saved, was_published))
    return redirect(url_for("desk.posts") if saved.published else url_for("desk.edit", post_id=saved.id), 303)


def _save(post: Post | None, draft: posts.Draft, action: str) -> Post:
    post_id, author_id, publish = post.id if post else None, current_user.id, action == "publish"
    with writing():
        saved = posts.save(draft, post_id=post_id, publish=publish, author_id=author_id, skip=_unticked())
        return posts.unpublish(saved.slug) if action == "unpublish" else saved


def _tell(post: Post) -> None:
    """Have told what was entered, and show on the list how that goes."""
    tasks.post_changed(post.id)
    session["telling"] = post.id


def _telling() -> Progress | None:
    """How the telling of the post that was just saved goes: shown once, and on until nothing waits."""
    post_id = session.pop("telling", None)
    found = progress.of(post_id) if post_id else None
    if found is not None and found.busy:
        session["telling"] = post_id
    return found


def _set_rules() -> None:
    """What was chosen beside the links about whom to tell: `host rule`, empty where nothing was."""
    for chosen in request.form.getlist("rule"):
        host, _, rule = chosen.partition(" ")
        try:
            if rule:
                rules.set_rule(host, Rule(rule), current_user.id)
        except ValueError as error:
            abort(400, str(error))


def _done(post: Post, was_published: bool) -> str:
    words = {
        (False, True): "Published “{}”.",
        (True, True): "Updated “{}”.",
        (True, False): "“{}” is off the site and a draft again.",
        (False, False): "Saved the draft “{}”.",
    }
    return words[was_published, post.published].format(post.title)


def _editor(post: Post | None, form: PostForm, problem: str = "") -> str:
    return render_template(
        "desk/editor.html",
        post=post,
        form=form,
        problem=problem,
        address=lookup.post_url(post) if post else "",
        telling=progress.of(post.id) if post else None,
        **_preview(form.body.data or "", post),
    )


def _preview(body: str, post: Post | None) -> dict[str, Any]:
    try:
        html = markdown.render(body)
    except ValueError as error:
        return {"html": "", "unreadable": str(error), "links": outlinks.Outlinks()}
    links = outlinks.outlinks(html, post.id if post else None, _unticked(post))
    if request.form.get("action") == "check":
        links = checking.checked(links)
    return {"html": html, "unreadable": "", "links": links}


def _unticked(post: Post | None = None) -> set[str]:
    """The links that the author does not want told: as the form says, before there is one as the post has it."""
    if request.method == "GET":
        return set(post.untold) if post else set()
    return set(request.form.getlist("linked")) - set(request.form.getlist("tell"))


def _typed(post: Post) -> Mapping[str, object]:
    """What the author typed; a summary that was made from the text is left to be made again."""
    made = post.summary == markdown.summary(post.html)
    return {
        "title": post.title,
        "body": post.body,
        "slug": post.slug,
        "tags": ", ".join(tag.tag for tag in post.tags),
        "summary": "" if made else post.summary,
        "accept_linkbacks": post.accept_linkbacks,
    }


def _get(post_id: int) -> Post:
    """A post that is not deleted; 404 where there is none."""
    post = db.session.get(Post, post_id) if post_id < _MAX_ID else None
    if post is None or post.state == PostState.DELETED:
        abort(404)
    return post


def _listed(state: str, wanted: str, before: str) -> Select[Post]:
    states = (
        [state] if state in (PostState.DRAFT, PostState.PUBLISHED) else [PostState.DRAFT, PostState.PUBLISHED]
    )
    query = select(Post).where(Post.state.in_(states)).order_by(Post.id.desc()).limit(PAGE + 1)
    if wanted:
        query = query.where(
            or_(Post.title.icontains(wanted, autoescape=True), Post.slug.icontains(wanted, autoescape=True))
        )
    if before.isascii() and before.isdigit() and int(before) < _MAX_ID:
        query = query.where(Post.id < int(before))
    return query.options(defer(Post.body), defer(Post.html), defer(Post.text), lazyload(Post.tags))


def _state_counts() -> Mapping[str, int]:
    rows = db.session.execute(select(Post.state, func.count()).group_by(Post.state)).all()
    return dict(rows)


def _linkback_counts(post_ids: list[int]) -> Mapping[tuple[int, str], int]:
    """How many linkbacks each of these posts has, by post and status."""
    rows = db.session.execute(
        select(Linkback.post_id, Linkback.status, func.count())
        .where(Linkback.post_id.in_(post_ids), Linkback.status.in_([Status.APPROVED, Status.PENDING]))
        .group_by(Linkback.post_id, Linkback.status)
    ).all()
    return {(post_id, status): number for post_id, status, number in rows}
