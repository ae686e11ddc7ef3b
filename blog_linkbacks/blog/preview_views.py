"""A draft as its readers will see it, for those who know its secret address."""

from flask import Blueprint, abort, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from blog_linkbacks.blog import drafts, lookup, markdown, previews
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
    response = make_response(render_template("desk/preview.html", post=post, title=title, html=html))
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
        return kept.words["title"] or drafts.UNTITLED, markdown.render(kept.words["body"])
    except ValueError:
        return post.title, post.html
