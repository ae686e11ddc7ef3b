from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import create_app
from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.settings import preferences
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD
from tests.support.akismet import AkismetServer

SAVE = "/admin/settings"
PEOPLE = "/admin/settings/people#people"


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> Browser:
    return Browser(login("ana")).open("/admin/settings")


def _site(app: Flask) -> preferences.Site:
    with app.app_context():
        return preferences.site()


def _role(app: Flask, name: str) -> str | None:
    with app.app_context():
        user = people.find_user(name)
        return user.role if user else None


@pytest.mark.parametrize("name", ["mo", "ida"])
def test_only_admins_see_the_settings(login: Callable[[str], FlaskClient], name: str) -> None:
    assert login(name).get("/admin/settings").status_code == 403
    assert login(name).get("/admin/settings/threshold?clear_spam=90").status_code == 403


def test_what_is_saved_is_what_stands(app: Flask, ana: Browser) -> None:
    ana.send(
        SAVE,
        name="The Long Border",
        tagline="Soil",
        author="Wren",
        language="pt-BR",
        posts_per_page="5",
        accept_linkbacks=None,
        clear_spam="90",
        neighbours="y",
    )
    assert ana.page.status_code == 303
    assert asdict(_site(app)) == {
        "name": "The Long Border",
        "tagline": "Soil",
        "author": "Wren",
        "language": "pt-BR",
        "posts_per_page": 5,
        "accept_linkbacks": False,
        "clear_spam": 0.9,
        "neighbours": True,
    }


def test_saving_the_page_as_it_is_changes_nothing(app: Flask, ana: Browser) -> None:
    before = _site(app)
    ana.send(SAVE)
    assert ana.page.status_code == 303
    assert _site(app) == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "A blog needs a name."),
        ("name", "x" * 121, "longer than 120"),
        ("language", "en; drop", "A code such as en or pt-BR"),
        ("posts_per_page", "0", "Between 1 and 100."),
        ("posts_per_page", "many", "Not a valid integer"),
        ("posts_per_page", "9" * 5000, "Not a valid integer"),
        ("clear_spam", "49", "Between 50 and 100."),
        ("clear_spam", "101", "Between 50 and 100."),
    ],
)
def test_nonsense_is_named_at_its_field_and_nothing_is_saved(
    app: Flask, ana: Browser, field: str, value: str, sentence: str
) -> None:
    before = _site(app)
    ana.send(SAVE, **{field: value})
    assert ana.page.status_code == 422
    assert sentence in ana.text
    assert _site(app) == before


def test_the_switch_closes_posts_that_are_published_already(ana: Browser) -> None:
    assert "X-Pingback" in ana.client.get("/posts/no-dig-beds").headers
    ana.send(SAVE, accept_linkbacks=None)
    assert "X-Pingback" not in ana.client.get("/posts/no-dig-beds").headers


def test_a_threshold_says_what_it_would_have_done(app: Flask, ana: Browser) -> None:
    assert "Nothing has been scored yet" in ana.text
    answer = ana.client.get("/admin/settings/threshold?clear_spam=90")
    assert answer.status_code == 200
    assert "Nothing has been scored yet" in answer.text


@pytest.mark.parametrize("percent", ["", "49", "101", "x"])
def test_a_threshold_out_of_range_is_refused(ana: Browser, percent: str) -> None:
    assert ana.client.get(f"/admin/settings/threshold?clear_spam={percent}").status_code == 422


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


def test_without_a_key_the_page_says_so(ana: Browser) -> None:
    assert "Not configured" in ana.text
    assert "Check the key" not in ana.text


@pytest.mark.parametrize(
    ("known", "sentence"), [("right-key", "The key is valid."), ("another", "does not know this key")]
)
def test_the_key_is_checked_at_the_service(root, environ, app, known, sentence) -> None:  # type: ignore[no-untyped-def]
    with AkismetServer(key=known) as service:
        made = create_app(
            {**environ, "LINKBACKS_AKISMET_KEY": "right-key", "LINKBACKS_AKISMET_URL": service.url}, root
        )
        ana = _signed_in(made).open("/admin/settings").send("/admin/settings/akismet")
        assert sentence in ana.follow().text
        assert service.asked[0].method == "verify-key"
    assert "right-key" not in ana.page.text


def test_a_service_that_is_away_is_said_so(root, environ, app) -> None:  # type: ignore[no-untyped-def]
    with AkismetServer() as service:
        away = service.url
    made = create_app({**environ, "LINKBACKS_AKISMET_KEY": "right-key", "LINKBACKS_AKISMET_URL": away}, root)
    ana = _signed_in(made).open("/admin/settings").send("/admin/settings/akismet").follow()
    assert "The key could not be checked." in ana.text


def _signed_in(app: Flask) -> Browser:
    return Browser(app.test_client()).open("/login").send("/login", name="ana", password=PASSWORD)
