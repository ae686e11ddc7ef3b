"""The archive: how many posts each month has, and the posts of a year, a month or all time.

A month is one of the site's time zone: a post of 31 December, 23:30 there belongs to December, whatever UTC says.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, String, case, cast, func, select
from sqlalchemy.orm import defer, lazyload

from blog_linkbacks.blog.blueprint import local
from blog_linkbacks.blog.lists import published
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db
from blog_linkbacks.settings.preferences import site

PAGE = 200
_FARTHEST = 14  # hours that the clocks of a place are ahead of UTC or behind it, at most

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Year:
    """A year with posts, the months that have any, each with its number."""

    year: int
    number: int
    months: dict[int, int] = field(default_factory=dict)


def years() -> Sequence[Year]:
    """Every year with published posts, the latest first. One query over an index: a row for each month, and one for
    each post so near to the end of a month that only its time zone tells which it is of."""
    counted: Counter[Month] = Counter()
    when = _moment_or_month().label("when")
    public = Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST
    for moment, number in db.session.execute(select(when, func.count()).where(*public).group_by(when)):
        counted[_month_of(moment)] += number
    latest = sorted(counted.items(), reverse=True)
    return [_year(year, {month: n for (_, month), n in found}) for year, found in groupby(latest, _of_year)]


def posts_of(year: int | None = None, month: int | None = None) -> Select[Post]:
    """The posts of a year or a month, or all, the newest first, with neither tags nor text."""
    posts = published().options(lazyload(Post.tags), defer(Post.html), defer(Post.body), defer(Post.text))
    if year is None:
        return posts
    first, end = _span(year, month)
    return posts.where(Post.published_at >= first, Post.published_at < end)


def by_month(posts: Iterable[Post]) -> list[tuple[datetime, list[Post]]]:
    """The same posts under the first of each month."""
    dated = ((post, local(post.published_at)) for post in posts if post.published_at is not None)
    groups = groupby(dated, key=lambda pair: datetime(pair[1].year, pair[1].month, 1, tzinfo=UTC))
    return [(month, [post for post, _ in found]) for month, found in groups]


def _moment_or_month() -> ColumnElement[str]:
    """The time, to the second, of a post that may be of another month in some place, else a day amid its month."""
    moment = _words("YYYY-MM-DD HH24:MI:SS", "%Y-%m-%d %H:%M:%S")
    edge = _words("MM", "%m", -_FARTHEST) != _words("MM", "%m", _FARTHEST)
    return case((edge, moment), else_=_words("YYYY-MM-15", "%Y-%m-15"))


def _words(on_postgresql: str, on_sqlite: str, hours: int = 0) -> ColumnElement[str]:
    """The time of a post in UTC, so many hours later, in a format of the database's own."""
    if db.engine.dialect.name == "sqlite":
        return func.strftime(on_sqlite, Post.published_at, f"{hours:+} hours", type_=String)
    in_utc = func.timezone("UTC", Post.published_at)
    return cast(func.to_char(in_utc + timedelta(hours=hours), on_postgresql), String)


def _month_of(moment: str) -> Month:
    day = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    there = local(day) if len(moment) > len("2026-01-15") else day
    return there.year, there.month


def _of_year(counted: tuple[Month, int]) -> int:
    return counted[0][0]


def _year(year: int, months: dict[int, int]) -> Year:
    return Year(year, sum(months.values()), months)


def _span(year: int, month: int | None) -> tuple[datetime, datetime]:
    ahead = (year, month + 1) if month and month < 12 else (year + 1, 1)
    return _beginning(year, month or 1), _beginning(*ahead)


def _beginning(year: int, month: int) -> datetime:
    """When a month begins in the site's time zone; the beginning of the calendar where that lies before it."""
    try:
        return datetime(year, month, 1, tzinfo=site().zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
