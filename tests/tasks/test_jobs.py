"""Jobs: small committed steps, a true count, a way to stop, and nothing lost when a step fails."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from blog_linkbacks import jobs
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job, JobState, Step, Work
from tests.moderation.world import send


@pytest.fixture(autouse=True)
def counting() -> Iterator[None]:
    jobs.KINDS["counting"] = Work(_count, lambda job: f"Counted {job.done}.")
    yield
    del jobs.KINDS["counting"]


def _count(_session: Session, job: Job) -> Step:
    if job.cursor == job.params.get("fails_at"):
        raise RuntimeError("that number is not liked")
    return Step(1, job.cursor + 1, finished=job.cursor + 1 >= job.total)


def _start(total: int, **params: int) -> int:
    return jobs.start("counting", "Counting", total=total, params=params).id


def _job(job_id: int) -> Job:
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_runs_to_its_end_and_says_what_came_of_it(app: Flask) -> None:
    with app.app_context():
        job_id = _start(12)
        assert jobs.process(job_id) is False
        job = _job(job_id)
        assert (job.state, job.done, job.percent, job.message) == (JobState.DONE, 12, 100, "Counted 12.")
        assert job.due_at is None
        assert jobs.running() == []


def test_a_job_that_has_its_slice_goes_on_where_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    with app.app_context():
        job_id = _start(3)
        rounds = 1
        while jobs.process(job_id):
            rounds += 1
        assert rounds == 3
        assert _job(job_id).done == 3


def test_a_failing_step_leaves_the_count_of_those_before_it(app: Flask) -> None:
    with app.app_context():
        job_id = _start(9, fails_at=4)
        for _ in range(jobs.TRIES + 1):  # the first try got as far as the fault
            with writing() as session:
                session.get_one(Job, job_id).due_at = now()
            assert jobs.process(job_id) is False
        job = _job(job_id)
        assert (job.state, job.done, job.cursor) == (JobState.FAILED, 4, 4)
        assert "stopped after 4" in job.message


def test_a_job_whose_process_dies_every_time_is_given_up(app: Flask) -> None:
    with app.app_context():
        job_id = _start(9)
        with writing() as session:
            session.get_one(Job, job_id).attempts = jobs.TRIES
        assert jobs.process(job_id) is False
        assert _job(job_id).state == JobState.FAILED


def test_a_stopped_job_does_no_more(app: Flask) -> None:
    with app.app_context():
        job_id = _start(9)
        assert jobs.stop(job_id) is True
        assert jobs.process(job_id) is False
        assert (_job(job_id).state, _job(job_id).done) == (JobState.STOPPED, 0)
        assert jobs.stop(job_id) is False


def test_the_page_shows_how_far_it_is_and_stops_it(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        token = _job(_start(1_200)).token
    page = login("mo")
    shown = page.get(f"/admin/jobs/{token}").text
    assert "0 of 1,200" in shown
    assert 'hx-trigger="every 1s"' in page.get(f"/admin/jobs/{token}", headers={"HX-Request": "true"}).text
    stopped = send(page, f"/admin/jobs/{token}/stop")
    assert stopped.status_code == 303
    assert "Counted 0." in page.get(f"/admin/jobs/{token}").text
    assert page.get("/admin/jobs/none").status_code == 404
