"""Scores made anew from what was kept: in the background, by policy, and never against a person."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import jobs
from blog_linkbacks.db import now, writing
from blog_linkbacks.jobs import Job, JobState
from blog_linkbacks.linkbacks import Linkback, Signal
from blog_linkbacks.moderation import decisions, queue, rescoring
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.rescoring import Rescored
from blog_linkbacks.settings import preferences
from tests.moderation.people import publicly, user
from tests.moderation.world import arrive, keep, read, send
from tests.support.web import Web

Login = Callable[[str], FlaskClient]

SPAMMY = {"title": "x", "excerpt": "A note on soil, see http://beds.example/"}
QUIET = {"text.stock_phrases": 0.0, "text.links_said": 0.0, "text.claim_matches": 0.0}


@pytest.fixture(autouse=True)
def held(app: Flask) -> None:
    """Every stranger waits for a person."""
    with app.app_context():
        preferences.save(clear_ham=None)


def rescore(app: Flask, *ids: int) -> list[Rescored]:
    with app.app_context(), writing() as session:
        return rescoring.rescore(session, ids)


def decide(app: Flask, linkback_id: int, action: str) -> None:
    with app.app_context():
        decisions.act(linkback_id, ACTIONS[action], user("mo"))


def settings(app: Flask, **changes: object) -> None:
    with app.app_context():
        preferences.save(**changes)


def signals(app: Flask, linkback_id: int) -> dict[str, tuple[float, float | None, str]]:
    with app.app_context():
        return {s.name: (s.weight, s.strength, s.detail) for s in queue.one(linkback_id).signals}


def test_the_same_settings_give_the_same_score_and_the_same_signals(app: Flask, web: Web) -> None:
    one = arrive(app, web)
    before, score = signals(app, one), read(app, one).score
    [done] = rescore(app, one)
    assert (done.before, done.after, done.status, done.due) == (score, score, "pending", False)
    assert signals(app, one) == before


def test_what_waits_goes_to_spam_where_it_is_clear_spam_now(app: Flask, web: Web) -> None:
    one = arrive(app, web, said=SPAMMY)
    settings(app, clear_spam=0.5)
    [done] = rescore(app, one)
    row = read(app, one)
    assert (done.was, row.status, row.decided_by, row.due_at) == (
        "pending",
        "spam",
        "policy:clear_spam",
        None,
    )
    assert row.score == done.after


def test_what_would_be_approved_is_looked_at_again_first(app: Flask, web: Web) -> None:
    one = publicly(app, arrive(app, web))
    settings(app, clear_ham=0.49)
    [done] = rescore(app, one)
    row = read(app, one)
    assert (done.due, row.status, row.due_at is not None) == (True, "pending", True)


@pytest.mark.parametrize("action", ["approve", "reject", "spam"])
def test_what_a_person_decided_gets_a_score_and_keeps_its_status(app: Flask, web: Web, action: str) -> None:
    one = arrive(app, web, said=SPAMMY)
    decide(app, one, action)
    status = read(app, one).status
    settings(app, check_weights=QUIET, clear_ham=0.49)
    [done] = rescore(app, one)
    assert done.after != done.before
    assert (read(app, one).status, read(app, one).decided_by) == (status, "mo")


def test_what_a_person_moved_back_to_waiting_stays_there(app: Flask, web: Web) -> None:
    one = arrive(app, web, said=SPAMMY)
    decide(app, one, "spam")
    decide(app, one, "wait")
    settings(app, clear_spam=0.5)
    rescore(app, one)
    assert read(app, one).status == "pending"


def test_akismets_word_is_carried_over_unasked(app: Flask, web: Web) -> None:
    one = arrive(app, web)
    with app.app_context(), writing() as session:
        row = session.get_one(Linkback, one)
        said = next(s for s in row.signals if s.name == "akismet")
        said.strength, said.detail = -0.25, "Akismet says: not spam."
    rescore(app, one)
    assert signals(app, one)["akismet"] == (6.0, -0.25, "Akismet says: not spam.")


def test_a_decided_ones_checks_do_not_learn_of_the_decision(app: Flask, web: Web) -> None:
    one = arrive(app, web, "/one")
    before = signals(app, one)["history.site"]
    decide(app, one, "approve")
    decide(app, arrive(app, web, "/two"), "approve")
    rescore(app, one)
    assert signals(app, one)["history.site"] == before


def test_without_evidence_or_in_a_workers_hand_it_is_left_alone(app: Flask, web: Web) -> None:
    unseen, busy = keep(app, "http://unseen.example/"), arrive(app, web)
    with app.app_context(), writing() as session:
        session.get_one(Linkback, busy).lease_by = "somebody"
    [done] = rescore(app, unseen, busy)
    assert (done.linkback_id, done.scored, read(app, unseen).score) == (unseen, False, 0.2)


def test_a_job_scores_all_that_waits_and_says_what_came_of_it(app: Flask, web: Web) -> None:
    spammy, decided = arrive(app, web, "/one", said=SPAMMY), arrive(app, web, "/two")
    for number in range(rescoring.CHUNK):
        keep(app, f"http://unseen{number}.example/")
    decide(app, decided, "reject")
    settings(app, clear_spam=0.5)
    with app.app_context():
        job = rescoring.rescore_waiting_later(user("mo"))
        later = keep(app, "http://later.example/")
        while jobs.process(job.id):
            pass
        ended = jobs.by_token(job.token)
        assert (ended.state, ended.total, ended.done, ended.left) == (JobState.DONE, 6, 1, 5)
        assert ended.message.startswith("Scored 1 linkback anew. 1 went to spam. 5 have no score")
    assert (read(app, spammy).status, read(app, later).status) == ("spam", "pending")


def test_the_queue_starts_a_job_for_a_selection(app: Flask, web: Web, login: Login) -> None:
    mo, ids = login("mo"), [arrive(app, web, "/one"), arrive(app, web, "/two")]
    answer = send(mo, "/admin/linkbacks/rescore", ids=ids)
    assert answer.status_code == 303
    token = answer.location.rpartition("/")[2]
    with app.app_context():
        assert jobs.process(jobs.by_token(token).id) is False
    assert "Scored 2 linkbacks anew." in mo.get(answer.location).text
    assert "Scoring 2 linkbacks anew" in send(mo, "/admin/linkbacks/rescore", htmx=True, ids=ids).text


def test_one_is_scored_at_once_from_its_evidence(app: Flask, web: Web, login: Login) -> None:
    mo, one = login("mo"), arrive(app, web)
    assert f"/admin/linkbacks/{one}/rescore" in mo.get(f"/admin/linkbacks/{one}").text
    answer = send(mo, f"/admin/linkbacks/{one}/rescore")
    assert answer.location == f"/admin/linkbacks/{one}"
    assert "The score is" in mo.get(answer.location).text


def test_nonsense_is_refused(app: Flask, login: Login) -> None:
    mo: FlaskClient = login("mo")
    assert send(mo, "/admin/linkbacks/rescore").status_code == 400
    assert send(mo, "/admin/linkbacks/rescore", ids=["x"]).status_code == 400
    assert mo.get("/admin/linkbacks/rescore").status_code in (404, 405)
    assert send(login("ida"), "/admin/linkbacks/rescore", waiting="y").status_code in (400, 403)


def test_a_killed_step_is_taken_up_again(app: Flask, web: Web) -> None:
    ids = [arrive(app, web, f"/{number}") for number in range(3)]
    with app.app_context():
        job = rescoring.rescore_later(ids, None)
        with writing() as session:
            dead = session.get_one(Job, job.id)
            dead.lease_by, dead.lease_until = "dead", now()
        jobs.process(job.id)
        assert jobs.by_token(job.token).done == 3


def test_signals_still_add_up(app: Flask, web: Web) -> None:
    one = arrive(app, web, said=SPAMMY)
    rescore(app, one)
    with app.app_context():
        row = queue.one(one)
        kept: list[Signal] = row.signals
        total = sum(signal.opinion.contribution for signal in kept)
    from blog_linkbacks.scoring.total import logistic

    assert row.score == pytest.approx(logistic(total))
