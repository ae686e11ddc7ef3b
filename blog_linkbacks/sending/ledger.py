"""The ledger of deliveries: what stands in it, and the few ways it changes.

Every telling is a row of its own, so what was told before stays readable. A row that still waits and is in
nobody's hand is told anew in place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from blog_linkbacks.blog.tables import Post, PostLink
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.sending import rules
from blog_linkbacks.sending.rules import OPEN, TRACKBACK, RuleError, Ruling
from blog_linkbacks.sending.tables import Delivery, DeliveryState, Rule

PAGE = 50
HINTS = 20
_WAITS = (*OPEN, DeliveryState.ASK)


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


def due(session: Session, post_id: int, limit: int | None = HINTS) -> list[int]:
    """Ids of what is due to be told about a post and in nobody's hand, the oldest first.

    At most 20 unless told otherwise: enough to begin with at once, the sweep hands out the rest.
    """
    waiting = select(Delivery.id).where(Delivery.post_id == post_id, Delivery.due_at <= now())
    return list(
        session.scalars(waiting.where(Delivery.lease_by.is_(None)).order_by(Delivery.id).limit(limit))
    )


def is_open(row: Delivery) -> bool:
    """Whether it is still to be told by itself."""
    return row.state in OPEN


def waits(row: Delivery) -> bool:
    """Whether it is not settled: to be told, or held until someone says so."""
    return row.state in _WAITS


def enter(session: Session, row: Delivery) -> Delivery:
    """Add a row that is due at once, or begin anew with one that waits: its tries count from here."""
    row.state, row.due_at, row.by_rule = DeliveryState.QUEUED, now(), False
    row.attempts, row.first_try_at, row.finished_at = 0, None, None
    session.add(row)
    return row


def drop(row: Delivery, why: str) -> None:
    """Give a waiting row up; what is in hand at this moment may still be told, and then says so."""
    row.state, row.due_at, row.response = DeliveryState.CANCELLED, None, why


def apply(row: Delivery, held: Ruling) -> None:
    """Keep an entered row from being told where the rule for its site says so."""
    if held.rule is Rule.ALWAYS:
        return
    drop(row, held.why)
    row.by_rule = True
    if held.rule is Rule.ASK:
        row.state = DeliveryState.ASK


def version(post: Post) -> str:
    """What a row keeps of the post that it tells of: changes with what receivers find there."""
    return post.content_hash if post.published else str(post.state)


def resend(delivery_id: int) -> Delivery:
    """Tell again, in a new row; one that still waits is due at once.

    LookupError where there is none, RuleError where its site is never told or there is nothing to tell.
    """
    with writing() as session:
        row = _get(session, delivery_id)
        held = rules.ruling(session, row.host)
        if held.rule is Rule.NEVER:
            raise RuleError(f"{held.why} Change that first.")
        waiting = row if waits(row) else _waiting(session, row)
        if waiting is None:
            again = enter(session, _again(session, row))
            session.flush()
            return again
        if waiting.state == DeliveryState.ASK:
            waiting.response = ""
            return enter(session, waiting)
        waiting.due_at = now()
        return waiting


def cancel(delivery_id: int) -> bool:
    """Give up on a row that still waits; False where it no longer does. LookupError where there is none."""
    with writing() as session:
        row = _get(session, delivery_id)
        if not waits(row):
            return False
        before = "" if row.by_rule else row.response
        drop(row, f"You gave up on it. Before: {before}"[:500] if before else "You gave up on it.")
        row.by_rule = False
        return True


def page(
    state: str = "", post_id: int | None = None, before: int | None = None, host: str = ""
) -> LedgerPage:
    """One page of the ledger, at most 50 rows, of one state, post or host where named."""
    wanted = select(Delivery).options(joinedload(Delivery.post)).order_by(Delivery.id.desc()).limit(PAGE + 1)
    if state:
        wanted = wanted.where(Delivery.state == state)
    if post_id is not None:
        wanted = wanted.where(Delivery.post_id == post_id)
    if host:
        wanted = wanted.where(Delivery.host == host)
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


def rows(ids: Sequence[int]) -> Sequence[Delivery]:
    """These rows as they are now, in no order."""
    wanted = select(Delivery).options(joinedload(Delivery.post)).where(Delivery.id.in_(ids))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def one(delivery_id: int) -> Delivery:
    """One row as it is now; LookupError where there is none."""
    found = rows([delivery_id])
    if not found:
        raise LookupError(delivery_id)
    return found[0]


def hosts_told() -> Sequence[str]:
    """The hosts of the latest 500 rows of the ledger, by name, for the filter."""
    latest = select(Delivery.host).order_by(Delivery.id.desc()).limit(500).subquery()
    return db.session.scalars(select(latest.c.host).distinct().order_by(latest.c.host)).all()


def _get(session: Session, delivery_id: int) -> Delivery:
    row = session.get(Delivery, delivery_id, populate_existing=True)
    if row is None:
        raise LookupError(delivery_id)
    return row


def _waiting(session: Session, row: Delivery) -> Delivery | None:
    same = (
        Delivery.post_id == row.post_id,
        Delivery.target_url == row.target_url,
        Delivery.state.in_(_WAITS),
    )
    kind = Delivery.protocol == TRACKBACK if row.protocol == TRACKBACK else Delivery.protocol != TRACKBACK
    return session.scalar(select(Delivery).where(*same, kind).order_by(Delivery.id.desc()).limit(1))


def _again(session: Session, row: Delivery) -> Delivery:
    """A new row for the same target that tells how the post stands now; RuleError where that is nothing."""
    post = session.get_one(Post, row.post_id, populate_existing=True)
    if row.protocol == TRACKBACK:
        if not post.published:
            raise RuleError("The post is not published, so there is nothing to tell of.")
        return _copy(row, row.content_hash, linked=row.linked)
    here = PostLink.post_id == post.id, PostLink.url == row.target_url
    linked = post.published and bool(session.scalar(select(exists().where(*here))))
    if not linked and not _told_by_webmention(session, row):
        raise RuleError("The post does not link there now, and no webmention told that it did.")
    return _copy(row, version(post), linked=linked)


def _told_by_webmention(session: Session, row: Delivery) -> bool:
    told = (
        Delivery.post_id == row.post_id,
        Delivery.target_url == row.target_url,
        Delivery.state == DeliveryState.DELIVERED,
        Delivery.protocol == "webmention",
    )
    return bool(session.scalar(select(exists().where(*told))))


def _copy(row: Delivery, content_hash: str, *, linked: bool) -> Delivery:
    return Delivery(
        post_id=row.post_id,
        source_url=row.source_url,
        target_url=row.target_url,
        protocol=TRACKBACK if row.protocol == TRACKBACK else "",
        title=row.title,
        excerpt=row.excerpt,
        content_hash=content_hash,
        linked=linked,
    )
