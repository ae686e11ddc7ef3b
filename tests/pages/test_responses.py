"""Responses on a post's page: approved linkbacks from elsewhere, and nothing that could harm."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.db import writing
from blog_linkbacks.linkbacks import SiteRule
from blog_linkbacks.settings import preferences
from tests.pages.pages import close, linkback, only, read, words
from tests.scale.crowd import queries, respond

POST = "/posts/no-dig-beds"
HOSTILE = '"><script>alert(1)</script>'


def test_a_response_says_who_in_which_sentence_and_how(app: Flask, client: FlaskClient) -> None:
    number = linkback(app, "no-dig-beds", lifted_author="Mina Park", author_url="https://mina.example/")
    page = read(client, POST)
    response = only(page, f"#responses #response-{number}")
    assert words(only(page, ".response h3 a.h-card")) == "Mina Park"
    assert only(page, ".response h3 a.h-card").attributes["href"] == "https://mina.example/"
    assert only(page, ".response a.u-url").attributes["href"] == "https://garden.example/soil"
    assert words(only(page, ".response .p-content")) == "I keep going back to this piece on soil."
    assert only(page, ".response .p-content mark").text() == "this piece"
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
    links = read(client, POST).css("#responses a[href^=http]")
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
    assert only(page, ".response h3 a.h-card").attributes["href"] == "https://garden.example/soil"
    assert address not in (page.html or "")


def test_hostile_texts_stay_text(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds", lifted_author=HOSTILE, before=HOSTILE, anchor=HOSTILE, after=HOSTILE)
    page = read(client, POST)
    assert not page.css("main script")
    assert only(page, ".response .p-content").text() == HOSTILE * 3


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


def test_a_crowd_is_cut_to_the_latest_and_the_rest_is_a_page_away(app: Flask, client: FlaskClient) -> None:
    for number in range(103):
        _respond(app, number)
    page = read(client, POST)
    assert words(only(page, "#responses-head")) == "Responses 103"
    seen = [words(node) for node in page.css(".response h3 bdi")]
    assert seen == [f"Writer {number}" for number in range(53, 103)]
    link = only(page, ".earlier a")
    assert words(link) == "53 earlier responses"
    for _ in range(2):
        page = read(client, link.attributes["href"] or "")
        seen = [words(node) for node in page.css(".response h3 bdi")] + seen
        link = page.css_first(".site-pager a[rel=next]") or link
    assert seen == [f"Writer {number}" for number in range(103)]
    assert not page.css(".site-pager a[rel=next]")


def test_each_sort_is_counted_apart(app: Flask, client: FlaskClient) -> None:
    respond(app, "no-dig-beds", 36)
    page = read(client, POST)
    assert words(only(page, ".responses-counts")) == "6 replies · 4 mentions · 4 pingbacks · 4 trackbacks"
    assert [words(node) for node in page.css(".faces-label")] == ["6 likes", "6 reposts", "6 bookmarks"]


def test_more_likes_than_faces_are_a_page_away(app: Flask, client: FlaskClient) -> None:
    for number in range(30):
        _respond(app, number, response="like")
    page = read(client, POST)
    assert len(page.css(".faces .face")) == 24
    more = only(page, ".faces-more")
    assert words(more) == "and 6 more"
    assert len(read(client, more.attributes["href"] or "").css(".response")) == 30
    assert client.get(f"{POST}/responses?of=repost").status_code == 404


def test_trusted_sites_are_followed_only_where_the_site_says_so(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds")
    _respond(app, 1)
    with app.app_context(), writing() as session:
        session.add(SiteRule(host="garden.example", action="trust"))
    assert set(_rels(client)) == {"ugc nofollow noopener"}
    with app.app_context():
        preferences.save(follow_trusted=True)
    assert set(_rels(client)) == {"noopener", "ugc nofollow noopener"}


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


def test_the_page_costs_the_same_number_of_queries_however_many_respond(app: Flask) -> None:
    seen = {queries(app, POST)}
    for number in (50, 4_950):
        respond(app, "no-dig-beds", number)
        seen.add(queries(app, POST))
    assert len(seen) == 1
    assert max(seen) <= 14


def _respond(app: Flask, number: int, **fields: object) -> None:
    source, host = f"https://site{number}.example/", f"site{number}.example"
    named = {
        "source_url": source,
        "source_key": source,
        "source_host": host,
        "lifted_author": f"Writer {number}",
    }
    linkback(app, "no-dig-beds", **{**named, **fields})


def _rels(client: FlaskClient) -> list[str | None]:
    return [a.attributes["rel"] for a in read(client, POST).css(".response a[href^=http]")]
