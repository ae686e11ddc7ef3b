"""What programs read between the lines: microformats by mf2py, JSON-LD by its own words, RDF as XML."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import mf2py
import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import posts
from blog_linkbacks.blog.tables import PostKind
from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import linkback, only, read

POST = "/posts/worms"
TITLE = 'Worms & "moles" <i>'
FACE = {"response": "like", "source_url": "https://c.example/1", "source_key": "c", "lifted_author": "Cleo"}


@pytest.fixture
def blog(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context():
        preferences.save(name="The Long Border", tagline="Soil & tools", author="Wren", language="en-GB")
        posts.save(posts.Draft("About", "Who I am.", kind=PostKind.PAGE), publish=True)
    day = datetime(2020, 2, 29, 12, tzinfo=UTC)
    publish(app, TITLE, "See *soil*.", slug="worms", tags=("Soil",), summary="In short.", published_at=day)
    linkback(app, "worms", lifted_author="Mina", author_url="https://garden.example/", response="reply")
    linkback(app, "worms", **FACE)
    return client


def test_a_post_is_an_h_entry_with_every_property(blog: FlaskClient) -> None:
    entry = _items(blog, POST)[0]
    said = entry["properties"]
    assert entry["type"] == ["h-entry"]
    assert (said["name"], said["summary"], said["category"]) == ([TITLE], ["In short."], ["Soil"])
    assert said["url"] == said["uid"] == [BASE + POST]
    assert said["published"] == ["2020-02-29T12:00:00Z"]
    assert datetime.fromisoformat(said["updated"][0]) >= datetime.fromisoformat(said["published"][0])
    assert (said["content"][0]["html"], said["content"][0]["value"]) == (
        "<p>See <em>soil</em>.</p>",
        "See soil.",
    )
    _is_a_card(said["author"][0], "Wren", f"{BASE}/")


def test_a_reply_is_an_h_cite_with_every_property(blog: FlaskClient) -> None:
    reply = _items(blog, POST)[0]["properties"]["comment"][0]
    said = reply["properties"]
    assert reply["type"] == ["h-cite"]
    assert said["url"] == ["https://garden.example/soil"]
    assert said["content"] == ["I keep going back to this piece on soil."]
    assert datetime.fromisoformat(said["published"][0])
    _is_a_card(said["author"][0], "Mina", "https://garden.example/")


def test_a_like_is_an_h_cite_of_its_author(blog: FlaskClient) -> None:
    like = _items(blog, POST)[0]["properties"]["like"][0]
    assert (like["type"], like["properties"]["url"]) == (["h-cite"], ["https://c.example/1"])
    assert like["properties"]["author"][0]["properties"]["name"] == ["Cleo"]


@pytest.mark.parametrize("path", ["/", "/tags/soil"])
def test_a_list_is_an_h_feed_with_every_property(blog: FlaskClient, path: str) -> None:
    feed = _items(blog, path)[0]
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"] == ["The Long Border" if path == "/" else "Soil"]
    assert feed["properties"]["url"] == [BASE + path]
    _is_a_card(feed["properties"]["author"][0], "Wren", f"{BASE}/")
    worms = next(one for one in feed["children"] if one["properties"]["name"] == [TITLE])
    assert (worms["type"], worms["properties"]["url"]) == (["h-entry"], [BASE + POST])
    assert worms["properties"]["published"] == ["2020-02-29T12:00:00Z"]
    assert worms["properties"]["summary"] == ["In short."]
    assert worms["properties"]["category"] == ["Soil"]


def test_a_page_is_an_h_entry_without_a_date(blog: FlaskClient) -> None:
    said = _items(blog, "/pages/about")[0]["properties"]
    assert (said["name"], said["url"]) == (["About"], [f"{BASE}/pages/about"])
    assert said["content"][0]["value"] == "Who I am."
    assert "published" not in said
    _is_a_card(said["author"][0], "Wren", f"{BASE}/")


def test_a_post_says_in_json_ld_what_search_engines_ask_of_an_article(blog: FlaskClient) -> None:
    said = _linked(blog, POST)
    assert (said["@context"], said["@type"]) == ("https://schema.org", "BlogPosting")
    assert said["@id"] == said["url"] == said["mainEntityOfPage"] == BASE + POST
    assert (said["headline"], said["description"], said["keywords"]) == (TITLE, "In short.", ["Soil"])
    assert said["author"] == {"@type": "Person", "name": "Wren", "url": f"{BASE}/"}
    assert datetime.fromisoformat(said["datePublished"]) <= datetime.fromisoformat(said["dateModified"])
    assert (said["inLanguage"], said["wordCount"], said["commentCount"]) == ("en-GB", 2, 2)
    assert said["isPartOf"]["@id"] == f"{BASE}/"


def test_the_blog_says_in_json_ld_what_it_is(blog: FlaskClient) -> None:
    said = _linked(blog, "/")
    assert (said["@context"], said["@type"]) == ("https://schema.org", "Blog")
    assert (said["name"], said["description"]) == ("The Long Border", "Soil & tools")
    assert said["@id"] == said["url"] == f"{BASE}/"
    assert said["author"]["name"] == "Wren"


def test_the_rdf_of_a_post_is_xml(blog: FlaskClient) -> None:
    found = re.findall(r"<!--\s*(<rdf:RDF.*?</rdf:RDF>)\s*-->", blog.get(POST).text, re.DOTALL)
    assert len(found) == 1
    (description,) = ET.fromstring(found[0])
    names = {name.partition("}")[2]: value for name, value in description.attrib.items()}
    ping = f"{BASE}{POST}/trackback"
    assert names == {"about": BASE + POST, "identifier": BASE + POST, "title": TITLE, "ping": ping}


def test_a_page_has_no_rdf(blog: FlaskClient) -> None:
    assert "rdf:RDF" not in blog.get("/pages/about").text


def _items(client: FlaskClient, path: str) -> Any:
    return mf2py.parse(doc=client.get(path).text, url=BASE + path)["items"]


def _is_a_card(card: Any, name: str, url: str) -> None:
    assert card["type"] == ["h-card"]
    assert (card["properties"]["name"], card["properties"]["url"]) == ([name], [url])


def _linked(client: FlaskClient, path: str) -> Any:
    return json.loads(only(read(client, path), 'script[type="application/ld+json"]').text())
