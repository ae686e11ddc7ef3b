"""What programs read: valid HTML, microformats, JSON-LD, feeds, the sitemap, robots.txt."""

import json
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import html5lib  # type: ignore[import-untyped]
import mf2py
import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import machine, pages, posts
from blog_linkbacks.blog.tables import PostKind
from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import linkback, only, read
from tests.scale.crowd import respond

POST = "/posts/no-dig-beds"
HOSTILE = '</script><script>alert(1)</script> & "quotes" \'n <!-- ]]>'
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PUBLIC = (
    "/",
    POST,
    f"{POST}/responses",
    "/tags",
    "/tags/soil",
    "/archive",
    "/archive/2020",
    "/archive/2020/1",
)
MORE = (
    "/search",
    "/search?q=soil",
    "/search?q=zzz",
    "/pages/about",
    "/posts/hostile",
    "/never",
    "/posts/gone",
)


@pytest.fixture
def full(app: Flask, client: FlaskClient) -> FlaskClient:
    """A blog that has something of everything."""
    body = "See [beds](/posts/no-dig-beds).\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    body += "\n\nNote[^1].\n\n[^1]: Yes."
    publish(
        app, "Worms", body, tags=("soil", "worms"), published_at=datetime.fromisoformat("2020-01-05T10:00Z")
    )
    publish(app, HOSTILE, HOSTILE, slug="hostile", tags=(HOSTILE,), summary=HOSTILE)
    publish(app, "Gone", "Words.")
    with app.app_context():
        preferences.save(name="The Long Border", tagline="Soil & tools", author="Wren")
        about = posts.save(posts.Draft("About", "Who I am."), publish=True)
        pages.turn_into(about.id, PostKind.PAGE)
        posts.delete("gone")
    respond(app, "no-dig-beds", 60)
    return client


@pytest.mark.parametrize("path", PUBLIC + MORE)
def test_the_html_has_no_error_that_a_parser_knows(full: FlaskClient, path: str) -> None:
    page = full.get(path).data
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(page, transport_encoding="utf-8")
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    named = {name for node in tree.iter() for name in (node.get("aria-labelledby") or "").split()}
    assert named <= set(ids)
    assert len([node for node in tree.iter() if str(node.tag).endswith("}h1")]) == 1


def test_a_post_is_an_h_entry_with_its_responses_inside(full: FlaskClient) -> None:
    entry = _mf2(full, POST)["items"][0]
    said = entry["properties"]
    assert entry["type"] == ["h-entry"]
    assert (said["name"], said["url"]) == (["No-dig beds"], [f"{BASE}{POST}"])
    assert said["content"][0]["html"].startswith("<p>How to grow")
    author = said["author"][0]["properties"]
    assert (author["name"], author["url"]) == (["Wren"], [f"{BASE}/"])
    assert {"published", "updated", "comment", "like", "repost", "bookmark", "mention"} <= set(said)
    one = said["comment"][0]
    assert one["type"] == ["h-cite"]
    assert one["properties"]["author"][0]["properties"]["name"][0].startswith("Writer ")
    assert one["properties"]["url"][0].startswith("https://garden")
    like = said["like"][0]["properties"]
    assert like["author"][0]["properties"]["name"][0].startswith("Writer ")


@pytest.mark.parametrize("path", ["/", "/tags/soil"])
def test_a_list_is_an_h_feed_of_entries(full: FlaskClient, path: str) -> None:
    feed = _mf2(full, path)["items"][0]
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"]
    assert {child["type"][0] for child in feed["children"]} == {"h-entry"}
    assert all({"name", "url", "published"} <= set(child["properties"]) for child in feed["children"])


def test_the_blog_names_its_author_as_an_h_card(full: FlaskClient) -> None:
    author = _mf2(full, "/")["items"][0]["properties"]["author"][0]
    assert (author["type"], author["properties"]["name"]) == (["h-card"], ["Wren"])


@pytest.mark.parametrize("path", [POST, "/posts/hostile"])
def test_a_post_says_what_it_is_in_json_ld(full: FlaskClient, path: str) -> None:
    said = json.loads(only(read(full, path), 'script[type="application/ld+json"]').text())
    assert said["@context"] == "https://schema.org"
    assert (said["@type"], said["url"]) == ("BlogPosting", BASE + path)
    assert said["author"]["name"] == "Wren"
    assert datetime.fromisoformat(said["datePublished"]) <= datetime.fromisoformat(said["dateModified"])
    assert said["headline"] == ("No-dig beds" if path == POST else HOSTILE)


@pytest.mark.parametrize("path", ["/feed.json", "/tags/soil/feed.json"])
def test_the_json_feed_is_version_1_1(full: FlaskClient, path: str) -> None:
    answer = full.get(path)
    feed = json.loads(answer.data)
    assert answer.mimetype == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == BASE + path
    assert feed["title"]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 0
    for item in feed["items"]:
        assert item["url"].startswith(f"{BASE}/posts/")
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert "content_html" in item
    assert "About" not in [item["title"] for item in feed["items"]]


@pytest.mark.parametrize("path", ["/feed.atom", "/tags/soil/feed.atom", f"{POST}/responses.atom"])
def test_every_atom_feed_has_what_rfc_4287_asks_for(full: FlaskClient, path: str) -> None:
    answer = full.get(path)
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.data)
    assert _self(feed) == BASE + path
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) > 0
    for node in (feed, *entries):
        assert node.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated") or "").tzinfo
        assert len(node.findall(f"{ATOM}updated")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None


def test_a_feed_of_responses_follows_what_is_approved(app: Flask, client: FlaskClient) -> None:
    path = f"{POST}/responses.atom"
    assert ET.fromstring(client.get(path).data).findall(f"{ATOM}entry") == []
    linkback(app, "no-dig-beds", lifted_author="Mina", lifted_title=HOSTILE)
    linkback(app, "no-dig-beds", status="spam", source_url="https://spam.example/", source_key="spam")
    (entry,) = ET.fromstring(client.get(path).data).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == HOSTILE
    assert entry.findtext(f"{ATOM}content") == "I keep going back to this piece on soil."


@pytest.mark.parametrize(
    "path", ["/tags/never/feed.atom", "/tags/never/feed.json", "/posts/never/responses.atom"]
)
def test_a_feed_of_nothing_answers_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_sitemap_names_every_public_page_once(full: FlaskClient) -> None:
    found = _locations(full, "/sitemap.xml")
    assert len(found) == len(set(found))
    posts = {f"{BASE}/posts/{slug}" for slug in ("no-dig-beds", "compost-basics", "worms", "hostile")}
    assert posts | {f"{BASE}/", f"{BASE}/pages/about"} <= set(found)
    assert f"{BASE}/posts/gone" not in found
    assert all(full.get(url.removeprefix(BASE)).status_code == 200 for url in found)


def test_a_long_sitemap_is_split(full: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _locations(full, "/sitemap.xml")
    monkeypatch.setattr(machine, "IN_A_SITEMAP", 11)
    files = _locations(full, "/sitemap.xml", f"{MAP}sitemap/{MAP}loc")
    parts = [_locations(full, file.removeprefix(BASE)) for file in files]
    assert len(parts) > 1
    assert sorted(url for part in parts for url in part) == sorted(whole)
    assert all(len(part) <= 11 for part in parts)
    assert full.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404


def test_robots_are_shown_the_sitemap_and_kept_from_the_admin(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {BASE}/sitemap.xml" in text
    assert "Disallow: /admin" in text


def _mf2(client: FlaskClient, path: str) -> Any:
    return mf2py.parse(doc=client.get(path).text, url=BASE + path)


def _self(feed: ET.Element) -> str | None:
    return next(link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self")


def _locations(client: FlaskClient, path: str, names: str = f"{MAP}url/{MAP}loc") -> list[str]:
    return [node.text or "" for node in ET.fromstring(client.get(path).data).findall(names)]
