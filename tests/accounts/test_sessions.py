from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from blog_linkbacks import create_app
from blog_linkbacks.accounts import people, sessions
from blog_linkbacks.accounts.tables import Role, User, UserSession
from blog_linkbacks.db import db, now, writing
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD


def signed_in(app: Flask, name: str = "mo") -> Browser:
    browser = Browser(app.test_client()).open("/login").send("/login", name=name, password=PASSWORD)
    assert browser.page.status_code == 303
    return browser


def inside(browser: Browser) -> bool:
    return browser.open("/admin/account").page.status_code == 200


def stolen(app: Flask, browser: Browser) -> Browser:
    """Somebody else's browser with a copy of this one's session cookie."""
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = browser.client.get_cookie(name)
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie(name, cookie.value)
    return Browser(thief)


def test_the_session_has_another_id_after_signing_in(app: Flask) -> None:
    browser = Browser(app.test_client()).open("/login")
    before = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    browser.send("/login", name="mo", password=PASSWORD)
    after = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_two_sign_ins_are_two_sessions(app: Flask) -> None:
    signed_in(app)
    signed_in(app)
    with app.app_context():
        assert len(set(db.session.scalars(select(UserSession.token_hash)))) == 2


def test_a_planted_session_is_not_the_one_of_who_signs_in(app: Flask) -> None:
    planted = Browser(app.test_client()).open("/login")
    victim = stolen(app, planted).open("/login").send("/login", name="mo", password=PASSWORD)
    assert inside(victim)
    assert not inside(planted)


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(app: Flask) -> None:
    browser = signed_in(app)
    thief = stolen(app, browser)
    assert inside(thief)
    browser.open("/admin/account").send("/logout")
    assert not inside(thief)


def test_signing_in_anew_ends_the_session_this_browser_had(app: Flask) -> None:
    browser = signed_in(app)
    thief = stolen(app, browser)
    browser.open("/admin/account").send("/logout")
    browser.open("/login").send("/login", name="ida", password=PASSWORD)
    assert inside(browser)
    assert not inside(thief)


@pytest.mark.parametrize("how", ["password", "role", "deletion", "everywhere"])
def test_every_session_ends_with(app: Flask, how: str) -> None:
    here, there, other = signed_in(app), signed_in(app), signed_in(app, "ida")
    with app.app_context():
        mo = people.find_user("mo")
        assert mo is not None
        if how == "password":
            people.change_password(mo, "another good one")
        elif how == "role":
            people.change_role(mo.id, Role.AUTHOR)
        elif how == "everywhere":
            sessions.end_all(mo.id)
        else:
            with writing() as session:
                session.execute(delete(User).where(User.id == mo.id))
    assert not inside(here)
    assert not inside(there)
    assert inside(other)


def test_the_same_role_again_ends_nothing(app: Flask) -> None:
    browser = signed_in(app)
    with app.app_context():
        people.change_role(2, Role.MODERATOR)
    assert inside(browser)


def test_sign_out_everywhere_stands_on_the_account_page(app: Flask) -> None:
    here, there = signed_in(app), signed_in(app)
    here.open("/admin/account").send("/admin/account/sign-out-everywhere")
    assert here.page.location == "/login?next=/admin/account"
    assert "You are signed out everywhere." in here.follow().text
    assert not inside(there)


def test_one_browser_can_be_signed_out_from_another(app: Flask) -> None:
    lost, here = signed_in(app), signed_in(app)
    here.open("/admin/account").send("/admin/account/sessions/1/end")
    assert not inside(lost)
    assert inside(here)


def test_nobody_ends_the_session_of_somebody_else(app: Flask) -> None:
    mo, ida = signed_in(app, "mo"), signed_in(app, "ida")
    ida.open("/admin/account")
    token = ida.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    ida.client.post("/admin/account/sessions/1/end", data={"csrf_token": token})
    assert inside(mo)


def test_the_database_holds_no_token(app: Flask) -> None:
    with app.app_context():
        token = sessions.begin(2, "203.0.113.9", "Firefox on Linux")
        row = db.session.scalars(select(UserSession)).one()
        assert token not in {row.token_hash, row.address, row.agent}
        assert sessions.person(row.token_hash) is None


def test_a_session_that_is_not_used_runs_out(app: Flask) -> None:
    browser = signed_in(app)
    with time_machine.travel(now() + timedelta(days=30)):
        assert inside(browser)
    with time_machine.travel(now() + timedelta(days=60)):
        assert inside(browser)
    with time_machine.travel(now() + timedelta(days=92)):
        assert not inside(browser)


def test_a_person_has_at_most_fifty_sessions(app: Flask) -> None:
    with app.app_context():
        first = sessions.begin(2)
        for _ in range(50):
            last = sessions.begin(2)
        assert len(sessions.of(2)) == 50
        assert sessions.person(first) is None
        assert sessions.person(last) is not None


@pytest.mark.parametrize("token", ["", "x" * 100_000, "\0", "é", "1", "' OR 1=1 --"])
def test_what_is_no_token_is_nobody(app: Flask, token: str) -> None:
    with app.app_context():
        assert sessions.person(token) is None


def test_a_cookie_signed_with_another_key_is_nobody(app: Flask, tmp_path: Path) -> None:
    forged = create_app({"LINKBACKS_BASE_URL": "http://blog.example"}, tmp_path / "forger").test_client()
    with app.app_context():
        token = sessions.begin(1)
    with forged.session_transaction() as session:
        session["_user_id"] = token
    cookie = next(iter((forged._cookies or {}).values()))
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    assert client.get("/admin/account").status_code == 303


def test_cookies_are_kept_from_scripts_and_other_sites(app: Flask) -> None:
    page = Browser(app.test_client()).open("/login").send("/login", name="mo", password=PASSWORD).page
    set_cookies = page.headers.getlist("Set-Cookie")
    assert len(set_cookies) == 2
    for cookie in set_cookies:
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie
        assert "Domain=" not in cookie
        assert "Secure" not in cookie  # a blog on plain http could not sign anybody in


@pytest.mark.parametrize(
    ("base", "prefix", "path"),
    [
        ("https://blog.example", "__Host-", "/"),
        ("https://example.org/journal", "__Secure-", "/journal"),
        ("http://blog.example", "", "/"),
    ],
)
def test_under_https_cookies_are_secure_and_prefixed(
    environ: dict[str, str], home: Path, base: str, prefix: str, path: str
) -> None:
    made = create_app({**environ, "LINKBACKS_BASE_URL": base}, home)
    browser = Browser(made.test_client())
    browser.page = browser.client.get("/login", base_url=base)
    browser.page = browser.client.post(
        "/login",
        base_url=base,
        headers={"Referer": f"{base}/login"},
        data={**_token(browser), "name": "mo", "password": PASSWORD},
    )
    cookies = browser.page.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith(f"{prefix}linkbacks_")
        assert f"; Path={path}" in cookie
        assert ("; Secure" in cookie) == base.startswith("https:")
    with made.app_context():
        db.engine.dispose()


def _token(browser: Browser) -> dict[str, str]:
    assert browser.page.status_code == 200
    return {"csrf_token": browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]}


def test_flask_users_sign_out(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    browser = Browser(login("mo"))
    done = app.test_cli_runner().invoke(args=["users", "sign-out", "Mo"])
    assert (done.exit_code, done.stderr) == (0, "mo is signed out everywhere.\n")
    assert not inside(browser)
