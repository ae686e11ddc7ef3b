"""The index, the pages of tags, and the Atom feed (RFC 4287)."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import feeds, lookup, posts
from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import linkback, only, read, words

ATOM = "{http://www.w3.org/2005/Atom}"
SAME_DAY = datetime(2026, 1, 31, tzinfo=UTC)


def test_the_newest_post_stands_first_and_drafts_are_left_out(app: Flask, client: FlaskClient) -> None:
    publish(app, "Old", "Words.", published_at=datetime(2020, 1, 1, tzinfo=UTC))
    with app.app_context():
        posts.save(posts.Draft("Draft", "Words."), publish=False)
    assert _titles(client, "/") == ["Compost basics", "No-dig beds", "Old"]


def test_paging_shows_every_post_once_even_within_one_day(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        preferences.save(posts_per_page=3)
    for number in range(8):
        publish(app, f"Post {number}", "Words.", published_at=SAME_DAY)
    seen: list[str] = []
    path = "/"
    for _ in range(4):
        seen += _titles(client, path)
        older = read(client, path).css_first('a[rel="next"]')
        path = f"/{older.attributes['href']}" if older else ""
    assert path == ""
    assert seen == ["Compost basics", "No-dig beds", *(f"Post {number}" for number in range(7, -1, -1))]


@pytest.mark.parametrize("before", ["x", "-1", "999", "9" * 30, "1.5", "²"])
def test_a_place_that_is_none_answers_404(client: FlaskClient, before: str) -> None:
    assert client.get("/", query_string={"before": before}).status_code == 404


def test_a_teaser_counts_its_responses(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds")
    assert words(only(read(client, "/"), ".teaser .byline a")) == "1 response"


def test_an_empty_blog_says_what_will_be_here(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.delete("no-dig-beds")
        posts.unpublish("compost-basics")
    assert "Nothing is published yet." in client.get("/").text


def test_a_tag_lists_its_posts(app: Flask, client: FlaskClient) -> None:
    publish(app, "Worms", "Words.", tags=("Soil life", "worms"))
    publish(app, "Moles", "Words.", tags=("soil life",))
    assert _titles(client, "/tags/soil-life") == ["Moles", "Worms"]
    page = read(client, "/tags/soil-life")
    assert only(page, 'link[rel="canonical"]').attributes["href"] == f"{BASE}/tags/soil-life"


def test_a_tag_without_published_posts_answers_404(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.save(posts.Draft("Draft", "Words.", tags=("soil",)), publish=False)
    assert client.get("/tags/soil").status_code == 404
    assert client.get("/tags/never").status_code == 404


def test_the_feed_is_atom_with_complete_addresses(app: Flask, client: FlaskClient) -> None:
    body = "See [the beds](/posts/no-dig-beds), [below](#end) and ![a worm](worm.png)."
    publish(app, "Worms & <b>moles</b>", body, slug="worms", tags=("soil",))
    feed = _feed(client)
    assert feed.findtext(f"{ATOM}title")
    assert feed.findtext(f"{ATOM}id") == f"{BASE}/"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {None: f"{BASE}/", "self": f"{BASE}/feed.atom"}
    entry = feed.findall(f"{ATOM}entry")[0]
    assert entry.findtext(f"{ATOM}title") == "Worms & <b>moles</b>"
    content = entry.findtext(f"{ATOM}content") or ""
    for address in ("/posts/no-dig-beds", "/posts/worms#end", "/posts/worm.png"):
        assert f'"{BASE}{address}"' in content
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "").tzinfo is not None


def test_the_feed_stays_xml_whatever_a_post_holds(app: Flask, client: FlaskClient) -> None:
    publish(
        app, "A \x0b bell \x07 ]]>", "Text \x0c with \x01 control \ufffe characters ]]> & <b>", summary="\x1f"
    )
    assert len(_feed(client).findall(f"{ATOM}entry")) == 3


def test_an_entry_keeps_its_id_under_a_new_title_and_address(app: Flask, client: FlaskClient) -> None:
    before = _ids(client)
    with app.app_context():
        post = lookup.by_slug("compost-basics")
        assert post is not None
        posts.save(posts.Draft("Renamed", "New words.", slug="renamed"), post_id=post.id, publish=True)
    assert _ids(client) == before
    assert len(set(before)) == 2


def test_a_feed_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/feed.atom").headers["ETag"]
    assert client.get("/feed.atom", headers={"If-None-Match": etag}).status_code == 304


def test_an_empty_feed_is_valid(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.delete("no-dig-beds")
        posts.delete("compost-basics")
    assert _feed(client).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_only_addresses_in_tags_are_completed() -> None:
    html = '<p title="a>b href=x">Say href="/x"</p><a href="/y?a=1&amp;b=2">y</a><a href="http://[">z</a>'
    assert feeds.with_absolute_links(html, "http://a.example/posts/p") == (
        '<p title="a>b href=x">Say href="/x"</p><a href="http://a.example/y?a=1&amp;b=2">y</a><a href="http://[">z</a>'
    )


def _titles(client: FlaskClient, path: str) -> list[str]:
    return [words(node) for node in read(client, path).css(".teaser h2")]


def _feed(client: FlaskClient) -> ET.Element:
    response = client.get("/feed.atom")
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    return ET.fromstring(response.data)


def _ids(client: FlaskClient) -> list[str | None]:
    return [entry.findtext(f"{ATOM}id") for entry in _feed(client).findall(f"{ATOM}entry")]
