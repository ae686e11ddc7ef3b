"""Responses: what other sites wrote about a post, as its page shows them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import lazyload

from blog_linkbacks import faces, urls
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Linkback, SiteRule
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Response, Status

SHOWN = 50
FACES = 24

FOREIGN = "ugc nofollow noopener"
TRUSTED = "noopener"
SAID = (Response.REPLY, Response.MENTION)
_FACES = {
    Response.LIKE: ("like", "likes"),
    Response.REPOST: ("repost", "reposts"),
    Response.BOOKMARK: ("bookmark", "bookmarks"),
}
_KINDS = {
    "reply": ("reply", "replies"),
    "webmention": ("mention", "mentions"),
    "pingback": ("pingback", "pingbacks"),
    "trackback": ("trackback", "trackbacks"),
}
_PROPERTY = {Response.REPLY: "u-comment", Response.MENTION: "u-mention"}


@dataclass(frozen=True, slots=True)
class Faces:
    """People who answered with one gesture: `label` counts them all, `people` are the latest of them."""

    gesture: str
    label: str
    people: tuple[Linkback, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Responses:
    """`mentions` are the latest, the oldest of them first; `earlier` is how many more there are.

    `counts` says of each sort how many there are. Links of the `trusted` hosts count as the blog's own. `pictures`
    has the names of the files of people's pictures, by face.
    """

    total: int
    mentions: tuple[Linkback, ...]
    earlier: int
    faces: tuple[Faces, ...]
    counts: tuple[str, ...] = ()
    trusted: frozenset[str] = frozenset()
    pictures: Mapping[int, str] = field(default_factory=dict)

    def rel(self, linkback: Linkback) -> str:
        """The `rel` of links that lead to where a response comes from."""
        return TRUSTED if linkback.source_host in self.trusted else FOREIGN

    def picture(self, linkback: Linkback) -> str:
        """The name of the picture of who responded; empty where none is kept."""
        return self.pictures.get(linkback.face_id or 0, "")


def responses(post_id: int) -> Responses:
    """What a post's page shows of the approved linkbacks from elsewhere. Two queries, bounded; one more for trust,
    and one where people have pictures."""
    numbers = _numbers(post_id)
    found = _latest(post_id, {response: FACES if response in _FACES else SHOWN for response in Response})
    mentions = sorted((one for one in found if one.response in SAID), key=lambda one: -one.id)[:SHOWN]
    gestures = tuple(_faces(numbers, found))
    shown = [*mentions, *(person for gesture in gestures for person in gesture.people)]
    return Responses(
        total=sum(numbers.values()),
        mentions=tuple(reversed(mentions)),
        earlier=sum(number for (sort, _), number in numbers.items() if sort in SAID) - len(mentions),
        faces=gestures,
        counts=tuple(_counts(numbers)),
        trusted=_trusted(shown),
        pictures=faces.names(one.face_id for one in shown),
    )


def page_of_responses(post_id: int, sorts: Sequence[Response], before: int | None) -> Responses:
    """One page of a post's responses of these sorts: those before an id, the latest of them."""
    found = _latest(post_id, dict.fromkeys(sorts, SHOWN + 1), before)
    shown = sorted(found, key=lambda one: -one.id)
    mentions, earlier = tuple(reversed(shown[:SHOWN])), len(shown) > SHOWN
    numbers = _numbers(post_id)
    return Responses(
        sum(number for (sort, _), number in numbers.items() if sort in sorts),
        mentions,
        int(earlier),
        (),
        trusted=_trusted(mentions),
        pictures=faces.names(one.face_id for one in mentions),
    )


def response_counts(post_ids: Iterable[int]) -> Mapping[int, int]:
    """How many responses each of these posts shows; posts without any are left out."""
    rows = db.session.execute(
        select(Linkback.post_id, func.count())
        .where(Linkback.post_id.in_(post_ids), *_SHOWN)
        .group_by(Linkback.post_id)
    ).all()
    return dict(rows)


def author_link(linkback: Linkback) -> str:
    """Where a response's name leads: to its author where that is a web address, else to the linking page."""
    return linkback.author_url if urls.is_web(linkback.author_url) else linkback.source_url


def property_of(linkback: Linkback) -> str:
    """The property of the post's h-entry that a response is (microformats2)."""
    return _PROPERTY.get(Response(linkback.response), f"u-{linkback.response}")


_SHOWN = (Linkback.status == Status.APPROVED, Linkback.internal.is_(False))


def _numbers(post_id: int) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(Linkback.response, Linkback.kind, func.count())
        .where(Linkback.post_id == post_id, *_SHOWN)
        .group_by(Linkback.response, Linkback.kind)
    ).all()
    return {(response, kind): number for response, kind, number in rows}


def _latest(post_id: int, most: Mapping[Response, int], before: int | None = None) -> Sequence[Linkback]:
    """The latest of each sort, as many as asked for; each sort is read from one end of an index."""
    earlier: list[ColumnElement[bool]] = [] if before is None else [Linkback.id < before]
    arms = [_ids(post_id, sort, number, earlier) for sort, number in most.items()]
    ids = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
    rows = select(Linkback).where(Linkback.id.in_(select(ids.c.id))).order_by(Linkback.id)
    return db.session.scalars(rows.options(lazyload(Linkback.post))).all()


def _ids(post_id: int, sort: Response, number: int, more: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(Linkback.id)
        .where(Linkback.post_id == post_id, *_SHOWN, Linkback.response == sort, *more)
        .order_by(Linkback.id.desc())
        .limit(number)
    )


def _counts(numbers: Mapping[tuple[str, str], int]) -> Iterable[str]:
    """What was said, by sort: replies, then mentions by the protocol that brought them."""
    sorts: Counter[str] = Counter()
    for (response, kind), number in numbers.items():
        if response in SAID:
            sorts["reply" if response == Response.REPLY else kind] += number
    for sort, (one, many) in _KINDS.items():
        if sorts[sort]:
            yield f"{sorts[sort]:,} {one if sorts[sort] == 1 else many}"


def _faces(numbers: Mapping[tuple[str, str], int], found: Iterable[Linkback]) -> Iterable[Faces]:
    found = list(found)
    for response, (one, many) in _FACES.items():
        number = sum(count for (sort, _), count in numbers.items() if sort == response)
        if number:
            people = tuple(linkback for linkback in reversed(found) if linkback.response == response)
            label = f"{number:,} {one if number == 1 else many}"
            yield Faces(response.value, label, people, number - len(people))


def _trusted(shown: Sequence[Linkback]) -> frozenset[str]:
    """Hosts of these responses that a rule trusts, where the site lets search engines follow those."""
    if not site().follow_trusted or not shown:
        return frozenset()
    sites = {one.source_host: urls.registrable(one.source_host) for one in shown}
    names = {*sites, *sites.values()}
    rows = select(SiteRule.host, SiteRule.action).where(
        SiteRule.host.in_(names), or_(SiteRule.until.is_(None), SiteRule.until > now())
    )
    rules = dict(db.session.execute(rows).all())
    return frozenset(host for host, site in sites.items() if rules.get(host, rules.get(site)) == "trust")
