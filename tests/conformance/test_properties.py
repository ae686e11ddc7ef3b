"""Whatever bytes come, from a sender or as a source, each protocol answers in its own form and nothing breaks."""

import ipaddress
import re
import xmlrpc.client
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from socket import socket
from urllib.parse import quote_from_bytes, urlencode
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from blog_linkbacks import create_app
from blog_linkbacks.db import db
from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.linkbacks import Linkback, status_counts
from blog_linkbacks.verification import verify
from blog_linkbacks.vocabulary import Claim, Evidence, Kind, Outcome, Status, Target
from tests.conftest import BASE, publish
from tests.support.web import Answer, Request, Web

POST = f"{BASE}/posts/no-dig-beds"
PATHS = ("/xmlrpc", "/posts/no-dig-beds/trackback", "/webmention")
FORM = "application/x-www-form-urlencoded"
ENCODINGS = ["utf-8", "utf-16", "shift_jis", "utf-7", "iso-2022-jp", "latin-1", "none", "'", ""]

bounded = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
media = st.sampled_from(
    [
        FORM,
        "text/xml",
        "multipart/form-data; boundary=x",
        "text/html",
        "application/json",
        "application/xhtml+xml",
        "",
    ]
)
content_types = st.one_of(
    printable, media, st.tuples(media, st.sampled_from(ENCODINGS)).map("; charset=".join)
)
accepts = st.one_of(
    printable, st.sampled_from(["text/html", "text/html;q=0", "application/json", "*/*", "text/*", ""])
)
anything = st.text(st.characters(codec="utf-8"), max_size=60)
tails = st.one_of(st.sampled_from(["", "/", "#a", "?a=1", "%", "%00", "\0", "\r\n", "/../x", "/é"]), anything)
# No name that would have to be looked up: what is dialled is a closed port of this machine.
sources = st.one_of(
    tails.map("http://127.0.0.2:1/".__add__),
    st.sampled_from(
        [POST, f"{BASE}/posts/compost-basics", "http://127.0.0.2:99999/", "http://[::1", "http://[::1]/",
         "http://127.0.0.2:1", "http://2130706434:1/", "http://u:p@127.0.0.2:1/", "//127.0.0.2:1/", "ftp://x/", ""]
    ),
)  # fmt: skip
targets = st.one_of(tails.map(POST.__add__), sources, tails.map(f"{BASE}/".__add__))
PIECES = [
    f'<a href="{POST}">', "</a>", f"<img src='{POST}'>", f"<base href='{BASE}/x/'>", "<!--", "-->", "<script>",
    "<noscript>", "</noscript>", "<template>", "<textarea>", '<div class="h-entry">', '<p class="e-content p-name">',
    '<a class="u-like-of p-author h-card" href="javascript:x">', "<table><td>", "<svg><title>", "<meta charset=",
    "<title>", "{", "}", "[", f'"{POST}"', POST, "\0", "\u202e", "。", "&#x110000;", "&amp", "<b>" * 50, "<![CDATA[",
]  # fmt: skip
pages = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join).map(str.encode),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Flask]:
    root = tmp_path_factory.mktemp("properties")
    copytree(migrated, root / "instance")
    environ = {
        "LINKBACKS_BASE_URL": BASE,
        "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8",
        "LINKBACKS_RATE_LIMIT": "",
    }
    made = create_app(environ, root)
    publish(made, "No-dig beds", "How to grow without a spade.")
    publish(made, "Compost basics", "Heaps, worms and patience.")
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def source() -> Iterator[Web]:
    with Web(address="127.0.0.2") as server:
        yield server


def assert_own_form(path: str, answer: TestResponse) -> None:
    """The answer is well-formed in the protocol that the path speaks."""
    assert answer.status_code < 500
    if path == PATHS[0]:
        assert answer.status_code == 200
        _method_response(answer.data)
    elif path == PATHS[1]:
        response = ElementTree.fromstring(answer.data)
        assert (response.tag, response.findtext("error")) in (("response", "0"), ("response", "1"))
        assert response.findtext("error") == "0" or response.findtext("message")
    else:
        assert answer.status_code in (201, 400)
        assert (answer.status_code == 201) == ("Location" in answer.headers)
        assert answer.text.strip()


def _method_response(body: bytes) -> None:
    (only,) = ElementTree.fromstring(body)
    if only.tag == "fault":
        assert [name.text for name in only.iter("name")] == ["faultCode", "faultString"]
        assert re.fullmatch(r"-?\d+", only.findtext(".//int") or "")
        assert only.findtext(".//string")
    else:
        assert [(only.tag, child.tag) for child in only] == [("params", "param")]


def assert_whole(app: Flask) -> None:
    """Nothing half-written: counts agree with rows, nothing is in hand, every row says where it stands."""
    with app.app_context():
        found = db.session.query(Linkback).all()
        counted = {status: number for status, number in status_counts().items() if number}
        assert counted == Counter(linkback.status for linkback in found)
        for linkback in found:
            assert linkback.lease_by is None
            assert linkback.source_url
            assert linkback.status != Status.UNVERIFIED or linkback.reason


def post(client: FlaskClient, path: str, body: bytes, content_type: str, accept: str = "") -> TestResponse:
    headers = [("Content-Type", content_type), ("Accept", accept)]
    return client.post(path, data=body, headers=[(name, value) for name, value in headers if value])


@bounded
@given(st.sampled_from(PATHS), st.binary(max_size=300), content_types, accepts)
def test_any_bytes_to_any_endpoint(
    app: Flask, path: str, body: bytes, content_type: str, accept: str
) -> None:
    assert_own_form(path, post(app.test_client(), path, body, content_type, accept))
    assert_whole(app)


@bounded
@given(sources, targets, content_types, accepts)
def test_any_addresses_to_webmention(
    app: Flask, source: str, target: str, content_type: str, accept: str
) -> None:
    body = urlencode({"source": source, "target": target}).encode()
    for kind in (FORM, content_type):
        assert_own_form(PATHS[2], post(app.test_client(), PATHS[2], body, kind, accept))
    assert_whole(app)


@bounded
@given(sources, st.binary(max_size=80), st.binary(max_size=80), st.sampled_from(ENCODINGS))
def test_any_texts_to_trackback(app: Flask, url: str, title: bytes, name: bytes, charset: str) -> None:
    texts = f"&title={quote_from_bytes(title)}&excerpt={quote_from_bytes(title * 5)}&blog_name={quote_from_bytes(name)}"
    body = (urlencode({"url": url}) + texts).encode()
    assert_own_form(PATHS[1], post(app.test_client(), PATHS[1], body, f"{FORM}; charset={charset}"))
    assert_whole(app)


@bounded
@given(
    sources,
    targets,
    st.sampled_from(["pingback.ping", "pingback.extensions.getPingbacks", "system.multicall", "x"]),
)
def test_any_addresses_to_pingback(app: Flask, source: str, target: str, method: str) -> None:
    parameters = (source, target) if method == "pingback.ping" else (target,)
    body = xmlrpc.client.dumps(parameters, method).encode("utf-8", "replace")
    assert_own_form(PATHS[0], post(app.test_client(), PATHS[0], body, "text/xml"))
    assert_whole(app)


@bounded
@given(
    st.sampled_from(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
    st.sampled_from(PATHS),
    st.binary(max_size=50),
)
def test_any_other_method_changes_nothing(app: Flask, method: str, path: str, body: bytes) -> None:
    with app.app_context():
        before = db.session.query(Linkback).count()
    assert app.test_client().open(path, method=method, data=body).status_code < 500
    with app.app_context():
        assert db.session.query(Linkback).count() == before


def look(source: Web, path: str, kind: Kind) -> Evidence:
    claim = Claim(kind, source.url(path), POST)
    return verify(claim, Target((POST,)), Fetcher(allow=[ipaddress.ip_network("127.0.0.0/8")]))


@bounded
@given(
    pages,
    content_types,
    st.sampled_from(["", "gzip", "deflate", "br", "x"]),
    st.integers(200, 599),
    st.sampled_from(list(Kind)),
)
def test_any_page_is_looked_at_without_an_error(
    source: Web, body: bytes, content_type: str, encoding: str, status: int, kind: Kind
) -> None:
    headers = {"Content-Type": content_type, "Content-Encoding": encoding}

    def make(_request: Request) -> Answer:
        return Answer(body, status if body[:1] == b"\0" else 200, headers)

    source.answer("/page", make)
    seen = look(source, "/page", kind)
    assert seen.outcome is Outcome.LINKED or seen.detail
    for text in (seen.title, seen.author, seen.excerpt, seen.sentence.text, seen.text):
        text.encode()
        assert "\0" not in text
    for url in (seen.author_url, seen.author_photo):
        assert url == "" or url.startswith(("http://", "https://"))


@bounded
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "]),
)
def test_any_bytes_for_an_http_answer_are_no_error(source: Web, answer: bytes, start: bytes) -> None:
    def reply(connection: socket, _request: Request) -> None:
        connection.sendall(start + answer)

    source.raw("/raw", reply)
    seen = look(source, "/raw", Kind.PINGBACK)
    assert seen.outcome is Outcome.LINKED or seen.detail
