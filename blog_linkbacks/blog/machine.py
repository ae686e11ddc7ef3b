"""What programs read: feeds, the sitemap, robots.txt."""

import json
from collections.abc import Sequence

from flask import Response, abort, render_template
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from blog_linkbacks import web
from blog_linkbacks.blog import feeds, lists, lookup
from blog_linkbacks.blog.blueprint import blueprint
from blog_linkbacks.blog.caching import conditional
from blog_linkbacks.blog.responses import SAID, page_of_responses
from blog_linkbacks.blog.tables import Post, PostKind, PostState, PostTag
from blog_linkbacks.db import db
from blog_linkbacks.protocols.charsets import xml_text
from blog_linkbacks.settings.preferences import site

IN_A_SITEMAP = 50_000  # addresses, as the protocol of sitemaps.org bounds them
_OWN = 10  # of them kept for addresses that are no posts

_ATOM = "application/atom+xml; charset=utf-8"
_XML = "application/xml; charset=utf-8"


@blueprint.get("/feed.atom")
@conditional
def atom() -> Response:
    return _atom(lists.published(), site().name, web.absolute("/"), web.absolute_for("blog.atom"))


@blueprint.get("/feed.json")
@conditional
def json_feed() -> Response:
    return _json(lists.published(), site().name, web.absolute("/"), web.absolute_for("blog.json_feed"))


@blueprint.get("/tags/<tag>/feed.atom")
@conditional
def tag_atom(tag: str) -> Response:
    home, address = _of_tag(tag, "blog.tag_atom")
    return _atom(_tagged(tag), f"{site().name}: {_word(tag)}", home, address)


@blueprint.get("/tags/<tag>/feed.json")
@conditional
def tag_json(tag: str) -> Response:
    home, address = _of_tag(tag, "blog.tag_json")
    return _json(_tagged(tag), f"{site().name}: {_word(tag)}", home, address)


@blueprint.get("/posts/<slug>/responses.atom")
@conditional
def responses_atom(slug: str) -> Response:
    """What was said in response to a post, the latest of it (RFC 4685 for the thread)."""
    post = lookup.by_slug(slug)
    if post is not None and post.state == PostState.DELETED:
        abort(410)
    if post is None or not post.published or post.kind == PostKind.PAGE:
        abort(404)
    said = tuple(reversed(page_of_responses(post.id, SAID, None).mentions))
    updated = max((one.decided_at or one.received_at for one in said), default=post.published_at)
    page = render_template(
        "blog/responses.xml", post=post, url=lookup.post_url(post), said=said, updated=updated, feeds=feeds
    )
    return Response(xml_text(page), content_type=_ATOM)


@blueprint.get("/sitemap.xml")
@conditional
def sitemap() -> Response:
    """Every public address, or where there are more than one file holds, the files that hold them."""
    files = -(-(_greatest_id() + _OWN) // IN_A_SITEMAP) or 1
    if files == 1:
        return _addresses(1)
    locations = [web.absolute_for("blog.sitemap_part", number=n) for n in range(1, files + 1)]
    return Response(render_template("blog/sitemap_index.xml", locations=locations), content_type=_XML)


@blueprint.get("/sitemap-<int(max=100000):number>.xml")
@conditional
def sitemap_part(number: int) -> Response:
    if not 1 <= number <= -(-(_greatest_id() + _OWN) // IN_A_SITEMAP):
        abort(404)
    return _addresses(number)


@blueprint.get("/robots.txt")
@conditional
def robots() -> Response:
    root = web.root_path()
    closed = "".join(f"Disallow: {root}{path}\n" for path in ("/admin", "/login", "/search"))
    text = f"User-agent: *\n{closed}\nSitemap: {web.absolute('/sitemap.xml')}\n"
    return Response(text, content_type="text/plain; charset=utf-8")


def _atom(posts: Select[Post], title: str, home: str, address: str) -> Response:
    shown = _some(posts)
    updated = feeds.latest_change(shown)
    context = {"title": title, "home": home, "feed_url": address, "updated": updated}
    return Response(
        xml_text(render_template("blog/feed.xml", posts=shown, feeds=feeds, **context)), content_type=_ATOM
    )


def _json(posts: Select[Post], title: str, home: str, address: str) -> Response:
    feed = feeds.json_feed(_some(posts), site(), title, home, address)
    return Response(json.dumps(feed, ensure_ascii=False), content_type="application/feed+json; charset=utf-8")


def _some(posts: Select[Post]) -> Sequence[Post]:
    return db.session.scalars(posts.options(selectinload(Post.cover)).limit(feeds.ENTRIES)).all()


def _tagged(tag: str) -> Select[Post]:
    return lists.published().where(Post.tags.any(PostTag.key == tag))


def _word(tag: str) -> str:
    return (lists.tags(tag) or abort(404))[0].tag


def _of_tag(tag: str, endpoint: str) -> tuple[str, str]:
    return web.absolute_for("blog.tag", tag=tag), web.absolute_for(endpoint, tag=tag)


def _greatest_id() -> int:
    return db.session.scalar(select(func.max(Post.id))) or 0


def _addresses(number: int) -> Response:
    """The posts and pages of one file: a run of ids, so that none is read twice and nothing is counted."""
    last = number * IN_A_SITEMAP - _OWN
    rows = db.session.execute(
        select(Post.slug, Post.kind, Post.updated_at, Post.published_at)
        .where(Post.state == PostState.PUBLISHED, Post.id > last - IN_A_SITEMAP, Post.id <= last)
        .order_by(Post.id)
    ).all()
    page = render_template("blog/sitemap.xml", rows=rows, path_of=lookup.path_of, first=number == 1)
    return Response(xml_text(page), content_type=_XML)
