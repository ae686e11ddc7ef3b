"""The background tasks, the sweep that finds work left in hand, and the workers that run both."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks import faces, jobs, leases, pipeline
from blog_linkbacks.blog import schedule
from blog_linkbacks.budgets import Toll
from blog_linkbacks.config import Config, process_name
from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.engine import Worker, enqueue, queue
from blog_linkbacks.faces import Face
from blog_linkbacks.jobs import Job
from blog_linkbacks.leases import Leased
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import feedback, retention
from blog_linkbacks.moderation.feedback import AkismetReport
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.tables import Delivery
from blog_linkbacks.vocabulary import Refused

BEAT = timedelta(seconds=10)
TIDY = timedelta(minutes=10)
FORGOTTEN = timedelta(days=1)
SLOTS = 8
WITHOUT_QUEUE = 5.0  # seconds of work between two signs of life

logger = logging.getLogger(__name__)


def _check(linkback_id: int) -> None:
    pipeline.process(linkback_id, early=False)


def _report(report_id: int) -> None:
    feedback.process(report_id, pipeline.akismet())


def _picture(face_id: int) -> None:
    faces.process(face_id, pipeline.fetcher(toll=Toll(0, owing=True)))


# Whatever has rows with work to do: the name of its task, and who does it.
WORK: Mapping[type[Leased], tuple[str, Callable[[int], object]]] = {
    Linkback: ("check", _check),
    Delivery: ("deliver", delivery.process),
    Job: ("work", jobs.process),
    AkismetReport: ("report", _report),
    Face: ("picture", _picture),
}


class WorkerBeat(Model):
    """When a worker process last showed a sign of life."""

    __tablename__ = "worker_beats"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]


class Tasks:
    """The tasks of one app, on its own queue."""

    def __init__(self, app: Flask, config: Config) -> None:
        self.app = app
        self.huey = queue(config)
        self.by_table = {table: self._task(table, *work) for table, work in WORK.items()}
        self.slots = threading.BoundedSemaphore(SLOTS)
        self.worker: Worker | None = None
        self.beaten_at: datetime | None = None
        self.tidied_at: datetime | None = None

    def _task(self, table: type[Leased], name: str, work: Callable[[int], object]) -> Callable[[int], Any]:
        def do(row_id: int) -> None:
            with self.app.app_context():
                if work(row_id) is True:  # there is more of it
                    enqueue(self.by_table[table], [row_id])

        task: Callable[[int], Any] = self.huey.task(name=name)(do)
        return task

    def sweep(self) -> None:
        with self.app.app_context():
            for table in WORK:
                leases.release_dead(table)
            schedule.publish_due()
            self._tidy()
            self._hand_out()
            self._beat()

    def mend(self) -> None:
        with self.app.app_context():
            faces.mend()

    def _hand_out(self) -> None:
        try:
            idle = self.huey.pending_count() == 0
        except Exception:
            logger.warning("the task queue cannot be reached; the work is done here, one after the other")
            work_alone(WITHOUT_QUEUE)
            return
        if idle:
            for table, task in self.by_table.items():
                enqueue(task, leases.due(table))

    def _tidy(self) -> None:
        if self.tidied_at is None or now() - self.tidied_at > TIDY:
            self.tidied_at = now()
            retention.start_due()

    def _beat(self) -> None:
        if self.beaten_at is None or now() - self.beaten_at > BEAT:
            self.beaten_at = now()
            with writing() as session:
                session.merge(WorkerBeat(name=process_name(), at=self.beaten_at))
                session.execute(delete(WorkerBeat).where(WorkerBeat.at < self.beaten_at - FORGOTTEN))


def init_app(app: Flask, config: Config) -> None:
    app.extensions["linkback_tasks"] = Tasks(app, config)


def current() -> Tasks:
    tasks: Tasks = current_app.extensions["linkback_tasks"]
    return tasks


def check_soon(*linkback_ids: int) -> None:
    """Have these linkbacks checked in the background."""
    enqueue(current().by_table[Linkback], linkback_ids)


def deliver_soon(*delivery_ids: int) -> None:
    """Have these deliveries tried in the background."""
    enqueue(current().by_table[Delivery], delivery_ids)


def work_soon(job: Job) -> None:
    """Have this job begun in the background."""
    enqueue(current().by_table[Job], [job.id])


def post_changed(post_id: int) -> None:
    """Have told now what was entered when a post was saved, unpublished or deleted."""
    deliver_soon(*ledger.due(db.session(), post_id))


def check_now(linkback_id: int, seconds: float) -> Refused | None:
    """Check a linkback at once, waiting `seconds` at most for the outcome; past that, or with no slot free, None
    is returned and the work goes on without the caller (DESIGN decision 3)."""
    tasks = current()
    until = time.monotonic() + seconds
    if not tasks.slots.acquire(timeout=seconds):
        return None
    outcome: list[Refused | None] = []
    thread = threading.Thread(target=_check_in_slot, args=(tasks, linkback_id, outcome), daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    return outcome[0] if outcome else None


def start_embedded(app: Flask) -> None:
    """Run a worker in this process, beside the web server."""
    tasks: Tasks = app.extensions["linkback_tasks"]
    tasks.mend()
    tasks.worker = Worker(tasks.huey, tasks.sweep)
    tasks.worker.start()


def run_worker(app: Flask) -> None:
    """Run a worker until SIGTERM or SIGINT, then finish the tasks in hand."""
    tasks: Tasks = app.extensions["linkback_tasks"]
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tasks.mend()
    tasks.worker = Worker(tasks.huey, tasks.sweep)
    tasks.worker.start()
    stop.wait()
    tasks.worker.stop()


def work_alone(seconds: float) -> None:
    """Do in this thread what is due, beginning nothing more after so many seconds."""
    until = time.monotonic() + seconds
    schedule.publish_due()
    due = [partial(work, one) for table, (_, work) in WORK.items() for one in leases.due(table)]
    for do in due:
        if time.monotonic() > until:
            return
        do()


def worker_is_alive(within: timedelta = timedelta(seconds=45)) -> bool:
    """Whether any worker showed a sign of life lately."""
    last = db.session.scalar(select(func.max(WorkerBeat.at)))
    return last is not None and now() - last < within


def _check_in_slot(tasks: Tasks, linkback_id: int, outcome: list[Any]) -> None:
    try:
        with tasks.app.app_context():
            outcome.append(pipeline.process(linkback_id))
    except Exception:
        logger.exception("checking linkback %s failed; the sweep tries again", linkback_id)
    finally:
        tasks.slots.release()
