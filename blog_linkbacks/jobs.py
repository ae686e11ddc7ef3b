"""Long work in the background, in small committed steps with a true count: it can be left, and survives a crash."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks import leases
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import BigId, Model, db, now, writing
from blog_linkbacks.leases import Leased

SLICE = 5.0  # seconds of work in one go, so that other work has its turn
BREATH = 0.005  # seconds between two steps, in which other writers come in
TRIES = 5
KEPT = timedelta(days=30)

logger = logging.getLogger(__name__)


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Job(Leased, Model):
    """One long piece of work: what it is, how far it has come, and the sentence that says what came of it."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due_at", "due_at"), Index("ix_jobs_state", "state", "id"))

    token: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    kind: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default=JobState.RUNNING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(BigId, default=0)
    batch: Mapped[str | None] = mapped_column(String(32))
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]

    @property
    def running(self) -> bool:
        return self.state == JobState.RUNNING

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100; of a running job never quite 100."""
        if not self.running:
            return 100
        return min(99, 100 * (self.done + self.left) // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Step:
    """What one step came to: rows done and left alone, where the next one begins, whether it was the last."""

    done: int
    cursor: int
    finished: bool
    left: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of job. `step` does a little within the given write transaction, `say` sums up at the end."""

    step: Callable[[Session, Job], Step]
    say: Callable[[Job], str]


KINDS: dict[str, Work] = {}


def start(
    kind: str,
    label: str,
    *,
    total: int,
    params: Mapping[str, Any],
    user: User | None = None,
    batch: str | None = None,
) -> Job:
    """Enter a job, committed; the worker takes it up. KeyError for a kind that nobody does."""
    assert KINDS[kind]
    with writing() as session:
        job = Job(kind=kind, label=label, total=total, params=dict(params), batch=batch, due_at=now())
        job.user_id = user.id if user else None
        session.add(job)
        session.flush()
        return job


def process(job_id: int) -> bool:
    """Work on one job for a slice of time; whether there is more to do. A failing step is tried again, TRIES times."""
    lease = leases.claim(Job, job_id)
    if lease is None:
        return False
    until = time.monotonic() + SLICE
    try:
        while (more := _step(job_id, lease)) and time.monotonic() < until:
            time.sleep(BREATH)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        return _failed(job_id, lease, error)
    return more and _put_back(job_id, lease)


def stop(job_id: int) -> bool:
    """Stop a running job where it is; what it did stays. False where it had ended."""
    with writing() as session:
        job = session.get(Job, job_id, populate_existing=True)
        if job is None or not job.running:
            return False
        _end(job, JobState.STOPPED)
        return True


def by_token(token: str) -> Job:
    """LookupError where there is no such job."""
    job = db.session.scalar(select(Job).where(Job.token == token).execution_options(populate_existing=True))
    if job is None:
        raise LookupError(token)
    return job


def running(limit: int = 5) -> Sequence[Job]:
    """The jobs that are under way, the latest first."""
    which = select(Job).where(Job.state == JobState.RUNNING)
    return db.session.scalars(which.order_by(Job.id.desc()).limit(limit)).all()


def _step(job_id: int, lease: str) -> bool:
    with writing() as session:
        job = session.get(Job, job_id, populate_existing=True)
        if job is None or job.lease_by != lease or not job.running:
            return False
        if job.attempts > TRIES:  # the process ended in the middle, time and again
            _end(job, JobState.FAILED)
            return False
        work = KINDS[job.kind]
        step = work.step(session, job)
        job.done, job.left, job.cursor = job.done + step.done, job.left + step.left, step.cursor
        job.attempts, job.lease_until = 0, now() + leases.LEASE
        if step.finished:
            _end(job, JobState.DONE)
        return not step.finished


def _end(job: Job, state: JobState) -> None:
    job.state, job.finished_at = state, now()
    job.due_at = job.lease_by = job.lease_until = None
    job.message = KINDS[job.kind].say(job)


def _put_back(job_id: int, lease: str) -> bool:
    with writing() as session:
        job = session.get(Job, job_id, populate_existing=True)
        if job is None or job.lease_by != lease:
            return False
        job.due_at, job.lease_by, job.lease_until = now(), None, None
        return True


def _failed(job_id: int, lease: str, error: Exception) -> bool:
    with writing() as session:
        job = session.get(Job, job_id, populate_existing=True)
        if job is None or job.lease_by != lease:
            return False
        job.lease_by = job.lease_until = None
        job.due_at = now() + leases.pause(job.attempts)
        if job.attempts >= TRIES:
            _end(job, JobState.FAILED)
            job.message = (
                f"{job.label}: stopped after {job.done:,} by a fault of ours ({type(error).__name__})."
            )
        return False
