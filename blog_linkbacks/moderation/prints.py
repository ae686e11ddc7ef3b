"""Arrivals that say the same in nearly the same words, found by a few prints of each in one small table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Index, Row, and_, bindparam, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import BigId, Model, insert_into, now
from blog_linkbacks.linkbacks import Campaign, Linkback
from blog_linkbacks.moderation import wording
from blog_linkbacks.vocabulary import Status

WINDOW = timedelta(days=7)

_KNOWN_FOR = timedelta(days=1)
_LATEST = 12  # of those with a print, so that a print that thousands have costs no more
_COMPARED = 12
_FEW_WORDS = 8


class Print(Model):
    """One print of a linkback's wording. Of a campaign only some members have any: enough to find it again."""

    __tablename__ = "linkback_prints"
    __table_args__ = (Index("ix_linkback_prints_linkback_id", "linkback_id"), {"sqlite_with_rowid": False})

    value: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    linkback_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)


@dataclass(frozen=True, slots=True)
class Alike:
    """The campaign that an arrival has its words in common with, and the rows that wait alone with them."""

    campaign_id: int | None = None
    alone: Sequence[int] = ()


def alike(session: Session, linkback: Linkback, side: str) -> Alike:
    """What came in the last days with nearly the same words; the linkback's prints are kept for those that follow.

    Only campaigns whose key begins with `side` are found, and only rows as likely genuine, or as doubtful.
    """
    said = _said(linkback, linkback.post.title)
    if not said:
        return Alike()
    own = wording.prints(said)
    near = [row for row in _candidates(session, linkback, own, side) if _as(said, row)]
    mates = [row for row in near if row.campaign_id]
    if all(row.received_at < now() - _KNOWN_FOR for row in mates):
        _keep(session, linkback.id, own)
    return Alike(mates[0].campaign_id if mates else None, [row.id for row in near if not row.campaign_id])


def genuine(score: float | None) -> bool:
    """In the first of the three bands that the queue is sorted by."""
    return score is not None and score < 0.4


def _said(row: Linkback | Row[Any], post_title: str) -> frozenset[str]:
    """The words that a row shows, with its page's title where they are few; to name the post says nothing."""
    text = row.claimed_excerpt or f"{row.before}{row.anchor}{row.after}"
    if len(text.split()) < _FEW_WORDS:
        text = f"{text} {row.lifted_title or row.title}"
    return wording.shingles(text, known=post_title)


def _as(said: frozenset[str], row: Row[Any]) -> bool:
    return wording.likeness(said, _said(row, row.post_title)) >= wording.LIKE


def _candidates(session: Session, linkback: Linkback, values: Sequence[int], side: str) -> list[Row[Any]]:
    """Rows that share prints, those that share most first; of a campaign the one that came last is enough."""
    given = {f"v{at}": value for at, value in enumerate(values)}
    shared = Counter(session.execute(_sharing(len(values)), given).scalars())
    shared.pop(linkback.id, None)
    rows = [
        row
        for row in (_rows(session, shared, side) if shared else ())
        if row.campaign_id or genuine(row.score) == genuine(linkback.score)
    ]
    return _one_of_each(sorted(rows, key=lambda row: (-shared[row.id], -row.id)))[:_COMPARED]


@cache
def _sharing(number: int) -> Any:
    """The rows with so many prints, `v0` and on: of each the latest. Made once: to build it costs more than to run."""
    latest = "SELECT linkback_id FROM linkback_prints WHERE value = :v{0} ORDER BY linkback_id DESC LIMIT {1}"
    each = (f"SELECT * FROM ({latest.format(at, _LATEST)}) AS p{at}" for at in range(number))  # noqa: S608
    return text(" UNION ALL ".join(each))


def _rows(session: Session, ids: Iterable[int], side: str) -> Sequence[Row[Any]]:
    """Rows that wait alone, and members of campaigns that still live."""
    given = {"ids": list(ids), "since": now() - WINDOW, "side": f"{side}%"}
    return session.execute(_ROWS, given).all()


_ALONE = and_(
    *(Linkback.campaign_id.is_(None), Linkback.status == Status.PENDING),
    Linkback.received_at > bindparam("since"),
)
_LIVING = and_(Campaign.key.like(bindparam("side")), Campaign.last_at > bindparam("since"))
_ROWS: Any = (
    select(
        *(Linkback.id, Linkback.campaign_id, Linkback.score, Linkback.received_at),
        *(Linkback.claimed_excerpt, Linkback.before, Linkback.anchor, Linkback.after),
        *(Linkback.lifted_title, Linkback.title, Post.title.label("post_title")),
    )
    .join(Post, Post.id == Linkback.post_id)
    .outerjoin(Campaign, Campaign.id == Linkback.campaign_id)
    .where(Linkback.id.in_(bindparam("ids", expanding=True)), or_(_ALONE, _LIVING))
)


def _one_of_each(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    found: dict[tuple[str, int], Row[Any]] = {}
    for row in rows:
        found.setdefault(("campaign", row.campaign_id) if row.campaign_id else ("row", row.id), row)
    return list(found.values())


def _keep(session: Session, linkback_id: int, values: Iterable[int]) -> None:
    """Once, however often it is checked."""
    rows = [{"value": value, "linkback_id": linkback_id} for value in values]
    session.execute(_keeping(session.get_bind().dialect.name), rows)


@cache
def _keeping(dialect: str) -> Any:
    return insert_into(Print.__table__, dialect).on_conflict_do_nothing()
