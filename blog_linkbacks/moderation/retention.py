"""Spam and what could not be verified are kept for so many days, then deleted, a few at a time, in a visible job.

Nothing else is ever deleted for its age. What goes takes its signals, decisions and edits with it; what is kept is
how many came from where, what people's decisions taught, and a digest of what a person marked as spam.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select, text, update
from sqlalchemy.orm import Session, aliased

from blog_linkbacks import jobs
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job, JobState, Step, Work
from blog_linkbacks.linkbacks import Campaign, Decision, Linkback, Signal, StatusCount
from blog_linkbacks.moderation import feedback, past
from blog_linkbacks.moderation.feedback import AkismetReport
from blog_linkbacks.moderation.log import TextEdit
from blog_linkbacks.moderation.prints import WINDOW, Print
from blog_linkbacks.settings.preferences import Preference, Site, site
from blog_linkbacks.vocabulary import Status

KIND = "retention"
HOLD = 0.04  # seconds that one write transaction works, so that intake never waits long for its turn
AT_ONCE = 10  # rows deleted between two looks at the clock
COUNTED = 10_000  # counted no further, where the number is only shown
REMEMBERED = timedelta(days=365)
FORGOTTEN_AT_ONCE = 500

_LAST = "last_deletion"
_OLD = text("status IN ('spam', 'unverified')")  # word for word as the index has it
_NAMES = {Status.SPAM: "spam linkback", Status.UNVERIFIED: "unverified linkback"}


@dataclass(frozen=True, slots=True)
class Last:
    """The last deletion: when, how many of each status, older than how many days."""

    at: datetime
    numbers: Mapping[str, int]
    days: Mapping[str, int]

    @property
    def words(self) -> str:
        return said(self.numbers, self.days)


def start_due() -> Job | None:
    """Begin deleting what is too old, where there is any and nothing else is at work on many linkbacks.

    Two indexed reads where there is none; any number of workers may call it at once.
    """
    limits = _limits(site())
    total = sum(number(status, moment) for status, moment in limits.items())
    db.session.rollback()
    if not total:
        return None
    with writing() as session:
        if session.scalar(select(Job.id).where(Job.state == JobState.RUNNING).limit(1)):
            return None
        return jobs.start(KIND, "Deleting old spam and unverified linkbacks", total=total, params={})


def number(status: Status, before: datetime) -> int:
    """How many linkbacks of that status are older; at most COUNTED + 1."""
    some = _old(status, before, Linkback.id).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def would_go(kept: Site) -> Mapping[Status, int]:
    """How many of each status these settings would delete; at most COUNTED + 1 of each."""
    limits = _limits(kept)
    return {status: number(status, limits[status]) if status in limits else 0 for status in _NAMES}


def last() -> Last | None:
    """The last deletion that did anything."""
    row = db.session.get(Preference, _LAST, populate_existing=True)
    if row is None:
        return None
    return Last(datetime.fromisoformat(row.value["at"]), row.value["numbers"], row.value["days"])


def under_way() -> Job | None:
    """The deletion at work, if any."""
    which = (
        select(Job).where(Job.state == JobState.RUNNING, Job.kind == KIND).order_by(Job.id.desc()).limit(1)
    )
    return db.session.scalar(which.execution_options(populate_existing=True))


def said(numbers: Mapping[str, int], days: Mapping[str, int]) -> str:
    """Such as “Deleted 312 spam linkbacks older than 15 days.”"""
    parts = []
    for status, name in _NAMES.items():
        if count := numbers.get(status, 0):
            of_days = days.get(status, 0)
            age = f"{of_days:,} {'day' if of_days == 1 else 'days'}"
            parts.append(f"{count:,} {name if count == 1 else name + 's'} older than {age}")
    return f"Deleted {' and '.join(parts)}." if parts else "Nothing was deleted."


def _days(kept: Site) -> dict[Status, int]:
    return {Status.SPAM: kept.keep_spam, Status.UNVERIFIED: kept.keep_unverified}


def _limits(kept: Site) -> dict[Status, datetime]:
    """Decided before which moment each status is too old; those that are kept for ever are left out."""
    return {status: now() - timedelta(days=days) for status, days in _days(kept).items() if days > 0}


def _old(status: Status, before: datetime, *columns: Any) -> Select[Any]:
    """Rows of a status that were decided before a moment, with nothing left to be done about them."""
    waits = exists().where(AkismetReport.linkback_id == Linkback.id, AkismetReport.due_at.is_not(None))
    idle = (Linkback.due_at.is_(None), Linkback.lease_by.is_(None), Linkback.internal.is_(False), ~waits)
    which: Select[Any] = select(*columns).where(_OLD, Linkback.status == status, Linkback.decided_at < before)
    return which.where(*idle, Linkback.id.not_in(_newest())).order_by(Linkback.decided_at, Linkback.id)


def _newest() -> Any:
    """The rows with the highest ids: SQLite would give those to the next that come, and open forms name ids."""
    by_decision = select(Decision.linkback_id).where(
        Decision.id == select(func.max(Decision.id)).scalar_subquery()
    )
    by_edit = select(TextEdit.linkback_id).where(
        TextEdit.id == select(func.max(TextEdit.id)).scalar_subquery()
    )
    return select(func.max(Linkback.id)).union_all(by_decision, by_edit)


# --- the job --------------------------------------------------------------------------------------------------------


def _step(session: Session, job: Job) -> Step:
    if _others_at_work(session, job):
        return Step(0, job.cursor, finished=True)
    kept = site()
    numbers, finished = _delete_for(session, _limits(kept), HOLD)
    if finished:
        past.forget(session, now() - REMEMBERED, FORGOTTEN_AT_ONCE)
    job.result = {status: job.result.get(status, 0) + numbers[status] for status in _NAMES}
    job.params = {"days": _days(kept)}
    if numbers.total():
        value = {"at": now().isoformat(), "numbers": dict(job.result), "days": _days(kept)}
        session.merge(Preference(name=_LAST, value=value))
    return Step(numbers.total(), job.cursor, finished)


def _others_at_work(session: Session, job: Job) -> bool:
    """Bulk decisions, undos and the like go by what they were shown: nothing of it may vanish under them."""
    others = select(Job.id).where(Job.state == JobState.RUNNING, Job.kind != KIND, Job.id != job.id)
    return session.scalar(others.limit(1)) is not None


def _delete_for(
    session: Session, limits: Mapping[Status, datetime], seconds: float
) -> tuple[Counter[str], bool]:
    """Delete what is too old for so long; how many of each status, and whether nothing is left."""
    begun, numbers = time.monotonic(), Counter[str]()
    for status, before in limits.items():
        for gone in _portions(session, status, before):
            numbers[status] += gone
            spent = time.monotonic() - begun
            if spent * (1 + AT_ONCE / numbers.total()) > seconds:  # the next few would take longer than that
                _uncount(session, numbers)
                return numbers, False
    _uncount(session, numbers)
    return numbers, True


def _portions(session: Session, status: Status, before: datetime) -> Iterator[int]:
    which = _old(status, before, *(getattr(Linkback, name) for name in _COLUMNS)).limit(AT_ONCE)
    while rows := session.execute(which).all():
        _remember(session, rows)
        _delete(session, [row.id for row in rows])
        _tidy_campaigns(session, {row.campaign_id for row in rows if row.campaign_id})
        yield len(rows)


_COLUMNS = (
    "id", "status", "source_site", "sender_ip", "post_id", "source_key", "campaign_id", "received_at", "decided_at",
    "decided_by",
)  # fmt: skip


def _remember(session: Session, rows: Sequence[Row[Any]]) -> None:
    undone = _taken_back(session, [row.id for row in rows])
    past.add(session, past.SITE, _tallies(rows, "source_site", undone))
    past.add(session, past.ADDRESS, _tallies(rows, "sender_ip", undone))
    by_people = [row for row in rows if row.status == Status.SPAM and _by_a_person(row)]
    others = [row for row in rows if row not in by_people and row.decided_by != "policy:remembered"]
    past.keep_decisions(session, by_people, others)


def _by_a_person(row: Row[Any]) -> bool:
    return bool(row.decided_by) and not row.decided_by.startswith("policy:")


def _tallies(rows: Sequence[Row[Any]], name: str, undone: Mapping[int, int]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        value = getattr(row, name)
        if not value:
            continue
        fresh = {"value": value, "spam": 0, "unverified": 0, "undone": 0}
        one = found.setdefault(value, fresh | {"first_at": row.received_at, "last_at": row.decided_at})
        one[row.status] += 1
        one["undone"] += undone.get(row.id, 0)
        one["first_at"] = min(one["first_at"], row.received_at)
        one["last_at"] = max(one["last_at"], row.decided_at)
    return list(found.values())


def _taken_back(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many approvals of each linkback people took back."""
    undo = aliased(Decision)
    rows = session.execute(
        select(Decision.linkback_id, func.count().label("number"))
        .join(undo, undo.undoes_id == Decision.id)
        .where(Decision.linkback_id.in_(ids), Decision.to_status == Status.APPROVED)
        .group_by(Decision.linkback_id)
    )
    return {row.linkback_id: row.number for row in rows}


def _delete(session: Session, ids: Sequence[int]) -> None:
    """All that hangs on the linkbacks, then the linkbacks; the database's triggers keep the search."""
    for column in (Signal.linkback_id, Print.linkback_id, TextEdit.linkback_id, Decision.linkback_id):
        _run(session, delete(column.class_).where(column.in_(ids)))
    feedback.keep_count(session, ids)
    _run(session, delete(AkismetReport).where(AkismetReport.linkback_id.in_(ids)))
    _run(session, delete(Linkback).where(Linkback.id.in_(ids)))


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _tidy_campaigns(session: Session, ids: set[int]) -> None:
    """Campaigns that nothing belongs to any more, and that nothing can join."""
    if not ids:
        return
    empty: list[ColumnElement[bool]] = [
        ~exists().where(Linkback.campaign_id == Campaign.id),
        Campaign.last_at < now() - WINDOW,
        Campaign.id < select(func.max(aliased(Campaign).id)).scalar_subquery(),
    ]
    _run(session, delete(Campaign).where(Campaign.id.in_(ids), *empty))


def _uncount(session: Session, numbers: Mapping[str, int]) -> None:
    for status, gone in numbers.items():
        counted = update(StatusCount).where(StatusCount.status == status)
        _run(session, counted.values(number=StatusCount.number - gone))


def _say(job: Job) -> str:
    return said(job.result, job.params.get("days", {}))


jobs.KINDS[KIND] = Work(_step, _say)
