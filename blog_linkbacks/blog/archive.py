"""The archive: how many posts each month has, and the posts of a year, a month or all time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import defer, lazyload

from blog_linkbacks.blog.lists import published
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db

PAGE = 200


@dataclass(frozen=True, slots=True)
class Year:
    """A year with posts, the months that have any, each with its number."""

    year: int
    number: int
    months: dict[int, int] = field(default_factory=dict)


def years() -> Sequence[Year]:
    """Every year with published posts, the latest first. One query over an index, a row for each month."""
    moment = func.timezone("UTC", Post.published_at) if _keeps_zones() else Post.published_at
    year, month = extract("year", moment), extract("month", moment)
    rows = db.session.execute(
        select(year, month, func.count())
        .where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST)
        .group_by(year, month)
        .order_by(year.desc(), month.desc())
    ).all()
    by_year = groupby(((int(y), int(m), n) for y, m, n in rows), key=lambda row: row[0])
    return [_year(year, {month: number for _, month, number in months}) for year, months in by_year]


def posts_of(year: int | None = None, month: int | None = None) -> Select[Post]:
    """The posts of a year or a month, or all, the newest first, with neither tags nor text."""
    posts = published().options(lazyload(Post.tags), defer(Post.html), defer(Post.body), defer(Post.text))
    if year is None:
        return posts
    first, end = _span(year, month)
    return posts.where(Post.published_at >= first, Post.published_at < end)


def by_month(posts: Iterable[Post]) -> list[tuple[datetime, list[Post]]]:
    """The same posts under the first of each month."""
    dated = ((post, post.published_at) for post in posts if post.published_at is not None)
    groups = groupby(dated, key=lambda pair: datetime(pair[1].year, pair[1].month, 1, tzinfo=UTC))
    return [(month, [post for post, _ in found]) for month, found in groups]


def _year(year: int, months: dict[int, int]) -> Year:
    return Year(year, sum(months.values()), months)


def _span(year: int, month: int | None) -> tuple[datetime, datetime]:
    first = datetime(year, month or 1, 1, tzinfo=UTC)
    ahead = (year, month + 1) if month and month < 12 else (year + 1, 1)
    return first, datetime(*ahead, 1, tzinfo=UTC)


def _keeps_zones() -> bool:
    return db.engine.dialect.name != "sqlite"
