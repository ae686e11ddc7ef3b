"""What a person sets for the own screen."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.moderation import preferences
from tests.moderation.test_queue import Login, shown
from tests.moderation.world import keep, token

CHOSEN = {"rows": "25", "density": "compact", "keys": "on", "theme": "dark"}


def save(client: FlaskClient, **fields: str) -> int:
    return client.post("/admin/preferences", data={"csrf_token": token(client), **fields}).status_code


def test_what_is_saved_is_shown_and_followed(app: Flask, login: Login) -> None:
    for n in range(30):
        keep(app, f"https://s{n}.example/")
    client = login("mo")
    assert save(client, **CHOSEN) == 303
    assert len(shown(client)) == 25
    html = client.get("/admin/linkbacks").text
    assert 'data-theme="dark"' in html
    assert "is-compact" in html
    assert 'data-theme="dark"' not in login("ana").get("/admin/linkbacks").text


def test_keys_can_be_switched_off(app: Flask, login: Login) -> None:
    client = login("mo")
    assert 'data-keys="off"' not in client.get("/admin/linkbacks").text
    save(client, **{**CHOSEN, "keys": ""})
    assert 'data-keys="off"' in client.get("/admin/linkbacks").text


@pytest.mark.parametrize(("name", "value"), [("rows", "7"), ("rows", "x"), ("density", "x"), ("theme", "")])
def test_a_choice_that_does_not_exist_changes_nothing(
    app: Flask, login: Login, name: str, value: str
) -> None:
    client = login("mo")
    assert save(client, **{**CHOSEN, name: value}) == 422
    with app.app_context():
        assert preferences.of(find_user("mo")) == preferences.Preferences()


def test_an_author_sets_the_colours_too(app: Flask, login: Login) -> None:
    client = login("ida")
    assert client.get("/admin/preferences").status_code == 200
    assert 'name="theme"' in client.get("/admin/preferences").text
    assert 'id="rows"' not in client.get("/admin/preferences").text


def test_kept_nonsense_is_as_at_first() -> None:
    somebody = User(preferences={"rows": "many", "keys": 1, "theme": "light", "unknown": True})
    assert preferences.of(somebody) == preferences.Preferences(theme="light")
