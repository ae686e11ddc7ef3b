"""All that match, exactly as it stood: decided at once or by a job, reported, undone as one."""

import html
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from blog_linkbacks import jobs, leases
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import Decision, status_counts
from blog_linkbacks.moderation import batches, bulk, learning
from blog_linkbacks.moderation.actions import APPROVE, SPAM, WAIT
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.bulk import Cut
from blog_linkbacks.moderation.decisions import NotOfferedError, act, undo
from blog_linkbacks.moderation.queue import Filters, filters
from blog_linkbacks.settings.check_words import sentence
from blog_linkbacks.vocabulary import Status
from tests.moderation import crowd
from tests.moderation.world import HTMX, keep, latest, send, status

Login = Callable[[str], FlaskClient]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than three rows are work for a job, in steps of two."""
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr(bulk, "CHUNK", 2)


@pytest.fixture
def mo(app: Flask) -> Iterator[User]:
    """Mo, in the app's context."""
    with app.app_context():
        found = find_user("mo")
        assert found is not None
        yield found


def fill(app: Flask, number: int, start: int = 0) -> list[int]:
    return [keep(app, f"https://s{n}.example/") for n in range(start, start + number)]


def statuses(app: Flask, ids: list[int]) -> list[str]:
    return [status(app, id) for id in ids]


def seen(app: Flask) -> Cut:
    """The moment of a page that is drawn now."""
    with app.app_context():
        return bulk.cut()


def decide(at: Cut, user: User, chosen: Filters | None = None, shown: int = 0) -> Report | Job:
    db.session.rollback()  # as a new request would, with nothing read before
    return bulk.decide(chosen or Filters(), at.moment, SPAM, user, "All of a kind", at.last, shown)


def at_once(at: Cut, user: User, chosen: Filters | None = None) -> Report:
    report = decide(at, user, chosen)
    assert isinstance(report, Report)
    return report


def begun(at: Cut, user: User, shown: int = 0) -> Job:
    job = decide(at, user, shown=shown)
    assert isinstance(job, Job)
    return job


def finish(job: Job) -> Job:
    while jobs.process(job.id):
        pass
    return jobs.by_token(job.token)


def step(job: Job) -> None:
    """One step of a job, then the process that did it is no more."""
    lease = leases.claim(Job, job.id)
    assert lease
    jobs._step(job.id, lease)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET lease_by = NULL, lease_until = NULL"))


def test_all_that_match_are_decided_as_one_batch(app: Flask, mo: User) -> None:
    ids = fill(app, 3)
    report = at_once(seen(app), mo)
    assert report.done == tuple(ids)
    assert statuses(app, ids) == ["spam"] * 3
    made = db.session.scalars(select(Decision).where(Decision.batch == report.batch)).all()
    assert [(one.user_id, one.reason, one.from_status) for one in made] == [
        (mo.id, "All of a kind", "pending")
    ] * 3
    assert status_counts()[Status.SPAM] == 3


def test_what_came_since_is_left_alone_and_counted(app: Flask, mo: User) -> None:
    ids, at = fill(app, 2), seen(app)
    late = fill(app, 3, start=2)
    report = at_once(at, mo)
    assert (report.done, report.since) == (tuple(ids), 3)
    assert statuses(app, late) == ["pending"] * 3


def test_a_row_that_went_and_came_back_counts_as_come_since(app: Flask, mo: User) -> None:
    ids, at = fill(app, 2), seen(app)
    act(ids[0], SPAM, mo)
    act(ids[0], WAIT, mo)
    report = at_once(at, mo)
    assert (report.done, report.since) == ((ids[1],), 1)


def test_a_row_with_a_higher_id_is_left_alone_whatever_the_clock_says(app: Flask, mo: User) -> None:
    ids, at = fill(app, 2), seen(app)
    late = keep(app, "https://late.example/")
    db.session.rollback()
    report = bulk.decide(Filters(), now() + timedelta(hours=1), SPAM, mo, last=at.last)
    assert isinstance(report, Report)
    assert report.done == tuple(ids)
    assert status(app, late) == "pending"


def test_only_what_the_filters_and_the_search_say(app: Flask, mo: User) -> None:
    ids = [
        keep(app, "https://a.example/", title="Cheap seo links", kind="trackback"),
        keep(app, "https://b.example/", title="Cheap seo links"),
        keep(app, "https://c.example/", title="Soil", kind="trackback"),
    ]
    chosen = filters({"q": "seo", "kind": "trackback"})
    db.session.rollback()
    assert bulk.matching(chosen, seen(app)) == 1
    assert at_once(seen(app), mo, chosen).done == (ids[0],)
    assert statuses(app, ids) == ["spam", "pending", "pending"]


def test_an_action_that_the_status_does_not_take_is_refused(app: Flask, mo: User) -> None:
    ids = fill(app, 1)
    with pytest.raises(NotOfferedError):
        bulk.decide(Filters(), now(), WAIT, mo)
    assert statuses(app, ids) == ["pending"]


@pytest.mark.usefixtures("few")
def test_many_are_decided_by_a_job_in_steps(app: Flask, mo: User) -> None:
    ids, at = fill(app, 5), seen(app)
    late = fill(app, 1, start=5)
    job = begun(at, mo)
    assert (job.total, statuses(app, ids)) == (5, ["pending"] * 5)
    ended = finish(job)
    assert (ended.done, ended.left) == (5, 0)
    assert ended.message == "Marked as spam 5. 1 that came since was left alone."
    assert statuses(app, ids + late) == ["spam"] * 5 + ["pending"]


@pytest.mark.usefixtures("few")
def test_what_somebody_decides_while_the_job_works_is_left_and_counted(app: Flask, mo: User) -> None:
    ids = fill(app, 5)
    job = begun(seen(app), mo)
    step(job)
    act(ids[4], APPROVE, mo)
    ended = finish(job)
    assert (ended.done, ended.left) == (4, 1)
    assert ended.message == "Marked as spam 4. 1 left alone: changed meanwhile."
    assert statuses(app, ids) == ["spam"] * 4 + ["approved"]


@pytest.mark.usefixtures("few")
def test_what_is_missing_of_the_number_shown_is_said(app: Flask, mo: User) -> None:
    ids, at = fill(app, 6), seen(app)
    act(ids[0], APPROVE, mo)
    assert finish(begun(at, mo, shown=6)).message == "Marked as spam 5. 1 left alone: changed meanwhile."


@pytest.mark.usefixtures("few")
def test_a_job_that_died_goes_on_where_it_was(app: Flask, mo: User) -> None:
    ids = fill(app, 5)
    job = begun(seen(app), mo)
    step(job)
    step(job)
    assert jobs.by_token(job.token).done == 4
    assert finish(job).done == 5
    made = db.session.scalars(select(Decision.linkback_id).where(Decision.batch == job.batch)).all()
    assert sorted(made) == ids


@pytest.mark.usefixtures("few")
def test_a_stopped_job_says_how_far_it_came(app: Flask, mo: User) -> None:
    ids = fill(app, 5)
    job = begun(seen(app), mo)
    step(job)
    assert jobs.stop(job.id)
    assert finish(job).message == "Marked as spam 2, then stopped. 3 were not touched."
    assert statuses(app, ids) == ["spam"] * 2 + ["pending"] * 3


def test_an_undo_gives_each_row_what_it_had(app: Flask, mo: User) -> None:
    kept = [keep(app, f"https://u{n}.example/", status=Status.UNVERIFIED) for n in range(2)]
    waiting = fill(app, 2)
    batch = batches.decide(dict.fromkeys(kept + waiting), SPAM, mo).batch
    report = bulk.undo(batch, mo)
    assert isinstance(report, Report)
    assert sorted(report.done) == sorted(kept + waiting)
    assert statuses(app, kept + waiting) == ["unverified"] * 2 + ["pending"] * 2
    assert {name: n for name, n in status_counts().items() if n} == {"unverified": 2, "pending": 2}


def test_an_undo_leaves_what_somebody_decided_since(app: Flask, mo: User) -> None:
    ids = fill(app, 3)
    batch = at_once(seen(app), mo).batch
    act(ids[1], APPROVE, mo)
    report = bulk.undo(batch, mo)
    assert isinstance(report, Report)
    assert report.left == (ids[1],)
    assert statuses(app, ids) == ["pending", "approved", "pending"]


def test_a_batch_is_undone_once(app: Flask, mo: User) -> None:
    fill(app, 2)
    batch = at_once(seen(app), mo).batch
    bulk.undo(batch, mo)
    with pytest.raises(bulk.UndoneError):
        bulk.undo(batch, mo)


def test_a_row_taken_back_alone_does_not_keep_the_rest_from_it(app: Flask, mo: User) -> None:
    ids = fill(app, 2)
    batch = at_once(seen(app), mo).batch
    undo(latest(app, ids[0]), mo)
    report = bulk.undo(batch, mo)
    assert isinstance(report, Report)
    assert (report.done, report.left) == ((ids[1],), (ids[0],))


@pytest.mark.usefixtures("few")
def test_many_are_taken_back_by_a_job_with_all_they_did(app: Flask, mo: User) -> None:
    crowd.wait(app, 60)
    before = _world()
    job = finish(begun(seen(app), mo))
    assert learning.size().lessons > 0
    undoing = bulk.undo(job.batch or "", mo)
    assert isinstance(undoing, Job)
    with pytest.raises(bulk.UnderWayError):
        bulk.undo(job.batch or "", mo)
    step(undoing)
    ended = finish(undoing)
    assert ended.message == "Taken back: 60."
    assert _world() == before
    with pytest.raises(bulk.UndoneError):
        bulk.undo(job.batch or "", mo)


@pytest.mark.usefixtures("few")
def test_an_undo_stops_the_job_that_still_works(app: Flask, mo: User) -> None:
    ids = fill(app, 9)
    job = begun(seen(app), mo)
    step(job)
    step(job)
    undoing = bulk.undo(job.batch or "", mo)
    assert isinstance(undoing, Job)
    assert jobs.by_token(job.token).state == "stopped"
    assert finish(undoing).done == 4
    assert statuses(app, ids) == ["pending"] * 9


@pytest.mark.usefixtures("few")
def test_an_undo_before_the_first_decision_stops_the_job_and_finds_nothing(app: Flask, mo: User) -> None:
    ids = fill(app, 5)
    job = begun(seen(app), mo)
    for _ in range(2):
        assert bulk.undo(job.batch or "", mo) == Report(job.batch or "", (), ())
    assert jobs.by_token(job.token).state == "stopped"
    finish(job)
    assert statuses(app, ids) == ["pending"] * 5


@pytest.mark.usefixtures("few")
def test_of_two_undos_at_the_same_moment_one_does_it(app: Flask, mo: User) -> None:
    ids = fill(app, 6)
    batch, came = finish(begun(seen(app), mo)).batch or "", list[object]()
    together = threading.Barrier(6)

    def take_back() -> None:
        with app.app_context():
            user = db.session.get_one(User, mo.id)
            together.wait()
            try:
                came.append(undoing.token if isinstance(undoing := bulk.undo(batch, user), Job) else undoing)
            except bulk.UnderWayError as error:
                came.append(error)

    threads = [threading.Thread(target=take_back) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    (token,) = (one for one in came if isinstance(one, str))
    assert [error.token for error in came if isinstance(error, bulk.UnderWayError)] == [token] * 5
    assert finish(jobs.by_token(token)).message == "Taken back: 6."
    assert statuses(app, ids) == ["pending"] * 6


def _world() -> list[object]:
    db.session.rollback()
    return [
        [tuple(row) for row in db.session.execute(text(statement))]
        for statement in (
            "SELECT id, status, due_at, campaign_id, folded FROM linkbacks ORDER BY id",
            "SELECT id, waiting, lead_id FROM campaigns ORDER BY id",
            "SELECT * FROM lessons",
            "SELECT * FROM learned_features",
            "SELECT status, number FROM status_counts ORDER BY status",
        )
    ]


# --- over HTTP ------------------------------------------------------------------------------------------------------

ALL = "/admin/linkbacks/all"


def decided(app: Flask, number: int) -> str:
    """So many rows are decided as one batch; its name."""
    fill(app, number)
    with app.app_context():
        user = find_user("mo")
        assert user is not None
        made = decide(bulk.cut(), user)
        return (finish(made).batch if isinstance(made, Job) else made.batch) or ""


def test_the_page_says_how_many_and_what_will_happen(app: Flask, login: Login) -> None:
    fill(app, 2)
    at = seen(app)
    fill(app, 1, start=2)
    page = login("mo").get(ALL, query_string={"status": "pending", "as_of": str(at)}).text
    assert "<h1>Decide all 2 that match</h1>" in page
    assert "1 more came since. It is left alone." in page
    assert "undone as one" in page


def test_the_page_names_the_filters_in_words(app: Flask, login: Login) -> None:
    asked = {"status": "pending", "check": "copy.text", "campaign": "7"}
    page = html.unescape(login("mo").get(ALL, query_string=asked).text)
    assert "only one campaign" in page
    assert sentence("copy.text") in page
    assert "told by copy.text" not in page


def test_htmx_gets_the_bar(app: Flask, login: Login) -> None:
    fill(app, 2)
    answer = login("mo").get(ALL, query_string={"as_of": str(seen(app))}, headers=HTMX).text
    assert 'data-number="2"' in answer
    assert "<html" not in answer


def test_a_form_decides_and_goes_back_with_the_undo(app: Flask, login: Login) -> None:
    ids, at, client = fill(app, 2), seen(app), login("mo")
    late = fill(app, 1, start=2)
    answer = send(client, ALL, action="spam", as_of=str(at), number=2, next="/admin/linkbacks?kind=pingback")
    assert (answer.status_code, answer.location) == (303, "/admin/linkbacks?kind=pingback")
    page = client.get(answer.location).text
    assert "Marked as spam 2. 1 that came since was left alone." in page
    assert "/admin/batches/" in page
    assert statuses(app, ids + late) == ["spam", "spam", "pending"]


@pytest.mark.usefixtures("few")
def test_a_form_begins_a_job_and_the_queue_shows_it(app: Flask, login: Login) -> None:
    fill(app, 5)
    client = login("mo")
    answer = send(client, ALL, action="spam", as_of=str(seen(app)), watch=1)
    assert answer.location.startswith("/admin/jobs/")
    assert "0 of 5" in client.get(answer.location).text
    assert "Spam: 5 linkbacks" in client.get("/admin/linkbacks").text
    plain = send(client, ALL, action="spam", as_of=str(seen(app)))
    assert plain.location == "/admin/linkbacks"


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "spam"},
        {"action": "spam", "as_of": "yesterday"},
        {"action": "spam", "as_of": "2026-01-01T00:00:00~5"},
        {"action": "spam", "as_of": "0001-01-01T00:00:00+14:00~5"},
        {"action": "wait", "as_of": "2026-01-01T00:00:00+00:00~5"},
        {"action": "explode", "as_of": "2026-01-01T00:00:00+00:00~5"},
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(app: Flask, login: Login, fields: dict[str, Any]) -> None:
    ids = fill(app, 1)
    assert send(login("mo"), ALL, **fields).status_code == 400
    assert statuses(app, ids) == ["pending"]


def test_only_moderators_and_only_with_the_token(app: Flask, login: Login) -> None:
    ids, at = fill(app, 1), str(seen(app))
    assert login("mo").post(ALL, data={"action": "spam", "as_of": at}).status_code == 400
    assert login("ida").get(ALL).status_code == 403
    assert app.test_client().get(ALL).status_code == 303
    assert send(login("ida"), ALL, action="spam", as_of=at).status_code in (400, 403)
    assert statuses(app, ids) == ["pending"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_second_undo_is_refused_with_a_sentence(app: Flask, login: Login, htmx: bool) -> None:
    undo = f"/admin/batches/{decided(app, 2)}/undo"
    assert send(login("mo"), undo, htmx=htmx).status_code in (200, 303)
    again = send(login("mo"), undo, htmx=htmx)
    assert again.status_code == 409
    assert "That was taken back already." in again.text


@pytest.mark.usefixtures("few")
def test_undoing_many_answers_with_the_progress(app: Flask, login: Login) -> None:
    batch = decided(app, 5)
    answer = send(login("mo"), f"/admin/batches/{batch}/undo", htmx=True)
    assert "Taking back 5 decisions" in answer.text
    assert 'id="jobs" hx-swap-oob="beforeend"' in answer.text
    assert send(login("mo"), f"/admin/batches/{batch}/undo").location.startswith("/admin/jobs/")
    again = send(login("mo"), f"/admin/batches/{batch}/undo", htmx=True)
    assert again.status_code == 409
    assert "That is being taken back already: 0 of 5 so far." in again.text


@pytest.mark.usefixtures("few")
def test_undoing_what_has_not_begun_says_that_nothing_was_decided(app: Flask, login: Login) -> None:
    fill(app, 5)
    with app.app_context():
        user = find_user("mo")
        assert user is not None
        batch = begun(bulk.cut(), user).batch
    answer = send(login("mo"), f"/admin/batches/{batch}/undo", htmx=True)
    assert answer.status_code == 200
    assert "Stopped: nothing had been decided yet. 5 waiting." in answer.text
