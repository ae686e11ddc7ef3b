"""Sites that are told, asked about first, or never told."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from blog_linkbacks.db import db
from blog_linkbacks.sending import delivery, ledger, rules, trackbacks
from blog_linkbacks.sending.rules import RuleError
from blog_linkbacks.sending.tables import Rule
from tests.pages.pages import send
from tests.sending.world import Blogger, fixed, in_turn, receiver
from tests.support.web import Answer, Web

Login = Callable[[str], FlaskClient]
HOST = "127.0.0.2"


def _set(blogger: Blogger, rule: Rule, site: str = HOST) -> None:
    with blogger.app.app_context():
        rules.set_rule(site, rule)


def _send(blogger: Blogger) -> None:
    with blogger.app.app_context():
        delivery.process(ledger.resend(blogger.rows()[-1].id).id)


def test_a_site_without_a_rule_is_told(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.NEVER, "other.example")
    blogger.write(receiver(web, fixed("", 202)))
    assert blogger.states() == ["delivered"]


def test_never_gives_the_notice_up_and_says_why(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.NEVER)
    blogger.write(receiver(web, fixed("", 202)))
    blogger.write(receiver(web, fixed("", 202)), words="Changed")
    assert (blogger.row().state, blogger.row().response) == (
        "cancelled",
        "Not told: you chose never to tell 127.0.0.2.",
    )
    assert web.requests == []


def test_never_holds_against_a_button(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.NEVER)
    blogger.write(receiver(web, fixed("", 202)))
    with pytest.raises(RuleError, match="Change that first"):
        _send(blogger)
    assert web.requests == []


def test_ask_waits_until_someone_sends_it(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.ASK)
    page = receiver(web, fixed("", 202))
    blogger.write(page)
    blogger.write(page, words="Changed")
    blogger.again()
    assert (blogger.states(), web.requests) == (["ask"], [])
    assert "you want to be asked before 127.0.0.2 is told" in blogger.row().response
    _send(blogger)
    assert (blogger.states(), len(web.seen("/wm"))) == (["delivered"], 1)


def test_ask_asks_for_every_change(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.ASK)
    page = receiver(web, fixed("", 202))
    blogger.write(page)
    _send(blogger)
    blogger.write(page, words="Changed")
    assert (blogger.states(), len(web.seen("/wm"))) == (["delivered", "ask"], 1)
    blogger.write()
    assert [(row.state, row.linked) for row in blogger.rows()] == [("delivered", True), ("ask", False)]


def test_what_asks_first_is_dropped_with_its_link(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.ASK)
    blogger.write(receiver(web, fixed("", 202)))
    blogger.write()
    assert blogger.states() == ["cancelled"]


@pytest.mark.parametrize(("rule", "state"), [(Rule.NEVER, "cancelled"), (Rule.ASK, "ask")])
def test_a_rule_stops_what_waits(blogger: Blogger, web: Web, rule: Rule, state: str) -> None:
    blogger.write(receiver(web, fixed("", 500)))
    _set(blogger, rule)
    blogger.again()
    assert (blogger.states(), len(web.seen("/wm"))) == ([state], 1)


def test_what_asked_first_goes_out_when_the_site_is_always_told(blogger: Blogger, web: Web) -> None:
    _set(blogger, Rule.ASK)
    blogger.write(receiver(web, fixed("", 202)))
    _set(blogger, Rule.ALWAYS)
    blogger.again(later=False)
    assert blogger.states() == ["delivered"]


def test_after_never_the_next_save_tells(blogger: Blogger, web: Web) -> None:
    page = receiver(web, fixed("", 202))
    _set(blogger, Rule.NEVER)
    blogger.write(page)
    _set(blogger, Rule.ALWAYS)
    blogger.write(page)
    assert blogger.states() == ["cancelled", "delivered"]


def test_a_removal_that_was_kept_back_is_told_later(blogger: Blogger, web: Web) -> None:
    page = receiver(web, fixed("", 202))
    blogger.write(page)
    _set(blogger, Rule.NEVER)
    blogger.write()
    blogger.write(words="Other")
    assert blogger.states() == ["delivered", "cancelled"]
    _set(blogger, Rule.ALWAYS)
    blogger.write(words="More")
    assert blogger.states() == ["delivered", "cancelled", "delivered"]


def test_a_rule_while_it_is_in_hand_stops_the_next_try(blogger: Blogger, web: Web) -> None:
    page = receiver(web, in_turn(Answer("", 500, delay=0)))
    with blogger.app.app_context():
        row_id = blogger.plan(page)
    web.answer("/wm", lambda request: _set(blogger, Rule.ASK) or Answer("", 500))  # type: ignore[func-returns-value]
    with blogger.app.app_context():
        delivery.process(row_id)
    assert (blogger.row().state, blogger.row().due_at) == ("ask", None)


def test_trackbacks_by_hand_ask_no_more_but_keep_to_never(blogger: Blogger, web: Web) -> None:
    post_id = blogger.write()
    for rule, state in ((Rule.ASK, "queued"), (Rule.NEVER, "cancelled")):
        _set(blogger, rule)
        with blogger.app.app_context():
            trackbacks.send_trackbacks(post_id, [web.url("/tb")], "")
        assert blogger.states()[-1] == state


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("Garden.Example", "garden.example"),
        ("https://www.garden.example:8000/a?b", "garden.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_site_is_named_in_any_spelling(blogger: Blogger, site: str, host: str) -> None:
    with blogger.app.app_context():
        assert rules.set_rule(site, Rule.ASK) == host
        assert rules.rule_for(db.session(), host) is Rule.ASK


@pytest.mark.parametrize("site", ["", "two words", "ftp://a.example", "http://me@a.example/", "a\0b"])
def test_nonsense_is_no_site(blogger: Blogger, site: str) -> None:
    with blogger.app.app_context(), pytest.raises(RuleError):
        rules.set_rule(site, Rule.NEVER)


def test_rules_are_set_and_taken_back_on_their_page(login: Login, blogger: Blogger) -> None:
    ida, page = login("ida"), "/admin/sent/sites"
    assert send(ida, page, site="garden.example", rule="never").status_code == 303
    assert "Never tell" in ida.get(page).text
    assert "by ida" in ida.get(page).text
    assert send(ida, page, site="two words", rule="ask").status_code == 422
    assert send(ida, page, site="garden.example", rule="sometimes").status_code == 422
    assert send(ida, page, site="garden.example", rule="always").status_code == 303
    assert "Exceptions" not in ida.get(page).text
    assert login("mo").get(page).status_code == 403
