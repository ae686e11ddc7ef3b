"""Work in hand: a row is claimed by a conditional UPDATE, so that two workers never hold the same one.

The row tells when work on it is due; a task queue only hints. A lease that ran out, or whose process is gone, is
free again (DESIGN decision 4).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.config import is_alive, process_name
from blog_linkbacks.db import BigId, db, now, writing

LEASE = timedelta(seconds=60)

_serial = count(1)


class Leased:
    """A row with work to do: due at `due_at` (never while None), in hand until `lease_until`."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]


def claim(table: type[Leased], row_id: int, *, early: bool = False) -> str | None:
    """Take the row's work in hand; the lease's name, or None where it is not due or in other hands.

    `early` takes what is due only later: intake leaves a new row to the request that brought it for a moment.
    """
    name = f"{process_name()}|{next(_serial)}"
    moment = now()
    with writing() as session:
        result = session.execute(
            update(table)
            .where(table.id == row_id, table.due_at.is_not(None) if early else table.due_at <= moment)
            .where(or_(table.lease_until.is_(None), table.lease_until < moment))
            .values(lease_by=name, lease_until=moment + LEASE, attempts=table.attempts + 1)
        )
    return name if hit_one(result) else None


def put_off(table: type[Leased], row_id: int, lease: str, seconds: float) -> None:
    """Give the work held under `lease` back undone, due in so many seconds; it counts as no attempt."""
    with writing() as session:
        session.execute(
            update(table)
            .where(table.id == row_id, table.lease_by == lease)
            .values(
                lease_by=None,
                lease_until=None,
                attempts=table.attempts - 1,
                due_at=now() + timedelta(seconds=seconds),
            )
        )


def hit_one(result: Any) -> bool:
    """Whether a conditional UPDATE changed its one row."""
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def due(table: type[Leased], limit: int = 100) -> Sequence[int]:
    """Ids of rows whose work is due and in nobody's hand, the longest due first."""
    moment = now()
    found = db.session.scalars(
        select(table.id)
        .where(table.due_at <= moment)
        .where(or_(table.lease_until.is_(None), table.lease_until < moment))
        .order_by(table.due_at)
        .limit(limit)
    ).all()
    db.session.rollback()
    return found


def release_dead(table: type[Leased]) -> None:
    """Free what processes of this machine held that are no more."""
    held = db.session.scalars(select(table.lease_by).where(table.lease_by.is_not(None)).distinct()).all()
    db.session.rollback()
    dead = [name for name in held if name is not None and not is_alive(name)]
    if dead:
        with writing() as session:
            session.execute(
                update(table).where(table.lease_by.in_(dead)).values(lease_by=None, lease_until=None)
            )


_BACKOFF = (60, 120, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)


def pause(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: growing from one minute to a day."""
    return timedelta(seconds=_BACKOFF[min(max(attempts, 1), len(_BACKOFF)) - 1])
