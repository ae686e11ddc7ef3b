"""Kept words at the desk: kept over HTTP, restored in the editor, thrown away, and two windows of one post."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import lookup, posts
from tests.pages.pages import only, read, send, token, words

Login = Callable[[str], FlaskClient]
NEW = "/admin/posts/new"
LINK = "https://elsewhere.example/page"


def test_the_first_words_make_a_draft_that_the_list_shows(app: Flask, login: Login) -> None:
    ida = login("ida")
    first = _keep(ida, "/admin/posts/draft", NEW, title="", body="Some words")
    post = first["post"]
    _keep(
        ida, f"/admin/posts/{post}/draft", NEW, title="Worms", body="Some *words*", version=first["version"]
    )
    row = words(only(read(ida, "/admin/posts?state=draft"), "tbody tr"))
    assert "Worms" in row
    assert "Draft" in row
    assert ida.get("/posts/untitled").status_code == 404


def test_a_window_whose_first_answer_was_lost_makes_no_second_draft(login: Login) -> None:
    ida = login("ida")
    first = _keep(ida, "/admin/posts/draft", NEW, title="Worms", body="Some", tab="one")
    again = _keep(ida, "/admin/posts/draft", NEW, title="Worms", body="Some words", tab="one")
    other = _keep(ida, "/admin/posts/draft", NEW, title="Worms", body="Other", tab="two")
    assert first["post"] == again["post"] != other["post"]


def test_what_was_kept_is_restored_and_readers_see_nothing_of_it(login: Login) -> None:
    ida = login("ida")
    _keep_of_post(ida, title="Beds", body="Unsaved *words*.", tags="soil")
    page = read(ida, "/admin/posts/1")
    assert "Readers see the published text until you press Update." in words(only(page, "#restored"))
    assert only(page, "textarea[name=body]").text().strip() == "Unsaved *words*."
    assert only(page, "#preview em").text() == "words"
    assert only(page, "input[name=tags]").attributes["value"] == "soil"
    assert "Unsaved" not in ida.get("/posts/no-dig-beds").text


def test_update_publishes_the_words_and_nothing_waits_any_more(login: Login) -> None:
    ida = login("ida")
    kept = _keep_of_post(ida, title="Beds", body="New words.")
    answer = send(
        ida, "/admin/posts/1", title="Beds", body="New words.", version=str(kept["version"]), action="save"
    )
    assert answer.status_code == 303
    assert "New words." in ida.get("/posts/no-dig-beds").text
    assert not read(ida, "/admin/posts/1").css("#restored")


def test_going_back_to_the_saved_text(login: Login) -> None:
    ida = login("ida")
    _keep_of_post(ida, title="Beds", body="Mistake.")
    assert send(ida, "/admin/posts/1", action="discard").status_code == 303
    page = read(ida, "/admin/posts/1")
    assert "without a spade" in only(page, "textarea[name=body]").text()
    assert not page.css("#restored")


def test_an_older_window_is_told_and_saves_only_when_it_says_so_again(login: Login) -> None:
    ida = login("ida")
    seen = _version(ida)
    _keep_of_post(ida, title="Beds", body="Newer.")
    refused = ida.post("/admin/posts/1/draft", data=_form(ida, title="Beds", body="Older.", version=seen))
    assert refused.status_code == 409
    typed = {"title": "Beds", "body": "Older.", "action": "save"}
    answer = send(ida, "/admin/posts/1", version=seen, **typed)
    assert answer.status_code == 409
    assert "changed in another window meanwhile" in answer.text
    assert "Older." in answer.text
    assert "Older." not in ida.get("/posts/no-dig-beds").text
    again = send(ida, "/admin/posts/1", version=_version_in(answer.text), **typed)
    assert again.status_code == 303
    assert "Older." in ida.get("/posts/no-dig-beds").text


def test_unticked_links_of_kept_words_stay_unticked(app: Flask, login: Login) -> None:
    ida = login("ida")
    _keep_of_post(ida, title="Beds", body=f"[x]({LINK})", linked=LINK)
    box = only(read(ida, "/admin/posts/1"), "input[name=tell][type=checkbox]")
    assert "checked" not in box.attributes
    with app.app_context():
        draft = posts.save(posts.Draft("Worms", f"[x]({LINK})"), publish=False, skip=[LINK])
        path = f"/admin/posts/{draft.id}"
    assert "checked" not in only(read(ida, path), "input[name=tell][type=checkbox]").attributes


@pytest.mark.parametrize("wrong", [{"body": "b" * 300_001}, {"title": "t" * 501}, {"body": "a\0b"}])
def test_words_that_cannot_be_kept_are_named(app: Flask, login: Login, wrong: dict[str, str]) -> None:
    ida = login("ida")
    answer = ida.post("/admin/posts/draft", data=_form(ida, **{"title": "Worms", "body": "", **wrong}))
    assert answer.status_code == 422
    assert answer.json is not None
    assert "characters" in answer.json["problem"] or "NUL" in answer.json["problem"]
    with app.app_context():
        assert lookup.by_slug("worms") is None


@pytest.mark.parametrize("path", ["/draft", "/1/draft", "/1/preview-link"])
def test_only_authors_with_the_forms_token_keep_words(client: FlaskClient, login: Login, path: str) -> None:
    assert login("ida").post(f"/admin/posts{path}", data={"title": "x"}).status_code == 400
    mo = login("mo")
    assert mo.post(f"/admin/posts{path}", data=_form(mo, "/admin/sites")).status_code == 403


@pytest.mark.parametrize("number", [999, 2**70])
def test_words_of_no_post_are_not_kept(login: Login, number: int) -> None:
    ida = login("ida")
    assert ida.post(f"/admin/posts/{number}/draft", data=_form(ida)).status_code == 404


def test_the_editor_counts_words_and_links(login: Login) -> None:
    ida = login("ida")
    answer = ida.post("/admin/posts/preview", data=_form(ida, body=f"Three words, [here]({LINK})"))
    assert "3 words · 1 link<" in answer.text


def _keep(client: FlaskClient, path: str, page: str, **fields: object) -> dict[str, int]:
    answer = client.post(path, data=_form(client, page, **fields))
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    found: dict[str, int] = answer.json
    return found


def _keep_of_post(client: FlaskClient, **fields: object) -> dict[str, int]:
    return _keep(client, "/admin/posts/1/draft", NEW, version=_version(client), **fields)


def _form(client: FlaskClient, page: str = NEW, **fields: object) -> dict[str, object]:
    return {"csrf_token": token(client.get(page)), **fields}


def _version(client: FlaskClient) -> str:
    return only(read(client, "/admin/posts/1"), "input[name=version]").attributes["value"] or ""


def _version_in(html: str) -> str:
    return html.split('name="version" value="')[1].partition('"')[0]
