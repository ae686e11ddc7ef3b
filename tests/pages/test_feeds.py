"""The feeds as a feed reader's own library reads them."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import linkback

HOSTILE = 'Worms <b>&</b> ]]> "moles" \x0b 土'
BODY = """See [the beds](/posts/no-dig-beds), [below](#end), [elsewhere](https://a.example/?a=1&b=2).

![A worm](/pictures/worm.webp)

```python
x = "<&>"
```

| Bed | Kilos |
|--|--:|
| Beans | 3 |
"""
ATOM = ("/feed.atom", "/tags/soil/feed.atom", "/posts/worms/responses.atom")
JSON = ("/feed.json", "/tags/soil/feed.json")


@pytest.fixture
def readers(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        preferences.save(name="The Long Border", tagline="Soil & tools", author="Wren", language="en-GB")
    day = datetime(2020, 2, 29, 23, 30, tzinfo=UTC)
    publish(app, HOSTILE, BODY, slug="worms", tags=("Soil", "R&D"), published_at=day)
    publish(app, "Only soil", "Words.", tags=("soil",), summary="In short.")
    linkback(app, "worms", lifted_author="Mina", lifted_title=HOSTILE)
    linkback(app, "worms", source_url="https://b.example/", source_key="b", kind="trackback")
    return client


@pytest.mark.parametrize("path", ATOM)
def test_a_feed_reader_finds_no_fault(readers: FlaskClient, path: str) -> None:
    feed = _parsed(readers, path)
    assert feed.version == "atom10"
    assert feed.feed.title
    assert feed.feed.id
    assert feed.feed.updated_parsed
    assert feed.feed.language == "en-GB"
    assert _links(feed.feed)["self"] == BASE + path
    assert len(feed.entries) >= 2


@pytest.mark.parametrize("path", ATOM)
def test_every_entry_is_whole(readers: FlaskClient, path: str) -> None:
    entries = _parsed(readers, path).entries
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.id.startswith("urn:uuid:")
        assert entry.title
        assert _absolute(entry.link)
        assert entry.published_parsed
        assert entry.updated_parsed >= entry.published_parsed
        assert entry.content[0].value


def test_a_post_comes_to_a_reader_with_all_it_says(readers: FlaskClient) -> None:
    entry = next(one for one in _parsed(readers, "/feed.atom").entries if "moles" in one.title)
    assert entry.link == f"{BASE}/posts/worms"
    assert entry.title_detail.type == "text/plain"
    assert entry.title == 'Worms <b>&</b> ]]> "moles" 土'
    assert entry.published == "2020-02-29T23:30:00Z"
    assert [tag.label for tag in entry.tags] == ["Soil", "R&D"]
    content = LexborHTMLParser(entry.content[0].value)
    assert all(_absolute(address) for address in _addresses(content))
    assert [node.attributes["href"] for node in content.css("a")] == [
        f"{BASE}/posts/no-dig-beds",
        f"{BASE}/posts/worms#end",
        "https://a.example/?a=1&b=2",
    ]
    assert content.css("pre code")
    assert len(content.css("table td")) == 2


def test_a_reader_is_told_the_summary_beside_the_content(readers: FlaskClient) -> None:
    entry = next(one for one in _parsed(readers, "/feed.atom").entries if one.title == "Only soil")
    assert (entry.summary, entry.content[0].value.strip()) == ("In short.", "<p>Words.</p>")


def test_a_response_comes_with_who_said_it_and_to_which_post(readers: FlaskClient) -> None:
    said = {entry.author: entry for entry in _parsed(readers, "/posts/worms/responses.atom").entries}
    mina = said["Mina"]
    assert mina.link == "https://garden.example/soil"
    assert _links(mina)["related"].startswith(f"{BASE}/posts/worms#response-")
    post = next(one for one in _parsed(readers, "/feed.atom").entries if one.link == f"{BASE}/posts/worms")
    assert mina["thr_in-reply-to"]["ref"] == post.id


@pytest.mark.parametrize("path", JSON)
def test_a_json_feed_keeps_to_its_specification(readers: FlaskClient, path: str) -> None:
    feed = json.loads(readers.get(path).data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["language"]) == (BASE + path, "en-GB")
    assert _absolute(feed["home_page_url"])
    assert feed["authors"] == [{"name": "Wren"}]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) >= 2
    for item in feed["items"]:
        _sound(item)


@pytest.mark.parametrize(("atom", "as_json"), [(ATOM[0], JSON[0]), (ATOM[1], JSON[1])])
def test_both_feeds_tell_the_same(readers: FlaskClient, atom: str, as_json: str) -> None:
    entries = _parsed(readers, atom).entries
    items = json.loads(readers.get(as_json).data)["items"]
    assert [(one.id, one.link, one.published) for one in entries] == [
        (item["id"], item["url"], item["date_published"]) for item in items
    ]


def _sound(item: dict[str, Any]) -> None:
    assert all(isinstance(item[name], str) for name in ("id", "url", "title", "content_html"))
    published, modified = (datetime.fromisoformat(item[f"date_{name}"]) for name in ("published", "modified"))
    assert published <= modified
    assert _absolute(item["url"])
    assert all(_absolute(address) for address in _addresses(LexborHTMLParser(item["content_html"])))
    assert all(isinstance(tag, str) for tag in item.get("tags", []))


def _parsed(client: FlaskClient, path: str) -> Any:
    """As feedparser reads it, and it has no complaint; its own cleaning of HTML left out."""
    answer = client.get(path)
    assert answer.status_code == 200
    headers = {"content-type": answer.headers["Content-Type"]}
    feed = feedparser.parse(
        answer.data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def _links(part: Any) -> dict[str, str]:
    return {link.rel: link.href for link in part.links}


def _addresses(html: LexborHTMLParser) -> list[str]:
    nodes = html.css("[href], [src]")
    return [node.attributes.get("href") or node.attributes.get("src") or "" for node in nodes]


def _absolute(address: str) -> bool:
    return bool(urlsplit(address).netloc) and re.match(r"https?:", address) is not None
