"""A draft as its readers will see it, for those who know its secret address."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from blog_linkbacks.blog import drafts, lookup, pictures, previews
from blog_linkbacks.blog.tables import Post

blueprint = Blueprint("previews", __name__)


@blueprint.get("/preview/<token>")
def preview(token: str) -> ResponseReturnValue:
    """The draft with the words kept last; 404 once revoked, the post itself once published. Announces nothing."""
    post = previews.find(token)
    if post is None:
        abort(404)
    if post.published:
        return redirect(lookup.post_url(post), 302)
    title, html = _words(post)
    page = render_template("desk/preview.html", post=post, title=title, html=html, **_cover(post))
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _words(post: Post) -> tuple[str, str]:
    """The title and the sanitised HTML as last typed; where that cannot be rendered, as last saved."""
    kept = drafts.find(post.id)
    if kept is None or not kept.words:
        return post.title, post.html
    try:
        return kept.words["title"] or drafts.UNTITLED, pictures.render(kept.words["body"])
    except ValueError:
        return post.title, post.html


def _cover(post: Post) -> dict[str, Any]:
    """The cover and its description as last typed."""
    kept = drafts.find(post.id)
    if kept is None or not kept.words or "cover" not in kept.words:
        return {"cover": post.cover, "cover_alt": post.cover_alt}
    return {"cover": pictures.named(kept.words["cover"]), "cover_alt": kept.words["cover_alt"]}
