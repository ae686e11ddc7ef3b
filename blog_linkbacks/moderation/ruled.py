"""What a rule for a site decides of what waits: counted before, then done, in the background where it is much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from blog_linkbacks import jobs
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job, Step, Work
from blog_linkbacks.linkbacks import Linkback, SiteRule
from blog_linkbacks.moderation import batches
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.decisions import By, record_all
from blog_linkbacks.moderation.log import RuleChange
from blog_linkbacks.policy import BLOCK, TRUST
from blog_linkbacks.vocabulary import Outcome, Status

AT_ONCE = 500  # rows; more are decided by a job
LOOKED_INTO = 2_000  # rows whose evidence a forecast reads

DECIDES: Mapping[str, tuple[Status, By, str]] = {
    TRUST: (Status.APPROVED, By(rule="trusted"), "This site is trusted here."),
    BLOCK: (Status.SPAM, By(rule="blocked"), "This site is blocked here."),
}

_VERIFIED = Linkback.evidence["outcome"].as_string() == Outcome.LINKED


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many wait, and of the oldest LOOKED_INTO of them, how many were seen to link here."""

    waiting: int
    verified: int

    @property
    def unverified(self) -> int:
        return max(0, min(self.waiting, LOOKED_INTO) - self.verified)


def forecast(host: str) -> Forecast:
    """What a rule for this host or domain would meet: two queries."""
    oldest = _waiting(host).with_only_columns(Linkback.id).order_by(Linkback.id).limit(LOOKED_INTO)
    verified = select(func.count()).where(Linkback.id.in_(oldest), _VERIFIED)
    return Forecast(waiting(host), db.session.scalar(verified) or 0)


def waiting(host: str) -> int:
    """How many a rule for this host or domain would decide."""
    return db.session.scalar(_waiting(host).with_only_columns(func.count())) or 0


def apply(host: str, action: str, batch: str) -> Report:
    """Decide what waits; what a trusted site sent and was not seen to link here is looked at again instead."""
    done: list[int] = []
    left: list[int] = []
    after = 0
    while True:
        with writing() as session:
            some = _next(session, host, after)
            decided = _decide(session, some, action, batch)
        if not some:
            return Report(batch, tuple(done), tuple(left))
        after = max(some)
        done += decided
        left += some.keys() - set(decided)


def holds() -> ColumnElement[bool]:
    """The rules that have not ended."""
    return or_(SiteRule.until.is_(None), SiteRule.until > now())


def _step(session: Session, job: Job) -> Step:
    host, action = job.params["host"], job.params["action"]
    rule = select(SiteRule.id).where(SiteRule.host == host, SiteRule.action == action)
    undone = select(RuleChange.id).where(RuleChange.batch == job.batch, RuleChange.undone_at.is_not(None))
    if session.scalar(rule) is None or session.scalar(undone) is not None:
        return Step(0, job.cursor, finished=True)  # the rule was changed or taken back meanwhile
    some = _next(session, host, job.cursor)
    decided = _decide(session, some, action, job.batch)
    return Step(len(decided), max(some, default=job.cursor), not some, len(some) - len(decided))


def _say(job: Job) -> str:
    done = {TRUST: "Approved", BLOCK: "Marked as spam"}[job.params["action"]]
    rest = f" {job.left:,} not seen to link here: looked at again." if job.left else ""
    return f"{done} {job.done:,} from {job.params['host']}.{rest}"


jobs.KINDS["rule"] = Work(_step, _say)


def _next(session: Session, host: str, after: int) -> dict[int, Row[Any]]:
    """The next rows that wait, each with whether it was seen to link here."""
    verified = case((_VERIFIED, 1), else_=0).label("verified")
    rows = _waiting(host).add_columns(verified).where(Linkback.id > after)
    found = session.execute(rows.order_by(Linkback.id).limit(batches.CHUNK))
    return {row.id: row for row in found}


def _decide(session: Session, some: Mapping[int, Row[Any]], action: str, batch: str | None) -> list[int]:
    to, by, reason = DECIDES[action]
    decided = [row for row in some.values() if row.verified or action == BLOCK]
    done = [row.id for row in decided]
    for due, ids in ((None, done), (now(), list(some.keys() - set(done)))):
        session.execute(update(Linkback).where(Linkback.id.in_(ids)).values(due_at=due))
    record_all(session, decided, to, by, reason=reason, batch=batch)
    return done


def _waiting(host: str) -> Any:
    """What waits from a host, or from below it; a host below with a rule of its own keeps to that."""
    below = and_(
        Linkback.source_site == host, Linkback.source_host.not_in(select(SiteRule.host).where(holds()))
    )
    here = or_(Linkback.source_host == host, below)
    return batches.lean().where(here, Linkback.status == Status.PENDING, Linkback.internal.is_(False))
