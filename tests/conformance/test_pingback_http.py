"""Pingback 1.0 over real HTTP, each test named after the section it proves."""

import gzip
import re
import time
import xmlrpc.client

import pytest
import requests

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions, decisions, rules
from tests.conftest import Live
from tests.support import senders
from tests.support.pages import article, without_link
from tests.support.web import Web


@pytest.fixture
def post(live: Live) -> str:
    return f"{live.url}/posts/no-dig-beds"


@pytest.fixture
def endpoint(live: Live) -> str:
    return f"{live.url}/xmlrpc"


def call(endpoint: str, body: bytes, **headers: str) -> requests.Response:
    return requests.post(endpoint, body, headers={"Content-Type": "text/xml", **headers}, timeout=30)


def fault(answer: requests.Response) -> int:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    with pytest.raises(xmlrpc.client.Fault) as caught:
        xmlrpc.client.loads(answer.content)
    return caught.value.faultCode


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pb_2_1_the_header_is_announced_absolute(post: str, endpoint: str, method: str) -> None:
    assert requests.request(method, post, timeout=10).headers["X-Pingback"] == endpoint


def test_pb_2_2_the_link_element_matches_the_pattern_once_and_equals_the_header(
    post: str, endpoint: str
) -> None:
    html = requests.get(post, timeout=10).text
    assert re.findall(r'<link rel="pingback" href="([^"]+)" ?/?>', html) == [endpoint]
    assert html.index('<link rel="pingback"') < 5000


def test_pb_3_success_is_one_string(live: Live, post: str, endpoint: str, web: Web) -> None:
    answer = senders.pingback(endpoint, web.route("/a", article(post)), post)
    assert isinstance(answer, str)
    assert answer


def test_pb_3_fault_16_the_source_does_not_exist(post: str, endpoint: str, web: Web) -> None:
    assert senders.pingback(endpoint, web.url("/nowhere"), post) == 16
    assert senders.pingback(endpoint, web.route("/gone", "", status=410), post) == 16


def test_pb_3_fault_16_the_source_cannot_be_reached(post: str, endpoint: str) -> None:
    assert senders.pingback(endpoint, "http://127.0.0.2:1/closed", post) == 16


def test_pb_3_fault_16_the_source_redirects_for_ever(post: str, endpoint: str, web: Web) -> None:
    loop = web.route("/loop", "", 302, {"Location": web.url("/loop")})
    assert senders.pingback(endpoint, loop, post) == 16


def test_pb_3_fault_50_the_source_is_failing(post: str, endpoint: str, web: Web) -> None:
    assert senders.pingback(endpoint, web.route("/a", "down", status=500), post) in (16, 50)


@pytest.mark.parametrize(
    "body", ["<p>Nothing.", "", "<!-- <a href='{post}'> -->", "<textarea><a href='{post}'>x</a></textarea>"]
)
def test_pb_3_fault_17_no_link(live: Live, post: str, endpoint: str, web: Web, body: str) -> None:
    source = web.route("/a", body.replace("{post}", post))
    assert senders.pingback(endpoint, source, post) == 17
    with live.app.app_context():
        assert db.session.query(Linkback).one().status == "unverified"


def test_pb_3_fault_17_only_a_hyperlink_counts(post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", f"<img src='{post}'><link rel='x' href='{post}'> {post}")
    assert senders.pingback(endpoint, source, post) == 17


def test_pb_5_an_area_is_a_hyperlink_and_a_title_is_not_asked_for(post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", f"<map name=m><area href='{post}'></map>")
    assert isinstance(senders.pingback(endpoint, source, post), str)


def test_pb_5_a_binary_type_is_no_source(post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", f"<a href='{post}'>x</a>", headers={"Content-Type": "image/png"})
    assert senders.pingback(endpoint, source, post) == 17


def test_pb_3_fault_32_the_target_does_not_exist(live: Live, endpoint: str, web: Web) -> None:
    assert senders.pingback(endpoint, web.url("/a"), f"{live.url}/posts/never-written") == 32


@pytest.mark.parametrize("target", ["/", "/feed.atom"])
def test_pb_3_fault_33_the_target_takes_no_pingbacks(
    live: Live, endpoint: str, web: Web, target: str
) -> None:
    assert senders.pingback(endpoint, web.url("/a"), live.url + target) == 33


def test_pb_3_fault_33_a_closed_post_and_a_foreign_host(live: Live, endpoint: str, web: Web) -> None:
    closed = live.post("Closed", accept_linkbacks=False)
    assert senders.pingback(endpoint, web.url("/a"), closed) == 33
    assert senders.pingback(endpoint, web.url("/a"), "http://elsewhere.example/post") == 33
    page = requests.get(closed, timeout=10)
    assert "X-Pingback" not in page.headers
    assert "pingback" not in page.text.lower()


def test_pb_3_fault_48_already_registered(post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", article(post))
    assert isinstance(senders.pingback(endpoint, source, post), str)
    assert senders.pingback(endpoint, source, post) == 48


def test_pb_3_fault_48_also_after_a_rejection(live: Live, post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", article(post))
    senders.pingback(endpoint, source, post)
    with live.app.app_context():
        ana, linkback = find_user("ana"), db.session.query(Linkback).one()
        assert ana is not None
        decisions.act(linkback.id, actions.REJECT, ana)
    assert senders.pingback(endpoint, source, post) == 48
    with live.app.app_context():
        assert db.session.query(Linkback).one().status == "rejected"


def test_pb_3_fault_49_a_blocked_site(live: Live, post: str, endpoint: str, web: Web) -> None:
    with live.app.app_context():
        rules.set_rule("127.0.0.2", "block", find_user("ana"))
    assert senders.pingback(endpoint, web.route("/a", article(post)), post) == 49
    assert web.requests == []


def test_pb_3_fault_49_an_address_that_may_not_be_fetched(post: str, endpoint: str) -> None:
    assert senders.pingback(endpoint, "http://10.0.0.1/a", post) == 49


def test_pb_errata_a_slow_source_gets_success_now_and_unverified_later(
    live: Live, post: str, endpoint: str, web: Web
) -> None:
    source = web.route("/slow", without_link(post), delay=7)
    began = time.monotonic()
    assert isinstance(senders.pingback(endpoint, source, post), str)
    assert time.monotonic() - began < 6.5
    deadline = time.monotonic() + 10
    status = "received"
    while status == "received" and time.monotonic() < deadline:
        time.sleep(0.2)
        with live.app.app_context():
            status = db.session.query(Linkback).one().status
    assert status == "unverified"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"<methodCall>", -32700),
        (b"not xml", -32700),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><methodCall/>", -32700),
        (b"<methodResponse/>", -32600),
        (b"<methodCall><methodName>no.such</methodName><params/></methodCall>", -32601),
        (b"<methodCall><methodName>pingback.ping</methodName><params/></methodCall>", -32602),
        (b"x" * 70_000, -32600),
    ],
)
def test_fc_what_is_no_proper_call(endpoint: str, body: bytes, code: int) -> None:
    assert fault(call(endpoint, body)) in (code, -32700)


def test_rpc_a_body_beyond_the_cap_is_a_fault_however_large(endpoint: str) -> None:
    answer = call(endpoint, b"<methodCall>" + b" " * 5_000_000)
    assert fault(answer) < 0


def test_rpc_a_compressed_body_is_a_fault(post: str, endpoint: str) -> None:
    body = gzip.compress(xmlrpc.client.dumps((post, post), "pingback.ping").encode())
    assert fault(call(endpoint, body, **{"Content-Encoding": "gzip"})) in (-32700, -32702)


def test_rpc_introspection_and_multicall(endpoint: str) -> None:
    proxy = xmlrpc.client.ServerProxy(endpoint)
    assert "pingback.ping" in proxy.system.listMethods()  # type: ignore[operator]
    assert proxy.system.methodSignature("pingback.ping")
    many = [{"methodName": "pingback.ping", "params": ["a", "b"]}] * 50
    with pytest.raises(xmlrpc.client.Fault):
        proxy.system.multicall(many)


def test_extensions_get_pingbacks_lists_what_is_shown(live: Live, post: str, endpoint: str, web: Web) -> None:
    source = web.route("/a", article(post))
    senders.pingback(endpoint, source, post)
    proxy = xmlrpc.client.ServerProxy(endpoint)
    assert proxy.pingback.extensions.getPingbacks(post) == []
    with live.app.app_context():
        ana, linkback = find_user("ana"), db.session.query(Linkback).one()
        assert ana is not None
        decisions.act(linkback.id, actions.APPROVE, ana)
    assert proxy.pingback.extensions.getPingbacks(post) == [source]
