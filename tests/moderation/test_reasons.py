"""Why something was turned away: the blog's own reasons, given after a rejection or with it; what is remembered."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import intake
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision
from blog_linkbacks.moderation import batches, decisions, reasons
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Claim, Kind
from tests.moderation.test_rules import mo
from tests.moderation.world import POST, keep, latest, read, send, status

Login = Callable[[str], FlaskClient]


def rejected(app: Flask, source: str = "https://a.example/1") -> int:
    """A row that Mo rejected; its id."""
    linkback_id = keep(app, source)
    with app.app_context():
        decisions.act(linkback_id, ACTIONS["reject"], mo())
    return linkback_id


def reason_of(app: Flask, decision_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Decision, decision_id).reason


def test_a_row_just_rejected_offers_the_reasons_and_keeps_one(app: Flask, login: Login) -> None:
    linkback_id, client = keep(app, "https://a.example/1"), login("mo")
    row = send(client, f"/admin/linkbacks/{linkback_id}/decisions", htmx=True, action="reject").text
    for number, words in enumerate(preferences.REASONS, 1):
        assert f'data-reason="{number}"' in row
        assert words in row
    answer = send(client, f"/admin/decisions/{latest(app, linkback_id)}/reason", htmx=True, number="2").text
    assert "Because:</span> Says too little" in answer
    assert reason_of(app, latest(app, linkback_id)) == "Says too little"


def test_an_approved_row_offers_no_reasons(app: Flask, login: Login) -> None:
    linkback_id = keep(app, "https://a.example/1")
    row = send(login("mo"), f"/admin/linkbacks/{linkback_id}/decisions", htmx=True, action="approve").text
    assert "data-reason" not in row
    answer = send(login("mo"), f"/admin/decisions/{latest(app, linkback_id)}/reason", number="1")
    assert answer.status_code == 400


def test_a_reason_may_come_with_the_rejection_or_in_own_words(app: Flask, login: Login) -> None:
    linkback_id, client = keep(app, "https://a.example/1"), login("mo")
    send(client, f"/admin/linkbacks/{linkback_id}/decisions", action="reject", reason="Too loud")
    assert reason_of(app, latest(app, linkback_id)) == "Too loud"
    answer = send(client, f"/admin/decisions/{latest(app, linkback_id)}/reason", reason="<b>Rude</b>")
    assert answer.status_code == 303
    page = client.get(f"/admin/linkbacks/{linkback_id}").text
    assert "&lt;b&gt;Rude&lt;/b&gt;" in page


def test_a_row_that_somebody_decided_since_is_not_shown_as_the_batch_left_it(
    app: Flask, login: Login
) -> None:
    kept = keep(app, "https://a.example/1")
    with app.app_context():
        report = batches.decide({kept: None}, ACTIONS["spam"], mo())
    send(login("ana"), f"/admin/linkbacks/{kept}/decisions", action="approve")
    row = send(
        login("mo"), f"/admin/batches/{report.batch}/reason", htmx=True, number="3", row=str(kept)
    ).text
    assert "is-decided" not in row
    assert "Approved by ana" in row


def test_a_reason_for_a_batch_is_for_all_of_it(app: Flask, login: Login) -> None:
    ids = [keep(app, f"https://a.example/{n}") for n in range(3)]
    with app.app_context():
        report = batches.decide(dict.fromkeys(ids), ACTIONS["spam"], mo())
    answer = send(
        login("mo"), f"/admin/batches/{report.batch}/reason", htmx=True, number="3", row=str(ids[0])
    )
    assert "Reason: Only promotion. For 3." in answer.text
    assert {reason_of(app, latest(app, one)) for one in ids} == {"Only promotion"}
    assert send(login("mo"), "/admin/batches/never/reason", number="3").status_code == 404


def test_what_is_no_rejection_of_a_person_takes_no_reason(app: Flask) -> None:
    linkback_id = rejected(app)
    with app.app_context():
        made = decisions.undo(latest(app, linkback_id), mo())
        with pytest.raises(decisions.NotOfferedError):
            reasons.give(made.id, "Off topic")
        with pytest.raises(decisions.ConflictError):
            reasons.give(made.undoes_id or 0, "Off topic")
        with pytest.raises(LookupError):
            reasons.give(9999, "Off topic")


def test_a_number_without_a_reason_is_refused(app: Flask, login: Login) -> None:
    decision_id = latest(app, rejected(app))
    for number in ("0", "6", "x", ""):
        assert send(login("mo"), f"/admin/decisions/{decision_id}/reason", number=number).status_code == 400


def test_the_blog_sets_its_own_reasons(app: Flask, login: Login) -> None:
    client = login("ana")
    token = client.get("/admin/settings/reasons").text.partition('name="csrf-token" content="')[2]
    data = {"csrf_token": token.partition('"')[0], "reason": ["No gardens", "", "", "", "Again"]}
    assert client.post("/admin/settings/reasons", data=data).status_code == 303
    with app.app_context():
        assert list(reasons.offered()) == ["No gardens", "", "", "", "Again"]
        assert reasons.numbered(5) == "Again"
        with pytest.raises(LookupError):
            reasons.numbered(2)
    data["reason"] = ["x" * 81]
    assert client.post("/admin/settings/reasons", data=data).status_code == 422
    assert login("mo").get("/admin/settings/reasons").status_code == 403


def test_a_rejected_source_that_pings_again_is_remembered_and_can_come_back(app: Flask, login: Login) -> None:
    linkback_id = rejected(app)
    with app.app_context():
        for _ in range(3):
            intake.receive(Claim(Kind.PINGBACK, "https://a.example/1", POST))
    row = read(app, linkback_id)
    assert (row.status, row.repeats) == ("rejected", 3)
    client = login("mo")
    for page in (f"/admin/linkbacks/{linkback_id}", "/admin/linkbacks?status=rejected"):
        assert "Remembered, tried again 3 times." in client.get(page).text
    send(client, f"/admin/linkbacks/{linkback_id}/decisions", action="wait", version=row.version)
    assert status(app, linkback_id) == "pending"
