"""Verify, score, decide, record: what a check of one linkback leaves behind."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, current_app

from blog_linkbacks import facts, intake, leases, pipeline
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Decision, Linkback, SiteRule
from blog_linkbacks.moderation import actions, decisions
from blog_linkbacks.scoring.total import logistic
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal
from tests.conftest import BASE
from tests.support.akismet import AkismetServer
from tests.support.pages import article, own_words, without_link
from tests.support.web import Answer, Request, Web

POST = f"{BASE}/posts/no-dig-beds"


@pytest.fixture(scope="module")
def akismet() -> Iterator[AkismetServer]:
    with AkismetServer() as server:
        yield server


@pytest.fixture
def environ(environ: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    if "akismet" not in request.fixturenames:
        return environ
    server = request.getfixturevalue("akismet")
    return {**environ, "LINKBACKS_AKISMET_KEY": "a1b2c3", "LINKBACKS_AKISMET_URL": server.url}


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def received(source: str, kind: Kind = Kind.WEBMENTION, **claimed: str) -> Linkback:
    receipt = intake.receive(Claim(kind, source, POST, sender_ip="127.0.0.2", **claimed))
    assert isinstance(receipt, Receipt)
    return fresh(receipt.linkback_id)


def fresh(linkback_id: int) -> Linkback:
    return db.session.get_one(Linkback, linkback_id, populate_existing=True)


def test_a_link_that_is_there_is_held_with_signals_that_add_up(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    assert pipeline.process(linkback.id) is None
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.decided_by, linkback.due_at) == ("pending", "policy:hold", None)
    assert linkback.score is not None
    total = sum(signal.opinion.contribution for signal in linkback.signals)
    assert linkback.score == pytest.approx(logistic(total), abs=1e-12)
    assert (linkback.lifted_author, linkback.anchor) == ("Mina Park", "this piece")
    assert linkback.evidence is not None
    assert linkback.evidence["status"] == 200


def test_no_link_is_unverified_with_the_reason(web: Web) -> None:
    linkback = received(web.route("/a", without_link(POST)))
    refused = pipeline.process(linkback.id)
    assert refused is not None
    assert refused.refusal is Refusal.NO_LINK
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.due_at) == ("unverified", None)
    assert linkback.reason == refused.message


def test_the_excerpt_that_a_trackback_did_not_give_is_short_and_cut_between_words(web: Web) -> None:
    source = web.route("/a", f'<p>{"word " * 60}<a href="{POST}">here</a>.')
    linkback = received(source, Kind.TRACKBACK)
    pipeline.process(linkback.id)
    excerpt = fresh(linkback.id).excerpt
    assert 240 < len(excerpt) <= 255
    assert set(excerpt.removesuffix("…").split()) == {"word"}


def test_a_failing_server_is_looked_at_again_later(web: Web) -> None:
    source = web.route("/a", "down", status=503)
    linkback = received(source)
    refused = pipeline.process(linkback.id)
    assert refused is not None
    assert refused.refusal is Refusal.SOURCE_FAILING
    linkback = fresh(linkback.id)
    assert linkback.status == "unverified"
    assert linkback.due_at is not None
    assert timedelta(0) < linkback.due_at - now() <= timedelta(minutes=3)

    web.route("/a", article(POST))
    pipeline.process(linkback.id)
    assert (fresh(linkback.id).status, fresh(linkback.id).due_at) == ("pending", None)


def test_work_in_other_hands_is_left_alone(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    assert leases.claim(Linkback, linkback.id) is not None
    assert pipeline.process(linkback.id) is None
    assert web.requests == []
    assert fresh(linkback.id).status == "received"


def test_a_lease_of_a_process_that_is_gone_is_free_again(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    leases.claim(Linkback, linkback.id)
    with writing() as session:
        held = session.get_one(Linkback, linkback.id)
        host = (held.lease_by or "").split("|")[0]
        held.lease_by = f"{host}|999999999|12345|1"
    leases.release_dead(Linkback)
    assert list(leases.due(Linkback)) == [linkback.id]
    pipeline.process(linkback.id)
    assert fresh(linkback.id).status == "pending"


def test_a_person_who_was_faster_keeps_the_last_word(web: Web) -> None:
    ana = find_user("ana")
    assert ana is not None

    def marked_meanwhile(_request: Request) -> Answer:
        with app.app_context():
            decisions.act(linkback.id, actions.SPAM, ana)
        return Answer(article(POST))

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    linkback = received(web.answer("/a", marked_meanwhile))
    pipeline.process(linkback.id)
    assert (fresh(linkback.id).status, fresh(linkback.id).decided_by) == ("spam", "ana")


@pytest.mark.parametrize(("action", "status"), [("trust", "approved"), ("block", "spam")])
def test_site_rules_decide(web: Web, action: str, status: str) -> None:
    linkback = received(web.route("/a", article(POST)))
    with writing() as session:
        session.add(SiteRule(host="127.0.0.2", action=action))
    pipeline.process(linkback.id)
    rule = {"trust": "trusted", "block": "blocked"}[action]
    assert (fresh(linkback.id).status, fresh(linkback.id).decided_by) == (status, f"policy:{rule}")


@pytest.mark.parametrize(
    ("page", "status"),
    [
        (Answer(without_link(POST)), "gone"),
        (Answer("", 410), "gone"),
        (Answer("down", 503), "approved"),
        (Answer("", 404), "approved"),
        (Answer(article(POST)), "approved"),
    ],
)
def test_an_approved_mention_sent_again(web: Web, page: Answer, status: str) -> None:
    linkback = received(web.route("/a", article(POST)))
    pipeline.process(linkback.id)
    ana = find_user("ana")
    assert ana is not None
    decisions.act(linkback.id, actions.APPROVE, ana)
    web.answer("/a", lambda _request: page)
    received(web.url("/a"))
    pipeline.process(linkback.id)
    assert fresh(linkback.id).status == status


def test_a_link_that_returns_brings_the_mention_back(web: Web) -> None:
    test_an_approved_mention_sent_again(web, Answer(without_link(POST)), "gone")
    web.route("/a", article(POST))
    linkback = received(web.url("/a"))
    pipeline.process(linkback.id)
    assert (fresh(linkback.id).status, fresh(linkback.id).decided_by) == ("approved", "policy:returned")


def test_a_changed_text_of_an_approved_mention_is_staged_not_swapped(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    pipeline.process(linkback.id)
    ana = find_user("ana")
    assert ana is not None
    decisions.act(linkback.id, actions.APPROVE, ana)
    web.route("/a", article(POST, anchor="cheap pills"))
    received(web.url("/a"))
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.anchor) == ("approved", "this piece")
    assert linkback.staged is not None
    assert linkback.staged["sentence"]["link"] == "cheap pills"


def signal(linkback: Linkback, name: str) -> str:
    return next(s.detail for s in linkback.signals if s.name == name)


def test_akismet_says_spam(akismet: AkismetServer, web: Web) -> None:
    akismet.answer = "spam"
    linkback = received(web.route("/a", article(POST)))
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert linkback.status == "spam"
    assert "Akismet" in signal(linkback, "akismet")


def test_akismet_is_down_so_it_is_held_and_asked_again(akismet: AkismetServer, web: Web) -> None:
    akismet.answer = "error"
    linkback = received(web.route("/a", article(POST)))
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert linkback.status == "pending"
    assert "could not be asked" in signal(linkback, "akismet")
    assert linkback.due_at is not None

    akismet.answer = "spam"
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.due_at) == ("spam", None)
    kinds = [(d.from_status, d.to_status) for d in db.session.query(Decision).order_by(Decision.id)]
    assert kinds == [("received", "pending"), ("pending", "spam")]


def test_without_a_key_akismet_reports_not_configured(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    pipeline.process(linkback.id)
    assert "not configured" in signal(fresh(linkback.id), "akismet")


def gone(web: Web) -> int:
    test_an_approved_mention_sent_again(web, Answer(without_link(POST)), "gone")
    return received(web.url("/a")).id


def test_other_words_with_a_link_that_returns_are_staged(web: Web) -> None:
    linkback_id = gone(web)
    web.route("/a", article(POST, anchor="cheap pills"))
    pipeline.process(linkback_id)
    linkback = fresh(linkback_id)
    assert (linkback.status, linkback.anchor) == ("approved", "this piece")
    assert linkback.staged is not None


def test_a_link_that_returns_to_a_blocked_site_stays_gone(web: Web) -> None:
    linkback_id = gone(web)
    with writing() as session:
        session.add(SiteRule(host="127.0.0.2", action="block"))
    web.route("/a", article(POST))
    pipeline.process(linkback_id)
    assert fresh(linkback_id).status == "gone"


def test_a_person_who_moves_it_back_meanwhile_has_the_last_word_over_a_trusted_site(web: Web) -> None:
    linkback = received(web.route("/a", article(POST)))
    with writing() as session:
        session.add(SiteRule(host="127.0.0.2", action="trust"))
    pipeline.process(linkback.id)
    ana, app = find_user("ana"), current_app._get_current_object()  # type: ignore[attr-defined]
    assert ana is not None

    def moved_back(_request: Request) -> Answer:
        with app.app_context():
            decisions.act(linkback.id, actions.WAIT, ana)
        return Answer(article(POST))

    received(web.answer("/a", moved_back))
    pipeline.process(linkback.id)
    assert (fresh(linkback.id).status, fresh(linkback.id).decided_by) == ("pending", "ana")


def test_an_approval_that_was_taken_back_is_remembered_of_the_site(web: Web) -> None:
    ana = find_user("ana")
    assert ana is not None
    first = received(web.route("/first", article(POST)))
    pipeline.process(first.id)
    made = decisions.act(first.id, actions.APPROVE, ana)
    decisions.undo(made.id, ana)
    second = received(web.route("/second", article(POST)))
    pipeline.process(second.id)
    (site,) = [signal for signal in fresh(second.id).signals if signal.name == "history.site"]
    assert "1 taken back" in site.detail or "new here" in site.detail
    assert facts.job(second.id).history.undone == 1


def test_a_link_shown_only_to_us_is_proof(web: Web) -> None:
    def answer(request: Request) -> Answer:
        body = own_words(POST) if "Blog-Linkbacks" in request.headers["user-agent"] else without_link(POST)
        return Answer(body, headers={"Content-Type": "text/html"})

    linkback = received(web.answer("/cloaked", answer))
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.decided_by) == ("spam", "policy:clear_spam")


def test_a_long_honest_text_is_published_by_itself_after_a_second_look(web: Web) -> None:
    linkback = received(web.route("/long", own_words(POST)))
    pipeline.process(linkback.id)
    linkback = fresh(linkback.id)
    assert (linkback.status, linkback.decided_by) == ("approved", "policy:clear_ham")
    said = next(signal.detail for signal in linkback.signals if signal.name == "link.shown")
    assert said == "The link is there for ordinary readers too."
    agents = [request.headers["user-agent"] for request in web.seen("/long")]
    assert len(agents) == 2
    assert agents[0].startswith("Blog-Linkbacks")
    assert agents[1].startswith("Mozilla/")
