"""What a real WordPress 6.1.9 sent, replayed byte for byte with only the addresses rewritten."""

import re
import socket
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import pytest

from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from tests.conftest import Live
from tests.support.pages import article
from tests.support.web import Web

CAPTURES = Path(__file__).parent.parent / "data" / "wordpress"
POST = "/posts/no-dig-beds"


def replay(live: Live, raw: bytes) -> tuple[int, bytes]:
    """Send captured bytes over a socket of our own; the status and the body of the answer."""
    place = urlsplit(live.url)
    with socket.create_connection((place.hostname or "", place.port or 80), timeout=20) as connection:
        connection.sendall(raw)
        answer = b""
        while chunk := connection.recv(65_536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def rewritten(name: str, path: str, live: Live, replacements: dict[bytes, bytes]) -> bytes:
    """The capture with its request line, Host and addresses pointing here, and the length that this makes."""
    raw = (CAPTURES / name).read_bytes()
    head, _, body = raw.partition(b"\r\n\r\n")
    for old, new in replacements.items():
        assert old in body
        body = body.replace(old, new)
    lines = head.split(b"\r\n")
    lines[0] = f"POST {path} HTTP/1.1".encode()
    head = re.sub(rb"Host: \S+", f"Host: {urlsplit(live.url).netloc}".encode(), b"\r\n".join(lines))
    head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
    return head + b"\r\n\r\n" + body


SOURCE = b"http://127.0.0.1:8801/2026/11/22/outgoing-unicode-markup/"


@pytest.mark.parametrize(
    ("name", "target", "spelled"),
    [
        ("wordpress-6.1.9-pingback-out.POST.raw", b"http://127.0.0.1:8811/t/070647/header", ""),
        ("wordpress-6.1.9-pingback-out-link-rel.POST.raw", b"http://127.0.0.1:8811/t/070647/link", ""),
        (
            "wordpress-6.1.9-pingback-out-query-target.POST.raw",
            b"http://127.0.0.1:8811/t/070647/q?a=1&amp;b=2#frag",
            "?a=1&amp;b=2#frag",
        ),
    ],
)
def test_its_pingbacks_are_taken(live: Live, web: Web, name: str, target: bytes, spelled: str) -> None:
    post = f"{live.url}{POST}"
    source = web.route("/2026/11/22/outgoing/", article(post + spelled))
    raw = rewritten(name, "/xmlrpc", live, {SOURCE: source.encode(), target: (post + spelled).encode()})
    status, body = replay(live, raw)
    assert status == 200
    assert b"<fault>" not in body
    with live.app.app_context():
        linkback = db.session.query(Linkback).one()
    assert (linkback.kind, linkback.status, linkback.source_url) == ("pingback", "pending", source)
    assert linkback.user_agent == "The Incutio XML-RPC PHP Library -- WordPress/6.1.9"


def test_its_trackback_is_taken(live: Live, web: Web) -> None:
    source = web.route("/2026/11/22/outgoing/", article(f"{live.url}{POST}"))
    old = quote_plus(SOURCE.decode()).encode()
    raw = rewritten(
        "wordpress-6.1.9-trackback-out.POST.raw",
        f"{POST}/trackback",
        live,
        {old: quote_plus(source).encode()},
    )
    status, body = replay(live, raw)
    assert status == 200
    assert b"<error>0</error>" in body
    with live.app.app_context():
        linkback = db.session.query(Linkback).one()
    assert (linkback.kind, linkback.status) == ("trackback", "pending")
    assert linkback.title == "Outgoing “ünïcode” & markup"
    assert linkback.author == "WordPress rig"
    assert linkback.excerpt.endswith("Ümläut & ampersand, “quotes”.")
