"""Responses: what other sites wrote about a post, as its page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from blog_linkbacks import urls
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback, shown_on
from blog_linkbacks.vocabulary import Response, Status

SHOWN = 100

_FACES = {
    Response.LIKE: ("like", "likes", "likes this"),
    Response.REPOST: ("repost", "reposts", "reposted this"),
    Response.BOOKMARK: ("bookmark", "bookmarks", "bookmarked this"),
}


@dataclass(frozen=True, slots=True)
class Faces:
    """People who answered with one gesture: `label` counts them all, `people` are the latest of them."""

    label: str
    verb: str
    people: tuple[Linkback, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """`mentions` are the latest, the oldest of them first; `earlier` is how many more there are."""

    total: int
    mentions: tuple[Linkback, ...]
    earlier: int
    faces: tuple[Faces, ...]


def responses(post_id: int) -> Responses:
    """What a post's page shows of the approved linkbacks from elsewhere. Three queries, bounded."""
    numbers = _numbers(post_id)
    gestures = [response.value for response in _FACES]
    mentions = _latest(shown_on(post_id).where(Linkback.response.not_in(gestures)))
    faces = _latest(shown_on(post_id).where(Linkback.response.in_(gestures)))
    said = sum(number for response, number in numbers.items() if response not in gestures)
    return Responses(
        total=sum(numbers.values()),
        mentions=tuple(reversed(mentions)),
        earlier=said - len(mentions),
        faces=tuple(_faces(numbers, faces)),
    )


def response_counts(post_ids: Iterable[int]) -> Mapping[int, int]:
    """How many responses each of these posts shows; posts without any are left out."""
    rows = db.session.execute(
        select(Linkback.post_id, func.count())
        .where(
            Linkback.post_id.in_(post_ids), Linkback.status == Status.APPROVED, Linkback.internal.is_(False)
        )
        .group_by(Linkback.post_id)
    ).all()
    return dict(rows)


def author_link(linkback: Linkback) -> str:
    """Where a response's name leads: to its author where that is a web address, else to the linking page."""
    return linkback.author_url if urls.is_web(linkback.author_url) else linkback.source_url


def _numbers(post_id: int) -> dict[str, int]:
    rows = db.session.execute(
        select(Linkback.response, func.count())
        .where(Linkback.post_id == post_id, Linkback.status == Status.APPROVED, Linkback.internal.is_(False))
        .group_by(Linkback.response)
    ).all()
    return dict(rows)


def _latest(query: Select[Any]) -> list[Linkback]:
    newest = query.order_by(None).order_by(Linkback.id.desc()).limit(SHOWN)
    return list(db.session.scalars(newest.options(lazyload(Linkback.post))))


def _faces(numbers: Mapping[str, int], found: list[Linkback]) -> Iterable[Faces]:
    for response, (one, many, verb) in _FACES.items():
        number = numbers.get(response, 0)
        if number:
            people = tuple(linkback for linkback in found if linkback.response == response)
            yield Faces(f"{number:,} {one if number == 1 else many}", verb, people)
