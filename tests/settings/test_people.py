from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import Role
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD

PEOPLE = "/admin/settings/people#people"


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> Browser:
    return Browser(login("ana")).open("/admin/settings/people")


def _role(app: Flask, name: str) -> str | None:
    with app.app_context():
        user = people.find_user(name)
        return user.role if user else None


def test_a_person_that_is_added_can_sign_in(app: Flask, ana: Browser) -> None:
    ana.send(PEOPLE, person__name="Eli", person__password=PASSWORD, person__role="author")
    assert ana.page.status_code == 303
    with app.app_context():
        user = people.check_password("eli", PASSWORD)
    assert user is not None
    assert user.role == Role.AUTHOR


@pytest.mark.parametrize(
    ("name", "password", "role", "sentence"),
    [
        ("Mo", PASSWORD, "author", "already a user named Mo"),
        ("Eli", "short", "author", "at least 8 characters"),
        ("Eli", PASSWORD, "emperor", "Not a valid choice"),
    ],
)
def test_a_person_that_will_not_do_is_not_added(
    app: Flask, ana: Browser, name: str, password: str, role: str, sentence: str
) -> None:
    ana.send(PEOPLE, person__name=name, person__password=password, person__role=role)
    assert ana.page.status_code == 422
    assert sentence in ana.text
    assert _role(app, "Eli") is None


def test_a_role_can_change(app: Flask, ana: Browser) -> None:
    with app.app_context():
        mo = people.find_user("mo")
    assert mo is not None
    ana.send(f"/admin/settings/people/{mo.id}/role", role="author")
    assert ana.follow().text.count("mo is author now.") == 1
    assert _role(app, "mo") == Role.AUTHOR


def test_the_last_admin_cannot_step_down(app: Flask, ana: Browser) -> None:
    ana.send("/admin/settings/people/1/role", role="author").follow()
    assert "The last admin stays an admin." in ana.text
    assert _role(app, "ana") == Role.ADMIN


def test_the_role_of_nobody_is_not_found(ana: Browser) -> None:
    token = ana.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = ana.client.post("/admin/settings/people/99/role", data={"role": "author", "csrf_token": token})
    assert answer.status_code == 404
