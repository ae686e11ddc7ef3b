"""Decide on all that match, exactly as it stood at one moment: a few at once, many in the background; undone as one."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from blog_linkbacks import jobs
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job, JobState, Step, Work
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import batches, decisions, queue
from blog_linkbacks.moderation.actions import ACTIONS, Action, permitted
from blog_linkbacks.moderation.batches import Report, UndoneError
from blog_linkbacks.moderation.decisions import By, NotOfferedError
from blog_linkbacks.moderation.queue import Filters

__all__ = [
    "Cut", "Report", "UnderWayError", "UndoneError", "cut", "decide", "matching", "read_cut", "said", "since",
    "under_way", "undo",
]  # fmt: skip

AT_ONCE = 500  # beyond that it is work for the background
CHUNK = 500  # rows in one write transaction at most
HOLD = 0.1  # seconds that one may take, so that intake and single decisions stay quick on a busy machine too
MANY = 100_000  # counted no further, where the number is only shown
DECIDE, UNDO = "bulk", "undo"

_LEAST = 200
_LATELY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Cut:
    """What stood at a moment: nothing decided or received later than `moment`, no row with an id above `last`."""

    moment: datetime
    last: int

    def __str__(self) -> str:
        return f"{self.moment.isoformat()}~{self.last}"


class UnderWayError(LookupError):
    """A job, with this token, is taking the batch back already; nothing was changed."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.token = token


def cut() -> Cut:
    """Now, as the open read sees it: what is committed later lies beyond, whatever the clocks say. Two look-ups."""
    last = select(Linkback.id, Linkback.received_at).order_by(Linkback.id.desc()).limit(1)
    decided = select(Decision.created_at).order_by(Decision.id.desc()).limit(1)
    row = db.session.execute(last).first()
    if row is None:
        return Cut(now(), 0)
    moment = db.session.scalar(decided)
    return Cut(max(moment, row.received_at) if moment else row.received_at, row.id)


def read_cut(text: str) -> Cut:
    """The cut that a form carries; ValueError or OverflowError where it is none."""
    moment, _, last = text.partition("~")
    found = datetime.fromisoformat(moment)
    if found.tzinfo is None or not (last.isascii() and last.isdigit() and len(last) < 19):
        raise ValueError(text)
    return Cut(found.astimezone(UTC), int(last))


def matching(chosen: Filters, at: Cut, most: int = MANY) -> int:
    """How many match as it stood then, campaigns unfolded; at most `most` + 1."""
    return _count(_which(chosen, at), most)


def since(chosen: Filters, at: Cut) -> int:
    """How many match now that did not then; at most queue.COUNTED + 1."""
    later = not_(queue.at(at.moment)) | (Linkback.id > at.last)
    return _count([*queue.conditions(chosen), later], queue.COUNTED)


def decide(
    chosen: Filters,
    as_of: datetime,
    action: Action,
    user: User,
    reason: str = "",
    last: int | None = None,
    shown: int = 0,
) -> Report | Job:
    """Decide on all that match as it stood at that moment, up to the id `last`: at once up to AT_ONCE, else as a job.

    `shown` is the number that was promised: what is missing of it changed meanwhile, and counts as left alone.
    NotOfferedError where the filters' status does not take the action.
    """
    if not permitted(chosen.status, action):
        raise NotOfferedError
    at = Cut(as_of, cut().last if last is None else last)
    some = select(Linkback.id, Linkback.version).where(*_which(chosen, at)).order_by(Linkback.id)
    found = db.session.execute(some.limit(AT_ONCE + 1)).all()
    if len(found) > AT_ONCE:
        return _later(chosen, at, action, user, reason, shown)
    report = batches.decide({row.id: row.version for row in found}, action, user, reason=reason)
    return replace(report, since=since(chosen, at))


def undo(batch: str, user: User) -> Report | Job:
    """Take back what a batch did, except where somebody decided since; one that still works is stopped first.

    One that was stopped before its first decision has nothing to take back. LookupError for an unknown batch,
    UndoneError for one that was taken back before, UnderWayError for one that is being taken back.
    """
    with writing():  # of two at the same moment the first one claims it
        _stop(batch)
        if _decided_nothing(batch):
            return Report(batch, (), ())
        number = batches.check_undoable(batch)
        if number > AT_ONCE:
            params = {"batch": batch, "back": batches.new_batch()}
            label = f"Taking back {number:,} decisions"
            return jobs.start(UNDO, label, total=number, params=params, user=user)
    return batches.undo(batch, user)


def said(done: str, number: int, left: int = 0, since: int = 0) -> str:
    """What came of it, such as “Approved 11. 1 left alone: changed meanwhile. 40 that came since were left alone.”"""
    sentences = [f"{done} {number:,}."] if number or not left else []
    if left:
        sentences.append(f"{left:,} left alone: changed meanwhile.")
    if since:
        more = f"More than {queue.COUNTED:,}" if since > queue.COUNTED else f"{since:,}"
        sentences.append(f"{more} that came since {'was' if since == 1 else 'were'} left alone.")
    return " ".join(sentences)


def under_way(user: User, limit: int = 5) -> list[Job]:
    """The bulk jobs at work, and those of this person that ended a moment ago, the latest first."""
    lately = (Job.user_id == user.id) & (Job.finished_at > now() - _LATELY)
    which = select(Job).where(Job.kind.in_((DECIDE, UNDO)), (Job.state == JobState.RUNNING) | lately)
    fresh = which.order_by(Job.id.desc()).limit(limit).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _later(chosen: Filters, at: Cut, action: Action, user: User, reason: str, shown: int) -> Job:
    total = max(_count(_which(chosen, at)), shown)
    params = {
        "filters": chosen.params(before="", seen=0),
        "at": str(at),
        "action": action.name,
        "reason": reason,
    }
    label = f"{action.label}: {total:,} linkbacks"
    return jobs.start(DECIDE, label, total=total, params=params, user=user, batch=batches.new_batch())


def _stop(batch: str) -> None:
    """Stop the job that makes a batch; UnderWayError where one takes it back."""
    which = select(Job).where(Job.state == JobState.RUNNING, Job.kind.in_((DECIDE, UNDO)))
    for job in db.session.scalars(which).all():
        if job.kind == UNDO and job.params["batch"] == batch:
            raise UnderWayError(job.token)
        if job.batch == batch:
            jobs.stop(job.id)


def _decided_nothing(batch: str) -> bool:
    idle = select(Job.id).where(Job.batch == batch, Job.kind == DECIDE, Job.done == 0)
    return db.session.scalar(idle.limit(1)) is not None


def _which(chosen: Filters, at: Cut) -> list[ColumnElement[bool]]:
    return [*queue.conditions(chosen), queue.at(at.moment), Linkback.id <= at.last]


def _count(conditions: list[ColumnElement[bool]], most: int | None = None) -> int:
    some = select(Linkback.id).where(*conditions).limit(None if most is None else most + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


# --- the jobs -------------------------------------------------------------------------------------------------------


def _paced(step: Callable[[Session, Job, int], Step]) -> Callable[[Session, Job], Step]:
    """A step over as many rows as the last one's pace allows within HOLD, at most CHUNK."""

    def paced(session: Session, job: Job) -> Step:
        size, start = min(job.params.get("size", CHUNK), CHUNK), time.monotonic()
        came = step(session, job, size)
        fit = int(size * HOLD / max(time.monotonic() - start, 0.001))
        job.params = {**job.params, "size": min(CHUNK, max(_LEAST, min(fit, 2 * size)))}
        return came

    return paced


def _decide_some(session: Session, job: Job, size: int) -> Step:
    chosen, at = _meant(job.params)
    next_ones = batches.lean().where(*_which(chosen, at), Linkback.id > job.cursor)
    rows = session.execute(next_ones.order_by(Linkback.id).limit(size)).all()
    action, by = ACTIONS[job.params["action"]], By(session.get_one(User, job.user_id))
    decisions.record_all(session, rows, action.to, by, reason=job.params["reason"], batch=job.batch)
    if len(rows) < size:
        gone = max(0, job.total - job.done - len(rows))
        return Step(len(rows), job.cursor, finished=True, left=gone)
    return Step(len(rows), rows[-1].id, finished=False)


def _say_decided(job: Job) -> str:
    chosen, at = _meant(job.params)
    done = ACTIONS[job.params["action"]].done
    if job.state == JobState.STOPPED:
        return f"{done} {job.done:,}, then stopped. {max(0, job.total - job.done):,} were not touched."
    return said(done, job.done, job.left, since(chosen, at))


def _meant(params: Mapping[str, Any]) -> tuple[Filters, Cut]:
    return queue.filters(params["filters"]), read_cut(params["at"])


def _undo_some(session: Session, job: Job, size: int) -> Step:
    by = By(session.get_one(User, job.user_id))
    part = batches.take_back(session, job.params["batch"], job.cursor, by, job.params["back"], size)
    return Step(len(part.done), part.cursor, part.last, left=len(part.left))


def _say_undone(job: Job) -> str:
    if job.state == JobState.STOPPED:
        return f"Taken back: {job.done:,}, then stopped. What is left can still be taken back."
    return said("Taken back:", job.done, job.left)


jobs.KINDS[DECIDE] = Work(_paced(_decide_some), _say_decided)
jobs.KINDS[UNDO] = Work(_paced(_undo_some), _say_undone)
