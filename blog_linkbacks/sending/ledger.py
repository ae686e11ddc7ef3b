"""The ledger of deliveries: what stands in it, and the few ways it changes.

Every telling is a row of its own, so what was told before stays readable. A row that still waits and is in
nobody's hand is told anew in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.sending.tables import Delivery, DeliveryState

TRACKBACK = "trackback"
PAGE = 50
_OPEN = (DeliveryState.QUEUED, DeliveryState.RETRYING)


@dataclass(slots=True)
class Standing:
    """How one target of a post stands: its last row, and the protocols it was ever told by."""

    last: Delivery
    told_by: set[str]

    @property
    def told(self) -> bool:
        return bool(self.told_by)

    @property
    def by_webmention(self) -> bool:
        return "webmention" in self.told_by


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Rows, newest first; `older` is the id to go on below, None at the end."""

    rows: Sequence[Delivery]
    older: int | None


def standings(session: Session, post_id: int) -> dict[str, Standing]:
    """What was told automatically about a post, by target."""
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.post_id == post_id, Delivery.protocol != TRACKBACK)
        .order_by(Delivery.id)
        .execution_options(populate_existing=True)
    )
    found: dict[str, Standing] = {}
    for row in rows:
        standing = found.setdefault(row.target_url, Standing(row, set()))
        standing.last = row
        if row.state == DeliveryState.DELIVERED:
            standing.told_by.add(row.protocol)
    return found


def due(session: Session, post_id: int) -> list[int]:
    """Ids of what is due to be told about a post and in nobody's hand."""
    waiting = select(Delivery.id).where(Delivery.post_id == post_id, Delivery.due_at <= now())
    return list(session.scalars(waiting.where(Delivery.lease_by.is_(None)).order_by(Delivery.id)))


def is_open(row: Delivery) -> bool:
    """Whether it still waits to be told."""
    return row.state in _OPEN


def enter(session: Session, row: Delivery) -> Delivery:
    """Add a row that is due at once."""
    row.state, row.due_at = DeliveryState.QUEUED, now()
    session.add(row)
    session.flush()
    return row


def drop(row: Delivery, why: str) -> None:
    """Give a waiting row up; what is in hand at this moment may still be told, and then says so."""
    row.state, row.due_at, row.response = DeliveryState.CANCELLED, None, why


def resend(delivery_id: int) -> Delivery:
    """Tell again, in a new row; one that still waits is due at once. LookupError where there is none."""
    with writing() as session:
        row = _get(session, delivery_id)
        waiting = row if is_open(row) else _waiting(session, row)
        if waiting is None:
            return enter(session, _copy(row))
        waiting.due_at = now()
        return waiting


def cancel(delivery_id: int) -> bool:
    """Give up on a row that still waits; False where it no longer does. LookupError where there is none."""
    with writing() as session:
        row = _get(session, delivery_id)
        if not is_open(row):
            return False
        drop(
            row,
            "You gave up on it." if not row.response else f"You gave up on it. Before: {row.response}"[:500],
        )
        return True


def page(state: str = "", post_id: int | None = None, before: int | None = None) -> LedgerPage:
    """One page of the ledger, at most 50 rows, of one state or post where named."""
    wanted = select(Delivery).options(joinedload(Delivery.post)).order_by(Delivery.id.desc()).limit(PAGE + 1)
    if state:
        wanted = wanted.where(Delivery.state == state)
    if post_id is not None:
        wanted = wanted.where(Delivery.post_id == post_id)
    if before is not None:
        wanted = wanted.where(Delivery.id < before)
    rows = db.session.scalars(wanted).all()
    return LedgerPage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def posts_told_of() -> Sequence[tuple[int, str]]:
    """Ids and titles of the latest 200 posts in the ledger, for the filter."""
    told = select(Delivery.post_id).distinct()
    found = db.session.execute(
        select(Post.id, Post.title).where(Post.id.in_(told)).order_by(Post.id.desc()).limit(200)
    )
    return [(post_id, title) for post_id, title in found]


def _get(session: Session, delivery_id: int) -> Delivery:
    row = session.get(Delivery, delivery_id, populate_existing=True)
    if row is None:
        raise LookupError(delivery_id)
    return row


def _waiting(session: Session, row: Delivery) -> Delivery | None:
    same = (Delivery.post_id == row.post_id, Delivery.target_url == row.target_url, Delivery.state.in_(_OPEN))
    kind = Delivery.protocol == TRACKBACK if row.protocol == TRACKBACK else Delivery.protocol != TRACKBACK
    return session.scalar(select(Delivery).where(*same, kind).order_by(Delivery.id.desc()).limit(1))


def _copy(row: Delivery) -> Delivery:
    return Delivery(
        post_id=row.post_id,
        source_url=row.source_url,
        target_url=row.target_url,
        protocol=TRACKBACK if row.protocol == TRACKBACK else "",
        title=row.title,
        excerpt=row.excerpt,
        content_hash=row.content_hash,
        linked=row.linked,
    )
