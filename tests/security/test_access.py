"""One guard for all: the running blog lets in whom the table names, and nobody else; no GET changes anything."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.security.access import expected
from tests.security.matrix import PEOPLE, Ask, asks, csrf_token, let_in, measured, send

PROTOCOLS = {"protocols.trackback_ping", "protocols.webmention_receive", "protocols.xmlrpc"}


def test_every_endpoint_stands_in_the_table(app: Flask) -> None:
    known = {ask.key for ask in asks(app)}
    assert sorted(known - set(expected())) == []
    assert sorted(set(expected()) - known) == []


def test_every_role_is_let_in_where_the_table_says_so_and_nowhere_else(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    table = expected()
    wrong = [
        f"{ask.method} {ask.path}: {sorted(roles)} instead of {sorted(table.get(ask.key, set()))}"
        for ask, roles in measured(app, login)
        if roles != table.get(ask.key)
    ]
    assert wrong == []


@pytest.mark.parametrize("role", ["anonymous", "author", "moderator", "admin"])
def test_head_is_guarded_as_get_is(app: Flask, login: Callable[[str], FlaskClient], role: str) -> None:
    table = expected()
    client = login(PEOPLE[role]) if role in PEOPLE else app.test_client()
    for ask in asks(app):
        if ask.method == "GET" and "login/code" not in ask.path:
            assert let_in(client.head(ask.path)) == (role in table.get(ask.key, set())), ask


def test_what_changes_something_refuses_get(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    takes_get = {ask.rule for ask in asks(app) if ask.method == "GET"}
    client = login("ana")
    for ask in asks(app):
        if ask.method != "GET" and ask.rule not in takes_get:
            refused = client.get(ask.path)
            assert (refused.status_code, "GET" in refused.headers["Allow"]) == (405, False), ask


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT"])
def test_no_address_takes_another_method(
    app: Flask, login: Callable[[str], FlaskClient], method: str
) -> None:
    client = login("ana")
    paths = {ask.path for ask in asks(app)}
    assert {client.open(path, method=method).status_code for path in sorted(paths)} == {405}


@pytest.mark.sqlite_only("reads the SQLite file")
def test_no_get_changes_the_database(app: Flask, root: Path, login: Callable[[str], FlaskClient]) -> None:
    client = login("ana")
    kept = root / "instance" / "blog.db"
    before = content(kept)
    for ask in asks(app):
        if ask.method == "GET":
            client.get(ask.path)
            assert content(kept) == before, ask


def test_a_form_without_its_token_is_refused_on_a_clear_page(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    client = login("ana")
    posts = [ask for ask in asks(app) if ask.method == "POST" and ask.endpoint not in PROTOCOLS]
    assert len(posts) > 50
    for ask in posts:
        for headers in ({}, {"X-CSRFToken": "guessed"}):
            refused = client.post(ask.path, headers=headers)
            assert refused.status_code == 400, ask
            assert "If you sent a form, go back, reload the page and send it again." in refused.text, ask


def test_only_the_protocols_take_a_post_without_a_token(app: Flask) -> None:
    client = app.test_client()
    open_to_all = {
        ask.endpoint for ask in asks(app) if ask.method == "POST" and not _asks_for_token(client, ask)
    }
    assert open_to_all == PROTOCOLS


def test_the_token_of_another_session_is_refused(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    others = csrf_token(login("ida"), "/admin/account")
    client = login("ana")
    for ask in asks(app):
        if ask.method == "POST" and ask.endpoint not in PROTOCOLS:
            assert client.post(ask.path, headers={"X-CSRFToken": others}).status_code == 400, ask


def test_the_first_admin_cannot_be_made_twice(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    ask = next(ask for ask in asks(app) if ask.endpoint == "accounts.make_admin")
    assert send(app, login, ask, "anonymous").location == "/first-run"


def content(path: Path) -> str:
    """A digest of all that is in the database."""
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        kept = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        tables = connection.execute(kept).fetchall()
        for (table,) in sorted(tables):
            digest.update(repr(connection.execute(f'SELECT * FROM "{table}"').fetchall()).encode())
    connection.close()
    return digest.hexdigest()


def _asks_for_token(client: FlaskClient, ask: Ask) -> bool:
    answer = client.post(ask.path)
    return answer.status_code == 400 and "If you sent a form" in answer.text
