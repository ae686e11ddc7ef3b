"""A post's cover and pictures as readers, other blogs' programs and feed readers see them."""

import json
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import feedparser
import mf2py
import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import pictures, posts
from blog_linkbacks.db import db
from tests.conftest import BASE, publish
from tests.support import pictures as made_up
from tests.support.statements import counting


@pytest.fixture
def cover(app: Flask) -> str:
    """The address of a picture of 1600 by 800 pixels."""
    with app.app_context():
        return pictures.address(pictures.add(BytesIO(made_up.photograph(2000, 1000)), "c.jpg", 1).file)


@pytest.fixture
def page(app: Flask, client: FlaskClient, cover: str) -> Iterator[str]:
    url = publish(app, "Covered", f"See ![A bed]({cover}).", cover=cover, cover_alt='The "garden" & more')
    return iter([client.get(urlsplit(url).path).text])


def test_the_card_of_a_shared_post_has_its_cover(page: Iterator[str], cover: str) -> None:
    text = next(page)
    meta = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', text))
    assert meta["og:image"] == BASE + cover
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1600", "800")
    assert meta["og:image:alt"] == "The &#34;garden&#34; &amp; more"
    assert meta["twitter:card"] == "summary_large_image"


def test_search_engines_read_of_it(page: Iterator[str], cover: str) -> None:
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', next(page))
    assert found
    image = json.loads(found[1])["image"]
    assert (image["@type"], image["url"], image["width"]) == ("ImageObject", BASE + cover, 1600)


def test_other_blogs_read_of_it(page: Iterator[str], client: FlaskClient, cover: str) -> None:
    entry = mf2py.parse(next(page), url=BASE)["items"][0]
    featured = entry["properties"]["featured"][0]
    assert (featured["value"], featured["alt"]) == (BASE + cover, 'The "garden" & more')
    listed = mf2py.parse(client.get("/").text, url=BASE)["items"][0]["children"]
    with_cover = [item for item in listed if "featured" in item["properties"]]
    assert len(with_cover) == 1


def test_a_post_without_cover_says_nothing_of_one(client: FlaskClient) -> None:
    text = client.get("/posts/no-dig-beds").text
    assert "og:image" not in text
    assert 'content="summary"' in text
    assert "u-featured" not in text


def test_feed_readers_see_it(page: Iterator[str], client: FlaskClient, cover: str) -> None:
    next(page)
    feed = feedparser.parse(client.get("/feed.atom").data)
    assert not feed.bozo
    entry = next(entry for entry in feed.entries if entry.title == "Covered")
    assert entry.media_thumbnail[0]["url"] == BASE + cover
    content = entry.content[0].value
    assert content.startswith('<p><img alt="The &quot;garden&quot; &amp; more"')
    assert content.count(f'src="{BASE + cover}"') == 2
    srcset = re.findall(r'srcset="([^"]+)"', unescape(client.get("/feed.atom").text))
    assert len(srcset) == 1
    assert all(file.startswith(BASE) for file in srcset[0].split(", "))
    items = client.get("/feed.json").get_json()["items"]
    assert next(item["image"] for item in items if item["title"] == "Covered") == BASE + cover


def test_all_covers_of_a_list_cost_one_further_query(app: Flask, client: FlaskClient, cover: str) -> None:
    def asked() -> int:
        with counting(app) as heard:
            client.get("/")
        return len(heard)

    client.get("/")
    before = asked()
    for number in range(5):
        publish(app, f"Covered {number}", "Words.", cover=cover, cover_alt="A bed")
    assert asked() == before + 1


def test_a_file_can_name_its_cover_and_keeps_it_when_it_says_nothing(app: Flask, cover: str) -> None:
    with app.app_context():
        post = posts.publish_file(f"---\ntitle: T\ncover: {cover}\ncover_alt: A bed\n---\nWords.", "t")
        assert post.cover is not None
        assert (post.cover.width, post.cover_alt) == (1600, "A bed")
        assert posts.publish_file("---\ntitle: T\n---\nOther words.", "t").cover is not None
        assert posts.publish_file("---\ntitle: T\ncover: ''\n---\nOther words.", "t").cover is None


def test_pictures_that_are_none_of_ours_are_left_as_they_are(app: Flask, cover: str) -> None:
    with app.app_context():
        gone = "/pictures/" + "a" * 32 + ".jpg"
        for src in (
            f"https://elsewhere.example{cover}",
            f"//elsewhere.example{cover}",
            gone,
            "javascript:alert(1)",
        ):
            html = pictures.render(f"![x]({src})")
            assert "width=" not in html
            assert "javascript:" not in html.partition("<img")[2]
        assert 'width="1600"' in pictures.render(f"![x]({BASE}{cover})")


def test_no_markdown_can_set_what_only_the_blog_may(app: Flask) -> None:
    with app.app_context():
        html = pictures.render(
            '<img src="x" srcset="y 1w" onerror="alert(1)">\n\n![a" onerror="b](c "d\\" e")'
        )
        assert '<img src="x"' not in html
        assert not re.search(r"<[^>]*\sonerror=", re.sub(r'"[^"]*"', '""', html))


def test_below_a_path_of_the_root_the_address_has_it(app: Flask, cover: str) -> None:
    with app.app_context():
        picture = pictures.named(cover)
        assert picture is not None
        assert pictures.url(picture) == BASE + cover
        assert db.session.is_active
