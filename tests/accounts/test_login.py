from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.accounts import people
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


def test_signing_in_leads_to_the_queue(browser: Browser) -> None:
    browser.open("/login").send("/login", name="ana", password=PASSWORD)
    assert (browser.page.status_code, browser.page.location) == (303, "/admin/linkbacks")
    assert browser.open("/admin/account").page.status_code == 200


def test_an_author_is_led_to_the_posts(browser: Browser) -> None:
    browser.open("/login").send("/login", name="ida", password=PASSWORD)
    assert browser.page.location == "/admin/posts"


@pytest.mark.parametrize(("name", "password"), [("ana", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_read_the_same(browser: Browser, name: str, password: str) -> None:
    browser.open("/login").send("/login", name=name, password=password)
    assert browser.page.status_code == 422
    assert "That name and that password do not belong together." in browser.text
    assert browser.open("/admin/account").page.status_code == 303


def test_an_admin_page_leads_to_sign_in_and_back(browser: Browser) -> None:
    browser.open("/admin/account").follow().send("/login", name="mo", password=PASSWORD)
    assert browser.page.location == "/admin/account"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example", "/\t/evil.example",
     "javascript:alert(1)", "admin", "/\n/evil.example", " //evil.example"],
)  # fmt: skip
def test_next_leads_only_to_own_pages(browser: Browser, elsewhere: str) -> None:
    browser.page = browser.client.get("/login", query_string={"next": elsewhere})
    browser.send("/login", name="ana", password=PASSWORD)
    assert browser.page.status_code == 303
    assert browser.page.location in ("/admin/linkbacks", "/%09/evil.example")


def test_signing_in_begins_a_new_session(browser: Browser) -> None:
    browser.open("/login")
    with browser.client.session_transaction() as before:
        before["planted"] = "by somebody else"
    browser.send("/login", name="ana", password=PASSWORD)
    with browser.client.session_transaction() as after:
        assert "planted" not in after


def test_a_form_without_the_token_of_its_page_is_refused(client: FlaskClient) -> None:
    assert client.post("/login", data={"name": "ana", "password": PASSWORD}).status_code == 400


def test_guessing_is_slowed_down(browser: Browser) -> None:
    data = {**_token(browser.open("/login")), "name": "x"}
    codes = [browser.client.post("/login", data=data).status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]


def test_signing_out_ends_the_session(login: Callable[[str], FlaskClient]) -> None:
    browser = Browser(login("ana")).open("/admin/account").send("/logout")
    assert browser.page.location == "/"
    assert browser.open("/admin/account").page.status_code == 303
    assert browser.client.get("/logout").status_code == 405


def test_changing_the_password_signs_out_everywhere_else(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    elsewhere, here = Browser(login("mo")), Browser(login("mo")).open("/admin/account")
    here.page = here.client.post(
        "/admin/account",
        data={**_token(here), "old": PASSWORD, "new": "a newer password", "again": "a newer password"},
    )
    assert here.follow().page.status_code == 200
    assert elsewhere.open("/admin/account").page.status_code == 303
    with app.app_context():
        assert people.check_password("mo", "a newer password") is not None


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", "a newer password", "a newer password", "not your present password"),
        (PASSWORD, "a newer password", "another", "The two differ."),
        (PASSWORD, "short", "short", "at least 8 characters"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    app: Flask, login: Callable[[str], FlaskClient], old: str, new: str, again: str, sentence: str
) -> None:
    browser = Browser(login("mo")).open("/admin/account")
    browser.page = browser.client.post(
        "/admin/account", data={**_token(browser), "old": old, "new": new, "again": again}
    )
    assert browser.page.status_code == 422
    assert sentence in browser.text
    with app.app_context():
        assert people.check_password("mo", PASSWORD) is not None


def test_htmx_is_told_to_load_the_login_page(client: FlaskClient) -> None:
    answer = client.get("/admin/account", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login"


def _token(browser: Browser) -> dict[str, str]:
    return {"csrf_token": browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]}
