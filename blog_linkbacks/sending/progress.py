"""How the telling of one post goes, and which rows on a screen changed since they were shown."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now
from blog_linkbacks.sending import ledger, words
from blog_linkbacks.sending.rules import OPEN, TRACKBACK
from blog_linkbacks.sending.tables import Delivery, DeliveryState

SHOWN = 20
WATCHED = 60
_SOON = timedelta(minutes=1)
_QUICK, _SLOW = 2, 30  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the pages that a post links to are told: `rows` are the first 20 of them, in order.

    `settled` counts all that nothing more will be done about; `pause` is for how many seconds nothing is worth
    asking, 0 where nothing will change by itself; `busy` says that some were not tried yet.
    """

    post: Post
    total: int
    told: int
    settled: int
    others: list[str]
    rows: Sequence[Delivery]
    pause: int
    busy: bool

    @property
    def version(self) -> str:
        """Changes with what is shown."""
        return _mark(self.told, self.settled, *self.others, *map(token, self.rows))


@dataclass(frozen=True, slots=True)
class Watch:
    """Rows on a screen that may still change, and when to look again; `seen` goes back with that look."""

    seen: str = ""
    pause: int = 0


def of(post_id: int) -> Progress | None:
    """How the telling of a post goes, by the last row of each target; None where there is nothing to tell."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.post_id == post_id, Delivery.protocol != TRACKBACK)
        .group_by(Delivery.target_url)
    )
    current = Delivery.id.in_(newest), or_(Delivery.linked, Delivery.state.in_(OPEN))
    by_state = select(Delivery.state, func.count()).where(*current).group_by(Delivery.state)
    numbers = dict(db.session.execute(by_state).all())
    if not numbers:
        return None
    shown = select(Delivery).join(Delivery.post).options(contains_eager(Delivery.post)).where(*current)
    rows = db.session.scalars(shown.order_by(Delivery.id).limit(SHOWN)).all()
    return _summed(
        rows, numbers, _pause(db.session.scalar(select(func.min(Delivery.due_at)).where(*current)))
    )


def watch(rows: Sequence[Delivery]) -> Watch:
    """What to look at again of the rows on a screen."""
    waiting = [row for row in rows if ledger.is_open(row)][:WATCHED]
    soonest = min((row.due_at for row in waiting if row.due_at), default=None)
    return Watch(".".join(map(token, waiting)), _pause(soonest))


def changed(seen: str) -> tuple[list[Delivery], Watch]:
    """The rows that are not as they were seen, and what to look at from now on."""
    pairs = ((name.partition("-")[0], name) for name in seen.split(".")[:WATCHED])
    known = {
        int(number): name
        for number, name in pairs
        if number.isascii() and number.isdigit() and len(number) < 19
    }
    rows = sorted(ledger.rows(list(known)), key=lambda row: -row.id)
    return [row for row in rows if token(row) != known[row.id]], watch(rows)


def token(row: Delivery) -> str:
    """A row's id and a mark of how it stands."""
    return f"{row.id}-{_mark(row.state, row.attempts, row.due_at, row.response)}"


def _summed(rows: Sequence[Delivery], numbers: Mapping[str, int], pause: int) -> Progress:
    total = sum(numbers.values())
    unsettled = sum(numbers.get(state, 0) for state in (*OPEN, DeliveryState.ASK))
    told = numbers.get(DeliveryState.DELIVERED, 0)
    others = words.counted(numbers.items())
    busy = numbers.get(DeliveryState.QUEUED, 0) > 0
    return Progress(rows[0].post, total, told, total - unsettled, others, rows, pause, busy)


def _pause(soonest: datetime | None) -> int:
    """How long to wait before the next look, where something is due then."""
    if soonest is None:
        return 0
    return _QUICK if soonest < now() + _SOON else _SLOW


def _mark(*parts: object) -> str:
    return f"{zlib.crc32(repr(parts).encode()):x}"
