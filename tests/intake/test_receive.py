"""The one door in: what is kept, what is refused, what a repeat does."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from flask import Flask

from blog_linkbacks import intake
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.blog import posts
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback, SiteRule, status_counts
from blog_linkbacks.moderation import actions, decisions
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused
from tests.conftest import BASE

POST = f"{BASE}/posts/no-dig-beds"
PAGE = "https://garden.example/a-page"


def claim(source: str = PAGE, target: str = POST, kind: Kind = Kind.PINGBACK) -> Claim:
    return Claim(kind, source, target)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def kept(given: Claim) -> Receipt:
    receipt = intake.receive(given)
    assert isinstance(receipt, Receipt)
    return receipt


@pytest.mark.parametrize(
    "target",
    [
        "http://blog.example/posts/no-dig-beds",
        "https://blog.example/posts/no-dig-beds/",
        "HTTP://BLOG.example:80/posts/no-dig-beds?utm_source=x#comments",
        "http://www.blog.example/posts/no%2Ddig%2dbeds",
        "http://blog.example/./posts/x/../no-dig-beds",
        "http://blog.example/%2e/posts/x/%2E%2e/no-dig-beds",
    ],
)
def test_every_spelling_of_the_post_is_the_post(target: str) -> None:
    assert kept(claim(target=target)).created


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        (f"{BASE}/", Refusal.TARGET_NOT_A_POST),
        (BASE, Refusal.TARGET_NOT_A_POST),
        (f"{BASE}/feed.atom", Refusal.TARGET_NOT_A_POST),
        (f"{BASE}/posts/never-written", Refusal.TARGET_UNKNOWN),
        (f"{BASE}/nowhere", Refusal.TARGET_UNKNOWN),
        (f"{BASE}/tags/none", Refusal.TARGET_UNKNOWN),
        ("https://elsewhere.example/posts/no-dig-beds", Refusal.TARGET_FOREIGN),
        ("http://blog.example:8080/posts/no-dig-beds", Refusal.TARGET_FOREIGN),
        ("", Refusal.TARGET_MISSING),
        ("ftp://blog.example/x", Refusal.TARGET_INVALID),
        (PAGE, Refusal.SAME_PAGE),
    ],
)
def test_targets_that_are_no_open_post(target: str, refusal: Refusal) -> None:
    assert intake.receive(claim(target=target)) == Refused(refusal)
    assert db.session.query(Linkback).count() == 0


@pytest.mark.parametrize(
    "source", ["garden.example/x", "javascript:alert(1)", "http://", "http://u:p@garden.example/"]
)
def test_sources_that_are_no_page(source: str) -> None:
    assert intake.receive(claim(source)) == Refused(Refusal.SOURCE_INVALID)


def test_drafts_are_unknown_and_closed_posts_closed() -> None:
    posts.save(posts.Draft("A draft", "Words."), publish=False)
    posts.save(posts.Draft("Closed", "Words.", accept_linkbacks=False), publish=True)
    assert intake.receive(claim(target=f"{BASE}/posts/a-draft")) == Refused(Refusal.TARGET_UNKNOWN)
    assert intake.receive(claim(target=f"{BASE}/posts/closed")) == Refused(Refusal.TARGET_CLOSED)


@pytest.mark.parametrize(
    "spelling",
    [
        "http://garden.example/a-page",
        "https://GARDEN.example:443/a-page/",
        "https://www.garden.example/a%2Dpage?utm_medium=feed#top",
    ],
)
@pytest.mark.parametrize("kind", [Kind.PINGBACK, Kind.TRACKBACK])
def test_a_repeat_in_any_spelling_is_already_registered(spelling: str, kind: Kind) -> None:
    kept(claim())
    assert intake.receive(claim(spelling, kind=kind)) == Refused(Refusal.ALREADY_REGISTERED)
    assert db.session.query(Linkback).one().repeats == 1


def test_another_query_is_another_page() -> None:
    kept(claim("https://garden.example/?p=1"))
    assert kept(claim("https://garden.example/?p=2")).created


def test_a_webmention_again_has_the_page_looked_at_again() -> None:
    first = kept(claim())
    again = kept(claim(kind=Kind.WEBMENTION))
    assert (again.linkback_id, again.created, again.check) == (first.linkback_id, False, True)


@pytest.mark.parametrize("action", [actions.REJECT, actions.SPAM])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_decided_rejection_is_remembered(action: actions.Action, kind: Kind) -> None:
    receipt = kept(claim())
    ana = find_user("ana")
    assert ana is not None
    decisions.act(receipt.linkback_id, action, ana)
    answer = intake.receive(claim(kind=kind))
    assert not (isinstance(answer, Receipt) and answer.check)
    linkback = db.session.query(Linkback).one()
    assert (linkback.status, linkback.due_at, linkback.repeats) == (action.to, None, 1)


def test_a_blocked_site_is_refused_and_kept_as_spam() -> None:
    with writing() as session:
        session.add(SiteRule(host="garden.example", action="block"))
    assert intake.receive(claim()) == Refused(Refusal.BLOCKED)
    linkback = db.session.query(Linkback).one()
    assert (linkback.status, linkback.decided_by, linkback.due_at) == ("spam", "policy:blocked", None)


def test_counters_follow_every_row() -> None:
    receipt = kept(claim())
    assert status_counts()["received"] == 1
    ana = find_user("ana")
    assert ana is not None
    decisions.act(receipt.linkback_id, actions.SPAM, ana)
    counts = status_counts()
    assert (counts["received"], counts["spam"]) == (0, 1)


def test_simultaneous_pings_make_one_row(app: Flask) -> None:
    answers: list[Receipt | Refused] = []

    def send(kind: Kind) -> None:
        with app.app_context():
            answers.append(intake.receive(claim(kind=kind)))

    run_together([partial(send, kind) for kind in list(Kind) * 8])
    assert sum(isinstance(answer, Receipt) and answer.created for answer in answers) == 1
    assert len(answers) == 24
    assert db.session.query(Linkback).count() == 1


def run_together(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_texts_that_a_database_cannot_hold_are_made_fit() -> None:
    receipt = kept(
        Claim(Kind.TRACKBACK, PAGE, POST, title="a\0b", excerpt="half \ud800 pair", author="x" * 5000)
    )
    linkback = db.session.get_one(Linkback, receipt.linkback_id)
    assert (linkback.title, linkback.excerpt, len(linkback.author)) == ("ab", "half ? pair", 2000)


def test_an_unverified_page_of_a_site_that_was_blocked_since_is_refused() -> None:
    receipt = kept(claim())
    with writing() as session:
        session.get_one(Linkback, receipt.linkback_id).status = "unverified"
        session.add(SiteRule(host="garden.example", action="block"))
    assert intake.receive(claim()) == Refused(Refusal.BLOCKED)
    assert db.session.query(Linkback).one().repeats == 1


def test_an_address_with_a_nul_in_it_is_nowhere_on_this_site() -> None:
    assert intake.receive(claim(target=f"{BASE}/posts/no%00dig")) == Refused(Refusal.TARGET_UNKNOWN)


@pytest.mark.parametrize("source", [f"{BASE}/", f"{BASE}/feed.atom"])
def test_own_pages_that_are_no_posts_are_no_sources(source: str) -> None:
    answer = intake.receive(claim(source))
    assert isinstance(answer, Refused)
    assert answer.refusal is Refusal.SOURCE_INVALID
