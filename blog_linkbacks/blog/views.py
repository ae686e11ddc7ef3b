"""The public pages: the index, posts, tags and the feed."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy import Select, select, tuple_
from werkzeug.wrappers import Response as AnyResponse

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import feeds, lookup
from blog_linkbacks.blog.neighbours import neighbours
from blog_linkbacks.blog.related import related
from blog_linkbacks.blog.responses import author_link, response_counts, responses
from blog_linkbacks.blog.tables import Post, PostState, PostTag
from blog_linkbacks.db import db
from blog_linkbacks.protocols import announce
from blog_linkbacks.protocols.charsets import xml_text
from blog_linkbacks.settings.preferences import site

blueprint = Blueprint("blog", __name__)
blueprint.add_app_template_filter(lookup.post_url, "post_url")
blueprint.add_app_template_filter(author_link, "author_link")

PINGBACK, WEBMENTION = "/xmlrpc", "/webmention"
_MAX_ID = 2**63 - 1


@blueprint.app_template_filter("day")
def day(moment: datetime) -> str:
    """A date in words, such as “24 November 2026”."""
    return moment.strftime("%-d %B %Y")


@blueprint.get("/")
def index() -> str:
    return render_template("blog/index.html", canonical=web.absolute("/"), **_page_of(_published()))


@blueprint.get("/tags/<tag>")
def tag(tag: str) -> str:
    word = db.session.scalar(
        _published().join(Post.tags).where(PostTag.key == tag).with_only_columns(PostTag.tag)
    )
    if word is None:
        abort(404)
    posts = _page_of(_published().where(Post.tags.any(PostTag.key == tag)))
    return render_template(
        "blog/tag.html", tag=tag, word=word, canonical=web.absolute_for("blog.tag", tag=tag), **posts
    )


@blueprint.get("/posts/<slug>")
@blueprint.get("/posts/<slug>/", endpoint="post_with_slash")
def post(slug: str) -> AnyResponse:
    """A post's page; 404 for a draft, 410 for a deleted one, 301 from any other of its addresses."""
    found = lookup.by_slug(slug)
    if found is not None and found.state == PostState.DELETED:
        abort(410)
    if found is None or not found.published:
        abort(404)
    if slug != found.slug or request.path.endswith("/"):
        return redirect(lookup.post_url(found), 301)
    return _announced(found) if lookup.is_open(found) else make_response(_post_page(found))


@blueprint.get("/feed.atom")
def atom() -> AnyResponse:
    posts = db.session.scalars(_published().limit(feeds.ENTRIES)).all()
    updated = max((post.updated_at for post in posts), default=datetime.fromtimestamp(0).astimezone())
    feed = render_template(
        "blog/feed.xml", posts=posts, updated=updated, feeds=feeds, feed_url=web.absolute_for("blog.atom")
    )
    response = make_response(xml_text(feed))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.add_etag()
    return response.make_conditional(request)


def _published() -> Select[Post]:
    return (
        select(Post)
        .where(Post.state == PostState.PUBLISHED)
        .order_by(Post.published_at.desc(), Post.id.desc())
    )


def _page_of(posts: Select[Post]) -> dict[str, Any]:
    size = max(1, site().posts_per_page)
    before = request.args.get("before", "")
    if before:
        posts = posts.where(tuple_(Post.published_at, Post.id) < tuple_(*_place(before)))
    found = db.session.scalars(posts.limit(size + 1)).all()
    shown, more = found[:size], len(found) > size
    counts = response_counts([post.id for post in shown])
    return {"posts": shown, "older": shown[-1].id if more else None, "newest": not before, "counts": counts}


def _place(before: str) -> tuple[datetime, int]:
    """Where in the list the post of that id stands; 404 where there is none."""
    post = (
        db.session.get(Post, int(before))
        if before.isascii() and before.isdigit() and int(before) < _MAX_ID
        else None
    )
    if post is None or post.published_at is None:
        abort(404)
    return post.published_at, post.id


def _announced(post: Post) -> Response:
    pingback, webmention = web.absolute(PINGBACK), web.absolute(WEBMENTION)
    trackback = lookup.trackback_url(post)
    elements = (
        announce.pingback_element(pingback),
        announce.webmention_element(webmention),
        announce.rdf_block(lookup.post_url(post), post.title, trackback),
    )
    page = _post_page(post, announcements=Markup("\n").join(map(Markup, elements)), trackback=trackback)
    response = make_response(page)
    response.headers["X-Pingback"] = announce.pingback_header(pingback)
    response.headers.add("Link", announce.webmention_link_header(webmention))
    return response


def _post_page(post: Post, **announced: str) -> str:
    shown = related(post)
    return render_template(
        "blog/post.html",
        post=post,
        url=lookup.post_url(post),
        writer=_writer(post),
        related=shown,
        neighbours=neighbours(post, len(shown)),
        responses=responses(post.id),
        **announced,
    )


def _writer(post: Post) -> str:
    """The name under a post: the blog's author, else the person who wrote it, else the blog's own."""
    if site().author:
        return site().author
    person = db.session.get(User, post.author_id) if post.author_id else None
    return person.name if person else site().name
