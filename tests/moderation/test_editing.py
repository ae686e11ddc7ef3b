"""Editing what readers see of a linkback: the original is kept, shown, and comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.db import writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import decisions, editing
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.vocabulary import Status
from tests.moderation.test_rules import mo
from tests.moderation.world import arrive, keep, read, send
from tests.support.web import Web

Login = Callable[[str], FlaskClient]


def test_the_edited_text_is_what_readers_see(app: Flask, login: Login, web: Web, client: FlaskClient) -> None:
    linkback_id = arrive(app, web)
    texts: dict[str, Any] = {"title": "On soil", "excerpt": "A <b>plain</b> word.", "author": "Mina Park"}
    answer = send(login("mo"), f"/admin/linkbacks/{linkback_id}/text", **texts)
    assert answer.status_code == 303
    with app.app_context():
        if read(app, linkback_id).status == Status.PENDING:
            decisions.act(linkback_id, ACTIONS["approve"], mo())
    page = client.get("/posts/no-dig-beds").text
    for words in ("On soil", "A &lt;b&gt;plain&lt;/b&gt; word.", "Mina Park"):
        assert words in page
    assert "The clearest account of soil I know" not in page


def test_the_original_is_kept_and_shown_beside_the_edit(app: Flask, login: Login, web: Web) -> None:
    linkback_id, client = arrive(app, web), login("mo")
    send(client, f"/admin/linkbacks/{linkback_id}/text", title="On soil")
    page = client.get(f"/admin/linkbacks/{linkback_id}").text
    assert "Original: <bdi>Soil at rest</bdi>" in page
    assert "Title edited by mo" in page
    row = read(app, linkback_id)
    assert (row.edited, row.lifted_title, row.shown_title) == (
        {"title": "On soil"},
        "Soil at rest",
        "On soil",
    )


def test_the_original_comes_back(app: Flask, login: Login, web: Web) -> None:
    linkback_id, client = arrive(app, web), login("mo")
    send(client, f"/admin/linkbacks/{linkback_id}/text", title="On soil")
    send(client, f"/admin/linkbacks/{linkback_id}/text", action="original")
    assert read(app, linkback_id).shown_title == "Soil at rest"
    assert "Original shown again by mo" in client.get(f"/admin/linkbacks/{linkback_id}").text


def test_what_is_empty_or_like_the_original_changes_nothing(app: Flask, web: Web) -> None:
    linkback_id = arrive(app, web)
    with app.app_context():
        same = editing.original(read(app, linkback_id))
        assert editing.edit(linkback_id, same, mo()) is None
        assert editing.edit(linkback_id, {"title": "  ", "excerpt": ""}, mo()) is None


@pytest.mark.parametrize(("kind", "most"), [("trackback", 255), ("pingback", 1000)])
def test_texts_are_cut_as_those_of_pages_are(app: Flask, kind: str, most: int) -> None:
    linkback_id = keep(app, "https://a.example/1", kind=kind)
    with app.app_context():
        editing.edit(linkback_id, {"excerpt": "soil " * 400, "title": "x" * 900, "author": "y" * 900}, mo())
    edited = read(app, linkback_id).edited or {}
    assert most - 10 < len(edited["excerpt"]) <= most
    assert (len(edited["title"]), len(edited["author"])) == (editing.MAX_TITLE, editing.MAX_AUTHOR)


def test_no_stray_characters_are_kept(app: Flask) -> None:
    linkback_id = keep(app, "https://a.example/1")
    with app.app_context():
        editing.edit(linkback_id, {"title": "A\0 \u202egnol\u202c\n\ttitle \ud800"}, mo())
    assert (read(app, linkback_id).edited or {})["title"] == "A gnol title ?"


def test_a_stale_edit_is_refused_with_the_fresh_texts(app: Flask, login: Login) -> None:
    linkback_id, client = keep(app, "https://a.example/1"), login("mo")
    mark = editing.mark(read(app, linkback_id))
    send(client, f"/admin/linkbacks/{linkback_id}/text", title="One", seen=mark)
    answer = send(client, f"/admin/linkbacks/{linkback_id}/text", htmx=True, title="Two", seen=mark)
    assert answer.status_code == 409
    assert "The texts were edited meanwhile." in answer.text
    assert read(app, linkback_id).edited == {"title": "One"}
    back = send(client, f"/admin/linkbacks/{linkback_id}/text", action="original", seen=mark)
    assert back.status_code == 409
    assert read(app, linkback_id).edited == {"title": "One"}


def test_an_edit_is_undone_once(app: Flask, login: Login) -> None:
    linkback_id, client = keep(app, "https://a.example/1"), login("mo")
    with app.app_context():
        first = editing.edit(linkback_id, {"title": "One"}, mo())
        second = editing.edit(linkback_id, {"title": "Two", "author": "Mina"}, mo())
        assert first is not None
        assert second is not None
        assert (editing.named(first), editing.named(second)) == ("title", "title and author")
    assert send(client, f"/admin/edits/{first.id}/undo").status_code == 409
    assert send(client, f"/admin/edits/{second.id}/undo").status_code == 303
    assert read(app, linkback_id).edited == {"title": "One"}
    again = send(client, f"/admin/edits/{second.id}/undo")
    assert again.status_code == 409
    assert "taken back already, by mo" in again.text
    assert send(client, "/admin/edits/999/undo").status_code == 404


def test_what_was_not_looked_at_or_is_the_blogs_own_is_not_edited(app: Flask, login: Login) -> None:
    linkback_id = keep(app, "https://a.example/1")
    with app.app_context(), writing() as session:
        session.get_one(Linkback, linkback_id).internal = True
    assert send(login("mo"), f"/admin/linkbacks/{linkback_id}/text", title="One").status_code == 400
    assert "Save</button>" not in login("mo").get(f"/admin/linkbacks/{linkback_id}").text
    assert send(login("mo"), "/admin/linkbacks/999/text", title="One").status_code == 404


def test_what_was_seen_is_shown_from_what_was_kept_of_it(app: Flask, login: Login, web: Web) -> None:
    linkback_id = arrive(app, web)
    web.route("/soil", "Nothing here any more.")
    page = login("mo").get(f"/admin/linkbacks/{linkback_id}").text
    for words in (
        "200 ·",
        "127.0.0.2",
        "In the article",
        "The sentence in its context",
        "My beds rest under",
    ):
        assert words in page
