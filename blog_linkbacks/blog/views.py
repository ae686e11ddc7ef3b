"""The public pages of one post each: the index above them, posts, pages, the responses to a post."""

from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from blog_linkbacks import vocabulary as words
from blog_linkbacks import web
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import browse, lists, lookup, machine, pages, people, structured, style
from blog_linkbacks.blog.blueprint import blueprint
from blog_linkbacks.blog.caching import conditional
from blog_linkbacks.blog.neighbours import neighbours
from blog_linkbacks.blog.openness import open_kinds
from blog_linkbacks.blog.related import related
from blog_linkbacks.blog.responses import SAID, page_of_responses, property_of, responses
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db
from blog_linkbacks.protocols import announce
from blog_linkbacks.settings.preferences import site

__all__ = ["blueprint", "browse", "machine", "pages", "people", "style"]

PINGBACK, WEBMENTION = "/xmlrpc", "/webmention"

blueprint.add_app_template_filter(property_of, "property_of")


@blueprint.get("/")
@conditional
def index() -> str:
    listed = lists.page_of(lists.published().options(selectinload(Post.tags)), max(1, site().posts_per_page))
    canonical = web.absolute("/") + lists.page_query()
    return render_template("blog/index.html", canonical=canonical, linked=structured.blog(), **listed)


@blueprint.get("/posts/<slug>")
@blueprint.get("/posts/<slug>/", endpoint="post_with_slash")
@conditional
def post(slug: str) -> AnyResponse:
    """A post's page; 404 for a draft, 410 for a deleted one, 301 from any other of its addresses."""
    found = _public(slug)
    if found.kind == PostKind.PAGE or slug != found.slug or request.path.endswith("/"):
        return redirect(lookup.post_url(found), 301)
    return _announced(found)


@blueprint.get("/pages/<slug>")
@conditional
def page(slug: str) -> ResponseReturnValue:
    """A page such as “About”; a post of that name is at its own address."""
    found = _public(slug)
    if found.kind != PostKind.PAGE or slug != found.slug:
        return redirect(lookup.post_url(found), 301)
    return render_template("blog/page.html", post=found, url=lookup.post_url(found))


@blueprint.get("/posts/<slug>/responses")
@conditional
def responses_of(slug: str) -> ResponseReturnValue:
    """Every response to a post, a page at a time; `?of=` like, repost or bookmark lists those."""
    found = _public_post(slug)
    if slug != found.slug:
        return redirect(url_for(".responses_of", slug=found.slug), 301)
    of, before = request.args.get("of", ""), request.args.get("before", lists.MAX_ID, type=int)
    sorts = (words.Response(of),) if of in set(words.Response) - set(SAID) else SAID
    shown = page_of_responses(found.id, sorts, min(before, lists.MAX_ID))
    if not shown.mentions:
        abort(404)
    return render_template(
        "blog/responses.html", post=found, url=lookup.post_url(found), responses=shown, of=of, sorts=sorts
    )


def _public(slug: str) -> Post:
    found = lookup.by_slug(slug)
    if found is not None and found.state == PostState.DELETED:
        abort(410)
    if found is None or not found.published:
        abort(404)
    return found


def _public_post(slug: str) -> Post:
    found = _public(slug)
    return found if found.kind == PostKind.POST else abort(404)


def _announced(post: Post) -> Response:
    """The page with the headers and elements of the endpoints that this post answers at now, and of no other."""
    kinds, url = open_kinds(post), lookup.post_url(post)
    trackback = lookup.trackback_url(post)
    endpoints = announce.Endpoints(web.absolute(PINGBACK), trackback, web.absolute(WEBMENTION))
    said = announce.announcement(kinds, endpoints, url, post.title)
    shown = {"trackback": trackback} if words.Kind.TRACKBACK in kinds else {}
    markup = Markup(said.markup)  # noqa: S704  # every value in it is escaped by `announce`
    response = make_response(_post_page(post, announcements=markup, taken=bool(kinds), **shown))
    for name, value in said.headers:
        response.headers.add(name, value)
    return response


def _post_page(post: Post, **announced: Any) -> str:
    links, said, writer = related(post), responses(post.id), _writer(post)
    context: dict[str, Any] = {
        "related": links,
        "neighbours": neighbours(post, len(links)),
        "responses": said,
        "linked": structured.posting(post, writer, said.total),
    }
    return render_template(
        "blog/post.html",
        post=post,
        url=lookup.post_url(post),
        writer=writer,
        **context,
        **lists.around(post),
        **announced,
    )


def _writer(post: Post) -> str:
    """The name under a post: the blog's author, else the person who wrote it, else the blog's own."""
    if site().author:
        return site().author
    person = db.session.get(User, post.author_id) if post.author_id else None
    return person.name if person else site().name
