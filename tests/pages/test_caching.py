"""What did not change is not sent again, and what did is (RFC 9110, 13)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog.caching import Changes
from blog_linkbacks.settings import preferences
from tests.conftest import publish
from tests.pages.pages import linkback

POST = "/posts/no-dig-beds"
PAGES = (
    "/",
    POST,
    "/tags/soil",
    "/feed.atom",
    "/feed.json",
    "/tags/soil/feed.atom",
    "/archive",
    "/sitemap.xml",
)


@pytest.fixture(autouse=True)
def _tagged(app: Flask) -> None:
    publish(app, "Worms", "Words.", tags=("soil",))


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_who_has_the_page_is_told_so_by_tag_and_by_date(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    for name, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get(path, headers={name: value})
        assert (again.status_code, again.data) == (304, b""), name
        assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_head_has_the_headers_of_get(client: FlaskClient, path: str) -> None:
    fleeting = {"X-Request-Id", "Date"}
    got, asked = (client.open(path, method=method) for method in ("GET", "HEAD"))
    assert asked.data == b""
    assert {(k, v) for k, v in got.headers if k not in fleeting} == {
        (k, v) for k, v in asked.headers if k not in fleeting
    }


def _rename(app: Flask) -> None:
    with app.app_context():
        preferences.save(tagline="Another line")


CHANGES: dict[str, Callable[[Flask], object]] = {
    "a response is approved": lambda app: linkback(app, "no-dig-beds"),
    "a related post appears": lambda app: publish(app, "More", "It began with [beds](/posts/no-dig-beds)."),
    "a setting changes": _rename,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_post_is_sent_anew_when(app: Flask, client: FlaskClient, change: str) -> None:
    before = client.get(POST)
    CHANGES[change](app)
    for name, value in (
        ("If-None-Match", before.headers["ETag"]),
        ("If-Modified-Since", before.headers["Last-Modified"]),
    ):
        assert client.get(POST, headers={name: value}).status_code == 200, name


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/feed.json", "/archive", "/sitemap.xml"])
def test_lists_are_sent_anew_when_a_post_is_published(app: Flask, client: FlaskClient, path: str) -> None:
    before = client.get(path)
    publish(app, "More", "Words.")
    assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 200
    assert client.get(path, headers={"If-Modified-Since": before.headers["Last-Modified"]}).status_code == 200


def test_pages_may_be_kept_but_are_asked_for_again(client: FlaskClient) -> None:
    page = client.get(POST)
    assert page.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in page.headers["Vary"]


def test_nobody_else_keeps_the_page_of_a_person(login: Callable[[str], FlaskClient]) -> None:
    page = login("ida").get(POST)
    assert "private" in page.headers["Cache-Control"]
    assert "Last-Modified" not in page.headers


def test_two_changes_never_share_a_second_and_the_same_page_keeps_its_own() -> None:
    changes = Changes()
    seen = [changes.since("/", etag) for etag in ("a", "b", "a", "a")]
    assert seen[0] < seen[1] < seen[2] == seen[3]


def test_the_style_sheet_with_its_version_is_kept_for_a_year(client: FlaskClient) -> None:
    assert "immutable" in client.get("/public.css?v=1").headers["Cache-Control"]
    plain = client.get("/public.css")
    assert "no-cache" in plain.headers["Cache-Control"]
    assert client.get("/public.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
