"""Which linkbacks the posts take: each switch reaches what is published already, says so, and is obeyed at the door."""

import xmlrpc.client
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks.blog import openness
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Kind
from tests.accounts.browser import Browser
from tests.conftest import BASE, publish
from tests.moderation.world import HTMX, token
from tests.pages.pages import age, close, linkback

PAGE = "/admin/settings/linkbacks"
REACH = "/admin/settings/linkbacks/reach"
TARGET = f"{BASE}/posts/no-dig-beds"
SOURCE = "http://127.0.0.2:9/a"
ALL = dict.fromkeys(Kind, 2)


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> Browser:
    return Browser(login("ana")).open(PAGE)


def pingback(client: FlaskClient) -> tuple[bool, str]:
    """Whether a pingback is refused for the post's sake, and the words."""
    body = xmlrpc.client.dumps((SOURCE, TARGET), "pingback.ping").encode()
    answer = client.post("/xmlrpc", data=body, content_type="text/xml")
    try:
        return False, str(xmlrpc.client.loads(answer.data)[0][0])
    except xmlrpc.client.Fault as fault:
        return fault.faultCode == 33, fault.faultString


def trackback(client: FlaskClient) -> tuple[bool, str]:
    answer = client.post("/posts/no-dig-beds/trackback", data={"url": SOURCE})
    assert answer.status_code < 500
    return "<error>1</error>" in answer.text and "This post takes no" in answer.text, answer.text


def webmention(client: FlaskClient) -> tuple[bool, str]:
    answer = client.post("/webmention", data={"source": SOURCE, "target": TARGET})
    return answer.status_code == 400, answer.text


SENDERS = {Kind.PINGBACK: pingback, Kind.TRACKBACK: trackback, Kind.WEBMENTION: webmention}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_that_is_off_is_refused_in_its_own_manner_and_the_others_are_not(
    app: Flask, ana: Browser, kind: Kind
) -> None:
    ana.send(PAGE, **{f"accept_{kind}s": None})
    refused, words = SENDERS[kind](ana.client)
    assert refused, words
    assert f"This post takes no {kind}s." in words
    for other in set(Kind) - {kind}:
        assert not SENDERS[other](ana.client)[0]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("closed", ["site", "age", "post"])
def test_every_protocol_is_refused_at_a_closed_post_and_nothing_is_kept(
    app: Flask, client: FlaskClient, kind: Kind, closed: str
) -> None:
    with app.app_context():
        preferences.save(accept_linkbacks=closed != "site", close_after=10 if closed == "age" else 0)
    if closed == "post":
        close(app, "no-dig-beds")
    age(app, "no-dig-beds", days=11)
    refused, words = SENDERS[kind](client)
    assert refused, words
    with app.app_context():
        assert db.session.scalars(select(Linkback)).all() == []


def test_what_waits_and_what_is_approved_stays(app: Flask, ana: Browser) -> None:
    linkback(app, "no-dig-beds", source_url="https://a.example/", source_key="a")
    linkback(app, "no-dig-beds", source_url="https://b.example/", source_key="b", status="pending")
    ana.send(PAGE, accept_linkbacks=None)
    with app.app_context():
        assert {row.status for row in db.session.scalars(select(Linkback))} == {"approved", "pending"}
    assert 'id="response-' in ana.client.get("/posts/no-dig-beds").text


def test_the_switch_says_how_many_posts_it_closed_and_opened(ana: Browser) -> None:
    ana.send(PAGE, accept_linkbacks=None).follow()
    assert "Saved. 0 of 2 posts take linkbacks now." in ana.text
    assert "X-Pingback" not in ana.client.get("/posts/no-dig-beds").headers
    ana.send(PAGE, accept_linkbacks="y").follow()
    assert "Saved. 2 of 2 posts take linkbacks now." in ana.text
    assert "X-Pingback" in ana.client.get("/posts/no-dig-beds").headers


def test_the_counts_are_those_of_the_posts_themselves(app: Flask) -> None:
    for number in range(4):
        publish(app, f"Old {number}", "Words.")
        age(app, f"old-{number}", days=100)
    close(app, "old-0")
    age(app, "old-0", days=100)
    with app.app_context():
        site = preferences.save(close_after=100, accept_trackbacks=False)
        counted = openness.posts(site)
        assert (counted.published, counted.switched_on, counted.too_old) == (6, 5, 3)
        assert openness.open_posts(site) == ALL | {Kind.TRACKBACK: 0}


def test_a_look_before_saving_counts_and_saves_nothing(app: Flask, ana: Browser) -> None:
    age(app, "no-dig-beds", days=100)
    sent = {"accept_linkbacks": "y", "accept_pingbacks": "y", "accept_trackbacks": "y", "close_after": "90"}
    sent["csrf_token"] = token(ana.client)
    for headers in (HTMX, {}):
        answer = ana.client.post(REACH, data=sent, headers=headers)
        assert answer.status_code == 200
        assert "Closes 1 of 2 posts to pingbacks." in answer.text
        assert "Closes 2 of 2 posts to webmentions." in answer.text
        assert "1 of 2 posts is closed for being older than 90 days." in answer.text
    with app.app_context():
        assert preferences.site() == preferences.Site()


@pytest.mark.parametrize("days", ["", "-1", "x", "36501", "9" * 5000])
def test_an_age_that_makes_no_sense_is_named_and_nothing_is_saved(
    app: Flask, ana: Browser, days: str
) -> None:
    ana.send(PAGE, close_after=days, accept_linkbacks=None)
    assert ana.page.status_code == 422
    assert "The counts come back" in ana.text
    with app.app_context():
        assert preferences.site() == preferences.Site()


def test_the_form_for_people_says_what_is_closed(app: Flask, client: FlaskClient) -> None:
    address = f"/webmention?target={TARGET}"
    assert 'name="source"' in client.get(address).text
    with app.app_context():
        preferences.save(accept_webmentions=False)
    for path in (address, "/webmention"):
        page = client.get(path).text
        assert 'name="source"' not in page
        assert "takes no webmentions." in page
    close(app, "no-dig-beds")
    assert 'name="source"' not in client.get(address).text
