"""What Akismet is told of people's decisions: once, in the form it was asked with, taken back on undo."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog_linkbacks import leases, pipeline
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions, batches, decisions, feedback
from blog_linkbacks.moderation.feedback import GIVE_UP_AFTER, TRIES, AkismetReport, Tally
from tests.moderation.world import arrive
from tests.support.akismet import AkismetServer
from tests.support.web import Web


@pytest.fixture(scope="module")
def service() -> Iterator[AkismetServer]:
    with AkismetServer() as server:
        yield server


@pytest.fixture
def akismet(service: AkismetServer) -> AkismetServer:
    service.answer = "ham"
    service.asked.clear()
    pipeline._akismet.cache_clear()  # a client with patience of its own for each test
    return service


@pytest.fixture
def environ(environ: dict[str, str], service: AkismetServer) -> dict[str, str]:
    return {**environ, "LINKBACKS_AKISMET_KEY": "a1b2c3", "LINKBACKS_AKISMET_URL": service.url}


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def asked(app: Flask, akismet: AkismetServer, web: Web) -> int:
    """A linkback that Akismet took for ham."""
    return arrive(app, web)


def decide(linkback_id: int, name: str) -> int:
    mo = find_user("mo")
    assert mo is not None
    return decisions.act(linkback_id, actions.ACTIONS[name], mo).id


def undo(decision_id: int) -> None:
    mo = find_user("mo")
    assert mo is not None
    decisions.undo(decision_id, mo)


def send() -> None:
    """What the sweep does."""
    for report_id in leases.due(AkismetReport):
        feedback.process(report_id, pipeline.akismet())


def report() -> AkismetReport:
    return db.session.scalars(select(AkismetReport).execution_options(populate_existing=True)).one()


def linkback(linkback_id: int) -> Linkback:
    db.session.rollback()
    return db.session.get_one(Linkback, linkback_id, populate_existing=True)


def later() -> None:
    """The pause is over."""
    with writing():
        report().due_at = now()


def told(akismet: AkismetServer) -> list[str]:
    return [asked.method for asked in akismet.asked if asked.method.startswith("submit")]


def test_missed_spam_is_told_once_exactly_as_it_was_asked(akismet: AkismetServer, asked: int) -> None:
    decide(asked, "spam")
    assert told(akismet) == []
    send()
    send()
    assert told(akismet) == ["submit-spam"]
    assert akismet.heard("submit-spam") == akismet.heard("comment-check")


def test_a_false_positive_is_told(app: Flask, akismet: AkismetServer, web: Web) -> None:
    akismet.answer = "spam"
    decide(arrive(app, web), "approve")
    send()
    assert told(akismet) == ["submit-ham"]
    assert akismet.heard("submit-ham") == akismet.heard("comment-check")


def test_where_akismet_is_right_it_is_told_nothing(akismet: AkismetServer, asked: int) -> None:
    decide(asked, "approve")
    send()
    assert (told(akismet), feedback.tally()) == ([], Tally())


@pytest.mark.parametrize("name", ["reject", "approve"])
def test_what_says_nothing_of_spam_is_not_told(akismet: AkismetServer, asked: int, name: str) -> None:
    decide(asked, name)
    assert leases.due(AkismetReport) == []


def test_an_undo_in_time_sends_nothing(akismet: AkismetServer, asked: int) -> None:
    undo(decide(asked, "spam"))
    send()
    assert told(akismet) == []


def test_an_undo_too_late_takes_it_back_once(akismet: AkismetServer, asked: int) -> None:
    decision = decide(asked, "spam")
    send()
    undo(decision)
    send()
    send()
    assert told(akismet) == ["submit-spam", "submit-ham"]
    assert akismet.heard("submit-ham") == akismet.heard("comment-check")


def test_deciding_the_same_again_sends_nothing(akismet: AkismetServer, asked: int) -> None:
    decision = decide(asked, "spam")
    send()
    undo(decision)
    decide(asked, "spam")
    send()
    assert told(akismet) == ["submit-spam"]


def test_a_change_of_mind_while_it_is_sent_is_evened_out(akismet: AkismetServer, asked: int) -> None:
    decision = decide(asked, "spam")
    lease = leases.claim(AkismetReport, report().id)
    assert lease is not None
    undo(decision)
    feedback._settle(report().id, lease, feedback._Outcome(told="spam"))
    assert (report().told, report().wanted, report().due_at is not None) == ("spam", "ham", True)
    send()
    assert told(akismet) == ["submit-ham"]


def test_a_batch_is_entered_and_taken_back_whole(app: Flask, akismet: AkismetServer, web: Web) -> None:
    ids = [arrive(app, web, f"/page-{number}") for number in range(5)]
    mo = find_user("mo")
    assert mo is not None
    batch = batches.decide(dict.fromkeys(ids), actions.ACTIONS["spam"], mo).batch
    assert feedback.tally().waiting == 5
    batches.undo(batch, mo)
    assert feedback.tally().waiting == 0


@pytest.mark.parametrize("answer", ["error", "garbage", "invalid", "limit"])
def test_a_report_that_fails_is_sent_again_later(akismet: AkismetServer, asked: int, answer: str) -> None:
    decide(asked, "spam")
    akismet.answer = answer  # type: ignore[assignment]
    send()
    due = report().due_at
    assert due is not None
    assert due > now() + timedelta(seconds=50)
    assert feedback.tally().last_error == report().error != ""
    later()
    akismet.answer = "ham"
    pipeline._akismet.cache_clear()
    send()
    assert (report().told, report().error, report().due_at) == ("spam", "", None)


def test_while_akismet_is_left_alone_no_attempt_counts(akismet: AkismetServer, asked: int) -> None:
    decide(asked, "spam")
    akismet.answer = "limit"
    send()
    later()
    send()
    assert (report().attempts, told(akismet)) == (1, ["submit-spam"])
    assert "left alone" in report().error


def test_without_a_key_a_report_waits(akismet: AkismetServer, asked: int) -> None:
    decide(asked, "spam")
    feedback.process(report().id, None)
    assert (report().attempts, report().error) == (0, "Akismet is not configured.")
    assert feedback.tally().waiting == 1


def test_after_many_tries_over_days_it_is_given_up_until_something_new_is_to_be_told(
    akismet: AkismetServer, asked: int
) -> None:
    decision = decide(asked, "spam")
    with writing():
        row = report()
        row.attempts, row.changed_at = TRIES - 1, now() - GIVE_UP_AFTER - timedelta(hours=1)
    akismet.answer = "error"
    send()
    assert (feedback.tally().failed, feedback.tally().waiting) == (1, 0)
    akismet.answer = "ham"
    undo(decision)
    decide(asked, "spam")
    send()
    assert (told(akismet), feedback.tally().sent) == (["submit-spam", "submit-spam"], 1)


def test_a_report_in_another_s_hand_is_left_alone(akismet: AkismetServer, asked: int) -> None:
    decide(asked, "spam")
    leases.claim(AkismetReport, report().id)
    feedback.process(report().id, pipeline.akismet())
    assert told(akismet) == []


KILLED = """
import sys
from blog_linkbacks import create_app, pipeline
from blog_linkbacks.moderation import feedback
app = create_app(root=sys.argv[1])
with app.app_context():
    feedback.process(int(sys.argv[2]), pipeline.akismet())
"""


def test_killed_between_sending_and_writing_it_down_it_is_sent_once_more(
    akismet: AkismetServer, asked: int, root: Path, environ: dict[str, str]
) -> None:
    decide(asked, "spam")
    akismet.answer = "slow"
    command = [sys.executable, "-c", KILLED, str(root), str(report().id)]
    with subprocess.Popen(command, env={**os.environ, **environ}) as process:
        until = time.monotonic() + 30
        while not told(akismet) and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()
    db.session.rollback()
    akismet.answer = "ham"
    send()
    assert told(akismet) == ["submit-spam"], "it is in the dead process's hand"
    leases.release_dead(AkismetReport)
    send()
    send()
    assert told(akismet) == ["submit-spam", "submit-spam"]
    assert (report().sent, report().told) == (1, "spam")


def test_the_question_and_its_answer_are_kept_with_the_linkback(akismet: AkismetServer, asked: int) -> None:
    kept = db.session.get_one(Linkback, asked).akismet
    assert kept is not None
    assert (kept["answer"], kept["guid"]) == ("ham", "guid-1")
    assert {**kept["form"], "api_key": "a1b2c3"} == akismet.heard("comment-check")[0]


def test_asked_to_come_back_the_linkback_is_due_after_so_many_seconds(
    app: Flask, akismet: AkismetServer, web: Web
) -> None:
    akismet.answer = "recheck"
    linkback_id = arrive(app, web)
    due = linkback(linkback_id).due_at
    assert due is not None
    assert 100 < (due - now()).total_seconds() < 121
    akismet.answer = "spam"
    pipeline.process(linkback_id)
    assert linkback(linkback_id).status == "spam"
    assert akismet.heard("comment-check")[1]["recheck_reason"] == "recheck"


def test_with_the_plan_used_up_the_linkback_waits_as_long_as_the_service_is_left_alone(
    app: Flask, akismet: AkismetServer, web: Web
) -> None:
    akismet.answer = "limit"
    for path in ("/one", "/two"):
        row = linkback(arrive(app, web, path))
        assert row.status == "pending"
        assert row.due_at is not None
        assert 880 < (row.due_at - now()).total_seconds() < 901
    assert len(akismet.heard("comment-check")) == 1
