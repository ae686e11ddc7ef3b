"""The settings page's part on Akismet, against a service of our own over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from blog_linkbacks import pipeline
from blog_linkbacks.db import now
from blog_linkbacks.scoring.akismet_breaker import Condition, Trouble
from blog_linkbacks.scoring.akismet_client import Usage
from blog_linkbacks.settings import akismet_notes
from blog_linkbacks.settings.akismet import usage_in_words
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD
from tests.moderation.world import HTMX, arrive, token
from tests.support.akismet import AkismetServer, Answer
from tests.support.web import Web

KEY = "right-key"
CHECK = "/admin/settings/akismet"


@pytest.fixture
def service() -> Iterator[AkismetServer]:
    with AkismetServer(key=KEY) as server:
        yield server


@pytest.fixture
def environ(environ: dict[str, str], service: AkismetServer) -> dict[str, str]:
    return {**environ, "LINKBACKS_AKISMET_KEY": KEY, "LINKBACKS_AKISMET_URL": service.url}


@pytest.fixture
def ana(app: Flask) -> Browser:
    browser = Browser(app.test_client()).open("/login").send("/login", name="ana", password=PASSWORD)
    return browser.open(CHECK)


def test_nothing_is_asked_by_looking_at_the_page(service: AkismetServer, ana: Browser) -> None:
    assert "Not asked yet." in ana.text
    assert "0 sent, 0 waiting, 0 given up" in ana.text
    assert (service.asked, KEY in ana.page.text) == ([], False)


def test_the_key_and_the_plan_are_checked(service: AkismetServer, ana: Browser) -> None:
    ana.send(CHECK).follow()
    assert "The key is valid. Asked this month: 1,234 of 50,000." in ana.text
    assert "Answers" in ana.text
    assert [asked.method for asked in service.asked] == ["verify-key", "usage-limit"]
    assert "Asked this month: 1,234 of 50,000." in ana.open(CHECK).text
    assert KEY not in ana.page.text


def test_with_htmx_the_result_stands_beside_the_button(ana: Browser) -> None:
    answer = ana.client.post(CHECK, data={"csrf_token": token(ana.client)}, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "The key is valid." in answer.text
    assert 'id="check-key"' in answer.text


@pytest.mark.parametrize(
    ("answer", "sentence", "state"),
    [
        ("invalid", "The service does not know this key for this blog.", "Paused"),
        ("error", "The key could not be checked. The service answered with status 500.", "Not asked yet."),
        ("garbage", "The key could not be checked. The service gave an answer", "Not asked yet."),
        ("limit", "The service takes no more questions with this key for now.", "Not asked yet."),
        ("expired", "key for now. Your account was suspended for overuse.", "Not asked yet."),
    ],
)
def test_what_is_wrong_is_said(
    service: AkismetServer, ana: Browser, answer: Answer, sentence: str, state: str
) -> None:
    service.answer = answer
    ana.send(CHECK).follow()
    assert sentence in ana.text
    assert state in ana.text
    assert KEY not in ana.page.text


def test_a_plan_that_cannot_be_read_leaves_the_key_valid(service: AkismetServer, ana: Browser) -> None:
    service.plan = {}
    assert (
        "The key is valid. How much of the plan is used could not be read." in ana.send(CHECK).follow().text
    )


def test_a_pause_is_shown_with_its_reason_and_ended_by_a_valid_key(
    service: AkismetServer, app: Flask, ana: Browser, web: Web
) -> None:
    service.answer = "suspended"
    arrive(app, web)
    ana.open(CHECK)
    assert "Paused The service takes no more questions with this key for now." in ana.text
    assert "Your account was suspended for overuse." in ana.text
    service.answer = "warning"
    assert "Paused" not in ana.send(CHECK).follow().text
    with app.app_context():
        client = pipeline.akismet()
        assert client is not None
        assert client.breaker.paused() is None


def test_a_warning_is_shown_while_answers_count(
    service: AkismetServer, app: Flask, ana: Browser, web: Web
) -> None:
    service.answer = "warning"
    arrive(app, web)
    assert "Answers It warns: Your site asks more than its plan allows." in ana.open(CHECK).text


def test_a_condition_is_read_as_it_was_kept(app: Flask) -> None:
    with app.app_context():
        for condition in (
            Condition(Trouble.KEY, "The service does not know the key.", now() + timedelta(minutes=10)),
            Condition(alert="Pay."),
        ):
            akismet_notes.keep(condition)
            assert akismet_notes.noted().condition == condition


@pytest.mark.parametrize(
    ("usage", "words"),
    [
        (Usage(7, None, False), "Asked this month: 7, with no limit."),
        (
            Usage(60_000, 50_000, True),
            "Asked this month: 60,000 of 50,000. The service holds this key back, because it went over its limit.",
        ),
    ],
)
def test_the_plan_in_words(usage: Usage, words: str) -> None:
    assert usage_in_words(usage) == words
