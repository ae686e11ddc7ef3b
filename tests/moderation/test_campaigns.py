"""Near-identical arrivals are one row with a count and one decision; what differs stands alone."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from blog_linkbacks import intake, pipeline
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Campaign, Linkback
from blog_linkbacks.moderation import batches, campaigns, decisions, queue
from blog_linkbacks.moderation.actions import APPROVE, REJECT, SPAM, WAIT, Action
from blog_linkbacks.moderation.prints import Print
from blog_linkbacks.moderation.queue import Filters
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Status
from tests.conftest import running
from tests.moderation import campaign_220
from tests.moderation.world import HTMX, OTHER_POST, POST, keep, latest, read, send, token
from tests.support.statements import counting
from tests.support.web import Web

WORDS = "Read more: there you will find {} more infos to that topic, cheap and with no delay"
Login = Callable[[str], FlaskClient]

SHORT = (
    "Nice post",
    "Lovely beds, thanks",
    "No-dig beds",
    "My favourite read today",
    "Worms!",
    "More on soil",
)


def wait(app: Flask, source: str, words: str = "", score: float | None = 0.9, target: str = POST) -> int:
    """A row that has begun to wait, as the worker leaves it."""
    linkback_id = keep(app, source, score, before=words, target=target)
    with app.app_context(), writing() as session:
        campaigns.join(session, session.get_one(Linkback, linkback_id))
    return linkback_id


def alike(app: Flask, number: int, score: float | None = 0.9, start: int = 0) -> list[int]:
    sources = (f"http://s{at}.example/{at}" for at in range(start, start + number))
    return [wait(app, source, WORDS.format(at * 977), score) for at, source in enumerate(sources, start)]


def folded(app: Flask, ids: list[int]) -> list[bool]:
    return [read(app, one).folded for one in ids]


def campaigns_of(app: Flask, ids: list[int]) -> set[int | None]:
    return {read(app, one).campaign_id for one in ids}


def waiting(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        rows = db.session.execute(select(Campaign.sort, Campaign.waiting).order_by(Campaign.id))
        return [(sort, number) for sort, number in rows]


def sentences(app: Flask) -> list[str]:
    with app.app_context():
        return [row.campaign.sentence for row in queue.page(Filters()).rows if row.campaign]


def user() -> User:
    found = find_user("ana")
    assert found is not None
    return found


def act(app: Flask, linkback_id: int, action: Action) -> int:
    with app.app_context():
        return decisions.act(linkback_id, action, user()).id


# --- what is folded ---------------------------------------------------------------------------------


def test_the_same_words_from_many_sites_are_one_row_from_the_third_on(app: Flask) -> None:
    first = alike(app, 2)
    assert folded(app, first) == [False, False]
    more = alike(app, 38, start=2)
    assert folded(app, first + more) == [False] + [True] * 39
    assert sentences(app) == ["40 with the same words from 40 sites"]


def test_small_differences_do_not_matter(app: Flask) -> None:
    said = (
        "I found this great account of how compost heaps work and what worms do all the winter long",
        "I found THIS great account of how compost heaps work, and what worms do all the winter long!",
        "Hello: I found this great account of how compost heaps work and what worms do all the winter long",
        "I found this great account of how compost heaps work and what worms do all the summer long http://x.example/1",
    )
    ids = [wait(app, f"http://s{at}.example/", words) for at, words in enumerate(said)]
    assert folded(app, ids) == [False, True, True, True]


def test_other_words_on_the_same_subject_are_not_folded(app: Flask) -> None:
    said = (
        "The clearest account of soil I know is this piece on no-dig beds, which convinced me",
        "After reading this piece on no-dig beds I stopped turning the earth in my own garden",
        "Compost, mulch and this piece on no-dig beds were all I needed to begin last spring",
        "My neighbour swears by spades but this piece on no-dig beds says he should rest",
    )
    ids = [wait(app, f"http://s{at}.example/", words) for at, words in enumerate(said)]
    assert campaigns_of(app, ids) == {None}


@pytest.mark.parametrize("words", SHORT)
def test_few_words_prove_nothing(app: Flask, words: str) -> None:
    ids = [wait(app, f"http://s{at}.example/", words) for at in range(4)]
    assert campaigns_of(app, ids) == {None}


def test_to_name_the_post_proves_nothing(app: Flask) -> None:
    with app.app_context(), writing() as session:
        title = "How I learned to grow vegetables without ever turning a spade of earth"
        session.execute(db.text("UPDATE posts SET title = :title"), {"title": title})
    ids = [wait(app, f"http://s{at}.example/", f"Via {title}") for at in range(4)]
    assert campaigns_of(app, ids) == {None}


def test_languages_without_spaces_are_told_apart_and_folded(app: Flask) -> None:
    same = [
        wait(app, f"http://s{at}.example/", f"詳しい情報はこちらで{at}件ご覧いただけます今すぐ")
        for at in range(3)
    ]
    other = wait(app, "http://t.example/", "土を耕さずに野菜を育てる方法を学びました")
    assert folded(app, [*same, other]) == [False, True, True, False]


def test_likely_genuine_ones_are_never_folded_among_the_rest(app: Flask) -> None:
    spam = alike(app, 3)
    honest = alike(app, 2, score=0.1, start=3)
    assert campaigns_of(app, honest) == {None}
    more = alike(app, 1, score=0.1, start=5)
    assert folded(app, honest + more) == [False, True, True]
    assert campaigns_of(app, spam).isdisjoint(campaigns_of(app, honest))


def test_the_most_genuine_leads_the_oldest_among_equals(app: Flask) -> None:
    ids = alike(app, 3)
    doubtful = alike(app, 2, score=0.5, start=3)
    assert folded(app, ids + doubtful) == [True, True, True, False, True]


def test_a_site_that_floods_is_one_row_in_each_band(app: Flask) -> None:
    def arrivals(number: int, score: float, start: int) -> list[int]:
        return [
            wait(app, f"http://a{at}.seo-net.example/", SHORT[at % 6], score)
            for at in range(start, start + number)
        ]

    bad, doubtful, honest = arrivals(5, 0.9, 0), arrivals(4, 0.5, 5), arrivals(6, 0.2, 9)
    assert folded(app, bad) == [False] + [True] * 4
    assert campaigns_of(app, doubtful + honest) == {None}
    assert sentences(app) == ["5 from seo-net.example today"]


def test_a_burst_at_one_post_is_one_row(app: Flask) -> None:
    keep(app, "http://friend.example/old", 0.1, Status.APPROVED)
    burst = [wait(app, f"http://t{at}.example/", SHORT[at % 6], target=OTHER_POST) for at in range(15)]
    spared = [
        wait(app, "http://friend.example/new", target=OTHER_POST),
        wait(app, "http://doubtful.example/", score=0.5, target=OTHER_POST),
        wait(app, "http://genuine.example/", score=0.1, target=OTHER_POST),
        wait(app, "http://elsewhere.example/"),
    ]
    assert folded(app, burst) == [False] + [True] * 14
    assert campaigns_of(app, spared) == {None}
    assert sentences(app) == ["15 at “Compost basics” within the hour"]


def test_what_came_days_ago_is_another_matter(app: Flask) -> None:
    old = alike(app, 2)
    with app.app_context(), writing() as session:
        week_ago = now() - campaigns.DAY * 8
        session.execute(update(Linkback).values(received_at=week_ago))
    assert campaigns_of(app, old + alike(app, 1, start=2)) == {None}


def test_another_score_moves_a_row_to_its_like(app: Flask) -> None:
    ids = alike(app, 4)
    with app.app_context(), writing() as session:
        row = session.get_one(Linkback, ids[2])
        row.score = 0.1
        campaigns.join(session, row)
    assert read(app, ids[2]).campaign_id is None
    assert waiting(app) == [("wording", 3)]
    with app.app_context(), writing() as session:
        row = session.get_one(Linkback, ids[2])
        row.score = 0.5
        campaigns.join(session, row)
    assert folded(app, ids) == [True, True, False, True]


def test_prints_are_few_however_many_arrive(app: Flask) -> None:
    alike(app, 30)
    with app.app_context():
        assert len(db.session.scalars(select(Print.value)).all()) <= 3 * 5


# --- decisions keep it true ----------------------------------------------------------------------------


def test_the_next_one_leads_when_the_lead_is_decided_and_hands_back_on_undo(app: Flask) -> None:
    ids = alike(app, 4)
    made = act(app, ids[0], REJECT)
    assert (folded(app, ids), waiting(app)) == ([False, False, True, True], [("wording", 3)])
    with app.app_context():
        decisions.undo(made, user())
    assert (folded(app, ids), waiting(app)) == ([False, True, True, True], [("wording", 4)])


def test_the_last_one_left_is_an_ordinary_row(app: Flask) -> None:
    ids = alike(app, 3)
    act(app, ids[0], SPAM)
    act(app, ids[1], APPROVE)
    assert not read(app, ids[2]).folded
    assert sentences(app) == []


def test_what_comes_back_is_folded_again(app: Flask) -> None:
    ids = alike(app, 4)
    act(app, ids[2], SPAM)
    assert not read(app, ids[2]).folded
    act(app, ids[2], WAIT)
    assert folded(app, ids) == [False, True, True, True]


def test_an_arrival_after_the_decision_is_not_hidden(app: Flask) -> None:
    ids = alike(app, 3)
    for one in ids:
        act(app, one, SPAM)
    late = alike(app, 2, start=3)
    assert folded(app, late) == [False, True]
    assert waiting(app) == [("wording", 2)]


def test_a_batch_and_its_undo_restore_each(app: Flask) -> None:
    ids = alike(app, 150)
    before = campaign_220.rows(app)
    with app.app_context():
        report = batches.decide(dict.fromkeys(ids), SPAM, user())
        assert (len(report.done), waiting(app)) == (150, [("wording", 0)])
        batches.undo(report.batch, user())
    assert campaign_220.rows(app) == before
    assert waiting(app) == [("wording", 150)]


def test_many_decisions_cost_few_statements(app: Flask) -> None:
    ids = alike(app, 100)
    with app.app_context():
        ana = user()
        with counting(app) as seen:
            batches.decide(dict.fromkeys(ids), SPAM, ana)
        on_campaigns = [
            said for said in seen if "campaigns" in said or "folded" in said.partition("WHERE")[0]
        ]
    assert len(on_campaigns) <= 6, on_campaigns


@pytest.mark.parametrize("number", [3, 60])
def test_joining_costs_the_same_however_many_are_there(app: Flask, number: int) -> None:
    alike(app, number)
    linkback_id = keep(app, "http://late.example/", 0.9, before=WORDS.format(1))
    with app.app_context(), writing() as session:
        row = session.get_one(Linkback, linkback_id)
        with counting(app) as seen:
            campaigns.join(session, row)
    assert len(seen) == 5, seen


def test_a_page_of_campaigns_is_told_in_one_query(app: Flask) -> None:
    alike(app, 3)
    for at in range(15):
        wait(app, f"http://t{at}.example/", target=OTHER_POST)
    with app.app_context(), counting(app) as seen:
        page = queue.page(Filters())
    assert [row.campaign is not None for row in page.rows] == [True, True]
    assert len([said for said in seen if "FROM campaigns" in said]) == 1


def test_arrivals_at_the_same_moment_end_in_one_campaign(app: Flask, web: Web) -> None:
    said = {"title": "Raised beds", "excerpt": campaign_220.words(1), "author": "Raised beds"}

    def arrive(at: int) -> None:
        with app.app_context():
            claim = Claim(Kind.TRACKBACK, web.route(f"/{at}", campaign_220.spam_page(POST, at)), POST, **said)
            receipt = intake.receive(claim)
            assert isinstance(receipt, Receipt)
            pipeline.process(receipt.linkback_id)

    threads = [threading.Thread(target=arrive, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rows = campaign_220.rows(app)
    assert {status for status, _, _ in rows.values()} == {"pending"}
    assert len({campaign for _, campaign, _ in rows.values()}) == 1
    assert sorted(hidden for _, _, hidden in rows.values()) == [False] + [True] * 7
    assert waiting(app) == [("wording", 8)]


# --- the screen -----------------------------------------------------------------------------------------


def test_one_key_press_decides_220_and_undo_restores_each(tmp_path: Path, migrated: Path, web: Web) -> None:
    with running(campaign_220.ENVIRON, tmp_path, worker=False) as blog:
        campaign_220.flood(blog, web)
        seen = campaign_220.moderate(blog)
    assert seen.rows_shown == 2
    assert any("220 with the same words from 127.0.0.2" in said for said in seen.headings)
    assert seen.decisions == 220
    assert sum(status == "spam" for status, _, _ in seen.between.values()) == 220
    assert not any(hidden for _, _, hidden in seen.between.values())
    assert seen.after == seen.before
    assert seen.counts == (220, 220)


@pytest.mark.parametrize(
    ("page", "whole"), [("", True), ("?sort=newest", True), ("?kind=pingback", False), ("?group=off", False)]
)
def test_an_undo_draws_the_lead_as_its_page_does(app: Flask, login: Login, page: str, whole: bool) -> None:
    ids, client = alike(app, 4), login("ana")
    asked = HTMX | {"HX-Current-URL": f"http://localhost/admin/linkbacks{page}"}
    form = {"csrf_token": token(client), "action": "spam"}
    client.post(f"/admin/linkbacks/{ids[0]}/decisions", data=form, headers=asked)
    undone = client.post(f"/admin/decisions/{latest(app, ids[0])}/undo", data=form, headers=asked)
    assert f'id="linkback-{ids[0]}"' in undone.text
    assert ("4 with the same words" in undone.text) is whole


def test_what_came_since_is_left_alone_and_named(app: Flask, login: Login) -> None:
    ids, client = alike(app, 4), login("ana")
    form = campaign_220.campaign_form(client.get("/admin/linkbacks").text)
    late = alike(app, 2, start=4)
    answer = send(client, form.pop("action_url"), htmx=True, action="spam", **form)
    assert "Marked as spam 4. 2 that came since were left alone." in answer.text
    assert [read(app, one).status for one in ids + late] == ["spam"] * 4 + ["pending"] * 2
    assert folded(app, late) == [False, True]
    assert "and 3 like it" in answer.text


def test_nothing_left_to_decide_is_a_conflict_that_shows_the_row(app: Flask, login: Login) -> None:
    ids, client = alike(app, 3), login("ana")
    form = campaign_220.campaign_form(client.get("/admin/linkbacks").text)
    for one in ids:
        act(app, one, REJECT)
    answer = send(client, form.pop("action_url"), htmx=True, action="spam", **form)
    assert answer.status_code == 409
    assert "3 left alone" in answer.text


def test_without_a_script_the_form_leads_back_with_an_undo(app: Flask, login: Login) -> None:
    alike(app, 3)
    client = login("mo")
    form = campaign_220.campaign_form(client.get("/admin/linkbacks").text)
    answer = send(client, form.pop("action_url"), action="approve", **form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/linkbacks")
    assert "Approved 3." in client.get("/admin/linkbacks").text


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "spam"},
        {"action": "spam", "as_of": "2026-01-01T00:00:00"},
        {"action": "spam", "as_of": "0001-01-01T00:00:00+14:00"},
        {"action": "burn", "as_of": "2026-01-01T00:00:00+00:00"},
        {"action": "wait", "as_of": "2026-01-01T00:00:00+00:00"},
        {"action": "spam", "as_of": "2026-01-01T00:00:00+00:00", "count": "x"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(app: Flask, login: Login, fields: dict[str, Any]) -> None:
    ids = alike(app, 3)
    assert send(login("ana"), "/admin/campaigns/1/decisions", **fields).status_code == 400
    assert {read(app, one).status for one in ids} == {"pending"}


def test_inside_are_its_members_page_by_page(app: Flask, login: Login) -> None:
    alike(app, 53)
    client = login("ana")
    first = client.get("/admin/campaigns/1").text
    assert len(re.findall(r'<li class="row', first)) == 50
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more is not None
    assert len(re.findall(r'<li class="row', client.get(more.group(1).replace("&amp;", "&")).text)) == 3
    assert client.get("/admin/campaigns/2").status_code == 404


def test_a_member_can_be_taken_out_and_put_back(app: Flask, login: Login) -> None:
    ids, client = alike(app, 4), login("ana")
    answer = send(client, f"/admin/campaigns/members/{ids[1]}", htmx=True, action="out")
    assert "stands alone now" in answer.text
    assert (folded(app, ids), waiting(app)) == ([False, False, True, True], [("wording", 3)])
    assert len(re.findall(r'<li class="row', client.get("/admin/linkbacks").text)) == 2
    send(client, f"/admin/campaigns/members/{ids[1]}", htmx=True, action="in")
    assert (folded(app, ids), waiting(app)) == ([False, True, True, True], [("wording", 4)])


def test_only_moderators_look_inside_or_decide(app: Flask, login: Login) -> None:
    ids, client = alike(app, 3), login("ida")
    assert client.get("/admin/campaigns/1").status_code == 403
    moment = now().isoformat()
    assert send(client, "/admin/campaigns/1/decisions", action="spam", as_of=moment).status_code in (400, 403)
    assert {read(app, one).status for one in ids} == {"pending"}
