"""What happened to the queue while somebody looks at it: every change is a decision, and those are read by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import words
from blog_linkbacks.moderation.filtering import Filters, conditions
from blog_linkbacks.vocabulary import Status

MOST = 500  # of the newest changes; who is further behind reloads the page


@dataclass(frozen=True, slots=True)
class News:
    """Up to which decision it was looked, how many rows came, and what others made of which row."""

    upto: int
    arrived: int
    changed: Mapping[int, str] = field(default_factory=dict)


def newest() -> int:
    """The number of the latest decision, from which a page that is drawn now counts."""
    return db.session.scalar(select(func.max(Decision.id))) or 0


def news(chosen: Filters, *, drawn: int, since: int, user: User) -> News | None:
    """What came since decision `since`, and which rows came since `drawn`; None where nothing happened: one query."""
    made = db.session.execute(
        select(Decision.id, Decision.linkback_id, Decision.user_id)
        .where(Decision.id > since)
        .order_by(Decision.id.desc())
        .limit(MOST)
    ).all()
    if not made:
        return None
    others = [row.linkback_id for row in reversed(made) if row.user_id != user.id]
    return News(made[0].id, _arrived(chosen, drawn), _changed(chosen, others))


def _arrived(chosen: Filters, drawn: int) -> int:
    came = (
        select(Decision.linkback_id)
        .where(Decision.id > drawn, Decision.to_status == chosen.status)
        .order_by(Decision.id.desc())
        .limit(MOST)
    )
    shown = [
        *conditions(chosen),
        *([Linkback.folded.is_(False)] if chosen.folds else []),
        _was_elsewhere(chosen, drawn),
    ]
    return (
        db.session.scalar(select(func.count()).select_from(Linkback).where(Linkback.id.in_(came), *shown))
        or 0
    )


def _was_elsewhere(chosen: Filters, drawn: int) -> ColumnElement[bool]:
    """Not in the list when it was drawn: what went and was taken back since is no arrival."""
    first = (
        select(Decision.from_status)
        .where(Decision.linkback_id == Linkback.id, Decision.id > drawn)
        .order_by(Decision.id)
        .limit(1)
        .correlate(Linkback)
        .scalar_subquery()
    )
    return first != chosen.status


def _changed(chosen: Filters, ids: Sequence[int]) -> dict[int, str]:
    """How each of these rows stands now, in words; those that wait, or wait again, are still to be decided."""
    if not ids:
        return {}
    rows = db.session.scalars(select(Linkback).where(Linkback.id.in_(ids)))
    return {row.id: "" if row.status == chosen.status else _stands(row) for row in rows}


def _stands(row: Linkback) -> str:
    return "Back to waiting" if row.status == Status.PENDING else words.standing(row)
