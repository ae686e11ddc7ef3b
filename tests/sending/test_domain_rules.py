"""A rule for a whole domain, and a more exact one for one of its hosts."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import posts
from blog_linkbacks.db import db
from blog_linkbacks.sending import ledger, rules
from blog_linkbacks.sending.rules import RuleError
from blog_linkbacks.sending.tables import Rule
from tests.pages.pages import send, token
from tests.sending.world import Blogger

Login = Callable[[str], FlaskClient]
NOTES, SHOP, OTHER = "http://notes.garden.example.com/", "http://shop.example.com/", "http://example.org/"
PAGE = "/admin/sent/sites"


def _states(blogger: Blogger) -> dict[str, str]:
    return {row.target_url: row.state for row in blogger.rows()}


def _publish(blogger: Blogger, *targets: str, words: str = "Read") -> None:
    body = " ".join(f"{words} [x]({target})" for target in targets)
    with blogger.app.app_context():
        known = blogger._post_id("soil")
        posts.save(posts.Draft("Soil", body, slug="soil"), post_id=known, publish=True)


def _set(blogger: Blogger, site: str, rule: Rule, *, whole: bool = False) -> str:
    with blogger.app.app_context():
        return rules.set_rule(site, rule, whole=whole)


@pytest.mark.parametrize("site", ["https://notes.garden.example.com/a", "*.example.com", "www.example.com"])
def test_a_domain_rule_holds_for_all_its_hosts(blogger: Blogger, site: str) -> None:
    assert _set(blogger, site, Rule.NEVER, whole=True) == "*.example.com"
    _publish(blogger, NOTES, SHOP, "http://example.com/", OTHER)
    assert list(_states(blogger).values()) == ["cancelled"] * 3 + ["queued"]
    assert blogger.rows()[0].response == "Not told: you chose never to tell any site of example.com."


def test_the_more_exact_rule_wins_in_either_order(blogger: Blogger) -> None:
    _set(blogger, "example.com", Rule.NEVER, whole=True)
    _set(blogger, "shop.example.com", Rule.ALWAYS)
    _set(blogger, NOTES, Rule.ASK)
    _set(blogger, "example.com", Rule.NEVER, whole=True)
    _publish(blogger, NOTES, SHOP)
    assert _states(blogger) == {NOTES: "ask", SHOP: "queued"}


def test_a_rule_for_a_host_alone_leaves_its_domain_be(blogger: Blogger) -> None:
    _set(blogger, "example.com", Rule.NEVER)
    _publish(blogger, "http://example.com/", SHOP)
    assert list(_states(blogger).values()) == ["cancelled", "queued"]


def test_what_waits_follows_a_domain_rule_but_for_hosts_with_their_own(blogger: Blogger) -> None:
    _publish(blogger, NOTES, SHOP, OTHER)
    _set(blogger, SHOP, Rule.ASK)
    _set(blogger, "example.com", Rule.NEVER, whole=True)
    assert _states(blogger) == {NOTES: "cancelled", SHOP: "ask", OTHER: "queued"}


def test_taking_a_rule_back_gives_way_to_the_wider_one(blogger: Blogger) -> None:
    _set(blogger, "example.com", Rule.ASK, whole=True)
    _set(blogger, SHOP, Rule.ALWAYS)
    _publish(blogger, SHOP, NOTES)
    with blogger.app.app_context():
        rules.forget("shop.example.com")
    assert _states(blogger) == {SHOP: "ask", NOTES: "ask"}
    with blogger.app.app_context():
        rules.forget("*.example.com")
    assert _states(blogger) == {SHOP: "queued", NOTES: "queued"}


def test_never_for_a_domain_holds_against_a_button(blogger: Blogger) -> None:
    _set(blogger, "example.com", Rule.NEVER, whole=True)
    _publish(blogger, NOTES)
    with blogger.app.app_context(), pytest.raises(RuleError, match=r"any site of example\.com"):
        ledger.resend(blogger.row().id)


@pytest.mark.parametrize("site", ["127.0.0.2", "[2001:db8::1]", "localhost", "co.uk", "github.io"])
def test_what_many_share_is_no_domain(blogger: Blogger, site: str) -> None:
    with pytest.raises(RuleError, match="not part of a domain of one owner"):
        _set(blogger, site, Rule.NEVER, whole=True)


def test_a_host_that_others_share_has_a_domain_of_its_own(blogger: Blogger) -> None:
    assert _set(blogger, "ida.github.io", Rule.NEVER, whole=True) == "*.ida.github.io"
    with blogger.app.app_context():
        assert rules.rule_for(db.session(), "mo.github.io") is Rule.ALWAYS


def test_more_hosts_than_a_statement_takes(blogger: Blogger) -> None:
    _set(blogger, "h39999.example", Rule.NEVER)
    with blogger.app.app_context():
        held = rules.rulings(db.session(), {f"h{number}.example" for number in range(40_000)})
    assert [host for host, ruling in held.items() if ruling.rule is Rule.NEVER] == ["h39999.example"]


def test_a_domain_rule_is_set_listed_and_taken_back_on_the_page(login: Login, blogger: Blogger) -> None:
    ida = login("ida")
    assert send(ida, PAGE, site="notes.example.com", rule="never", whole="y").status_code == 303
    assert "any site of example.com" in ida.get(PAGE).text
    assert send(ida, PAGE, site="localhost", rule="never", whole="y").status_code == 422
    back = {"csrf_token": token(ida.get(PAGE)), "site": "*.example.com"}
    assert ida.post(f"{PAGE}/forget", data=back).status_code == 303
    assert "Exceptions" not in ida.get(PAGE).text
    assert ida.post(f"{PAGE}/forget", data={**back, "site": "two words"}).status_code == 400
    assert login("mo").post(f"{PAGE}/forget", data=back).status_code in (400, 403)


def test_a_domain_rule_is_chosen_beside_a_link(login: Login, blogger: Blogger) -> None:
    ida = login("ida")
    fields = {"csrf_token": token(ida.get("/admin/posts/new")), "body": f"[x]({NOTES}) [y]({OTHER})"}
    page = LexborHTMLParser(ida.post("/admin/posts/preview", data=fields).text)
    values = [node.attributes["value"] for node in page.css("#rule-1 option")]
    assert "*.example.com never" in values
    ida.post("/admin/posts/preview", data={**fields, "rule": "*.example.com never"})
    with blogger.app.app_context():
        assert rules.ruling(db.session(), "notes.garden.example.com").name == "*.example.com"
