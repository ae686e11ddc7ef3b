"""What Akismet is told of people's decisions: missed spam and false positives, once each, taken back on undo.

A report is a difference to be evened out, not a message to be sent: what Akismet was told last (at first its own
answer) against what people's standing decision wants it to be told. So deciding the same again sends nothing, an
undo in time sends nothing either, and an undo too late sends the opposite once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks import leases
from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.leases import Leased
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.scoring.akismet_client import AkismetClient, AkismetUnavailable
from blog_linkbacks.scoring.learned import Label
from blog_linkbacks.settings.preferences import Preference

TRIES = 8
GIVE_UP_AFTER = timedelta(days=3)
UNCONFIGURED = timedelta(hours=1)  # how long a report waits before it looks for a key again

_CHUNK = 500
_GONE = "akismet_reports_gone"  # sent about linkbacks that are deleted since


class AkismetReport(Leased, Model):
    """What Akismet and people think of one linkback, where they differ or once differed.

    `answer` is what Akismet said itself, `told` what it was told last (at first its answer), `wanted` what it is
    to be told: work is due while the two differ. `form` is its question, field by field, which every report
    repeats. `error` says what became of the last try.
    """

    __tablename__ = "akismet_reports"
    __table_args__ = (
        Index("ix_akismet_reports_due_at", "due_at"),
        Index("ix_akismet_reports_lease_by", "lease_by"),
    )

    linkback_id: Mapped[int] = mapped_column(ForeignKey("linkbacks.id", ondelete="CASCADE"), unique=True)
    form: Mapped[dict[str, str]] = mapped_column(JSON)
    answer: Mapped[str] = mapped_column(String(4))
    told: Mapped[str] = mapped_column(String(4))
    wanted: Mapped[str] = mapped_column(String(4))
    error: Mapped[str] = mapped_column(Text, default="")
    sent: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports wait, how many were sent in all, how many were given up; the last error in words."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    last_error: str = ""


def follow(session: Session, stances: Mapping[int, Label | None]) -> None:
    """Enter what Akismet is to be told now, within the caller's transaction; few statements, however many.

    Where Akismet was never asked, or agrees, there is nothing to tell it.
    """
    for ids in _chunks(sorted(stances)):
        known = {row.linkback_id: row for row in session.scalars(_reports_on(ids))}
        for row in known.values():
            _want(row, stances[row.linkback_id] or row.answer)
        session.flush()
        fresh = {id: label for id in ids if id not in known and (label := stances[id])}
        _enter(session, fresh)


def process(report_id: int, akismet: AkismetClient | None) -> None:
    """Send one report that is due; nothing happens where it is not due or in other hands.

    The claim counts the attempt before anything is sent, and no transaction is open while it is. A process killed
    in between leaves its lease behind; once that is freed the report is sent once more, so a kill costs one repeat
    at most, and Akismet is told the same thing twice.
    """
    lease = leases.claim(AkismetReport, report_id)
    if lease is None:
        return
    row = db.session.get_one(AkismetReport, report_id, populate_existing=True)
    form, says = dict(row.form), row.wanted
    db.session.rollback()
    _settle(report_id, lease, _tell(akismet, says, form))


def tally() -> Tally:
    """The reports in numbers, with the error met last."""
    table = AkismetReport
    waiting, failed = table.due_at.is_not(None), table.due_at.is_(None) & (table.wanted != table.told)
    counts = select(
        func.count().filter(waiting), func.coalesce(func.sum(table.sent), 0), func.count().filter(failed)
    )
    latest = select(table.error).where(table.error != "", waiting | failed)
    numbers = db.session.execute(counts).one()
    error = db.session.scalar(latest.order_by(table.changed_at.desc(), table.id.desc()).limit(1))
    gone = db.session.get(Preference, _GONE, populate_existing=True)
    found = Tally(*numbers, last_error=error or "")
    return replace(found, sent=found.sent + (gone.value if gone else 0))


def keep_count(session: Session, linkback_ids: Sequence[int]) -> None:
    """Keep counted what was sent about linkbacks that are about to be deleted, within the caller's transaction."""
    sent = select(func.coalesce(func.sum(AkismetReport.sent), 0))
    if number := session.scalar(sent.where(AkismetReport.linkback_id.in_(linkback_ids))):
        gone = session.get(Preference, _GONE, populate_existing=True)
        session.merge(Preference(name=_GONE, value=number + (gone.value if gone else 0)))
        session.flush()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a try: what Akismet was told, or why nothing. `counts` says whether it was really tried."""

    told: str = ""
    error: str = ""
    again_after: timedelta = field(default=timedelta())
    counts: bool = True


def _want(row: AkismetReport, wanted: str) -> None:
    """Change what Akismet is to be told; a report that was given up is tried anew only for something new."""
    if wanted == row.wanted:
        return
    row.wanted, row.changed_at, row.attempts, row.error = wanted, now(), 0, ""
    row.due_at = None if wanted == row.told else now()


def _enter(session: Session, labels: Mapping[int, Label]) -> None:
    """New reports, of those linkbacks about which Akismet was asked and answered otherwise."""
    asked = select(Linkback.id, Linkback.akismet).where(
        Linkback.id.in_(labels), Linkback.akismet.is_not(None)
    )
    rows = [_row(id, labels[id], asked) for id, asked in session.execute(asked)] if labels else []
    rows = [row for row in rows if row["wanted"] != row["answer"]]
    if rows:
        session.execute(insert(AkismetReport), rows)


def _row(linkback_id: int, label: Label, asked: Mapping[str, Any]) -> dict[str, Any]:
    answer = "ham" if asked["answer"] == "ham" else "spam"
    return {
        "linkback_id": linkback_id,
        "form": asked["form"],
        "answer": answer,
        "told": answer,
        "wanted": label,
        "due_at": now(),
    }


def _tell(akismet: AkismetClient | None, says: str, form: dict[str, str]) -> _Outcome:
    if akismet is None:
        return _Outcome(error="Akismet is not configured.", again_after=UNCONFIGURED, counts=False)
    try:
        akismet.submit_spam(form) if says == "spam" else akismet.submit_ham(form)
    except AkismetUnavailable as error:
        return _Outcome(
            error=error.message, again_after=timedelta(seconds=error.again_after), counts=error.asked
        )
    return _Outcome(told=says)


def _settle(report_id: int, lease: str, outcome: _Outcome) -> None:
    """Write the outcome down, unless another process holds the row by now."""
    with writing() as session:
        row = session.get(AkismetReport, report_id, populate_existing=True)
        if row is None or row.lease_by != lease:
            return
        row.lease_by = row.lease_until = None
        if outcome.told:
            _sent(row, outcome.told)
        elif row.due_at is not None:
            _put_off(row, outcome)


def _sent(row: AkismetReport, told: str) -> None:
    """Akismet was told; where people changed their minds meanwhile, the opposite is due at once."""
    row.told, row.sent, row.sent_at = told, row.sent + 1, now()
    row.error, row.attempts = "", 0
    row.due_at = None if row.wanted == told else now()


def _put_off(row: AkismetReport, outcome: _Outcome) -> None:
    row.error = outcome.error
    row.attempts -= not outcome.counts
    over = now() - row.changed_at > GIVE_UP_AFTER
    if over and (row.attempts >= TRIES or not outcome.counts):
        row.due_at = None
    else:
        row.due_at = now() + max(outcome.again_after, leases.pause(row.attempts))


def _reports_on(ids: Sequence[int]) -> Any:
    found = select(AkismetReport).where(AkismetReport.linkback_id.in_(ids))
    return found.execution_options(populate_existing=True)


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
