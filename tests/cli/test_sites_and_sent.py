import json

import pytest
from flask import Flask

from blog_linkbacks import intake
from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import site_rule
from blog_linkbacks.sending.tables import Delivery, DeliveryState
from blog_linkbacks.vocabulary import Claim, Kind, Refused
from tests.cli.conftest import Run

TARGET = "http://blog.example/posts/no-dig-beds"


def _rule(app: Flask, host: str) -> str:
    with app.app_context():
        return site_rule(host)


@pytest.mark.parametrize("verb", ["trust", "block"])
def test_a_rule_stands_until_it_is_cleared(app: Flask, run: Run, verb: str) -> None:
    assert run("sites", verb, "news.example").exit_code == 0
    assert _rule(app, "news.example") == verb
    assert run("sites", "clear", "news.example").exit_code == 0
    assert _rule(app, "news.example") == ""


def test_a_blocked_site_is_refused_from_then_on(app: Flask, run: Run) -> None:
    run("sites", "block", "news.example")
    with app.app_context():
        received = intake.receive(Claim(Kind.PINGBACK, "http://news.example/1", TARGET))
    assert isinstance(received, Refused)


@pytest.mark.parametrize("host", ["", "not a host", "http://"])
def test_what_is_no_host_is_refused(run: Run, host: str) -> None:
    done = run("sites", "block", host)
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_rule_without_host_is_wrong_use(run: Run) -> None:
    assert run("sites", "trust").exit_code == 2


def test_nothing_sent_is_an_empty_array(run: Run) -> None:
    assert json.loads(run("linkbacks", "sent", "--json").stdout) == []


def test_the_ledger_has_the_fields_of_the_contract(app: Flask, run: Run) -> None:
    with app.app_context(), writing() as session:
        session.add(
            Delivery(
                post_id=1,
                source_url=TARGET,
                target_url="http://other.example/",
                protocol="webmention",
                endpoint="http://other.example/wm",
                state=DeliveryState.RETRYING,
                response="503 Service Unavailable",
                attempts=2,
                due_at=now(),
            )
        )
    (found,) = json.loads(run("linkbacks", "sent", "--json").stdout)
    assert found.pop("next_try_at").endswith("Z")
    assert found == {
        "id": 1,
        "post": "no-dig-beds",
        "target_url": "http://other.example/",
        "protocol": "webmention",
        "endpoint": "http://other.example/wm",
        "state": "retrying",
        "attempts": 2,
        "response": "503 Service Unavailable",
    }
    assert run("linkbacks", "sent").stdout.splitlines()[1].split()[:4] == ["1", "retrying", "webmention", "2"]
