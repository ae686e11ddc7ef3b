"""The orders of the queue, and the keys by which a page begins where the last one ended."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, desc, func, literal, literal_column, or_, select, tuple_, union_all

from blog_linkbacks.db import UTCDateTime
from blog_linkbacks.linkbacks import URGENCY, Linkback
from blog_linkbacks.moderation.filtering import SCORE, Filters, Sort, number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ARRIVAL: Any = literal_column("linkbacks.received_at")
_BY: dict[Sort, Any] = {
    Sort.URGENCY: literal_column(f"({URGENCY.replace('score', 'linkbacks.score')})"),
    Sort.NEWEST: _ARRIVAL,
    Sort.OLDEST: _ARRIVAL,
    Sort.SCORE: SCORE,
}


def first(statement: Select[Any], chosen: Filters, most: int, *, few: bool = False) -> Select[Any]:
    """The first rows after `before`, straight from the index of the filters' order.

    `few` says that the rows are few and better found first and sorted then: the order's index is left aside.
    """
    sort = chosen.order
    last = _read(chosen.before, sort)
    if last is None:
        return in_order(statement, sort, few=few).limit(most)
    runs = _after(_leading(sort, few), last, sort)
    if few:
        return in_order(statement.where(or_(*runs)), sort).limit(most)
    if sort in (Sort.NEWEST, Sort.OLDEST):
        return in_order(statement.where(_beyond(last, sort)), sort, few=False).limit(most)
    parts = [in_order(statement.where(run), sort, few=False).limit(most).subquery() for run in runs]
    return union_all(*(select(part) for part in parts)).subquery().select()


def in_order(statement: Select[Any], sort: Sort, *, few: bool = True) -> Select[Any]:
    leading = _leading(sort, few)
    if sort is Sort.NEWEST:
        return statement.order_by(desc(leading), Linkback.id.desc())
    return statement.order_by(leading, Linkback.id)


def _leading(sort: Sort, few: bool) -> Any:
    return func.coalesce(_BY[sort], _BY[sort]) if few else _BY[sort]


def _after(leading: Any, last: tuple[Any, int], sort: Sort) -> tuple[Any, Any]:
    """The rows level with the last one seen, and those past it: apart, each is one run of an index."""
    value, row = last
    if sort is Sort.NEWEST:
        return (leading == value) & (Linkback.id < row), leading < value
    return (leading == value) & (Linkback.id > row), leading > value


def _beyond(last: tuple[Any, int], sort: Sort) -> Any:
    """The same for a plain column, where a pair can be sought in an index as one."""
    here, there = tuple_(_ARRIVAL, Linkback.id), tuple_(*last)
    return here < there if sort is Sort.NEWEST else here > there


def key(row: Linkback, sort: Sort) -> str:
    """Where a row stands in an order, for the address of the page after it."""
    if sort in (Sort.NEWEST, Sort.OLDEST):
        return f"{(row.received_at - _EPOCH) // _MICROSECOND}.{row.id}"
    score = 0.5 if row.score is None else row.score
    if sort is Sort.SCORE:
        return f"{score!r}.{row.id}"
    return f"{0 if score < 0.4 else 2 if score >= 0.75 else 1}.{row.id}"


def _read(text: str, sort: Sort) -> tuple[Any, int] | None:
    """The pair that a key stands for, or None where it is none of this order."""
    start, _, end = text.rpartition(".")
    last = number(end)
    first = _first(start, sort)
    return None if last is None or first is None else (first, last)


def _first(text: str, sort: Sort) -> Any:
    if sort is Sort.SCORE:
        return _score(text)
    found = number(text)
    if found is None:
        return None
    if sort is Sort.URGENCY:
        return literal_column(str(found)) if found <= 2 else None
    return _moment(found)


def _score(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None


def _moment(microseconds: int) -> Any:
    try:
        return literal(_EPOCH + microseconds * _MICROSECOND, UTCDateTime)
    except OverflowError:
        return None
