"""Which related posts a post shows: an author hides or pins them on the post's own edit page."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import graph
from blog_linkbacks.blog.related import LISTED, Related, listed
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db

blueprint = Blueprint("related", __name__, url_prefix="/admin/posts")

_ID = "<int(max=9223372036854775807):{}>"
_VERBS = {
    "hide": (graph.hide, "“{}” is hidden on both posts."),
    "show": (graph.show, "“{}” is shown again on both posts."),
    "pin": (graph.pin, "“{}” comes first now, on both posts."),
    "unpin": (graph.unpin, "“{}” takes its usual place again."),
}
_UNDO = {"hide": "show", "show": "hide", "pin": "unpin", "unpin": "pin"}


@blueprint.app_template_global("related_of")
def related_of(post: Post) -> dict[str, Any]:
    """What the panel on the edit page lists: related posts, shown and hidden, and whether there are more."""
    found = listed(post)
    return {"entries": found[:LISTED], "more": len(found) > LISTED}


@blueprint.post(f"/{_ID.format('post_id')}/related/{_ID.format('linkback_id')}")
@web.needs(Role.AUTHOR)
def choose(post_id: int, linkback_id: int) -> ResponseReturnValue:
    """Hide, show, pin or unpin one related post, on both of its ends."""
    action = request.form.get("action", "")
    verb, words = _VERBS.get(action) or abort(400, "Hide, show, pin or unpin?")
    post, entry = _find(post_id, linkback_id)
    verb(linkback_id, current_user._get_current_object())
    done = words.format(entry.title)
    if web.wants_fragment():
        chosen = {"entry": entry.id, "undo": _UNDO[action]}
        return render_template("desk/_related.html", post=post, done=done, chosen=chosen)
    flash(done)
    return redirect(url_for("desk.edit", post_id=post.id, _anchor="related"), 303)


def _find(post_id: int, linkback_id: int) -> tuple[Post, Related]:
    post = db.session.get(Post, post_id)
    if post is None or post.state == PostState.DELETED:
        abort(404)
    entry = next((entry for entry in listed(post) if entry.id == linkback_id), None)
    return post, entry or abort(404, "That post is not related any more.")
