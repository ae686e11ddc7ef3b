import threading
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from blog_linkbacks.accounts import attempts, people, two_step
from blog_linkbacks.accounts.attempts import PASSWORDS, ThrottledError, Where
from blog_linkbacks.accounts.tables import Outcome, SignIn
from blog_linkbacks.db import db, now
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD

WHERE = Where("203.0.113.9", "Firefox on Linux")


def guess(app: Flask, name: str, times: int) -> list[int]:
    """Tries by strangers, each from an address of its own."""
    return [
        attempt(app, name, "wrong password", f"198.51.100.{number}").page.status_code
        for number in range(times)
    ]


def attempt(app: Flask, name: str, password: str, address: str, browser: Browser | None = None) -> Browser:
    browser = browser or Browser(app.test_client())
    browser.page = browser.client.get("/login", environ_base={"REMOTE_ADDR": address})
    token = browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "name": name, "password": password}
    browser.page = browser.client.post("/login", data=data, environ_base={"REMOTE_ADDR": address})
    return browser


@pytest.mark.parametrize("name", ["mo", "nobody"])
def test_a_name_closes_after_ten_failures_from_anywhere(app: Flask, name: str) -> None:
    assert guess(app, name, 11) == [422] * 10 + [429]
    last = attempt(app, name.upper(), PASSWORD, "203.0.113.77")
    assert last.page.status_code == 429
    assert 0 < int(last.page.headers["Retry-After"]) <= 900
    assert "Too many tries that failed. Try again in 15 minutes." in last.text


def test_nothing_tells_a_known_name_from_an_unknown_one(app: Flask) -> None:
    def said(name: str) -> list[tuple[int, str, list[str]]]:
        pages = [attempt(app, name, "wrong password", f"198.51.100.{number}") for number in range(11)]
        return [
            (page.page.status_code, page.text.replace(name, "NAME"), sorted(dict(page.page.headers)))
            for page in pages
        ]

    assert said("ida") == said("xqz")


def test_it_opens_again_by_itself(app: Flask) -> None:
    guess(app, "mo", 11)
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert attempt(app, "mo", PASSWORD, "203.0.113.77").page.status_code == 303


def test_trying_on_while_it_is_closed_does_not_keep_it_closed(app: Flask) -> None:
    guess(app, "mo", 11)
    with time_machine.travel(now() + timedelta(minutes=10)):
        assert set(guess(app, "mo", 30)) == {429}
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert attempt(app, "mo", PASSWORD, "203.0.113.77").page.status_code == 303


def test_strangers_do_not_keep_the_owner_out_of_a_browser_they_used_before(app: Flask) -> None:
    own = attempt(app, "mo", PASSWORD, "203.0.113.77")
    own.open("/admin/account").send("/logout")
    guess(app, "mo", 11)
    assert attempt(app, "mo", PASSWORD, "203.0.113.77", own).page.status_code == 303


def test_a_browser_that_is_known_is_slowed_down_as_well(app: Flask) -> None:
    own = attempt(app, "mo", PASSWORD, "203.0.113.77")
    own.open("/admin/account").send("/logout")
    codes = [attempt(app, "mo", "wrong", "203.0.113.77", own).page.status_code for _ in range(11)]
    assert codes == [422] * 10 + [429]
    assert attempt(app, "mo", PASSWORD, "203.0.113.78").page.status_code == 303


def test_a_browser_known_as_one_person_is_a_stranger_to_the_others(app: Flask) -> None:
    ida = attempt(app, "ida", PASSWORD, "203.0.113.77")
    ida.open("/admin/account").send("/logout")
    codes = [attempt(app, "mo", "wrong", f"198.51.100.{at}", ida).page.status_code for at in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_known_browser_is_forgotten_when_all_sessions_end(app: Flask) -> None:
    own = attempt(app, "mo", PASSWORD, "203.0.113.77")
    own.open("/admin/account").send("/admin/account/sign-out-everywhere")
    guess(app, "mo", 11)
    assert attempt(app, "mo", PASSWORD, "203.0.113.77", own).page.status_code == 429


def test_a_mark_that_was_tampered_with_is_no_mark(app: Flask) -> None:
    own = attempt(app, "mo", PASSWORD, "203.0.113.77")
    own.open("/admin/account").send("/logout")
    name = f"{app.config['SESSION_COOKIE_NAME']}_known"
    cookie = own.client.get_cookie(name)
    assert cookie is not None
    own.client.set_cookie(name, cookie.value[:-2] + "xx")
    guess(app, "mo", 11)
    assert attempt(app, "mo", PASSWORD, "203.0.113.77", own).page.status_code == 429


def test_an_address_is_slowed_down_over_all_names(app: Flask) -> None:
    codes = [attempt(app, f"name {number}", "wrong", "203.0.113.9").page for number in range(11)]
    assert [page.status_code for page in codes] == [422] * 10 + [429]
    assert 0 < int(codes[-1].headers["Retry-After"]) <= 61
    assert "Too many tries from your address. Try again in" in codes[-1].text


@pytest.mark.parametrize("padding", ["", "  ", " " * 999, " " * 1000, " " * 5000])
def test_spaces_around_a_name_make_no_other_name(app: Flask, padding: str) -> None:
    guess(app, f"{padding}mo", 5)
    guess(app, "mo", 5)
    assert attempt(app, f"mo{padding}", PASSWORD, "203.0.113.77").page.status_code == 429


def test_owing_a_code_in_a_known_browser_frees_no_other_name_from_the_limit(app: Flask) -> None:
    with app.app_context():
        two_step.offer(2)
        secret = pyotp.TOTP(people.by_id(2).totp_offered)
        codes = two_step.confirm(2, secret.now())
    assert codes is not None
    own = attempt(app, "mo", PASSWORD, "203.0.113.9")
    own.open("/login/code").send("/login/code", code=codes[0])
    own.open("/admin/account").send("/logout")
    attempt(app, "mo", PASSWORD, "203.0.113.9", own)
    tries = [attempt(app, f"name {at}", "wrong", "203.0.113.9", own).page.status_code for at in range(11)]
    assert tries == [422] * 9 + [429] * 2  # the first sign-in, of a browser not known yet, counted


def test_tries_at_once_are_counted_one_by_one(app: Flask) -> None:
    def one() -> None:
        with app.app_context():
            try:
                attempts.begin(WHERE, None, "bucket", Outcome.WRONG_PASSWORD, PASSWORDS)
                results.append("looked at")
            except ThrottledError:
                results.append("closed")
            db.session.remove()

    results: list[str] = []
    threads = [threading.Thread(target=one) for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["closed"] * 15 + ["looked at"] * 10


def test_a_clock_set_back_closes_nothing(app: Flask) -> None:
    with app.app_context():
        with time_machine.travel(now() + timedelta(days=400)):
            for _ in range(10):
                attempts.begin(WHERE, None, "bucket", Outcome.WRONG_PASSWORD, PASSWORDS)
        assert attempts.begin(WHERE, None, "bucket", Outcome.WRONG_PASSWORD, PASSWORDS)


def test_guessing_the_own_password_of_an_open_session_is_counted(app: Flask) -> None:
    browser = attempt(app, "mo", PASSWORD, "203.0.113.77").open("/admin/account")
    token = browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    codes = [
        browser.client.post(
            "/admin/account/two-step/off",
            data={"csrf_token": token, "two-step-password": "wrong"},
            environ_base={"REMOTE_ADDR": f"198.51.100.{number}"},
        ).status_code
        for number in range(11)
    ]
    assert codes == [422] * 10 + [429]


def test_a_name_that_nobody_has_is_kept_nowhere(app: Flask) -> None:
    typed = "hunter2 my real password"
    attempt(app, typed, "x", "203.0.113.9")
    with app.app_context():
        row = db.session.scalars(select(SignIn)).one()
        assert row.user_id is None
        assert typed not in str(vars(row))


def test_the_record_is_bounded_and_a_flood_of_failures_pushes_no_sign_in_out(app: Flask) -> None:
    with app.app_context():
        attempt_id = attempts.begin(WHERE, 2, "first", Outcome.WRONG_PASSWORD, PASSWORDS)
        attempts.settle(attempt_id, Outcome.SIGNED_IN)
        many = [
            {
                "at": now(),
                "outcome": Outcome.WRONG_PASSWORD,
                "bucket": str(number),
                "address": "",
                "agent": "",
            }
            for number in range(attempts.MOST + 500)
        ]
        db.session.execute(SignIn.__table__.insert(), many)  # type: ignore[attr-defined]
        db.session.commit()
        attempts.begin(WHERE, None, "last", Outcome.WRONG_PASSWORD, PASSWORDS)
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == attempts.MOST + 1
        assert attempts.listed(2)[0][0].outcome == Outcome.SIGNED_IN


def test_what_is_older_than_ninety_days_goes(app: Flask) -> None:
    with app.app_context():
        attempts.begin(WHERE, 2, "old", Outcome.WRONG_PASSWORD, PASSWORDS)
        with time_machine.travel(now() + timedelta(days=91)):
            attempts.begin(WHERE, 2, "new", Outcome.WRONG_PASSWORD, PASSWORDS)
            assert [row.bucket for row, _ in attempts.listed(2)] == ["new"]


def test_a_name_with_a_nul_is_nobodys(app: Flask) -> None:
    with app.app_context():
        assert people.find_user("mo\0") is None
    assert attempt(app, "mo\0", PASSWORD, "203.0.113.9").page.status_code == 422
