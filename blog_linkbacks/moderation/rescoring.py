"""Scores made anew from what was kept: nothing is fetched and nobody is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from blog_linkbacks import facts, jobs, policy
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now
from blog_linkbacks.jobs import Job, Step, Work
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.scoring import learned
from blog_linkbacks.scoring.recount import recount
from blog_linkbacks.settle import mark
from blog_linkbacks.vocabulary import Evidence, Opinion, Outcome, Score, Status, Subject, Verdict

KIND = "rescore"
CHUNK = 5  # linkbacks in one write transaction, so that intake never waits long for its turn


@dataclass(frozen=True, slots=True)
class Rescored:
    """A linkback's score and status before and after; without evidence of a link both are as they were."""

    linkback_id: int
    before: float | None
    after: float | None
    was: str
    status: str
    due: bool = False

    @property
    def scored(self) -> bool:
        return self.after is not None


def rescore(session: Session, linkback_ids: Iterable[int]) -> list[Rescored]:
    """Score these linkbacks anew within the caller's write transaction; those in a worker's hand are left to it.

    What waits and no person decided on follows policy: clear spam goes to spam, what would be approved is made due
    for a fresh look at its page. Everything else keeps its status.
    """
    return [_rescore(session, linkback) for linkback in _free(session, linkback_ids)]


def rescore_later(linkback_ids: Sequence[int], user: User | None) -> Job:
    """Score these anew in the background."""
    ids = sorted(set(linkback_ids))
    label = f"Scoring {_counted(len(ids))} anew"
    return jobs.start(KIND, label, total=len(ids), params={"ids": ids}, user=user)


def rescore_waiting_later(user: User | None) -> Job:
    """Score anew, in the background, all that wait now; what comes later is left alone."""
    total, last = db.session.execute(select(func.count(), func.max(Linkback.id)).where(*_WAITING)).one()
    label = f"Scoring anew what waits: {_counted(total)}"
    return jobs.start(KIND, label, total=total, params={"to": last or 0}, user=user)


def waiting(after: int, limit: int, to: int | None = None) -> Sequence[int]:
    """Ids of linkbacks that wait, in order, from `after` (left out) up to `to`."""
    which = select(Linkback.id).where(*_WAITING, Linkback.id > after)
    if to is not None:
        which = which.where(Linkback.id <= to)
    return db.session.scalars(which.order_by(Linkback.id).limit(limit)).all()


_WAITING = (Linkback.status == Status.PENDING, Linkback.internal.is_(False))


def _step(session: Session, job: Job) -> Step:
    ids = _next(job)
    done = [one for one in rescore(session, ids) if one.scored]
    tally = {"spam": sum(one.status != one.was for one in done), "due": sum(one.due for one in done)}
    job.result = {name: job.result.get(name, 0) + number for name, number in tally.items()}
    cursor = ids[-1] if ids else job.cursor
    return Step(len(done), cursor, finished=len(ids) < CHUNK, left=len(ids) - len(done))


def _next(job: Job) -> Sequence[int]:
    if "ids" in job.params:
        return [one for one in job.params["ids"] if one > job.cursor][:CHUNK]
    return waiting(job.cursor, CHUNK, job.params["to"])


def _say(job: Job) -> str:
    spam, due = job.result.get("spam", 0), job.result.get("due", 0)
    sentences = [f"Scored {_counted(job.done)} anew."]
    if spam:
        sentences.append(f"{spam:,} went to spam.")
    if due:
        pages = "page is" if due == 1 else "pages are"
        sentences.append(f"{due:,} would be published: the {pages} looked at again first.")
    if job.left:
        has, them = ("has", "it") if job.left == 1 else ("have", "them")
        sentences.append(f"{job.left:,} {has} no score: no page that links here is known of {them}.")
    return " ".join(sentences)


jobs.KINDS[KIND] = Work(_step, _say)


def _free(session: Session, ids: Iterable[int]) -> Sequence[Linkback]:
    rows: Select[Any] = select(Linkback).where(Linkback.id.in_(list(ids)), Linkback.lease_by.is_(None))
    return session.scalars(rows.order_by(Linkback.id).execution_options(populate_existing=True)).all()


def _rescore(session: Session, linkback: Linkback) -> Rescored:
    before, was, evidence = linkback.score, linkback.status, facts.kept(linkback)
    if evidence is None or evidence.outcome is not Outcome.LINKED or linkback.internal:
        return Rescored(linkback.id, before, None, was, was)
    by_person = _by_person(session, linkback)
    subject, score, verdict = _weigh(linkback, evidence, _carried(linkback, by_person))
    linkback.features = "\n".join(learned.features(subject))
    linkback.reason = score.reason or verdict.reason
    mark(session, linkback, score)
    due = was == Status.PENDING and not by_person and _follow(session, linkback, verdict)
    return Rescored(linkback.id, before, score.value, was, linkback.status, due)


def _weigh(
    linkback: Linkback, evidence: Evidence, carried: Sequence[Opinion]
) -> tuple[Subject, Score, Verdict]:
    job = facts.known(linkback)
    subject, site = facts.subject(job, evidence), job.site
    unanswered = linkback.status == Status.PENDING and linkback.due_at is not None
    score = recount(subject, carried, site.states, site.check_weights, unanswered=unanswered, whole=True)
    limits = policy.Thresholds(spam=site.clear_spam, ham=site.clear_ham)
    return subject, score, policy.decide(subject, score, limits)


def _carried(linkback: Linkback, by_person: bool) -> list[Opinion]:
    """What Akismet said; of what a person decided also what was known before that.

    Heard anew, the checks that learn and remember would know the decision already, and boast of it in their records.
    """
    groups = ("akismet", "learned", "history") if by_person else ("akismet",)
    return [signal.opinion for signal in linkback.signals if signal.group in groups]


def _follow(session: Session, linkback: Linkback, verdict: Verdict) -> bool:
    """Let policy have what waits; whether it is to be looked at again, because it would be approved."""
    if verdict.status is Status.SPAM:
        record(session, linkback, Status.SPAM, By(rule=verdict.rule), reason=verdict.reason)
        linkback.due_at = None
    elif verdict.status is Status.APPROVED:
        linkback.due_at, linkback.attempts = now(), 0
    return verdict.status is Status.APPROVED


def _by_person(session: Session, linkback: Linkback) -> bool:
    """Whether the last decision was a person's, an undo or a move back to waiting included."""
    latest = select(Decision.user_id).where(Decision.linkback_id == linkback.id).order_by(Decision.id.desc())
    return session.scalar(latest.limit(1)) is not None


def _counted(number: int) -> str:
    return f"{number:,} {'linkback' if number == 1 else 'linkbacks'}"
