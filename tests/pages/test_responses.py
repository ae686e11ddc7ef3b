"""Responses on a post's page: approved linkbacks from elsewhere, and nothing that could harm."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.db import db
from tests.pages.pages import close, linkback, only, read, words

POST = "/posts/no-dig-beds"
HOSTILE = '"><script>alert(1)</script>'


def test_a_response_says_who_in_which_sentence_and_how(app: Flask, client: FlaskClient) -> None:
    number = linkback(app, "no-dig-beds", lifted_author="Mina Park", author_url="https://mina.example/")
    page = read(client, POST)
    response = only(page, f"#responses #response-{number}")
    assert words(only(page, ".response-who a.h-card")) == "Mina Park"
    assert only(page, ".response-who a.h-card").attributes["href"] == "https://mina.example/"
    assert only(page, ".response a.u-url").attributes["href"] == "https://garden.example/soil"
    assert words(only(page, ".response-quote")) == "I keep going back to this piece on soil."
    assert only(page, ".response-quote mark").text() == "this piece"
    assert "pingback" in words(response)
    assert words(only(page, "#responses-head")) == "Responses 1"


@pytest.mark.parametrize("status", ["received", "pending", "rejected", "spam", "unverified", "gone"])
def test_only_approved_linkbacks_are_shown(app: Flask, client: FlaskClient, status: str) -> None:
    linkback(app, "no-dig-beds", status=status)
    page = read(client, POST)
    assert not page.css(".response")
    assert "garden.example" not in (page.html or "")


def test_every_outside_link_is_marked_as_not_ours(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds", author_url="https://mina.example/")
    linkback(app, "no-dig-beds", response="like", source_url="https://other.example/", source_key="other")
    links = read(client, POST).css("#responses a[href]")
    assert len(links) == 3
    assert all(set((a.attributes["rel"] or "").split()) == {"ugc", "nofollow", "noopener"} for a in links)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "mailto:a@b.example"]
)
def test_an_author_without_a_web_address_is_linked_to_the_page(
    app: Flask, client: FlaskClient, address: str
) -> None:
    linkback(app, "no-dig-beds", lifted_author="Mina", author_url=address)
    page = read(client, POST)
    assert only(page, ".response-who a.h-card").attributes["href"] == "https://garden.example/soil"
    assert address not in (page.html or "")


def test_hostile_texts_stay_text(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds", lifted_author=HOSTILE, before=HOSTILE, anchor=HOSTILE, after=HOSTILE)
    page = read(client, POST)
    assert not page.css("main script")
    assert only(page, ".response-quote").text() == HOSTILE * 3


def test_likes_reposts_and_bookmarks_are_rows_of_faces(app: Flask, client: FlaskClient) -> None:
    for number, response in enumerate(["like", "like", "repost", "bookmark"]):
        source = f"https://{number}.example/"
        linkback(
            app, "no-dig-beds", response=response, source_url=source, source_key=source, lifted_author="Mina"
        )
    page = read(client, POST)
    labels = [words(node) for node in page.css(".faces-label")]
    assert labels == ["2 likes", "1 repost", "1 bookmark"]
    assert len(page.css(".faces a")) == 4
    assert not page.css(".response, #responses img")
    assert words(only(page, "#responses-head")) == "Responses 4"


def test_a_crowd_is_cut_to_the_latest_and_the_rest_counted(app: Flask, client: FlaskClient) -> None:
    for number in range(103):
        source = f"https://site{number}.example/"
        linkback(app, "no-dig-beds", source_url=source, source_key=source, lifted_author=f"Writer {number}")
    page = read(client, POST)
    names = [words(node) for node in page.css(".response-who bdi")]
    assert names == [f"Writer {number}" for number in range(3, 103)]
    assert "3 earlier responses are not shown." in words(only(page, "#responses"))
    assert words(only(page, "#responses-head")) == "Responses 103"


def test_the_elements_exist_when_there_is_nothing_to_show(app: Flask, client: FlaskClient) -> None:
    page = read(client, POST)
    assert "hidden" in only(page, "#related").attributes
    assert "hidden" not in only(page, "#responses").attributes
    close(app, "no-dig-beds")
    assert "hidden" in only(read(client, POST), "#responses").attributes


def test_a_closed_post_goes_on_showing_its_responses(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds")
    close(app, "no-dig-beds")
    page = read(client, POST)
    assert "hidden" not in only(page, "#responses").attributes
    assert len(page.css(".response")) == 1


def test_the_page_costs_the_same_number_of_queries_however_many_respond(
    app: Flask, client: FlaskClient
) -> None:
    linkback(app, "no-dig-beds")
    few = _queries(app, client)
    for number in range(30):
        source = f"https://site{number}.example/"
        linkback(
            app, "no-dig-beds", source_url=source, source_key=source, response=["mention", "like"][number % 2]
        )
    assert _queries(app, client) == few


def _queries(app: Flask, client: FlaskClient) -> int:
    from sqlalchemy import event

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    client.get(POST)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
