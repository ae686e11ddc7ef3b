"""How long deleting old spam keeps other writers waiting: `python -m tests.scale.bench_retention [ROWS]`."""

import sys
import tempfile
import time
from datetime import timedelta

from sqlalchemy import insert, select, update

from blog_linkbacks import create_app, jobs
from blog_linkbacks.blog import posts
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import Decision, Linkback, Signal, StatusCount
from blog_linkbacks.moderation import retention
from blog_linkbacks.moderation.prints import Print
from tests.moderation import crowd

SIGNALS, PRINTS = 45, 6


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as root:
        app = create_app({"LINKBACKS_BASE_URL": "http://blog.example"}, root)
        with app.app_context():
            for title in ("No-dig beds", "Compost basics"):
                posts.save(posts.Draft(title=title, body="Words about soil."), publish=True)
        crowd.wait(app, number + 1)
        with app.app_context():
            _make_spam(number)
            _tell(*_delete(retention.start_due()))


def _make_spam(number: int) -> None:
    """All but the newest are old spam now, each with its signals and prints."""
    with writing() as session:
        ids = list(session.scalars(select(Linkback.id).order_by(Linkback.id)))[:number]
        old = {"status": "spam", "decided_at": now() - timedelta(days=20), "decided_by": "policy:clear_spam"}
        session.execute(
            update(Linkback).where(Linkback.id <= ids[-1]).values(**old, campaign_id=None, folded=False)
        )
        session.execute(update(Decision).where(Decision.linkback_id <= ids[-1]).values(to_status="spam"))
        for status, count in (("spam", number), ("pending", 1)):
            session.execute(update(StatusCount).where(StatusCount.status == status).values(number=count))
        said = {
            "version": 1,
            "group": "text",
            "weight": 1.0,
            "state": "on",
            "detail": "A sentence of usual length.",
        }
        for id in ids:
            session.execute(
                insert(Signal),
                [{"linkback_id": id, "name": f"c{n}", **said} for n in range(SIGNALS)],
            )
            session.execute(
                insert(Print), [{"linkback_id": id, "value": id * 100 + n} for n in range(PRINTS)]
            )


def _delete(job: Job | None) -> tuple[list[float], float, int]:
    assert job is not None
    held, begun, finished = [], time.perf_counter(), False
    while not finished:
        started = time.perf_counter()
        with writing() as session:
            row = session.get_one(Job, job.id)
            step = jobs.KINDS[retention.KIND].step(session, row)
        held.append(time.perf_counter() - started)
        finished = step.finished
    left = len(db.session.scalars(select(Linkback.id)).all())
    return held, time.perf_counter() - begun, left


def _tell(held: list[float], seconds: float, left: int) -> None:
    ordered = sorted(ms * 1000 for ms in held)
    print(
        f"{seconds:.1f} s in {len(held):,} transactions, {left} left; "
        f"one holds the lock {ordered[len(held) // 2]:.0f} ms, "
        f"95 %: {ordered[int(len(held) * 0.95)]:.0f} ms, at most {ordered[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
