from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.accounts import attempts
from blog_linkbacks.accounts.agents import family
from blog_linkbacks.accounts.attempts import PASSWORDS, Where
from blog_linkbacks.accounts.tables import Outcome
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) CriOS/140 Safari/604", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari", "Chrome on Android"),
        ("curl/8.9", "curl"),
        ("python-requests/2.34", "a Python program"),
        ("<script>alert(1)</script>", "Something unknown"),
        ("", "Something unknown"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words_of_ours(header: str, words: str) -> None:
    assert family(header) == words


def test_the_account_page_shows_what_was_tried(app: Flask) -> None:
    client = app.test_client()
    client.environ_base |= {"HTTP_USER_AGENT": FIREFOX, "REMOTE_ADDR": "203.0.113.9"}
    browser = Browser(client).open("/login").send("/login", name="mo", password="wrong")
    browser.send("/login", name="mo", password=PASSWORD).open("/admin/account")
    assert "Signed in Firefox on Linux 203.0.113.9" in browser.text
    assert "Wrong password Firefox on Linux 203.0.113.9" in browser.text


def test_people_see_their_own_and_admins_all(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    for name in ("mo", "ida", "nobody at all"):
        Browser(app.test_client()).open("/login").send("/login", name=name, password="wrong")
    own = Browser(login("mo")).open("/admin/account/sign-ins").text
    everybody = Browser(login("ana")).open("/admin/settings/people/sign-ins").text
    assert own.count("Wrong password") == 1
    assert everybody.count("Wrong password") == 3
    assert "A name nobody has" in everybody
    assert "nobody at all" not in everybody
    assert login("mo").get("/admin/settings/people/sign-ins").status_code == 403


def test_long_records_come_in_pages(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        for number in range(60):
            attempts.begin(
                Where(f"203.0.113.{number}", ""), 2, str(number), Outcome.WRONG_PASSWORD, PASSWORDS
            )
    browser = Browser(login("mo")).open("/admin/account/sign-ins")
    assert browser.text.count("203.0.113.") == 50
    browser.open("/admin/account/sign-ins?before=11")
    assert browser.text.count("203.0.113.") == 10


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 30, "%00"])
def test_an_odd_page_is_the_first_one(login: Callable[[str], FlaskClient], before: str) -> None:
    assert login("mo").get(f"/admin/account/sign-ins?before={before}").status_code in (200, 404)


def test_the_page_is_for_no_one_else(client: FlaskClient) -> None:
    assert client.get("/admin/account/sign-ins").status_code == 303


def test_a_failed_try_is_not_shown_to_others(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    Browser(app.test_client()).open("/login").send("/login", name="ana", password="wrong")
    assert "Wrong password" not in Browser(login("mo")).open("/admin/account/sign-ins").text
