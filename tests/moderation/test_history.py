"""The history: what people and rules did, with its way back, filtered, page by page, and as CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.moderation import batches, decisions, editing, history, rules
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.history import Filters
from blog_linkbacks.vocabulary import Status
from tests.moderation.test_rules import mo, seen
from tests.moderation.world import keep, latest, send, status
from tests.support.statements import counting

Login = Callable[[str], FlaskClient]


def sorts(app: Flask, chosen: Filters = Filters()) -> list[str]:  # noqa: B008
    with app.app_context():
        return [line.sort for line in history.page(chosen).lines]


def lively(app: Flask) -> dict[str, int]:
    """A decision, a batch of three, a rule that decided one, and an edit, in this order; ids by name."""
    ids = {name: keep(app, f"https://{name}.example/") for name in ("one", "b1", "b2", "b3", "edited")}
    ids["ruled"] = seen(app, "https://ruled.example/")
    with app.app_context():
        decisions.act(ids["one"], ACTIONS["reject"], mo(), reason="=HYPERLINK(1)")
        batches.decide(dict.fromkeys([ids["b1"], ids["b2"], ids["b3"]]), ACTIONS["spam"], mo())
        rules.set_rule("ruled.example", "trust", mo())
        editing.edit(ids["edited"], {"title": "Words"}, mo())
    return ids


def test_the_newest_comes_first_and_a_batch_is_one_line(app: Flask, login: Login) -> None:
    lively(app)
    assert sorts(app) == ["edit", "rule", "batch", "decision"]
    page = login("mo").get("/admin/history").text
    for words in (
        "Marked as spam 3",
        "and 2 more",
        "Trusted</strong>",
        "Edited title",
        "Approved 1 that waited",
    ):
        assert words in page


def test_it_is_filtered_by_who_rule_and_status(app: Flask) -> None:
    lively(app)
    keep(app, "https://auto.example/", status=Status.SPAM)
    person = {line_who(app)}
    assert sorts(app, Filters(who=person.pop())) == ["edit", "rule", "batch", "decision"]
    assert sorts(app, Filters(who="people", status=Status.SPAM)) == ["batch"]
    assert sorts(app, Filters(status=Status.APPROVED)) == ["rule"]
    assert sorts(app, Filters(rule="trusted")) == ["rule"]
    assert sorts(app, Filters(who="rules")) == []
    assert len(sorts(app, Filters(rule="hold"))) == 7


def line_who(app: Flask) -> str:
    with app.app_context():
        return str(mo().id)


def test_everything_is_taken_back_from_it_once(app: Flask, login: Login) -> None:
    ids, client = lively(app), login("mo")
    with app.app_context():
        lines = history.page(Filters()).lines
        assert all(line.undoable for line in lines)
        edit, rule, batch, decision = (line.row for line in lines)
        batch_of = getattr(batch, "batch", "")
    undos = (
        f"/admin/edits/{edit.id}/undo",
        f"/admin/rules/{rule.id}/undo",
        f"/admin/batches/{batch_of}/undo",
        f"/admin/decisions/{decision.id}/undo",
    )
    for undo in undos:
        assert send(client, undo, next="/admin/history").location == "/admin/history"
    assert {status(app, one) for one in ids.values()} == {"pending"}
    with app.app_context():
        assert not any(line.undoable for line in history.page(Filters()).lines)
    for undo in undos:
        again = send(client, undo)
        assert again.status_code in (404, 409), undo
        assert again.status_code == 409 or "batches" in undo


def test_what_somebody_decided_over_is_not_offered(app: Flask) -> None:
    one = keep(app, "https://one.example/")
    with app.app_context():
        decisions.act(one, ACTIONS["reject"], mo())
        decisions.act(one, ACTIONS["approve"], mo())
        assert [line.undoable for line in history.page(Filters()).lines] == [True, False]


def test_pages_follow_each_other_without_gap_or_overlap(app: Flask) -> None:
    for n in range(7):
        one = keep(app, f"https://a{n}.example/")
        with app.app_context():
            decisions.act(one, ACTIONS["reject"], mo())
            editing.edit(one, {"title": "Words"}, mo())
            rules.set_rule(f"r{n}.example", "block", mo())
    with app.app_context():
        whole = [(line.sort, line.row.id) for line in history.page(Filters()).lines]
        found, before = [], ""
        while True:
            page = history.page(Filters(before=before), size=4)
            found += [(line.sort, line.row.id) for line in page.lines]
            before = page.older
            if not before:
                break
    assert len(whole) == 21
    assert found == whole


def test_nonsense_in_the_address_is_left_out(app: Flask, login: Login) -> None:
    assert login("mo").get("/admin/history?who=x&rule=%01&status=love&before=a-b-c").status_code == 200
    assert history.filters({"who": "x", "status": "love"}) == Filters()
    assert login("ida").get("/admin/history").status_code == 403


def test_the_csv_holds_each_decision_and_no_formula(app: Flask, login: Login) -> None:
    ids = lively(app)
    answer = login("mo").get("/admin/history/export.csv?who=people")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["what"] for row in rows] == ["edit", "rule", "decision", "decision", "decision", "decision"]
    assert rows[-1]["reason"] == "'=HYPERLINK(1)"
    assert rows[-1]["linkback"] == str(ids["one"])
    assert rows[-1]["target_url"] == "http://blog.example/posts/no-dig-beds"


def test_the_json_says_the_same_as_it_is(app: Flask, login: Login) -> None:
    lively(app)
    found = json.loads(login("mo").get("/admin/history/export.json?status=rejected").text)
    assert [(entry["what"], entry["by"], entry["reason"]) for entry in found] == [
        ("decision", "mo", "=HYPERLINK(1)")
    ]
    assert json.loads(login("mo").get("/admin/history/export.json?rule=never").text) == []
    assert login("mo").get("/admin/history/export.xml").status_code == 404


def test_an_export_goes_on_beyond_one_part(app: Flask) -> None:
    for n in range(4):
        one = keep(app, f"https://a{n}.example/")
        with app.app_context():
            decisions.act(one, ACTIONS["reject"], mo())
    with app.app_context():
        rows, before = history.rows_of(Filters(), 3)
        more, end = history.rows_of(Filters(before=before), 3)
        assert (len(rows), len(more), end) == (3, 1, "")


def test_the_page_costs_the_same_however_much_there_is(app: Flask) -> None:
    lively(app)
    one = _queries(app)
    for n in range(20):
        linkback_id = keep(app, f"https://a{n}.example/")
        with app.app_context():
            decisions.act(linkback_id, ACTIONS["reject"], mo())
            batches.decide({linkback_id: None}, ACTIONS["approve"], mo())
            rules.set_rule(f"r{n}.example", "block", mo())
    assert _queries(app) == one == 5
    assert latest(app, 1)


def _queries(app: Flask) -> int:
    with app.app_context(), counting(app) as heard:
        for line in history.page(Filters()).lines:
            assert line.row.by
    return len([statement for statement in heard if statement != "BEGIN"])
