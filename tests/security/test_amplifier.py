"""Many senders together get no more out of a third party than one of them could, and nothing is lost by it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import time_machine
from flask import Flask
from sqlalchemy import select

from blog_linkbacks import create_app, intake, leases, pipeline
from blog_linkbacks.budgets import FURTHER, HostBudget, HostTurn
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Status
from tests.conftest import BASE, running
from tests.support.web import Answer, Request, Web

POST = f"{BASE}/posts/no-dig-beds"
PAGE = f'<p>Words about it: <a href="{POST}">beds</a></p>'
HOURLY = {"LINKBACKS_BASE_URL": BASE, "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8"}
BURST = 6  # and one for every ten minutes
EACH = timedelta(minutes=10)


@pytest.fixture
def environ() -> dict[str, str]:
    return HOURLY | {"LINKBACKS_RATE_LIMIT": f"{BURST} per hour"}


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        yield clock


def take_in(source: str, kind: Kind = Kind.PINGBACK) -> int:
    receipt = intake.receive(Claim(kind, source, POST))
    assert isinstance(receipt, Receipt)
    return receipt.linkback_id


def arrive(app: Flask, *sources: str) -> list[int]:
    with app.app_context():
        ids = [take_in(source) for source in sources]
        for one in ids:
            pipeline.process(one)
    return ids


def rows(app: Flask, ids: list[int]) -> list[Linkback]:
    with app.app_context():
        return [db.session.get_one(Linkback, one) for one in ids]


def check_due(app: Flask) -> list[int]:
    with app.app_context():
        due = list(leases.due(Linkback))
        for one in due:
            pipeline.process(one, early=False)
    return due


def test_a_host_named_by_many_is_asked_at_a_bounded_rate(
    app: Flask, web: Web, travel: time_machine.Traveller
) -> None:
    web.route("/a", PAGE)
    ids = arrive(app, *(web.url(f"/a?{n}") for n in range(20)))
    assert len(web.requests) == BURST
    waiting = rows(app, ids)[BURST:]
    assert {(row.status, row.attempts, row.lease_by) for row in waiting} == {(Status.RECEIVED, 0, None)}
    assert [row.due_at for row in waiting] == [now() + EACH * n for n in range(1, 15)]
    for n in range(1, 15):
        travel.shift(EACH)
        assert check_due(app) == [ids[BURST + n - 1]]
        assert len(web.requests) == BURST + n
    assert {row.status for row in rows(app, ids)} == {Status.PENDING}
    with app.app_context():
        assert db.session.scalars(select(HostTurn)).all() == []


def test_who_waits_keeps_its_turn_though_others_come(
    app: Flask, web: Web, travel: time_machine.Traveller
) -> None:
    web.route("/a", PAGE)
    first = arrive(app, *(web.url(f"/a?{n}") for n in range(BURST + 1)))
    travel.shift(EACH)
    late = arrive(app, web.url("/a?late"))
    assert check_due(app) == [first[-1]]
    assert rows(app, first)[-1].status == Status.PENDING
    assert rows(app, late)[0].due_at == now() + EACH


def test_a_second_try_before_its_turn_reserves_nothing_more(app: Flask, web: Web) -> None:
    web.route("/a", PAGE)
    waiting = arrive(app, *(web.url(f"/a?{n}") for n in range(BURST + 1)))[-1]
    with app.app_context():
        for _ in range(5):
            pipeline.process(waiting)
        assert len(db.session.scalars(select(HostTurn)).all()) == 1
    assert len(web.requests) == BURST


def test_subdomains_share_the_bucket_of_their_domain(app: Flask, web: Web) -> None:
    urls = [f"http://h{n}.victim.test:{web.port}/" for n in range(BURST + 3)]
    waiting = [row for row in rows(app, arrive(app, *urls)) if row.status == Status.RECEIVED]
    assert len(waiting) == 3


def test_redirects_to_a_third_party_are_paid_from_its_bucket(app: Flask, web: Web) -> None:
    web.route("/victim", PAGE)
    with ExitStack() as stack:
        others = [stack.enter_context(Web(f"127.0.1.{n}")) for n in range(1, 11)]
        urls = [
            other.route("/go", status=302, headers={"Location": web.url(f"/victim?{n}")})
            for n, other in enumerate(others)
        ]
        ids = arrive(app, *urls)
        assert [len(other.requests) for other in others] == [1] * 10
    assert len(web.requests) == BURST
    assert [row.status for row in rows(app, ids)] == [Status.PENDING] * BURST + [Status.RECEIVED] * 4


def test_names_of_one_address_are_paid_from_its_bucket(app: Flask, web: Web) -> None:
    """127.0.0.2, however it is written: the host's own name is another every time, the address dialled the same."""
    spellings = (
        "127.2",
        "127.0.2",
        "0x7f.2",
        "0177.2",
        "2130706434",
        "0x7f000002",
        "0177.0.0.2",
        "127.0.0.2",
    )
    web.route("/a", PAGE)
    arrive(app, *(web.url("/a", host=spelling) for spelling in spellings))
    assert len(web.requests) == BURST


def test_further_requests_of_a_host_within_a_check_cost_little(
    app: Flask, web: Web, travel: time_machine.Traveller
) -> None:
    for n in range(25):
        web.route(f"/{n}", status=302, headers={"Location": f"/{n + 1}"})
    web.route("/25", PAGE)
    [one] = rows(app, arrive(app, web.url("/0")))
    assert (one.status, len(web.requests)) == (Status.PENDING, 26)
    with app.app_context():
        assert db.session.get_one(HostBudget, "127.0.0.2").full_at == now() + EACH * (1 + 25 * FURTHER)


def test_what_a_person_asks_for_does_not_wait_but_counts(app: Flask, web: Web) -> None:
    web.route("/a", PAGE)
    ids = arrive(app, *(web.url(f"/a?{n}") for n in range(BURST + 1)))
    with app.app_context():
        pipeline.process(ids[-1], asked_for=True)
    assert rows(app, ids)[-1].status == Status.PENDING


def test_processes_share_the_buckets(app: Flask, environ: dict[str, str], home: Path, web: Web) -> None:
    web.route("/a", PAGE)
    other = create_app(environ, home)
    arrive(app, *(web.url(f"/a?{n}") for n in range(4)))
    arrive(other, *(web.url(f"/a?{n}") for n in range(4, 10)))
    assert len(web.requests) == BURST
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_without_limits_nobody_waits(home: Path, web: Web) -> None:
    app = create_app(HOURLY | {"LINKBACKS_RATE_LIMIT": ""}, home)
    web.route("/a", PAGE)
    arrive(app, *(web.url(f"/a?{n}") for n in range(BURST * 2)))
    assert len(web.requests) == BURST * 2
    with app.app_context():
        assert db.session.scalars(select(HostBudget)).all() == []
        db.session.remove()
        db.engine.dispose()


PINGBACK = """<?xml version="1.0"?><methodCall><methodName>pingback.ping</methodName><params>
<param><value><string>{}</string></value></param><param><value><string>{}</string></value></param></params></methodCall>"""


def senders(blog: str) -> dict[str, Callable[[str, str], requests.Response]]:
    """One ping of each protocol, from an address of the sender's own behind the one trusted proxy."""
    post = f"{blog}/posts/no-dig-beds"

    def send(path: str, data: object, sender: str, content_type: str) -> requests.Response:
        headers = {"X-Forwarded-For": sender, "Content-Type": content_type}
        return requests.post(blog + path, data=data, headers=headers, timeout=30)  # type: ignore[arg-type]

    form = "application/x-www-form-urlencoded"
    return {
        "pingback": lambda source, who: send("/xmlrpc", PINGBACK.format(source, post), who, "text/xml"),
        "trackback": lambda source, who: send("/posts/no-dig-beds/trackback", {"url": source}, who, form),
        "webmention": lambda source, who: send("/webmention", {"source": source, "target": post}, who, form),
    }


@pytest.mark.parametrize("protocol", ["pingback", "trackback", "webmention"])
def test_hundred_senders_of_each_protocol(
    environ: dict[str, str], home: Path, web: Web, protocol: str
) -> None:
    with running(environ | {"LINKBACKS_TRUSTED_PROXIES": "1"}, home) as blog:
        web.route("/a", PAGE)
        send = senders(blog.url)[protocol]
        answers = [send(web.url(f"/a?{n}"), f"198.51.100.{n}") for n in range(100)]
        wait_until(lambda: len(web.requests) >= BURST)
        assert {answer.status_code for answer in answers} == {201 if protocol == "webmention" else 200}
        with blog.app.app_context():
            assert len(db.session.scalars(select(Linkback.id)).all()) == 100
        assert len(web.requests) == BURST


@pytest.mark.parametrize("protocol", ["pingback", "trackback", "webmention"])
def test_a_sender_beyond_the_limit_is_told_when_to_come_back(
    environ: dict[str, str], home: Path, web: Web, protocol: str
) -> None:
    with running(environ | {"LINKBACKS_TRUSTED_PROXIES": "1"}, home, worker=False) as blog:
        send = senders(blog.url)[protocol]
        answers = [send(web.url(f"/a?{n}"), "198.51.100.7") for n in range(BURST + 2)]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]
    assert all(answer.status_code < 300 for answer in answers[:-2])
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "xml" in answers[-1].headers["Content-Type"] or protocol == "webmention"


def test_many_calls_in_one_are_refused(environ: dict[str, str], home: Path, web: Web) -> None:
    call = PINGBACK.replace("pingback.ping", "system.multicall").format(web.url("/a"), POST)
    with running(environ, home, worker=False) as blog:
        answer = requests.post(blog.url + "/xmlrpc", call, headers={"Content-Type": "text/xml"}, timeout=10)
    assert "-32601" in answer.text
    assert web.requests == []


def test_slow_host_leaves_threads_for_others(environ: dict[str, str], home: Path, web: Web) -> None:
    held, most, let_go = [0], [0], threading.Event()
    lock = threading.Lock()

    def slow(_: Request) -> Answer:
        with lock:
            held[0] += 1
            most[0] = max(most[0], held[0])
        let_go.wait(15)
        with lock:
            held[0] -= 1
        return Answer(PAGE)

    with Web("127.0.0.3") as quick, running(environ | {"LINKBACKS_RATE_LIMIT": ""}, home) as blog:
        web.answer("/slow", slow)
        quick.route("/a", PAGE)
        send = senders(blog.url)["webmention"]
        for n in range(12):
            send(web.url(f"/slow?{n}"), "198.51.100.7")
        wait_until(lambda: most[0] == 2)
        send(quick.url("/a"), "198.51.100.7")
        wait_until(lambda: bool(quick.requests))
        assert held[0] == most[0] == 2
        let_go.set()
        wait_until(lambda: len(web.requests) >= 12, 40)


def wait_until(true: Callable[[], bool], seconds: float = 12) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
