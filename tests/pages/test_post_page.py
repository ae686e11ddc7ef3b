"""The post page: what it says, and what its other addresses answer."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import only, read, words

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def test_a_post_shows_its_title_text_date_tags_and_writer(app: Flask, client: FlaskClient) -> None:
    publish(
        app, "Worms", "Some *words*.", tags=("Soil life",), published_at=datetime(2026, 1, 31, tzinfo=UTC)
    )
    with app.app_context():
        preferences.save(author="Ana Moreno")
    page = read(client, "/posts/worms")
    assert words(only(page, "article.h-entry > header > h1.p-name")) == "Worms"
    assert only(page, ".e-content em").text() == "words"
    assert only(page, "time.dt-published").attributes["datetime"] == "2026-01-31T00:00:00Z"
    assert words(only(page, "time.dt-published")) == "31 January 2026"
    assert only(page, "a.p-category").attributes["href"] == "/tags/soil-life"
    assert words(only(page, ".p-author.h-card .p-name")) == "Ana Moreno"
    assert only(page, ".h-entry > .u-url").attributes["value"] == f"{BASE}/posts/worms"


def test_the_head_names_the_canonical_address_and_describes_the_post(app: Flask, client: FlaskClient) -> None:
    publish(app, "Worms", "Text.", summary="All about worms")
    page = read(client, "/posts/worms")
    assert only(page, 'link[rel="canonical"]').attributes["href"] == f"{BASE}/posts/worms"
    assert only(page, 'meta[name="description"]').attributes["content"] == "All about worms"
    named = {node.attributes["property"]: node.attributes["content"] for node in page.css("meta[property]")}
    assert named["og:title"] == "Worms"
    assert named["og:description"] == "All about worms"
    assert named["og:type"] == "article"
    assert named["og:url"] == f"{BASE}/posts/worms"


def test_hostile_words_are_shown_and_never_run(app: Flask, client: FlaskClient) -> None:
    publish(app, HOSTILE, HOSTILE, slug="hostile", summary=HOSTILE, tags=(HOSTILE,))
    page = read(client, "/posts/hostile")
    assert only(page, "h1").text() == HOSTILE
    assert not page.css("main script, main img, [onerror]")


@pytest.mark.parametrize("slug", ["draft", "never-was", "%00", "a" * 3000])
def test_drafts_and_unknown_addresses_answer_404(app: Flask, client: FlaskClient, slug: str) -> None:
    with app.app_context():
        posts.save(posts.Draft("Draft", "Secret words."), publish=False)
    response = client.get(f"/posts/{slug}")
    assert response.status_code == 404
    assert "Secret" not in response.text


def test_an_unpublished_post_answers_404_and_a_deleted_one_410(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.unpublish("no-dig-beds")
        posts.delete("compost-basics")
    assert client.get("/posts/no-dig-beds").status_code == 404
    gone = client.get("/posts/compost-basics")
    assert gone.status_code == 410
    assert "taken down" in gone.text


def test_a_former_address_leads_to_the_present_one(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        post = lookup.by_slug("no-dig-beds")
        assert post is not None
        posts.save(posts.Draft(post.title, post.body, slug="no-spade"), post_id=post.id, publish=True)
    response = client.get("/posts/no-dig-beds")
    assert (response.status_code, response.location) == (301, f"{BASE}/posts/no-spade")
    assert client.get("/posts/no-spade").status_code == 200


def test_a_trailing_slash_leads_to_the_canonical_address(client: FlaskClient) -> None:
    response = client.get("/posts/no-dig-beds/")
    assert (response.status_code, response.location) == (301, f"{BASE}/posts/no-dig-beds")
    assert client.get("/posts/never-was/").status_code == 404


def test_a_foreign_script_in_the_address_works(app: Flask, client: FlaskClient) -> None:
    url = publish(app, "Земля и черви", "Слова.")
    assert url.isascii()
    page = read(client, url.removeprefix(BASE))
    assert only(page, 'link[rel="canonical"]').attributes["href"] == url
