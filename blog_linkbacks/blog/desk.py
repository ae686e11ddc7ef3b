"""The writing desk: the author's list of posts, the editor with its preview, unpublish and delete."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from blog_linkbacks import tasks, urls, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import (
    checking,
    desk_list,
    drafts,
    lookup,
    markdown,
    outlinks,
    pictures,
    post_form,
    posts,
    schedule,
)
from blog_linkbacks.blog.desk_list import PAGE
from blog_linkbacks.blog.post_form import FORM_BYTES, PostForm, get_post
from blog_linkbacks.blog.tables import Post, PostDraft, PostKind
from blog_linkbacks.db import writing
from blog_linkbacks.sending import progress, rules
from blog_linkbacks.sending.progress import Progress
from blog_linkbacks.sending.tables import Rule

__all__ = ["FORM_BYTES", "blueprint"]

blueprint = Blueprint("desk", __name__, url_prefix="/admin/posts")
blueprint.url_value_preprocessor(post_form.make_room)
blueprint.add_app_template_filter(schedule.in_words, "in_zone")

_TYPING = ("preview", "check")  # actions that show the form again and save nothing


@blueprint.get("", strict_slashes=False, endpoint="posts")
@web.needs(Role.AUTHOR)
def list_posts() -> ResponseReturnValue:
    """Posts by state, found by title or address, the newest first."""
    state, wanted = request.args.get("state", ""), request.args.get("q", "").strip()[:200]
    found = desk_list.listed(state, wanted, request.args.get("before", ""))
    shown, more = found[:PAGE], len(found) > PAGE
    ids = [post.id for post in shown]
    return render_template(
        "desk/posts.html",
        posts=shown,
        older=shown[-1].id if more else None,
        counts=desk_list.linkback_counts(ids),
        kept=drafts.titles(ids),
        states=desk_list.state_counts(),
        state=state,
        q=wanted,
        telling=_telling(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def new() -> ResponseReturnValue:
    """An empty editor; `?kind=page` begins a page."""
    page = request.args.get("kind") == PostKind.PAGE
    return _edit(None, PostForm(data={"kind": PostKind.PAGE if page else PostKind.POST}))


@blueprint.route("/<int:post_id>", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def edit(post_id: int) -> ResponseReturnValue:
    post, kept = get_post(post_id), drafts.find(post_id)
    return _edit(post, PostForm(data=post_form.shown(post, kept)), kept)


@blueprint.post("/preview")
@web.needs(Role.AUTHOR)
def preview() -> ResponseReturnValue:
    """The text as readers will see it, and what becomes of its links, as a fragment."""
    post_id = request.args.get("post_id", type=int)
    known = get_post(post_id) if post_id is not None else None
    _set_rules()
    return render_template(
        "desk/_previewed.html",
        post=known,
        **_preview(request.form.get("body", ""), known, post_form.unticked()),
    )


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
    post = get_post(post_id)
    if request.method == "GET":
        return render_template("desk/delete.html", post=post, form=FlaskForm())
    posts.delete(post.slug)
    _tell(post)
    flash(f"Deleted “{post.title}”.")
    return redirect(url_for("desk.posts"), 303)


def _edit(post: Post | None, form: PostForm, kept: PostDraft | None = None) -> ResponseReturnValue:
    action = request.form.get("action", "save")
    _set_rules()
    if request.method == "GET" or action in _TYPING:
        return _editor(post, form, kept=kept)
    if action == "discard" and post is not None:
        return _discard(post)
    if not form.validate():
        return _editor(post, form), 422
    was_published = post is not None and post.published
    try:
        saved = _save(post, form, action)
    except drafts.BehindError as error:
        return _editor(post, form, str(error), version=error.row.version), 409
    except ValueError as error:
        return _editor(post, form, str(error)), 422
    _tell(saved)
    flash(_done(saved, was_published))
    return redirect(url_for("desk.posts") if saved.published else url_for("desk.edit", post_id=saved.id), 303)


def _save(post: Post | None, form: PostForm, action: str) -> Post:
    post_id, author_id, publish = post.id if post else None, current_user.id, action == "publish"
    draft, skip = form.draft(), post_form.unticked()
    with writing() as session:
        if post_id is not None:
            drafts.ensure_newest(session, post_id, post_form.known_version(), post_form.tab())
        saved = posts.save(draft, post_id=post_id, publish=publish, author_id=author_id, skip=skip)
        if action == "unpublish":
            return posts.unpublish(saved.slug)
        _set_time(saved, action, form.publish_at.data)
        return saved


def _set_time(post: Post, action: str, typed: str | None) -> None:
    """Plan or cancel the publishing of a draft; an ordinary save of a scheduled one takes a changed time along."""
    changed = post.scheduled and bool(typed) and typed != schedule.as_typed(post.publish_at)
    if action == "schedule" or (action == "save" and changed):
        schedule.plan(post.id, schedule.parse(typed))
    elif action == "unschedule":
        schedule.cancel(post.id)


def _discard(post: Post) -> ResponseReturnValue:
    drafts.discard(post.id)
    flash("This is the text as it was last saved.")
    return redirect(url_for("desk.edit", post_id=post.id), 303)


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
    return " ".join([_what_was_done(post, was_published), *_what_is_missing(post)])


def _what_is_missing(post: Post) -> Iterator[str]:
    number = markdown.undescribed(post.html) + (post.cover is not None and not post.cover_alt)
    if number:
        yield "1 picture has no description." if number == 1 else f"{number:,} pictures have no description."


def _what_was_done(post: Post, was_published: bool) -> str:
    if post.publish_at is not None:
        return f"“{post.title}” will be published {schedule.in_words(post.publish_at)}."
    words = {
        (False, True): "Published “{}”.",
        (True, True): "Updated “{}”.",
        (True, False): "“{}” is off the site and a draft again.",
        (False, False): "Saved the draft “{}”.",
    }
    return words[was_published, post.published].format(post.title)


def _editor(
    post: Post | None,
    form: PostForm,
    problem: str = "",
    *,
    kept: PostDraft | None = None,
    version: int | None = None,
) -> str:
    typed = request.method == "POST"
    unticked = post_form.unticked() if typed else post_form.unticked_before(post, kept)
    if version is None:
        version = post_form.known_version() if typed else (kept.version if kept else 0)
    return render_template(
        "desk/editor.html",
        post=post,
        form=form,
        problem=problem,
        kept=kept if kept and kept.words else None,
        version=version,
        tab=post_form.tab() if typed else "",
        zone=schedule.zone(),
        address=lookup.post_url(post) if post else "",
        telling=progress.of(post.id) if post else None,
        covers=pictures.choices(form.cover.data or ""),
        **_preview(form.body.data or "", post, unticked),
    )


def _preview(body: str, post: Post | None, unticked: set[str]) -> dict[str, Any]:
    try:
        html = pictures.render(body)
    except ValueError as error:
        return {
            "html": "",
            "unreadable": str(error),
            "links": outlinks.Outlinks(),
            "words": 0,
            "undescribed": 0,
        }
    links = outlinks.outlinks(html, post.id if post else None, unticked)
    if request.form.get("action") == "check":
        links = checking.checked(links)
    return {
        "html": html,
        "unreadable": "",
        "links": links,
        "words": markdown.count_words(html),
        "undescribed": markdown.undescribed(html),
    }
