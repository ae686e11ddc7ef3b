"""While a post is written: what each of its links will be told, and the author's right to say no."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from blog_linkbacks.db import db
from blog_linkbacks.sending import rules
from blog_linkbacks.sending.tables import Delivery, Rule
from tests.conftest import BASE
from tests.pages.pages import only, read, send, token, words
from tests.support.web import Web

Login = Callable[[str], FlaskClient]
NEW = "/admin/posts/new"
REACH = "/admin/posts/reach"


def test_each_link_says_what_becomes_of_it(login: Login) -> None:
    body = f"[a](/posts/no-dig-beds) [b]({BASE}/posts/never-was) [c](/tags/x) [d](http://far.example/) [d](http://far.example/)"
    badges = _preview(login("ida"), body)
    assert badges == {
        f"{BASE}/posts/no-dig-beds": "yours: becomes related",
        f"{BASE}/posts/never-was": "yours: no published post there",
        f"{BASE}/tags/x": "your own page",
        "Tell http://far.example/": "asked on publishing",
    }


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        ('<link rel="webmention" href="/wm"><link rel="pingback" href="http://127.0.0.2/rpc">', "webmention"),
        ('<link rel="pingback" href="http://127.0.0.2/rpc">', "pingback"),
        ("", "takes none"),
    ],
)
def test_a_page_elsewhere_is_asked_once_what_it_takes(login: Login, web: Web, head: str, answer: str) -> None:
    url = web.route(
        "/page", f"<html><head>{head}</head><body>Hi</body></html>", headers={"Content-Type": "text/html"}
    )
    ida = login("ida")
    for _ in range(2):
        assert words(only(_parsed(ida, url), ".badge")) == answer
    assert len(web.seen("/page", "GET")) == 1
    named = url if answer == "takes none" else f"Tell {url}"
    assert _preview(ida, f"[x]({url})") == {named: answer}


@pytest.mark.parametrize("told", [True, False])
def test_where_a_page_takes_none_there_is_nothing_to_choose_and_the_choice_stays(
    login: Login, web: Web, told: bool
) -> None:
    url, ida = web.route("/page", "<p>Hi"), login("ida")
    _parsed(ida, url)
    fields = {"csrf_token": token(ida.get(NEW)), "body": f"[x]({url})", "linked": url}
    page = LexborHTMLParser(
        ida.post("/admin/posts/preview", data=fields | ({"tell": url} if told else {})).text
    )
    assert page.css("[type=checkbox], select") == []
    assert only(page, "input[name=linked]").attributes["value"] == url
    assert [node.attributes["value"] for node in page.css("input[name=tell]")] == [url] * told


def test_a_site_that_asks_first_keeps_its_rule_in_reach(app: Flask, login: Login, web: Web) -> None:
    url, ida = web.route("/page", "<p>Hi"), login("ida")
    with app.app_context():
        rules.set_rule(url, Rule.ASK)
    assert words(only(_parsed(ida, url), ".badge")) == "takes none, asks first"
    assert _preview(ida, f"[x]({url})") == {f"Tell {url}": "takes none, asks first"}


def test_a_page_that_may_not_be_reached_says_so(login: Login) -> None:
    assert words(only(_parsed(login("ida"), "http://10.0.0.1/"), ".badge")) == "cannot be told"


@pytest.mark.parametrize("url", ["", "ftp://x.example/", "javascript:alert(1)", f"{BASE}/posts/no-dig-beds"])
def test_only_pages_elsewhere_are_asked(login: Login, url: str) -> None:
    assert login("ida").get(REACH, query_string={"url": url}).status_code == 400


def test_strangers_and_moderators_cannot_have_pages_asked(
    client: FlaskClient, login: Login, web: Web
) -> None:
    url = web.route("/page", "Hi")
    assert client.get(REACH, query_string={"url": url}).status_code in (302, 303)
    assert login("mo").get(REACH, query_string={"url": url}).status_code == 403
    assert not web.seen("/page")


def test_an_unticked_link_is_not_told(app: Flask, login: Login) -> None:
    said, unsaid = "http://said.example/", "http://unsaid.example/"
    fields = {"title": "Links", "body": f"[a]({said}) [b]({unsaid})", "action": "publish"}
    ida = login("ida")
    fields |= {"csrf_token": token(ida.get(NEW))}
    answer = ida.post(NEW, data={**fields, "linked": [said, unsaid], "tell": [said]})
    assert answer.status_code == 303
    with app.app_context():
        states = {row.target_url: row.state for row in db.session.scalars(select(Delivery))}
    assert states == {said: "queued", unsaid: "cancelled"}


def test_an_unticked_link_stays_unticked_in_the_preview(login: Login) -> None:
    ida = login("ida")
    url = "http://far.example/"
    fields = {
        "csrf_token": token(ida.get(NEW)),
        "body": f"[a]({url}) [b](http://new.example/)",
        "linked": url,
    }
    page = LexborHTMLParser(ida.post("/admin/posts/preview", data=fields).text)
    ticks = {node.attributes["value"]: "checked" in node.attributes for node in page.css("input[name=tell]")}
    assert ticks == {url: False, "http://new.example/": True}


def test_after_publishing_the_editor_shows_what_was_told(login: Login) -> None:
    ida = login("ida")
    send(ida, NEW, title="Links", body="[a](http://far.example/)", action="publish")
    page = read(ida, "/admin/posts/3")
    assert words(only(page, ".outlink .badge")) in ("waits to be told", "not told")
    assert not page.css(".outlink input[type=checkbox]")


def _preview(client: FlaskClient, body: str) -> dict[str, str]:
    answer = client.post("/admin/posts/preview", data={"csrf_token": token(client.get(NEW)), "body": body})
    rows = LexborHTMLParser(answer.text).css(".outlink")
    return {words(row.css(".outlink-url")[0]): words(row.css(".badge")[0]) for row in rows}


def _parsed(client: FlaskClient, url: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(REACH, query_string={"url": url}).text)


def test_a_footnote_is_no_link(login: Login) -> None:
    ida = login("ida")
    fields = {
        "csrf_token": token(ida.get(NEW)),
        "body": "A note[^1] and [beds](/posts/no-dig-beds).\n\n[^1]: Yes.",
    }
    answer = ida.post("/admin/posts/preview", data=fields)
    assert "1 link<" in answer.text
    assert "#fn" not in only(LexborHTMLParser(answer.text), "#outlinks").text()
