"""The feeds' parts: Atom (RFC 4287) and JSON Feed 1.1."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urljoin

from blog_linkbacks.blog import lookup, pictures
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.filters import iso
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings.preferences import Site

ENTRIES = 20

_NAMESPACE = uuid.UUID("3a1de4b5-6f0c-4d4e-9a61-0d1b0d9f2c57")
_START_TAG = re.compile(r'<\w+(?: [\w-]+="[^"]*")+')
_ADDRESS = re.compile(r'(?<= )(href|src|srcset)="([^"]*)"')
_NEVER = datetime.fromtimestamp(0).astimezone()


def entry_id(post: Post) -> str:
    """An entry's id: the same under any slug, title or root the post may get later (RFC 4287, 4.2.6)."""
    return uuid.uuid5(_NAMESPACE, f"{post.id} {post.created_at.isoformat()}").urn


def thread_id(post: Post) -> str:
    """The id of the feed of a post's responses."""
    return uuid.uuid5(_NAMESPACE, f"responses {post.id} {post.created_at.isoformat()}").urn


def response_id(linkback: Linkback) -> str:
    """The id of a response's entry; like a post's it outlives any change of address."""
    return uuid.uuid5(_NAMESPACE, f"response {linkback.token}").urn


def changed(post: Post) -> datetime:
    """When an entry last changed for its readers: never before it was published."""
    return max(post.updated_at, post.published_at or post.updated_at)


def latest_change(posts: Sequence[Post]) -> datetime:
    """When a feed last changed; the beginning of time for an empty one, which Atom must date too."""
    return max(map(changed, posts), default=_NEVER)


def json_feed(posts: Sequence[Post], site: Site, title: str, home: str, address: str) -> dict[str, Any]:
    """A feed as JSON Feed 1.1 asks for it."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": address,
        "description": site.tagline,
        "language": site.language,
        "authors": [{"name": site.author or site.name}],
        "items": [_item(post) for post in posts],
    }
    return {key: value for key, value in feed.items() if value or key == "items"}


def _item(post: Post) -> dict[str, Any]:
    url = lookup.post_url(post)
    item = {
        "id": entry_id(post),
        "url": url,
        "title": post.title,
        "content_html": with_absolute_links(post.html, url),
        "summary": post.summary,
        "image": pictures.url(post.cover) if post.cover else "",
        "date_published": iso(post.published_at),
        "date_modified": iso(changed(post)),
        "tags": [tag.tag for tag in post.tags],
    }
    return {key: value for key, value in item.items() if value or key == "content_html"}


def content(post: Post) -> str:
    """A post's HTML with its cover above it, for readers who see nothing else of the page."""
    url = lookup.post_url(post)
    if post.cover is None:
        return with_absolute_links(post.html, url)
    cover = pictures.shown(post.cover)
    image = '<p><img src="{}" alt="{}" width="{}" height="{}"></p>'
    html = image.format(cover.src, escape(post.cover_alt), cover.width, cover.height)
    return with_absolute_links(f"{html}\n{post.html}", url)


def with_absolute_links(html: str, base: str) -> str:
    """A post's sanitised HTML with every address in it complete, for readers far from `base`."""

    def completed(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(lambda found: f'{found[1]}="{_completed(base, *found.groups())}"', tag[0])

    return _START_TAG.sub(completed, html)


def _completed(base: str, attribute: str, value: str) -> str:
    if attribute != "srcset":
        return _join(base, value)
    files = (file.strip().partition(" ") for file in value.split(","))
    return ", ".join(_join(base, address) + space + width for address, space, width in files)


def _join(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference
