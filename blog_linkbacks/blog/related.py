"""Related posts: the blog's own links to a post and from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from blog_linkbacks import urls, web
from blog_linkbacks.blog.lookup import post_path, post_url
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Sentence, Status

SHOWN = 12
LISTED = 60
_READ = LISTED + 1
_HIDDEN = (Status.REJECTED, Status.SPAM)
_OTHER = aliased(Post)  # the post at the other end


@dataclass(frozen=True, slots=True)
class Related:
    """A page of this blog that links to a post, or that the post links to, with the sentence that does.

    `id` is the linkback that says so, the older of the two where each links to the other.
    """

    id: int
    title: str
    url: str
    sentence: Sentence
    links_here: bool = False
    linked_from_here: bool = False
    pinned: bool = False
    hidden: bool = False

    @property
    def why(self) -> str:
        if self.links_here and self.linked_from_here:
            return "each links to the other"
        return "links here" if self.links_here else "linked from here"


def related(post: Post) -> list[Related]:
    """At most `SHOWN` pages related to a post, never itself, each once.

    Pinned ones come first, then those linked both ways, then the latest. Two queries, whatever the number of posts.
    """
    return _found(post, Status.APPROVED)[:SHOWN]


def listed(post: Post) -> list[Related]:
    """What an author chooses from: the related pages in the order shown, then those that a person hid.

    At most `LISTED` of each, and one more where there are more.
    """
    shown = _found(post, Status.APPROVED)
    urls_shown = {entry.url for entry in shown}
    hidden = (replace(entry, hidden=True) for entry in _found(post, *_HIDDEN))
    return [*shown, *(entry for entry in hidden if entry.url not in urls_shown)]


def plans(post: Post) -> dict[str, Select[Any]]:
    """The statements behind `related`, by what they find, for whoever looks at their plans."""
    shown = (Status.APPROVED,)
    return {
        "posts that link here": _linking_to(post, shown),
        "posts linked from here": _linked_from(post, shown),
    }


def _found(post: Post, *statuses: Status) -> list[Related]:
    incoming = [_incoming(row) for row in db.session.execute(_linking_to(post, statuses))]
    outgoing = [_outgoing(row) for row in db.session.execute(_linked_from(post, statuses))]
    ranked = sorted([*enumerate(incoming), *enumerate(outgoing)], key=lambda pair: pair[0])
    merged = _once_each(entry for _, entry in ranked)
    merged.pop(urls.page_key(post_url(post)), None)
    return sorted(merged.values(), key=_place)


def _linking_to(post: Post, statuses: tuple[Status, ...]) -> Select[Any]:
    published = and_(_OTHER.state == PostState.PUBLISHED, _OTHER.id != post.id)
    return (
        _read(statuses, _OTHER.title, _OTHER.slug, Linkback.lifted_title, Linkback.title, Linkback.source_url)
        .outerjoin(_OTHER, _OTHER.id == Linkback.source_post_id)
        .where(Linkback.post_id == post.id, Linkback.internal)
        .where(or_(Linkback.source_post_id.is_(None), published))
    )


def _linked_from(post: Post, statuses: tuple[Status, ...]) -> Select[Any]:
    return (
        _read(statuses, _OTHER.title, _OTHER.slug)
        .join(_OTHER, _OTHER.id == Linkback.post_id)
        .where(Linkback.source_post_id == post.id, Linkback.internal)
        .where(_OTHER.state == PostState.PUBLISHED, _OTHER.id != post.id)
    )


def _read(statuses: tuple[Status, ...], *columns: Any) -> Select[Any]:
    """The latest linkbacks of these statuses, the pinned before them. A hidden one whose link is gone is unseen."""
    said = (Linkback.id, Linkback.pinned, Linkback.before, Linkback.anchor, Linkback.after)
    status = Linkback.status == statuses[0] if len(statuses) == 1 else Linkback.status.in_(statuses)
    statement = select(*said, *columns).select_from(Linkback).where(status)
    if Status.APPROVED not in statuses:
        statement = statement.where(Linkback.checked_at.is_not(None))
    return statement.order_by(Linkback.pinned.desc(), Linkback.id.desc()).limit(_READ)


def _incoming(row: Any) -> Related:
    linkback_id, pinned, *said, title, slug, lifted, claimed, source_url = row
    url = web.absolute(post_path(slug)) if slug else source_url
    title = title or lifted or claimed or url
    return Related(linkback_id, title, url, Sentence(*said), links_here=True, pinned=pinned)


def _outgoing(row: Any) -> Related:
    linkback_id, pinned, *said, title, slug = row
    url = web.absolute(post_path(slug))
    return Related(linkback_id, title, url, Sentence(*said), linked_from_here=True, pinned=pinned)


def _once_each(entries: Iterable[Related]) -> dict[str, Related]:
    """Where each links to the other, the other's sentence is shown: this post's own was just read."""
    merged: dict[str, Related] = {}
    for entry in entries:
        key = urls.page_key(entry.url)
        known = merged.setdefault(key, entry)
        merged[key] = replace(
            known,
            id=min(known.id, entry.id),
            sentence=known.sentence if known.links_here or not entry.links_here else entry.sentence,
            links_here=known.links_here or entry.links_here,
            linked_from_here=known.linked_from_here or entry.linked_from_here,
            pinned=known.pinned or entry.pinned,
        )
    return merged


def _place(entry: Related) -> tuple[bool, bool]:
    return not entry.pinned, not (entry.links_here and entry.linked_from_here)
