"""The sites that link here: their list, and the dossier of one."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import decisions, past, rules, sites
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.dossier import Dossier, dossier
from blog_linkbacks.vocabulary import Status
from tests.conftest import publish
from tests.moderation.test_rules import mo
from tests.moderation.world import keep, send
from tests.support.statements import counting

Login = Callable[[str], FlaskClient]


def test_the_sites_page_counts_by_status_and_shows_rules(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/1")
    keep(app, "https://a.example/2")
    client = login("mo")
    answer = send(client, "/admin/sites/a.example/rules", action="block", next="/admin/sites")
    assert (answer.status_code, answer.location) == (303, "/admin/sites")
    html = client.get("/admin/sites").text
    assert "a.example is blocked. Marked as spam 2 that waited." in html
    assert "/admin/linkbacks?status=spam&amp;site=a.example" in html
    assert "Rules in force" in html


def test_sites_come_page_by_page_and_can_be_searched(app: Flask) -> None:
    for n in range(55):
        keep(app, f"https://site{n:02}.example/")
    with app.app_context():
        first, more = sites.listing()
        second, end = sites.listing(more)
        assert (len(first), len(second), end) == (50, 5, "")
        assert [site.host for site in sites.listing(q="site07")[0]] == ["site07.example"]


def test_sites_come_by_what_waits_of_theirs(app: Flask) -> None:
    for n in range(3):
        keep(app, f"https://much.example/{n}")
    for n in range(60):
        keep(app, f"https://site{n:02}.example/")
    keep(app, "https://done.example/", status=Status.APPROVED)
    with app.app_context():
        first, more = sites.listing(order=sites.Order.WAITING)
        second, end = sites.listing(more, order=sites.Order.WAITING)
        names = [site.host for site in [*first, *second]]
        assert (names[0], len(names), len(set(names)), end) == ("much.example", 61, 61, "")
        assert "done.example" not in names


def test_the_sites_page_takes_an_international_name(app: Flask, login: Login) -> None:
    keep(app, "https://xn--grten-gra.example/1")
    for q in ("gärten", "gärten.example", "grten"):
        assert "gärten.example" in login("mo").get(f"/admin/sites?q={q}").text


def test_a_dossier_tells_what_was_linked_and_decided(app: Flask, login: Login) -> None:
    first = keep(app, "https://blog.a.example/1", sender_ip="192.0.2.9")
    keep(app, "https://a.example/2")
    with app.app_context():
        decisions.act(first, ACTIONS["reject"], mo(), reason="Off topic")
    page = login("mo").get("/admin/sites/a.example").text
    for words in ("blog.a.example", "192.0.2.9", "Rejected by mo", "Off topic", "1 waits for you"):
        assert words in page
    assert "No post links there." in page


def test_a_dossier_tells_what_is_linked_there(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/2")
    publish(app, "Friends", "My [friend](https://a.example/about) writes.")
    page = login("mo").get("/admin/sites/a.example").text
    assert "https://a.example/about" in page
    assert "Friends" in page


def test_a_dossier_pages_through_what_was_linked(app: Flask) -> None:
    for n in range(53):
        keep(app, f"https://a.example/{n}")
    with app.app_context():
        first = dossier("a.example")
        second = dossier("a.example", before=first.older)
        assert (len(first.linkbacks), len(second.linkbacks), second.older) == (50, 3, None)
        assert dossier("a.example", status=Status.SPAM).linkbacks == []


def test_a_dossier_of_a_host_is_that_of_its_site(app: Flask, login: Login) -> None:
    keep(app, "https://blog.a.example/1")
    assert login("mo").get("/admin/sites/blog.a.example").location == "/admin/sites/a.example"


def test_there_is_no_dossier_of_a_site_that_nothing_is_known_of(app: Flask, login: Login) -> None:
    assert login("mo").get("/admin/sites/never.example").status_code == 404
    assert login("mo").get("/admin/sites/a%20b").status_code == 400
    with app.app_context(), pytest.raises(LookupError):
        dossier("never.example")


def test_a_rule_alone_makes_a_dossier(app: Flask) -> None:
    with app.app_context():
        rules.set_rule("www.new.example", "block")
        assert [rule.host for rule in dossier("new.example").rules] == ["www.new.example"]


def test_a_dossier_costs_the_same_however_much_there_is(app: Flask) -> None:
    keep(app, "https://a.example/0")
    one = _queries(app)
    for n in range(1, 60):
        keep(app, f"https://h{n}.a.example/{n}", sender_ip=f"192.0.2.{n}")
    assert _queries(app) == one <= 10


def _queries(app: Flask) -> int:
    with app.app_context():
        with counting(app) as heard:
            found: Dossier = dossier("a.example")
            assert [row.post.title for row in found.linkbacks]
        with writing() as session:
            assert session.get(Linkback, 1) is not None
    return len([statement for statement in heard if statement != "BEGIN"])


def test_a_site_of_which_all_was_deleted_still_has_its_numbers(app: Flask, login: Login) -> None:
    gone = {
        "value": "a.example",
        "spam": 1200,
        "unverified": 3,
        "undone": 0,
        "first_at": now(),
        "last_at": now(),
    }
    with app.app_context(), writing() as session:
        past.add(session, past.SITE, [gone])
    page = login("mo").get("/admin/sites/a.example")
    assert page.status_code == 200
    assert "1,200 spam, 3 unverified" in page.text
    assert "It has not linked here." not in page.text
