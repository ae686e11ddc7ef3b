"""The site's address comes from LINKBACKS_BASE_URL; what a request says of its host is repeated nowhere."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import create_app
from blog_linkbacks.db import db
from tests.conftest import Live
from tests.security.matrix import asks

EVIL = "evil.example"
LIES = [
    {"Host": EVIL},
    {"Host": f"{EVIL}:8080"},
    {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-Port": "444"},
    {"Forwarded": f"host={EVIL};proto=https"},
    {
        "X-Host": EVIL,
        "X-Forwarded-Server": EVIL,
        "X-Original-URL": f"http://{EVIL}/",
        "X-Rewrite-URL": "/admin/",
    },
    {"X-Forwarded-Prefix": f"//{EVIL}", "X-Script-Name": f"//{EVIL}"},
]


@pytest.mark.parametrize("lie", LIES, ids="+".join)
@pytest.mark.parametrize("proxies", ["0", "1"])
def test_no_answer_repeats_a_foreign_host(
    home: Path, environ: dict[str, str], lie: dict[str, str], proxies: str
) -> None:
    made = create_app({**environ, "LINKBACKS_TRUSTED_PROXIES": proxies}, home)
    client = made.test_client()
    for ask in asks(made):
        answer = client.open(ask.path, method=ask.method, headers=lie)
        assert EVIL not in str(answer.headers), ask
        assert EVIL not in answer.text if answer.mimetype != "image/webp" else True, ask
    with made.app_context():
        db.engine.dispose()


def test_a_signed_in_admin_under_a_foreign_host_sees_none_of_it(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    client = login("ana")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    for ask in asks(app):
        if ask.method == "GET":
            headers = {"Host": EVIL, "Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie.value}"}
            answer = app.test_client(use_cookies=False).get(ask.path, headers=headers)
            assert EVIL not in str(answer.headers) + answer.text, ask


@pytest.mark.parametrize(
    "path", ["/", "/posts/no-dig-beds", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt"]
)
def test_absolute_addresses_are_those_of_the_base_url(app: Flask, path: str) -> None:
    text = app.test_client().get(path, headers={"Host": EVIL}).text
    assert "http://blog.example/" in text


@pytest.mark.parametrize(
    "line",
    [f"GET http://{EVIL}/admin/sites HTTP/1.1\r\nHost: {EVIL}", f"GET //{EVIL}/admin HTTP/1.1\r\nHost: x",
     f"GET /admin/sites HTTP/1.1\r\nHost: {EVIL}\r\nHost: {EVIL}", f"GET /admin/sites HTTP/1.0\r\nX-Host: {EVIL}"],
)  # fmt: skip
def test_on_the_wire_too(live: Live, line: str) -> None:
    port = int(live.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"{line}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
    locations = [row for row in answer.splitlines() if row.lower().startswith("location:")]
    assert not any(row.split(": ")[1].startswith(("http:", "//")) and EVIL in row for row in locations)


def test_without_a_base_url_only_loopback_is_answered(home: Path) -> None:
    made = create_app({"LINKBACKS_RATE_LIMIT": ""}, home)
    client = made.test_client()
    assert client.get("/", headers={"Host": EVIL}).status_code == 400
    assert client.get("/", headers={"Host": "localhost:5000"}).status_code == 200
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("proxies", "last"), [("0", 429), ("1", 422)])
def test_a_forwarded_address_counts_only_behind_a_proxy(
    home: Path, environ: dict[str, str], proxies: str, last: int
) -> None:
    made = create_app({**environ, "LINKBACKS_TRUSTED_PROXIES": proxies}, home)
    client = made.test_client()
    token = client.get("/login").text.split('name="csrf_token" value="')[1].split('"')[0]
    for number in range(11):
        answer = client.post(
            "/login",
            data={"csrf_token": token, "name": f"name {number}", "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
    assert answer.status_code == last
    with made.app_context():
        db.engine.dispose()
