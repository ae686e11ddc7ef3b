import threading
import time
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from blog_linkbacks.accounts import people, two_step
from blog_linkbacks.accounts.tables import RecoveryCode, User
from blog_linkbacks.db import db, now
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD


def password_given(app: Flask, address: str = "203.0.113.9") -> Browser:
    browser = Browser(app.test_client())
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser.open("/login").send("/login", name="mo", password=PASSWORD)


def turned_on(app: Flask) -> tuple[str, list[str]]:
    """Mo's second step is on: the secret, and the recovery codes."""
    with app.app_context():
        two_step.offer(2)
        secret = people.by_id(2).totp_offered
        codes = two_step.confirm(2, pyotp.TOTP(secret).at(time.time() - 60 + 30))
        assert codes is not None
        return secret, codes


def code(secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + seconds)


def inside(browser: Browser) -> bool:
    return browser.open("/admin/account").page.status_code == 200


def test_it_is_set_up_with_the_password_and_a_code(app: Flask) -> None:
    elsewhere = password_given(app)
    browser = password_given(app).open("/admin/account")
    browser.send("/admin/account/two-step#two-step", **{"two-step-password": PASSWORD}).follow()
    with app.app_context():
        secret = people.by_id(2).totp_offered
    assert " ".join(secret[at : at + 4] for at in range(0, 32, 4)) in browser.text
    browser.send("/admin/account/two-step/on", code=code(secret))
    assert browser.page.status_code == 200
    assert "Your recovery codes" in browser.text
    assert browser.page.headers["Cache-Control"] == "no-store"
    assert inside(browser)
    assert not inside(elsewhere)
    with app.app_context():
        mo = people.by_id(2)
        assert (mo.totp_secret, mo.totp_offered) == (secret, "")


def test_setting_it_up_takes_the_password(app: Flask) -> None:
    browser = password_given(app).open("/admin/account")
    browser.send("/admin/account/two-step#two-step", **{"two-step-password": "wrong"})
    assert (browser.page.status_code, "not your present password" in browser.text) == (422, True)
    with app.app_context():
        assert people.by_id(2).totp_offered == ""


def test_a_wrong_code_does_not_turn_it_on(app: Flask) -> None:
    browser = password_given(app).open("/admin/account")
    browser.send("/admin/account/two-step#two-step", **{"two-step-password": PASSWORD}).follow()
    browser.send("/admin/account/two-step/on", code="000000")
    assert (browser.page.status_code, "That code is not right." in browser.text) == (422, True)
    with app.app_context():
        assert not people.by_id(2).two_step


def test_the_picture_holds_what_an_app_reads(app: Flask) -> None:
    with app.app_context():
        two_step.offer(2)
        address = two_step.address(people.by_id(2), "Garden & soil")
        assert address.startswith("otpauth://totp/Garden%20%26%20soil:mo?secret=")
    size, path = two_step.drawing(address)
    assert size >= 29
    assert path.startswith("M4 4h1v1h-1z")


def test_the_password_alone_opens_nothing(app: Flask) -> None:
    turned_on(app)
    browser = password_given(app)
    assert (browser.page.status_code, browser.page.location) == (303, "/login/code")
    assert not inside(browser)


def test_password_and_code_open(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=code(secret))
    assert (browser.page.status_code, browser.page.location) == (303, "/admin/linkbacks")
    assert inside(browser)


def test_the_way_to_the_page_that_was_asked_for_is_kept(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = Browser(app.test_client()).open("/admin/account").follow()
    browser.send("/login", name="mo", password=PASSWORD).follow().send("/login/code", code=code(secret))
    assert browser.page.location == "/admin/account"


@pytest.mark.parametrize("drift", [-30, 0, 30])
def test_a_phone_may_be_half_a_minute_off(app: Flask, drift: int) -> None:
    secret, _ = turned_on(app)
    with time_machine.travel(now() + timedelta(minutes=5)):
        browser = password_given(app).follow()
        assert browser.send("/login/code", code=code(secret, drift)).page.status_code == 303


@pytest.mark.parametrize("drift", [-90, -60, 60, 90])
def test_it_may_not_be_more(app: Flask, drift: int) -> None:
    secret, _ = turned_on(app)
    with time_machine.travel(now() + timedelta(minutes=5)):
        browser = password_given(app).follow()
        assert browser.send("/login/code", code=code(secret, drift)).page.status_code == 422


def test_a_code_is_refused_the_second_time(app: Flask) -> None:
    secret, _ = turned_on(app)
    given = code(secret)
    password_given(app).follow().send("/login/code", code=given)
    again = password_given(app).follow().send("/login/code", code=given)
    assert (again.page.status_code, "was used before" in again.text) == (422, True)


def test_a_code_older_than_the_last_is_refused(app: Flask) -> None:
    secret, _ = turned_on(app)
    with time_machine.travel(now() + timedelta(minutes=5)), app.app_context():
        assert two_step.accept(2, code(secret))
        assert not two_step.accept(2, code(secret, -30))
        assert two_step.accept(2, code(secret, 30))


def test_one_code_at_the_same_moment_opens_once(app: Flask) -> None:
    secret, _ = turned_on(app)
    results: list[bool] = []

    def one(given: str) -> None:
        with app.app_context():
            results.append(two_step.accept(2, given))
            db.session.remove()

    threads = [threading.Thread(target=one, args=(code(secret),)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 11 + [True]


def test_the_second_step_closes_after_five_failures(app: Flask) -> None:
    secret, codes = turned_on(app)
    browser = password_given(app).follow()
    found = [browser.send("/login/code", code="000000").page.status_code for _ in range(5)]
    assert found == [422] * 5
    browser.open("/login/code").send("/login/code", code=code(secret))
    assert browser.page.status_code == 429
    assert 0 < int(browser.page.headers["Retry-After"]) <= 900
    other = password_given(app, "203.0.113.10").follow()
    assert other.send("/login/code", code=code(secret)).page.status_code == 429
    assert other.open("/login/code").send("/login/code", code=codes[0]).page.status_code == 303


def test_no_more_than_twenty_codes_fail_in_a_day(app: Flask) -> None:
    turned_on(app)
    refused, start = [], now()
    for hour in range(23):
        with time_machine.travel(start + timedelta(hours=hour)):
            browser = password_given(app, f"198.51.100.{hour}").follow()
            refused.append(browser.send("/login/code", code="000000").page.status_code)
    assert refused == [422] * 20 + [429] * 3
    assert "hours" in browser.text


@pytest.mark.parametrize("written", ["{}", " {} ", "lower {}", "dashless {}"])
def test_a_recovery_code_opens_once(app: Flask, written: str) -> None:
    _, codes = turned_on(app)
    given = {"lower {}": codes[3].lower(), "dashless {}": codes[3].replace("-", " ")}.get(
        written, written.format(codes[3])
    )
    browser = password_given(app).follow().send("/login/code", code=given)
    assert browser.page.status_code == 303
    assert inside(browser)
    again = password_given(app).follow().send("/login/code", code=given)
    assert again.page.status_code == 422
    with app.app_context():
        assert two_step.codes_left(2) == 9


def test_recovery_codes_are_kept_as_hashes(app: Flask) -> None:
    _, codes = turned_on(app)
    with app.app_context():
        kept = list(db.session.scalars(select(RecoveryCode.code_hash)))
    assert len(set(codes)) == len(kept) == 10
    assert all(len(row) == 64 for row in kept)


def test_new_recovery_codes_end_the_old_ones(app: Flask) -> None:
    secret, codes = turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=code(secret)).open("/admin/account")
    form = {"two-step-password": PASSWORD, **_token(browser)}
    browser.page = browser.client.post("/admin/account/two-step/codes", data=form)
    assert "Your recovery codes" in browser.text
    assert codes[0] not in browser.page.text
    with app.app_context():
        assert not two_step.accept_recovery(2, codes[0])
        assert two_step.codes_left(2) == 10


@pytest.mark.parametrize(("password", "off"), [("wrong", False), (PASSWORD, True)])
def test_turning_it_off_takes_the_password(app: Flask, password: str, off: bool) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=code(secret)).open("/admin/account")
    form = {"two-step-password": password, **_token(browser)}
    browser.page = browser.client.post("/admin/account/two-step/off", data=form)
    assert browser.page.status_code == (303 if off else 422)
    assert inside(browser)
    with app.app_context():
        assert people.by_id(2).two_step is not off
        assert two_step.codes_left(2) == (0 if off else 10)


def test_too_long_between_password_and_code(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow()
    with time_machine.travel(now() + timedelta(minutes=6)):
        browser.send("/login/code", code=code(secret))
        assert browser.page.location == "/login"
        assert "That took too long." in browser.follow().text


def test_a_changed_password_ends_half_a_sign_in(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow()
    with app.app_context():
        people.change_password(people.by_id(2), "another good one")
    assert browser.send("/login/code", code=code(secret)).page.location == "/login"


@pytest.mark.parametrize("given", ["", "x" * 65, "é" * 16, "１２３４５６", "\0" * 6, "-1", "0" * 16])
def test_what_is_no_code_is_refused_in_a_sentence(app: Flask, given: str) -> None:
    turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=given)
    assert browser.page.status_code == 422


def test_nobody_comes_to_the_second_step_without_the_first(app: Flask) -> None:
    assert Browser(app.test_client()).open("/login/code").page.location == "/login"


def test_flask_users_totp_off(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=code(secret))
    run = app.test_cli_runner().invoke
    done = run(args=["users", "totp-off", "mo"])
    assert (done.exit_code, done.stderr) == (0, "mo signs in with the password alone.\n")
    assert not inside(browser)
    assert inside(password_given(app))
    for name, sentence in [("mo", "with the password alone already"), ("eve", "no user named eve")]:
        refused = run(args=["users", "totp-off", name])
        assert (refused.exit_code, sentence in refused.stderr) == (1, True)


def test_the_secret_is_on_no_page_once_it_is_on(app: Flask) -> None:
    secret, _ = turned_on(app)
    browser = password_given(app).follow().send("/login/code", code=code(secret)).open("/admin/account")
    assert secret not in browser.page.text
    assert browser.open("/admin/account/two-step").page.location == "/admin/account"
    with app.app_context():
        assert db.session.scalar(select(User.totp_offered).where(User.id == 2)) == ""


def _token(browser: Browser) -> dict[str, str]:
    return {"csrf_token": browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]}
