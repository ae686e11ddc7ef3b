"""Decisions over HTTP: in place with htmx, by redirect without, refused when stale, never by GET."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.vocabulary import Status
from tests.moderation.world import HTMX, keep, latest, read, send, status

Login = Callable[[str], FlaskClient]
SOURCE = "https://gardenlog.example/soil"


@pytest.fixture
def kept(app: Flask) -> int:
    """A linkback that waits."""
    return keep(app, SOURCE, lifted_author="Mina Park")


def test_one_request_answers_with_the_row_the_counts_and_a_toast(app: Flask, login: Login, kept: int) -> None:
    answer = send(login("mo"), f"/admin/linkbacks/{kept}/decisions", htmx=True, action="approve", version=2)
    assert answer.status_code == 200
    assert f'id="linkback-{kept}"' in answer.text
    assert "Approved by mo" in answer.text
    assert 'id="count-pending" hx-swap-oob="true">0<' in answer.text
    assert 'id="count-approved" hx-swap-oob="true">1<' in answer.text
    assert "Approved “Mina Park”. Nothing waits." in answer.text
    assert f"/admin/decisions/{latest(app, kept)}/undo" in answer.text


def test_without_a_script_it_goes_back_and_offers_the_undo(app: Flask, login: Login, kept: int) -> None:
    client = login("mo")
    back = "/admin/linkbacks?status=pending&kind=pingback"
    answer = send(client, f"/admin/linkbacks/{kept}/decisions", action="spam", version=2, next=back)
    assert (answer.status_code, answer.location) == (303, back)
    page = client.get(answer.location).text
    assert "Marked as spam “Mina Park”." in page
    assert f'action="/admin/decisions/{latest(app, kept)}/undo"' in page
    assert "Marked as spam" not in client.get(back).text


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/admin/\\evil", "/login", "/admin/\r\nX: y"]
)
def test_it_goes_back_nowhere_else(login: Login, kept: int, next: str) -> None:
    answer = send(login("mo"), f"/admin/linkbacks/{kept}/decisions", action="spam", version=2, next=next)
    assert answer.location == "/admin/linkbacks"


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_form_gets_409_and_the_fresh_row(app: Flask, login: Login, kept: int, htmx: bool) -> None:
    send(login("ana"), f"/admin/linkbacks/{kept}/decisions", action="approve", version=2)
    answer = send(login("mo"), f"/admin/linkbacks/{kept}/decisions", htmx=htmx, action="spam", version=2)
    assert answer.status_code == 409
    assert "Already approved by ana, just now." in answer.text
    assert 'name="version" value="3"' in answer.text
    assert status(app, kept) == "approved"


def test_what_is_not_offered_is_refused(app: Flask, login: Login, kept: int) -> None:
    answer = send(login("mo"), f"/admin/linkbacks/{kept}/decisions", htmx=True, action="wait", version=2)
    assert answer.status_code == 409
    assert read(app, kept).version == 2


@pytest.mark.parametrize("fields", [{}, {"action": "explode"}, {"action": "spam", "version": "x"}])
def test_a_form_that_makes_no_sense_is_refused(
    app: Flask, login: Login, kept: int, fields: dict[str, Any]
) -> None:
    assert send(login("mo"), f"/admin/linkbacks/{kept}/decisions", **fields).status_code == 400
    assert status(app, kept) == "pending"


def test_an_unknown_linkback_is_not_found(login: Login) -> None:
    assert send(login("mo"), "/admin/linkbacks/999/decisions", action="spam", version=1).status_code == 404
    assert send(login("mo"), "/admin/decisions/999/undo").status_code == 404
    assert send(login("mo"), "/admin/batches/none/undo").status_code == 404


def test_an_undo_gives_the_row_as_it_was(app: Flask, login: Login, kept: int) -> None:
    client = login("mo")
    send(client, f"/admin/linkbacks/{kept}/decisions", action="spam", version=2)
    answer = send(client, f"/admin/decisions/{latest(app, kept)}/undo", htmx=True)
    assert answer.status_code == 200
    assert 'value="approve"' in answer.text
    assert "is-decided" not in answer.text
    assert status(app, kept) == "pending"
    with app.app_context():
        assert status_counts()[Status.PENDING] == 1


def test_a_second_undo_gets_409_and_changes_nothing(app: Flask, login: Login, kept: int) -> None:
    client = login("mo")
    send(client, f"/admin/linkbacks/{kept}/decisions", action="spam", version=2)
    undo = f"/admin/decisions/{latest(app, kept)}/undo"
    send(client, undo)
    answer = send(client, undo, htmx=True)
    assert answer.status_code == 409
    assert "Already moved back to waiting by mo" in answer.text
    assert read(app, kept).version == 4


def test_an_undo_gives_way_to_a_later_decision(app: Flask, login: Login, kept: int) -> None:
    client = login("mo")
    send(client, f"/admin/linkbacks/{kept}/decisions", action="spam", version=2)
    undo = f"/admin/decisions/{latest(app, kept)}/undo"
    send(login("ana"), f"/admin/linkbacks/{kept}/decisions", action="approve", version=3)
    assert send(client, undo, htmx=True).status_code == 409
    assert status(app, kept) == "approved"


def test_a_selection_is_decided_but_for_what_changed_meanwhile(app: Flask, login: Login) -> None:
    ids = [keep(app, f"https://s{n}.example/") for n in range(3)]
    send(login("ana"), f"/admin/linkbacks/{ids[2]}/decisions", action="approve", version=2)
    versions = {f"version-{id}": 2 for id in ids}
    answer = send(login("mo"), "/admin/linkbacks/decisions", htmx=True, action="spam", ids=ids, **versions)
    assert "Marked as spam 2. 1 left alone: changed meanwhile." in answer.text
    assert "Already approved by ana" in answer.text
    assert [status(app, id) for id in ids] == ["spam", "spam", "approved"]


def test_a_batch_is_undone_as_one_except_what_was_decided_since(app: Flask, login: Login) -> None:
    ids = [keep(app, f"https://s{n}.example/") for n in range(3)]
    client = login("mo")
    versions = {f"version-{id}": 2 for id in ids}
    answer = send(client, "/admin/linkbacks/decisions", htmx=True, action="approve", ids=ids, **versions)
    undo = answer.text.partition('action="/admin/batches/')[2].partition('"')[0]
    send(login("ana"), f"/admin/linkbacks/{ids[0]}/decisions", action="spam", version=3)
    taken_back = send(client, f"/admin/batches/{undo}", htmx=True)
    assert "Taken back: 2. 1 left alone: changed meanwhile." in taken_back.text
    assert [status(app, id) for id in ids] == ["spam", "pending", "pending"]
    assert send(client, f"/admin/batches/{undo}", htmx=True).status_code == 409


def test_too_large_a_selection_is_refused(login: Login) -> None:
    answer = send(login("mo"), "/admin/linkbacks/decisions", action="spam", ids=list(range(501)))
    assert answer.status_code == 400


def test_an_unknown_row_in_a_selection_is_left_alone(app: Flask, login: Login, kept: int) -> None:
    fields = {"action": "spam", "ids": [kept, 999], f"version-{kept}": 2, "version-999": 1}
    answer = send(login("mo"), "/admin/linkbacks/decisions", htmx=True, **fields)
    assert "Marked as spam 1. 1 left alone: changed meanwhile." in answer.text


def test_an_empty_selection_changes_nothing(login: Login) -> None:
    assert "Approved 0." in send(login("mo"), "/admin/linkbacks/decisions", htmx=True, action="approve").text


PLACES = ["/admin/linkbacks", "/admin/linkbacks/1", "/admin/sites"]
CHANGES = [
    "/admin/linkbacks/1/decisions",
    "/admin/linkbacks/decisions",
    "/admin/decisions/1/undo",
    "/admin/batches/x/undo",
    "/admin/sites/a.example/rules",
]


@pytest.mark.parametrize("path", PLACES)
def test_only_moderators_and_admins_may_look(login: Login, client: FlaskClient, kept: int, path: str) -> None:
    assert login("mo").get(path).status_code == 200
    assert login("ana").get(path).status_code == 200
    assert login("ida").get(path).status_code == 403
    assert client.get(path).status_code in (302, 303)


@pytest.mark.parametrize("path", CHANGES)
def test_changes_want_a_token_a_role_and_a_post(app: Flask, login: Login, kept: int, path: str) -> None:
    assert login("mo").post(path, data={"action": "spam"}).status_code == 400
    assert login("mo").get(path).status_code in (400, 404, 405)  # trust or block is asked first by a page
    assert login("mo").post(path, data={"action": "spam"}, headers=HTMX).status_code == 400
    assert status(app, kept) == "pending"


@pytest.mark.parametrize("path", CHANGES)
def test_authors_change_nothing(app: Flask, login: Login, kept: int, path: str) -> None:
    client = login("ida")
    token = client.get("/admin/posts/").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    assert client.post(path, data={"action": "spam", "csrf_token": token}).status_code == 403
    assert status(app, kept) == "pending"


def test_the_admin_s_front_door_leads_to_each_one_s_work(login: Login) -> None:
    assert login("mo").get("/admin/").location == "/admin/linkbacks"
    assert login("ida").get("/admin/").location == "/admin/posts"
