"""What an author's editor does beside saving: keep what is typed, make and revoke the draft's secret address."""

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import drafts, post_form, posts, previews
from blog_linkbacks.blog.post_form import PostForm, get_post
from blog_linkbacks.blog.tables import PostDraft
from blog_linkbacks.db import writing
from blog_linkbacks.filters import iso

blueprint = Blueprint("drafts", __name__, url_prefix="/admin/posts")
blueprint.url_value_preprocessor(post_form.make_room)


@blueprint.post("/draft")
@web.needs(Role.AUTHOR)
def keep_new() -> ResponseReturnValue:
    """Keep the first words of a post: it is a draft from now on."""
    return _kept(None)


@blueprint.post("/<int:post_id>/draft")
@web.needs(Role.AUTHOR)
def keep(post_id: int) -> ResponseReturnValue:
    """Keep what is typed, apart from the post; 409 where newer words were kept meanwhile."""
    return _kept(get_post(post_id).id)


@blueprint.post("/<int:post_id>/preview-link")
@web.needs(Role.AUTHOR)
def preview_link(post_id: int) -> ResponseReturnValue:
    """Make the secret address of a draft, or revoke it."""
    post = get_post(post_id)
    try:
        (previews.revoke if request.form.get("action") == "revoke" else previews.make)(post.id)
    except ValueError as error:
        flash(str(error), "bad")
    return redirect(url_for("desk.edit", post_id=post.id, _anchor="preview-link"), 303)


def _kept(post_id: int | None) -> ResponseReturnValue:
    try:
        row = _keep(post_id, PostForm())
    except drafts.BehindError as error:
        return {"version": error.row.version, "at": iso(error.row.kept_at)}, 409
    except ValueError as error:
        return {"problem": str(error)}, 422
    return jsonify(post=row.post_id, version=row.version, at=iso(row.kept_at))


def _keep(post_id: int | None, form: PostForm) -> PostDraft:
    words, known = form.words(), post_form.known_version() or 0
    drafts.check(words)
    with writing():
        post_id = post_id or drafts.begun_in(post_form.tab(), current_user.id)
        if post_id is None:
            first = posts.Draft(words["title"].strip() or drafts.UNTITLED, words["body"], kind=form.chosen())
            post_id = posts.save(first, publish=False, author_id=current_user.id, skip=words["untold"]).id
            known = drafts.version(post_id)
        return drafts.keep(post_id, words, known=known, user_id=current_user.id, tab=post_form.tab())
