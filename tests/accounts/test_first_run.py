import stat
from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks import accounts
from blog_linkbacks.accounts import first_run, people
from blog_linkbacks.settings.preferences import site
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD, publish


def _token(app: Flask) -> str:
    with app.app_context():
        return first_run.token()


def _make_admin(visitor: Browser, app: Flask) -> Browser:
    visitor.open(f"/first-run?token={_token(app)}")
    return visitor.send("/first-run", name="Ana", password=PASSWORD)


@pytest.mark.parametrize(
    "path", ["/", "/login", "/admin/", "/admin/posts/", "/admin/settings", "/admin/nowhere"]
)
def test_with_no_user_the_way_leads_to_the_first_run(visitor: Browser, path: str) -> None:
    visitor.open(path)
    assert (visitor.page.status_code, visitor.page.location) == (303, "/first-run")


@pytest.mark.parametrize("path", ["/static/css/base.css", "/webmention", "/feed.atom"])
def test_what_needs_nobody_answers_without_a_user(visitor: Browser, path: str) -> None:
    assert visitor.open(path).page.status_code == 200


def test_health_answers_without_a_user(visitor: Browser) -> None:
    assert visitor.open("/healthz").page.is_json


def test_what_is_published_is_readable_without_a_user(new_blog: Flask, visitor: Browser) -> None:
    address = publish(new_blog, "Before anybody came", "Words.")
    assert visitor.open(address).page.status_code == 200
    assert visitor.open("/").page.status_code == 200


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%F0%9F%8C%B1"])
def test_without_the_one_time_word_the_page_says_where_to_find_it(visitor: Browser, query: str) -> None:
    visitor.open(f"/first-run{query}")
    assert visitor.page.status_code == (403 if query.partition("=")[2] else 200)
    assert "instance/first_run_token" in visitor.text


def test_an_admin_is_not_made_without_the_word(new_blog: Flask, visitor: Browser) -> None:
    visitor.open(f"/first-run?token={_token(new_blog)}")
    visitor.send("/first-run", name="Eve", password=PASSWORD, token="guess")
    assert visitor.page.status_code == 403
    with new_blog.app_context():
        assert not people.anyone()


def test_the_word_is_for_its_owner_alone_and_outlives_a_restart(new_blog: Flask, root: Path) -> None:
    word = _token(new_blog)
    path = root / "instance" / "first_run_token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(word) >= 32
    assert _token(new_blog) == word


def test_an_empty_word_opens_nothing(new_blog: Flask, visitor: Browser, root: Path) -> None:
    (root / "instance" / "first_run_token").write_text("")
    assert "instance/first_run_token" in visitor.open("/first-run?token=").text
    assert len(_token(new_blog)) >= 32


def test_the_console_shows_the_way_in(new_blog: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with new_blog.app_context():
        accounts.say_first_run("http://127.0.0.1:5000")
    said = capsys.readouterr().err
    assert (
        f"First run: open http://127.0.0.1:5000/first-run?token={_token(new_blog)} to make your admin" in said
    )


def test_the_console_says_where_the_blog_is_once_there_is_a_user(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        accounts.say_first_run("http://127.0.0.1:5000")
    assert "Queue: http://127.0.0.1:5000/admin/linkbacks" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", PASSWORD, "A user needs a name."),
        ("Ana", "short", "at least 8 characters"),
        ("A\x07", PASSWORD, "can be seen"),
    ],
)
def test_an_admin_that_will_not_do_is_asked_for_again(
    new_blog: Flask, visitor: Browser, name: str, password: str, sentence: str
) -> None:
    visitor.open(f"/first-run?token={_token(new_blog)}").send("/first-run", name=name, password=password)
    assert visitor.page.status_code == 422
    assert sentence in visitor.text


def test_the_admin_is_signed_in_and_the_word_is_spent(new_blog: Flask, visitor: Browser, root: Path) -> None:
    word = _token(new_blog)
    _make_admin(visitor, new_blog).follow()
    assert visitor.page.status_code == 200
    assert "You are signed in as Ana." in visitor.text
    assert not (root / "instance" / "first_run_token").exists()
    stranger = Browser(new_blog.test_client()).open(f"/first-run?token={word}")
    assert stranger.page.location.startswith("/login")


def test_a_second_admin_is_not_made_this_way(new_blog: Flask, visitor: Browser) -> None:
    slow = Browser(new_blog.test_client()).open(f"/first-run?token={_token(new_blog)}")
    _make_admin(visitor, new_blog)
    slow.send("/first-run", name="Eve", password=PASSWORD)
    with new_blog.app_context():
        assert [user.name for user in people.everyone()] == ["Ana"]


def test_three_steps_end_with_an_approved_pingback(new_blog: Flask, visitor: Browser) -> None:
    _make_admin(visitor, new_blog).follow()
    visitor.send("/first-run/blog", name="The Long Border", tagline="Soil and tools").follow()
    with new_blog.app_context():
        assert (site().name, site().tagline) == ("The Long Border", "Soil and tools")
    visitor.send("/first-run/pingback").follow()
    assert (
        "from “Hello” to “What is a linkback?” is approved at once: a link between two posts" in visitor.text
    )
    related = visitor.client.get("/posts/what-is-a-linkback").text.split('id="related"')[1]
    assert 'href="/posts/hello"' in related or "/posts/hello" in related


def test_the_test_pingback_sent_twice_makes_no_second_post(new_blog: Flask, visitor: Browser) -> None:
    _make_admin(visitor, new_blog).follow()
    visitor.send("/first-run/blog", name="The Long Border").follow()
    token = visitor.page.text.split('name="csrf_token" value="')[1].split('"')[0]
    for _ in range(2):
        visitor.page = visitor.client.post("/first-run/pingback", data={"csrf_token": token})
        assert visitor.page.status_code == 303
    listed = new_blog.test_cli_runner().invoke(args=["linkbacks", "list"]).output
    assert listed.count("approved") == 2


def test_the_further_steps_are_for_admins(app: Flask) -> None:
    visitor = Browser(app.test_client()).open("/first-run")
    assert visitor.page.location.startswith("/login")
