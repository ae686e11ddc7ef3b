"""What is remembered of linkbacks that were deleted for their age: how many came from where, what people turned away.

So a known spam site does not become a stranger, and what a person marked as spam stays decided when it pings again.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Row, String, Text, and_, case, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks.db import Model, db, insert_into, now

SITE, ADDRESS = "site", "address"


class PastLinkbacks(Model):
    """The deleted linkbacks of one site, or of one sender's address, in numbers.

    `undone` are approvals that people took back. They came from `first_at` on, the last was decided at `last_at`.
    """

    __tablename__ = "past_linkbacks"
    __table_args__ = (Index("ix_past_linkbacks_last_at", "last_at"),)

    sort: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    spam: Mapped[int] = mapped_column(default=0)
    unverified: Mapped[int] = mapped_column(default=0)
    undone: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class PastDecision(Model):
    """A person's word that one page is spam under one post, by a digest of both; `at` is when it was last met."""

    __tablename__ = "past_decisions"
    __table_args__ = (Index("ix_past_decisions_at", "at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


def of(site: str, address: str) -> tuple[PastLinkbacks | None, PastLinkbacks | None]:
    """What is remembered of a site and of a sender's address, in one look-up."""
    found = {row.sort: row for row in among([site], [address])}
    return found.get(SITE), found.get(ADDRESS)


def among(sites: Iterable[str], addresses: Iterable[str]) -> Sequence[PastLinkbacks]:
    """What is remembered of any of these."""
    table, named = PastLinkbacks, [one for one in addresses if one]
    here = and_(table.sort == SITE, table.value.in_(list(sites)))
    sent = and_(table.sort == ADDRESS, table.value.in_(named))
    which = select(table).where(or_(here, sent) if named else here)
    return db.session.scalars(which.execution_options(populate_existing=True)).all()


def turned_away(session: Session, post_id: int, source_key: str) -> bool:
    """Whether a person marked this page as spam under this post, before its linkback was deleted."""
    row = session.get(PastDecision, _digest(post_id, source_key))
    if row is not None:
        row.at = now()
    return row is not None


def add(session: Session, sort: str, rows: Iterable[dict[str, Any]]) -> None:
    """Add deleted linkbacks to the numbers, each row of its own `value`."""
    table = PastLinkbacks
    statement = insert_into(table, session.get_bind().dialect.name)
    new = statement.excluded
    earlier = case((new.first_at < table.first_at, new.first_at), else_=table.first_at)
    later = case((new.last_at > table.last_at, new.last_at), else_=table.last_at)
    sums = {name: getattr(table, name) + getattr(new, name) for name in ("spam", "unverified", "undone")}
    values = [{"sort": sort} | row for row in rows]
    if values:
        upsert = statement.on_conflict_do_update(
            index_elements=["sort", "value"], set_=sums | {"first_at": earlier, "last_at": later}
        )
        session.execute(upsert, values)


def keep_decisions(session: Session, by_people: Collection[Row[Any]], others: Collection[Row[Any]]) -> None:
    """Remember what people marked as spam; of a page that was something else in the end nothing is remembered."""
    stale = [_digest(row.post_id, row.source_key) for row in others]
    if stale:
        session.execute(delete(PastDecision).where(PastDecision.digest.in_(stale)))
    moment = now()
    rows = [{"digest": _digest(row.post_id, row.source_key), "at": moment} for row in by_people]
    if rows:
        insert = insert_into(PastDecision, session.get_bind().dialect.name)
        session.execute(insert.on_conflict_do_nothing(), rows)


def forget(session: Session, before: datetime, limit: int) -> None:
    """Forget what was met last before that moment, so many rows of each sort at most."""
    old: Any = select(PastDecision.digest).where(PastDecision.at < before).limit(limit)
    session.execute(delete(PastDecision).where(PastDecision.digest.in_(old)))
    for sort in (SITE, ADDRESS):
        stale: Any = select(PastLinkbacks.value).where(
            PastLinkbacks.sort == sort, PastLinkbacks.last_at < before
        )
        these = PastLinkbacks.value.in_(stale.limit(limit).scalar_subquery())
        session.execute(delete(PastLinkbacks).where(PastLinkbacks.sort == sort, these))


def _digest(post_id: int, source_key: str) -> str:
    return hashlib.sha256(f"{post_id}\n{source_key}".encode()).hexdigest()
