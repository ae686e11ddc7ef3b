"""Rules for linking sites: what they decide at once, from then on, and how they are taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Decision, site_rule
from blog_linkbacks.moderation import rules
from tests.moderation.world import arrive, keep, send, status
from tests.support.web import Web

Login = Callable[[str], FlaskClient]


def test_trust_approves_what_waits_from_the_host_and_nothing_else(app: Flask) -> None:
    waiting, other = keep(app, "https://a.example/1"), keep(app, "https://b.example/1")
    with app.app_context():
        applied = rules.set_rule("A.example", "trust")
        assert applied.report.done == (waiting,)
        decision = db.session.scalars(select(Decision).where(Decision.batch == applied.report.batch)).one()
        assert decision.by == "policy:trusted"
    assert (status(app, waiting), status(app, other)) == ("approved", "pending")


def test_a_rule_for_a_domain_holds_for_all_below_it(app: Flask) -> None:
    below = keep(app, "https://blog.site.example/1")
    with app.app_context():
        rules.set_rule("site.example", "block")
    assert status(app, below) == "spam"


def test_the_more_exact_host_keeps_its_own_rule(app: Flask) -> None:
    good = keep(app, "https://good.site.example/1")
    with app.app_context():
        rules.set_rule("good.site.example", "trust")
        rules.set_rule("site.example", "block")
        assert site_rule("good.site.example") == "trust"
    assert status(app, good) == "approved"


def test_the_rule_decides_later_arrivals(app: Flask, web: Web) -> None:
    with app.app_context():
        rules.set_rule("127.0.0.2", "trust")
    assert status(app, arrive(app, web)) == "approved"


def test_a_rule_ends_with_its_date(app: Flask) -> None:
    with app.app_context():
        rules.set_rule("a.example", "block", until=now() - timedelta(seconds=1))
        assert site_rule("a.example") == ""
        assert rules.listing() == []


def test_clearing_says_whether_there_was_a_rule(app: Flask) -> None:
    with app.app_context():
        rules.set_rule("a.example", "block")
        assert rules.clear_rule("a.example") is True
        assert rules.clear_rule("a.example") is False
        assert site_rule("a.example") == ""


@pytest.mark.parametrize("host", ["", " ", "a b", "http://", "user@a.example", "-", "x" * 3000])
def test_what_is_no_host_is_refused(app: Flask, host: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match="no host name"):
        rules.set_rule(host, "trust")


def test_an_unknown_action_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="trusted or blocked"):
        rules.set_rule("a.example", "love")


def test_a_whole_address_is_taken_for_its_host(app: Flask) -> None:
    with app.app_context():
        assert rules.set_rule("https://Gärten.example/x?y", "trust").host == "xn--grten-gra.example"


def test_blocking_from_the_queue_answers_with_the_rows_of_the_page(app: Flask, login: Login) -> None:
    here, gone = keep(app, "https://a.example/1"), keep(app, "https://a.example/2")
    answer = send(
        login("mo"), "/admin/sites/a.example/rules", htmx=True, action="block", **{f"version-{here}": 2}
    )
    assert "a.example is blocked. Marked as spam 2 that waited." in answer.text
    assert f'id="linkback-{here}"' in answer.text
    assert f'id="linkback-{gone}"' not in answer.text


def test_undoing_a_rule_takes_back_the_rule_and_its_decisions(app: Flask, login: Login) -> None:
    waiting = keep(app, "https://a.example/1")
    client = login("mo")
    send(client, "/admin/sites/a.example/rules", action="trust")
    with app.app_context():
        batch = db.session.scalar(select(Decision.batch).where(Decision.rule == "trusted"))
    answer = send(client, "/admin/sites/a.example/rules", htmx=True, action="undo", batch=batch)
    assert "Taken back: 1." in answer.text
    assert status(app, waiting) == "pending"
    with app.app_context():
        assert site_rule("a.example") == ""


def test_undoing_a_rule_puts_back_the_one_before_with_its_date(app: Flask, login: Login) -> None:
    until = now() + timedelta(days=3)
    with app.app_context():
        rules.set_rule("a.example", "block", until=until)
    client = login("mo")
    page = send(client, "/admin/sites/a.example/rules", htmx=True, action="trust").text
    assert 'name="was" value="block"' in page
    send(client, "/admin/sites/a.example/rules", action="undo", was="block", until=str(until), batch="none")
    with app.app_context():
        (rule,) = rules.listing()
        assert (rule.action, rule.until) == ("block", until)


def test_the_sites_page_counts_by_status_and_shows_rules(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/1")
    keep(app, "https://a.example/2")
    client = login("mo")
    answer = send(client, "/admin/sites/a.example/rules", action="trust", next="/admin/sites")
    assert (answer.status_code, answer.location) == (303, "/admin/sites")
    html = client.get("/admin/sites").text
    assert "a.example is trusted. Approved 2 that waited." in html
    assert 'q=a.example">2</a>' in html
    assert "Trusted" in html


def test_sites_come_page_by_page_and_can_be_searched(app: Flask, login: Login) -> None:
    for n in range(55):
        keep(app, f"https://site{n:02}.example/")
    with app.app_context():
        first, more = rules.sites()
        second, end = rules.sites(more)
        assert (len(first), len(second), end) == (50, 5, "")
        assert [site.host for site in rules.sites(q="site07")[0]] == ["site07.example"]


def test_a_bad_host_or_verb_over_http_is_refused(login: Login) -> None:
    client = login("mo")
    assert send(client, "/admin/sites/a%20b/rules", action="trust").status_code == 400
    assert send(client, "/admin/sites/a.example/rules", action="love").status_code == 400
    assert send(client, "/admin/sites/a.example/rules", action="undo", until="x").status_code == 400
