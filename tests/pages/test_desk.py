"""The writing desk, used as a browser without scripts does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.blog.tables import Post
from tests.pages.pages import linkback, only, read, send, token, words

Login = Callable[[str], FlaskClient]
NEW = "/admin/posts/new"


def test_a_post_is_written_and_published(app: Flask, login: Login) -> None:
    ida = login("ida")
    answer = send(
        ida,
        NEW,
        title="Worms",
        body="Some *words*.",
        tags="soil, Soil , beds",
        accept_linkbacks="y",
        action="publish",
    )
    assert (answer.status_code, answer.location) == (303, "/admin/posts")
    assert "Published “Worms”." in ida.get("/admin/posts").text
    post = _post(app, "worms")
    assert post.published
    assert [tag.tag for tag in post.tags] == ["Soil", "beds"]
    assert post.author_id is not None
    assert "<em>words</em>" in ida.get("/posts/worms").text


def test_a_draft_is_saved_and_stays_off_the_site(app: Flask, login: Login) -> None:
    ida = login("ida")
    answer = send(ida, NEW, title="Worms", body="Words.", action="save")
    assert answer.status_code == 303
    assert "Saved the draft “Worms”." in ida.get(answer.location or "").text
    assert ida.get("/posts/worms").status_code == 404


def test_an_update_keeps_the_post_published_and_dated(app: Flask, login: Login) -> None:
    before = _post(app, "no-dig-beds").published_at
    answer = _edit(login("ida"), app, "no-dig-beds", title="Beds", body="New words.", action="save")
    assert answer == 303
    post = _post(app, "no-dig-beds")
    assert (post.title, post.body, post.published, post.published_at) == ("Beds", "New words.", True, before)


def test_unpublishing_keeps_what_was_typed(app: Flask, login: Login) -> None:
    assert _edit(login("ida"), app, "no-dig-beds", title="Beds", body="New words.", action="unpublish") == 303
    post = _post(app, "no-dig-beds")
    assert (post.body, post.state) == ("New words.", "draft")
    assert app.test_client().get("/posts/no-dig-beds").status_code == 404


def test_deleting_asks_first(app: Flask, login: Login) -> None:
    ida = login("ida")
    page = f"/admin/posts/{_post(app, 'no-dig-beds').id}/delete"
    assert "Delete “No-dig beds” for good?" in ida.get(page).text
    assert ida.get("/posts/no-dig-beds").status_code == 200
    assert send(ida, page).status_code == 303
    assert ida.get("/posts/no-dig-beds").status_code == 410
    assert ida.get(page).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"title": "  "}, "A post needs a title."),
        ({"title": "t" * 501}, "longer than 500 characters"),
        ({"slug": "compost-basics"}, "The address “compost-basics” belongs to another post."),
        ({"body": "b" * 300_001}, "The text has 300,001 characters"),
        ({"body": "a\0b"}, "NUL character"),
        ({"cover_alt": "a\0b"}, "NUL character"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    app: Flask, login: Login, wrong: dict[str, str], reason: str
) -> None:
    typed = {
        "title": "Worms",
        "body": "My words",
        "tags": "soil",
        "summary": "Sum",
        "action": "publish",
        **wrong,
    }
    answer = send(login("ida"), NEW, **typed)
    assert answer.status_code == 422
    page = LexborHTMLParser(answer.text)
    assert reason in words(only(page, "[role=alert], .error"))
    assert only(page, "input[name=tags]").attributes["value"] == "soil"
    assert only(page, "textarea[name=summary]").text().strip() == "Sum"
    assert len(only(page, "textarea[name=body]").text()) >= len(typed["body"])
    with app.app_context():
        assert lookup.by_slug("worms") is None


def test_a_long_text_in_any_script_fits(app: Flask, login: Login) -> None:
    body = "土を掘らない。" * 30_000
    assert send(login("ida"), NEW, title="Long", body=body, action="save").status_code == 303
    assert _post(app, "long").body == body


def test_the_editor_shows_the_post_as_typed(app: Flask, login: Login) -> None:
    with app.app_context():
        draft = posts.Draft("Worms", "Some *words*.", tags=("soil", "beds"), accept_linkbacks=False)
        number = posts.save(draft, publish=False).id
    page = read(login("ida"), f"/admin/posts/{number}")
    assert only(page, "textarea[name=body]").text().strip() == "Some *words*."
    assert only(page, "input[name=tags]").attributes["value"] == "soil, beds"
    assert "checked" not in only(page, "input[name=accept_linkbacks]").attributes
    assert only(page, "textarea[name=summary]").text().strip() == ""
    assert only(page, "#preview em").text() == "words"


def test_the_preview_button_works_without_scripts_and_saves_nothing(app: Flask, login: Login) -> None:
    answer = send(login("ida"), NEW, title="Worms", body="Some *words*.", action="preview")
    assert answer.status_code == 200
    assert "<em>words</em>" in answer.text
    assert "Some *words*." in answer.text
    with app.app_context():
        assert lookup.by_slug("worms") is None


def test_the_preview_is_a_sanitised_fragment(login: Login) -> None:
    ida = login("ida")
    text = "*Hi* <script>alert(1)</script> [x](javascript:alert(1))"
    answer = ida.post("/admin/posts/preview", data={"csrf_token": token(ida.get(NEW)), "body": text})
    assert "<em>Hi</em>" in answer.text
    assert "<script" not in answer.text
    assert 'href="javascript' not in answer.text
    assert "<html" not in answer.text


def test_enter_in_a_line_never_publishes(login: Login) -> None:
    form = only(read(login("ida"), NEW), "#post-form")
    assert form.css("button")[0].attributes["value"] == "preview"


def test_the_list_shows_state_linkbacks_and_finds_by_title(app: Flask, login: Login) -> None:
    with app.app_context():
        posts.save(posts.Draft("100% worms", "Words."), publish=False)
    linkback(app, "no-dig-beds")
    linkback(app, "no-dig-beds", status="pending", source_key="other")
    ida = login("ida")
    rows = {words(row.css("th a")[0]): words(row) for row in read(ida, "/admin/posts").css("tbody tr")}
    assert "1 1 waiting" in rows["No-dig beds"]
    assert "Draft" in rows["100% worms"]
    assert _found(ida, "?q=0%25") == ["100% worms"]
    assert _found(ida, "?state=published") == ["Compost basics", "No-dig beds"]
    assert _found(ida, "?q=nothing") == []


@pytest.mark.parametrize("path", ["", "/new", "/1", "/1/delete"])
def test_only_authors_and_admins_write(client: FlaskClient, login: Login, path: str) -> None:
    assert "/login" in (client.get(f"/admin/posts{path}").location or "")
    assert login("mo").get(f"/admin/posts{path}").status_code == 403
    assert login("ida").get(f"/admin/posts{path}").status_code == 200
    assert login("ana").get(f"/admin/posts{path}").status_code == 200


@pytest.mark.parametrize("path", ["/new", "/1", "/preview", "/1/delete"])
def test_nothing_is_changed_without_the_forms_token(app: Flask, login: Login, path: str) -> None:
    answer = login("ida").post(f"/admin/posts{path}", data={"title": "Worms", "action": "publish"})
    assert answer.status_code == 400
    assert app.test_client().get("/posts/no-dig-beds").status_code == 200


@pytest.mark.parametrize("number", [999, 2**70])
def test_a_post_that_is_none_answers_404(login: Login, number: int) -> None:
    ida = login("ida")
    assert ida.get(f"/admin/posts/{number}").status_code == 404
    fields = {"csrf_token": token(ida.get(NEW)), "body": "Hi"}
    assert ida.post(f"/admin/posts/preview?post_id={number}", data=fields).status_code == 404


def _edit(client: FlaskClient, app: Flask, slug: str, **fields: str) -> int:
    return send(client, f"/admin/posts/{_post(app, slug).id}", **fields).status_code


def _post(app: Flask, slug: str) -> Post:
    with app.app_context():
        post = lookup.by_slug(slug)
        assert post is not None
        assert post.tags is not None
        return post


def _found(client: FlaskClient, query: str) -> list[str]:
    return [words(node) for node in read(client, f"/admin/posts{query}").css("tbody th > a")]
