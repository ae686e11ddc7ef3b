"""Filters of the queue: each narrows, each has an address, nonsense is left out."""

import re
from datetime import date

import pytest
from flask import Flask

from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import queue
from blog_linkbacks.vocabulary import Status
from tests.moderation.test_queue import Login, shown
from tests.moderation.world import keep
from tests.support.statements import counting


def test_a_site_is_all_below_its_domain_and_a_host_only_itself(app: Flask, login: Login) -> None:
    first = keep(app, "https://www.garden.example/a")
    second = keep(app, "https://blog.garden.example/b")
    keep(app, "https://other.example/")
    client = login("mo")
    assert shown(client, "?site=garden.example") == [first, second]
    assert shown(client, "?site=BLOG.garden.example") == [second]


def test_scores_are_bounded_as_they_are_shown(app: Flask, login: Login) -> None:
    low, middle, high = (keep(app, f"https://s{n}.example/", n / 1000) for n in (124, 126, 990))
    keep(app, "https://unscored.example/", None)
    client = login("mo")
    assert shown(client, "?low=13") == [middle, high]
    assert shown(client, "?high=12") == [low]
    assert shown(client, "?low=12&high=13") == [low, middle]


def test_days_include_both_ends(app: Flask, login: Login) -> None:
    kept = keep(app, "https://a.example/")
    today, client = now().date(), login("mo")
    assert shown(client, f"?since={today}&until={today}") == [kept]
    assert shown(client, "?until=2020-01-01") == []
    assert shown(client, "?since=2999-01-01") == []


def test_the_reason_that_told_most_can_be_chosen(app: Flask, login: Login) -> None:
    kept = keep(app, "https://a.example/", told_by="copy.text")
    keep(app, "https://b.example/", told_by="text.topic")
    assert shown(login("mo"), "?check=copy.text") == [kept]


def test_a_folded_row_shows_only_where_rows_are_not_grouped(app: Flask, login: Login) -> None:
    leader = keep(app, "https://a.example/")
    folded = keep(app, "https://b.example/")
    with app.app_context(), writing() as session:
        for id, state in ((leader, False), (folded, True)):
            row = session.get_one(Linkback, id)
            row.campaign_id, row.folded = 4_000, state
    with app.app_context():
        listed = [
            [row.linkback.id for row in queue.page(queue.filters(asked)).rows]
            for asked in ({}, {"group": "off"}, {"campaign": "4000"}, {"campaign": "4001"})
        ]
    assert listed == [[leader], [leader, folded], [leader, folded], []]


def test_what_matches_is_not_hidden_behind_a_lead_that_does_not(app: Flask, login: Login) -> None:
    leader, folded = keep(app, "https://a.example/"), keep(app, "https://b.example/")
    with app.app_context(), writing() as session:
        for id, state in ((leader, False), (folded, True)):
            row = session.get_one(Linkback, id)
            row.campaign_id, row.folded = 4_000, state
    client = login("mo")
    assert shown(client, "?site=b.example") == [folded]
    assert shown(client, "?q=b.example") == [folded]
    assert shown(client, "?sort=newest") == [leader]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "low=x",
            "low=101",
            "high=-1",
            "since=yesterday",
            "since=0001-01-01",
            "campaign=x",
            "sort=x",
            "seen=x",
        ),
        *(
            "sort=score&before=nan.1",
            "sort=score&before=inf.1",
            f"sort=newest&before={10**18}.1",
            "before=2.x",
        ),
    ],
)
def test_a_filter_that_makes_no_sense_is_left_out(app: Flask, login: Login, query: str) -> None:
    kept = keep(app, "https://a.example/")
    assert shown(login("mo"), f"?{query}") == [kept]


def test_a_filtered_view_s_address_brings_it_back() -> None:
    asked = {
        "status": "spam", "kind": "trackback", "post": "3", "site": "a.example", "check": "copy.text", "low": "0",
        "high": "90", "since": "2026-01-02", "until": "2026-02-03", "campaign": "8", "sort": "score", "q": "soil",
        "before": "0.5.7", "seen": "50", "group": "off",
    }  # fmt: skip
    chosen = queue.filters(asked)
    assert chosen.params() == asked
    assert chosen.since == date(2026, 1, 2)
    assert queue.filters(chosen.params()) == chosen


def test_the_list_says_which_rows_of_how_many(app: Flask, login: Login) -> None:
    for n in range(60):
        keep(app, f"https://s{n}.example/", status=Status.SPAM)
    client = login("mo")
    html = client.get("/admin/linkbacks?status=spam").text
    assert "1–50 of 60" in html
    older = re.search(r'rel="next" href="([^"]+)"', html)
    assert older
    assert "51–60 of 60" in client.get(older[1].replace("&amp;", "&")).text


def test_many_are_counted_only_so_far(app: Flask) -> None:
    for n in range(8):
        keep(app, f"https://s{n}.example/")
    with app.app_context():
        assert queue.counted(queue.filters({"kind": "pingback"}), most=5) == 6


def test_a_filtered_page_takes_one_query_more_than_a_plain_one(app: Flask) -> None:
    keep(app, "https://a.example/")
    with counting(app) as plain, app.app_context():
        queue.page(queue.filters({"group": "off"}))
    with counting(app) as narrowed, app.app_context():
        queue.page(queue.filters({"group": "off", "site": "a.example", "low": "1", "q": "a.example"}))
    assert len([sql for sql in plain if "SELECT" in sql]) == 2
    assert len([sql for sql in narrowed if "SELECT" in sql]) == 2


def test_conditions_leave_out_what_has_changed_since(app: Flask) -> None:
    kept = keep(app, "https://a.example/")
    moment = now()
    keep(app, "https://b.example/")
    with app.app_context():
        found = db.session.scalars(
            db.select(Linkback.id).where(*queue.conditions(queue.Filters()), queue.at(moment))
        ).all()
    assert found == [kept]
