"""A deletion that is killed in the middle: nothing is half deleted, every count is true, the next worker goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from blog_linkbacks import jobs
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.leases import release_dead
from blog_linkbacks.linkbacks import Decision, Linkback, status_counts
from blog_linkbacks.moderation import past, retention
from blog_linkbacks.vocabulary import Status
from tests.moderation.world import keep

ROWS = 300
WORKER = """
import json, sys
from blog_linkbacks import create_app, jobs
app = create_app(json.loads(sys.argv[1]), sys.argv[2])
with app.app_context():
    print("begun", flush=True)
    while jobs.process(int(sys.argv[3])):
        pass
"""


def test_a_killed_deletion_is_whole_and_goes_on(app: Flask, environ: dict[str, str], home: Path) -> None:
    for number in range(ROWS):
        keep(app, f"http://site{number}.example/", status=Status.SPAM)
    keep(app, "http://newest.example/")
    with app.app_context():
        with writing() as session:
            session.execute(
                update(Linkback).where(Linkback.status == "spam").values(decided_at=now() - timedelta(20))
            )
        job = retention.start_due()
        assert job is not None
        db.session.remove()
    words = [json.dumps(environ), str(home), str(job.id)]
    worker = subprocess.Popen([sys.executable, "-c", WORKER, *words], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    worker.stdout.readline()
    deadline = time.monotonic() + 20
    while spam(app) > ROWS - 30 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    left = spam(app)
    assert left < ROWS, "it had not begun"
    true_in_all(app, job.id, left)
    with app.app_context():
        release_dead(Job)
        while jobs.process(job.id):
            pass
    true_in_all(app, job.id, 0)
    with app.app_context():
        assert jobs.by_token(job.token).message == f"Deleted {ROWS} spam linkbacks older than 15 days."


def spam(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Linkback.status == "spam")) or 0


def true_in_all(app: Flask, job_id: int, left: int) -> None:
    with app.app_context():
        gone = ROWS - left
        assert status_counts()["spam"] == left
        assert db.session.get_one(Job, job_id, populate_existing=True).done == gone
        assert db.session.scalar(select(func.sum(past.PastLinkbacks.spam))) == gone
        assert db.session.scalar(select(func.count()).select_from(Decision)) == left + 1
