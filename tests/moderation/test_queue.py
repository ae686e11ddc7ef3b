"""What the queue shows, in which order, page by page."""

import re
from collections.abc import Callable
from dataclasses import replace
from math import exp

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from blog_linkbacks import intake
from blog_linkbacks.db import db
from blog_linkbacks.moderation import queue
from blog_linkbacks.moderation.panel import panel
from blog_linkbacks.vocabulary import Claim, Kind, Status
from tests.moderation.world import HTMX, OTHER_POST, POST, arrive, keep, read
from tests.support.statements import counting
from tests.support.web import Web

Login = Callable[[str], FlaskClient]


def shown(client: FlaskClient, query: str = "") -> list[int]:
    html = client.get(f"/admin/linkbacks{query}").text
    return [int(found) for found in re.findall(r'<li class="row" id="linkback-(\d+)"', html)]


def test_the_likely_genuine_come_first_and_the_oldest_of_them_before_the_rest(
    app: Flask, login: Login
) -> None:
    scores = (0.99, 0.5, 0.3, None, 0.1)
    spam, unclear, good, unscored, better = (
        keep(app, f"https://s{n}.example/", s) for n, s in enumerate(scores)
    )
    assert shown(login("mo")) == [good, better, unclear, unscored, spam]


def test_other_tabs_show_the_newest_first(app: Flask, login: Login) -> None:
    ids = [keep(app, f"https://s{n}.example/", status=Status.SPAM) for n in range(3)]
    assert shown(login("mo"), "?status=spam") == ids[::-1]


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_pages_hold_fifty_rows_and_lose_none(app: Flask, login: Login, status: Status) -> None:
    scores = (0.1, 0.9, None, 0.5)
    ids = {keep(app, f"https://s{n}.example/", scores[n % 4], status) for n in range(110)}
    client, query, seen = login("mo"), f"?status={status}", []
    for expected in (50, 50, 10):
        html = client.get(f"/admin/linkbacks{query}").text
        rows = shown(client, query)
        assert len(rows) == expected
        seen += rows
        query = (re.search(r'rel="next" href="/admin/linkbacks([^"]+)"', html) or [""] * 2)[1].replace(
            "&amp;", "&"
        )
    assert query == ""
    assert set(seen) == ids
    assert len(seen) == len(ids)


def test_a_page_costs_the_same_number_of_queries_whatever_it_shows(app: Flask, login: Login) -> None:
    client = login("mo")
    client.get("/admin/linkbacks")
    with counting(app) as few:
        client.get("/admin/linkbacks")
    for n in range(60):
        keep(app, f"https://s{n}.example/")
    with counting(app) as many:
        client.get("/admin/linkbacks")
    assert len(many) == len(few)
    assert not [sql for sql in many if "linkbacks.evidence" in sql or "signals" in sql or "posts.body" in sql]


@pytest.mark.sqlite_only("reads SQLite's query plan")
@pytest.mark.parametrize(
    ("sort", "before", "index"),
    [
        ("urgency", "1.7", "ix_linkbacks_urgency (status=? AND <expr>=? AND id>?)"),
        ("score", "0.25.7", "ix_linkbacks_score (status=? AND <expr>=? AND id>?)"),
        ("newest", "1700000000000000.7", "ix_linkbacks_arrival (status=? AND received_at<?)"),
        ("oldest", "1700000000000000.7", "ix_linkbacks_arrival (status=? AND received_at>?)"),
    ],
)
def test_every_order_is_read_straight_from_its_index(app: Flask, sort: str, before: str, index: str) -> None:
    with app.app_context():
        asked = queue.page_of(queue.filters({"sort": sort, "before": before}))
        sql = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True})).replace(":", r"\:")
        plan = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))]
    assert index in " ".join(plan)
    assert not [step for step in plan if step.startswith("SCAN linkbacks")]


@pytest.mark.parametrize("sort", list(queue.Sort))
@pytest.mark.parametrize("extra", ["", "&kind=pingback"])
def test_every_order_pages_through_all_rows_once(app: Flask, login: Login, sort: str, extra: str) -> None:
    scores = (0.1, 0.9, None, 0.5)
    ids = [keep(app, f"https://s{n}.example/", scores[n % 4]) for n in range(12)]
    with app.app_context():
        seen, chosen = [], queue.filters({"sort": sort, "kind": "pingback" if extra else ""})
        while True:
            page = queue.page(chosen, 5)
            seen += [shown.linkback.id for shown in page.rows]
            if not page.older:
                break
            chosen = replace(chosen, before=page.older, seen=page.last)
    expected = {"newest": ids[::-1], "oldest": ids}.get(sort)
    assert seen == expected if expected else sorted(seen) == ids
    assert (page.first, page.last, page.total) == (11, 12, 12)


def test_filters_narrow_by_kind_post_and_words(app: Flask, login: Login) -> None:
    first = keep(app, "https://a.example/soil", kind="trackback", anchor="worms")
    second = keep(app, "https://b.example/", target=OTHER_POST, lifted_author="Zoë")
    client = login("mo")
    post = read(app, second).post_id
    assert shown(client, "?kind=trackback") == [first]
    assert shown(client, f"?post={post}") == [second]
    assert shown(client, "?q=WORMS") == [first]
    assert shown(client, "?q=Zoë") == [second]
    assert shown(client, "?q=a.example/soil") == [first]


@pytest.mark.parametrize("q", ["%", "_", "\\", "100%"])
def test_search_takes_wildcards_as_letters(app: Flask, login: Login, q: str) -> None:
    keep(app, "https://a.example/")
    match = keep(app, "https://b.example/", anchor=f"take {q} of it")
    assert shown(login("mo"), f"?q={q.replace('%', '%25')}") == [match]


@pytest.mark.parametrize(
    "query", ["?status=x", "?kind=x", "?post=x", "?before=x", "?before=9.99", "?post=" + "9" * 40]
)
def test_nonsense_in_the_address_is_left_out(app: Flask, login: Login, query: str) -> None:
    kept = keep(app, "https://a.example/")
    assert shown(login("mo"), query) == [kept]


def test_a_row_leads_with_who_then_the_sentence_then_the_post(app: Flask, web: Web, login: Login) -> None:
    arrive(app, web)
    html = login("mo").get("/admin/linkbacks").text
    assert "in <mark>this piece on no-dig beds</mark>, which" in html
    assert html.index("row-who") < html.index("row-quote") < html.index("row-target")


def test_what_strangers_write_stays_text(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/", lifted_author="<script>x</script>", anchor="<img src=x>", reason="<b>")
    html = login("mo").get("/admin/linkbacks").text
    assert "<script>x" not in html
    assert "<img src=x>" not in html


def test_a_repeat_is_said_in_the_row(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/", repeats=3)  # type: ignore[arg-type]
    assert "3 times" in login("mo").get("/admin/linkbacks").text


def test_the_just_arrived_have_a_tab_only_while_there_are_any(app: Flask, login: Login) -> None:
    client = login("mo")
    assert "Just in" not in client.get("/admin/linkbacks").text
    with app.app_context():
        intake.receive(Claim(Kind.PINGBACK, "https://a.example/", POST))
    assert "Just in" in client.get("/admin/linkbacks").text


@pytest.mark.parametrize("status", list(Status))
def test_every_empty_tab_says_what_will_appear(app: Flask, login: Login, status: Status) -> None:
    html = login("mo").get(f"/admin/linkbacks?status={status}").text
    assert queue.filters({"status": status}).status is status
    assert 'class="empty' in html


def test_the_evidence_is_a_page_and_a_fragment(app: Flask, web: Web, login: Login) -> None:
    kept = arrive(app, web)
    client = login("mo")
    page, part = (
        client.get(f"/admin/linkbacks/{kept}").text,
        client.get(f"/admin/linkbacks/{kept}", headers=HTMX).text,
    )
    for html in (page, part):
        assert "The link stands inside the article." in html
        assert "Gardenlog/1" in html
        assert "192.0.2.7" in html
        assert "Held for a person" in html
    assert "<html" in page
    assert "<html" not in part


def test_the_shares_in_the_evidence_add_up_to_the_score(app: Flask, web: Web, login: Login) -> None:
    kept = arrive(app, web)
    with app.app_context():
        found = panel(kept)
        total = sum(opinion.contribution for opinion in found.speaking)
        assert found.linkback.score == pytest.approx(1 / (1 + exp(-total)))


def test_the_sender_s_own_words_stand_apart_from_what_was_seen(app: Flask, web: Web, login: Login) -> None:
    kept = arrive(
        app, web, kind=Kind.TRACKBACK, said={"title": "BUY NOW", "excerpt": "cheap", "author": "Bob"}
    )
    html = login("mo").get(f"/admin/linkbacks/{kept}", headers=HTMX).text
    assert html.index("What was seen") < html.index("What the sender said") < html.index("BUY NOW")


def test_an_unknown_linkback_is_not_found(app: Flask, login: Login) -> None:
    assert login("mo").get("/admin/linkbacks/999").status_code == 404
    assert login("mo").get(f"/admin/linkbacks/{10**30}").status_code == 404
