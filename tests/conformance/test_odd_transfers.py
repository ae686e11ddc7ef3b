"""Odd but possible HTTP around the three endpoints: each answers in its own protocol's form."""

import socket
import xmlrpc.client
from urllib.parse import urlsplit

import pytest
import requests

from tests.conformance.world import row
from tests.conftest import Live
from tests.support import senders
from tests.support.pages import article
from tests.support.web import Web

GARBLED = [
    ("/xmlrpc", b"200", b"<fault>"),
    ("/posts/no-dig-beds/trackback", b"200", b"<error>1</error>"),
    ("/webmention", b"400", b"The address of the linking page is missing."),
]


@pytest.mark.parametrize(("path", "status", "says"), GARBLED)
def test_a_garbled_transfer_is_answered_in_the_protocols_form(
    live: Live, path: str, status: bytes, says: bytes
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = spoken(live, head.encode() + b"no-number\r\n<methodCall>\r\n")
    assert answer.split(b" ")[1] == status
    assert says in answer


def test_a_slash_at_the_end_of_an_endpoint_does_no_harm(live: Live, web: Web) -> None:
    post = f"{live.url}/posts/no-dig-beds"
    first, second = web.route("/a", article(post)), web.route("/b", article(post))
    assert senders.pingback(f"{live.url}/xmlrpc/", first, post) != 0
    assert row(live, first).status == "pending"
    assert senders.webmention(f"{live.url}/webmention/", second, post).status_code == 201


def test_a_call_in_chunks_that_is_said_to_be_html_is_read(live: Live, web: Web) -> None:
    post = f"{live.url}/posts/no-dig-beds"
    source = web.route("/a", article(post))
    call = xmlrpc.client.dumps((source, post), "pingback.ping").encode()
    pieces = (call[i : i + 40] for i in range(0, len(call), 40))
    answer = requests.post(f"{live.url}/xmlrpc", pieces, headers={"Content-Type": "text/html"}, timeout=30)
    assert "registered" in answer.text
    assert row(live, source).status == "pending"


def spoken(live: Live, request: bytes) -> bytes:
    parts = urlsplit(live.url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer
