"""Every answer of every address carries the headers that keep a browser from doing what a page never asks for."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from blog_linkbacks import create_app, faces
from blog_linkbacks.accounts import people, sessions
from blog_linkbacks.db import db
from tests.conftest import PASSWORD
from tests.faces.files import picture
from tests.security.matrix import asks, csrf_token

HTTPS = "https://blog.example"


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The blog with one address more, at which the program fails."""

    def fail() -> str:
        raise RuntimeError("the password of the database is hunter2")

    app.add_url_rule("/broken", "broken", fail)
    return app


def answers(app: Flask, client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """An answer from every address, as it comes to that client; and the errors."""
    for ask in asks(app):
        yield f"{ask.method} {ask.path}", client.open(ask.path, method=ask.method)
    for path in (
        "/nowhere",
        "/admin/nowhere",
        "/posts/nothing",
        "/static/nothing.js",
        "/%00",
        "/static/../app.py",
    ):
        yield f"GET {path}", client.get(path)
    yield "PUT /", client.put("/")
    yield "POST /login, too large", client.post("/login", data={"name": "x" * 3_000_000})


@pytest.mark.parametrize("who", ["anonymous", "ana"])
def test_every_answer_has_every_header(broken: Flask, login: Callable[[str], FlaskClient], who: str) -> None:
    client = login("ana") if who == "ana" else broken.test_client()
    seen = 0
    for name, answer in answers(broken, client):
        policy = directives(answer)
        assert policy["default-src"] == ["'none'"], name
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"], name
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], name
        assert policy["form-action"] == ["'self'"], name
        assert set(policy["img-src"]) <= {"'self'", "data:", "https:"}, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin"), name
        assert "camera=()" in answer.headers["Permissions-Policy"], name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert len(answer.headers["X-Request-Id"]) == 16, name
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"], name
        seen += 1
    assert seen > 130


def test_a_file_that_people_sent_can_do_nothing_and_is_the_same_for_everybody(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    ida = login("ida")
    upload = {"file": (BytesIO(picture()), "spade.jpg"), "csrf_token": csrf_token(ida, "/admin/pictures")}
    sent = ida.post("/admin/pictures", data=upload, headers={"Accept": "application/json"})
    kept = re.search(r"/pictures/[^)]+", sent.json["markdown"])  # type: ignore[index]
    assert kept
    with app.app_context():
        faces.folder().mkdir(parents=True)
        (faces.folder() / "0123456789abcdef.webp").write_bytes(picture("WEBP"))
    for client in (ida, app.test_client()):
        for path in (kept[0], "/faces/0123456789abcdef.webp"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            policy = directives(answer)
            assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == ["'none'"], path
            assert (policy["frame-ancestors"], policy["sandbox"]) == (["'none'"], []), path
            assert "script-src" not in policy, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert len(answer.headers["X-Request-Id"]) == 16, path
            assert not {"Vary", "Set-Cookie"} & set(answer.headers.keys()), path


def test_only_what_may_differ_between_people_varies_with_their_cookie(app: Flask) -> None:
    client = app.test_client()
    for path in ("/static/css/base.css", "/public.css?v=1", "/feed.atom", "/feed.json", "/robots.txt"):
        assert "Vary" not in client.get(path).headers, path
    for path in ("/", "/posts/no-dig-beds", "/login", "/nowhere"):
        assert "Cookie" in client.get(path).headers["Vary"], path


def test_under_https_every_answer_asks_for_https(home: Path) -> None:
    made = create_app({"LINKBACKS_BASE_URL": HTTPS, "LINKBACKS_RATE_LIMIT": ""}, home)
    for name, answer in answers(made, made.test_client()):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", name
    with made.app_context():
        db.engine.dispose()


def test_what_is_private_is_kept_in_no_cache(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    client = login("ana")
    for ask in asks(app):
        if ask.rule.startswith("/admin") and ask.method == "GET":
            assert client.get(ask.path).headers["Cache-Control"] == "no-store", ask
    for path in ("/login", "/first-run"):
        assert app.test_client().get(path).headers.get("Cache-Control", "no-store") == "no-store"


def test_no_page_has_script_or_style_in_it(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    pages = 0
    for client in (login("ana"), app.test_client()):
        for name, answer in answers(app, client):
            if answer.mimetype == "text/html":
                assert inline(answer.text) == [], name
                pages += 1
    assert pages > 150


def test_an_error_says_nothing_of_the_inside(broken: Flask) -> None:
    answer = broken.test_client().get("/broken")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    assert directives(answer)["default-src"] == ["'none'"]


def test_signing_in_and_out_is_kept_in_no_cache(app: Flask) -> None:
    with app.app_context():
        mo = people.find_user("mo")
        assert mo is not None
        assert people.check_password("mo", PASSWORD) is not None
        token = sessions.begin(mo.id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/admin/account").headers["Cache-Control"] == "no-store"


def directives(answer: TestResponse) -> dict[str, list[str]]:
    lines = (line.split() for line in answer.headers["Content-Security-Policy"].split(";"))
    return {line[0]: line[1:] for line in lines}


def inline(html: str) -> list[str]:
    """Scripts and styles that stand in the page itself, which the policy forbids."""
    tree = LexborHTMLParser(html)
    found = [node.html or "" for node in tree.css("style, base, object, embed, iframe, [style]")]
    scripts = [node for node in tree.css("script") if node.attributes.get("type") != "application/ld+json"]
    found += [node.html or "" for node in scripts if not node.attributes.get("src")]
    for node in tree.css("*"):
        found += [name for name in node.attributes if name.startswith(("on", "hx-on"))]
        found += [
            value
            for name, value in node.attributes.items()
            if name.startswith("hx-") and value and value.strip().lower().startswith(("js:", "javascript:"))
        ]
    return found
