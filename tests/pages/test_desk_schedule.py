"""Scheduling and preview links at the desk, used as a browser without scripts does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import lookup, posts
from tests.pages.pages import only, read, send, token, words

Login = Callable[[str], FlaskClient]
NEW = "/admin/posts/new"
AT = "2031-01-31T09:00"


def test_a_post_is_scheduled_listed_and_taken_back(app: Flask, login: Login) -> None:
    ida = login("ida")
    answer = send(ida, NEW, title="Worms", body="Words.", publish_at=AT, action="schedule")
    page = answer.location or ""
    assert "“Worms” will be published 31 January 2031, 09:00 (UTC)." in ida.get(page).text
    row = words(only(read(ida, "/admin/posts?state=scheduled"), "tbody tr"))
    assert "Scheduled" in row
    assert "31 January 2031, 09:00 (UTC)" in row
    assert not read(ida, "/admin/posts?state=draft").css("tbody tr")
    assert ida.get("/posts/worms").status_code == 404
    assert only(read(ida, page), "#publish_at").attributes["value"] == AT
    assert send(ida, page, title="Worms", body="Words.", action="unschedule").status_code == 303
    assert not read(ida, "/admin/posts?state=scheduled").css("tbody tr")
    assert _scheduled(app) is False


def test_saving_keeps_the_time_and_takes_a_changed_one_along(login: Login) -> None:
    ida = login("ida")
    page = send(ida, NEW, title="Worms", publish_at=AT, action="schedule").location or ""
    send(ida, page, title="Worms", body="More.", publish_at=AT, action="save")
    assert only(read(ida, page), "#publish_at").attributes["value"] == AT
    send(ida, page, title="Worms", body="More.", publish_at="2031-02-01T10:30", action="save")
    assert only(read(ida, page), "#publish_at").attributes["value"] == "2031-02-01T10:30"


@pytest.mark.parametrize(("typed", "why"), [("", "are needed"), ("2020-01-01T09:00", "not a time to come")])
def test_a_wrong_time_is_named_and_nothing_is_saved(app: Flask, login: Login, typed: str, why: str) -> None:
    answer = send(login("ida"), NEW, title="Worms", body="Words.", publish_at=typed, action="schedule")
    assert answer.status_code == 422
    assert why in words(only(LexborHTMLParser(answer.text), "[role=alert]"))
    assert "Words." in answer.text
    with app.app_context():
        assert lookup.by_slug("worms") is None


def test_a_preview_link_shows_the_draft_to_anyone_and_announces_nothing(
    app: Flask, client: FlaskClient, login: Login
) -> None:
    ida, link = _with_link(app, login)
    answer = client.get(link)
    assert answer.status_code == 200
    assert "<em>words</em>" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "X-Pingback" not in answer.headers
    assert "webmention" not in answer.headers.get("Link", "") + answer.text
    assert "trackback" not in answer.text
    assert client.get("/posts/worms").status_code == 404
    assert link not in client.get("/").text + client.get("/sitemap.xml").text
    _keep(ida, body="Newer *words* still")
    assert "Newer <em>words</em> still" in client.get(link).text


def test_a_revoked_link_leads_nowhere_and_the_next_is_another(
    app: Flask, client: FlaskClient, login: Login
) -> None:
    ida, link = _with_link(app, login)
    _press(ida, "revoke")
    assert client.get(link).status_code == 404
    assert _press(ida, "make") != link
    assert client.get(link).status_code == 404


def test_after_publishing_the_link_leads_to_the_post_and_after_deleting_nowhere(
    app: Flask, client: FlaskClient, login: Login
) -> None:
    _, link = _with_link(app, login)
    with app.app_context():
        posts.save(posts.Draft("Worms", "Words."), post_id=3, publish=True)
    assert (client.get(link).location or "").endswith("/posts/worms")
    with app.app_context():
        posts.delete("worms")
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token_", ["x", "x" * 500, "%00", "None", ""])
def test_a_guessed_link_leads_nowhere(client: FlaskClient, token_: str) -> None:
    assert client.get(f"/preview/{token_}").status_code == 404


def _with_link(app: Flask, login: Login) -> tuple[FlaskClient, str]:
    with app.app_context():
        assert posts.save(posts.Draft("Worms", "Some *words*."), publish=False).id == 3
    ida = login("ida")
    return ida, _press(ida, "make")


def _press(client: FlaskClient, action: str) -> str:
    """Make or revoke the link of the draft; its path, if there is one afterwards."""
    fields = {"csrf_token": token(client.get("/admin/posts/3")), "action": action}
    assert client.post("/admin/posts/3/preview-link", data=fields).status_code == 303
    shown = read(client, "/admin/posts/3").css("#preview-url")
    return "/preview/" + words(shown[0]).rpartition("/")[2] if shown else ""


def _keep(client: FlaskClient, **fields: str) -> None:
    page = client.get("/admin/posts/3")
    version = only(LexborHTMLParser(page.text), "input[name=version]").attributes["value"]
    data = {"csrf_token": token(page), "version": version, "title": "Worms", **fields}
    assert client.post("/admin/posts/3/draft", data=data).status_code == 200


def _scheduled(app: Flask) -> bool:
    with app.app_context():
        post = lookup.by_slug("worms")
        assert post is not None
        return post.scheduled
