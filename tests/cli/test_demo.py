import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.accounts import people
from tests.cli.conftest import Run
from tests.conftest import PASSWORD


@pytest.fixture
def empty(environ: dict[str, str], root: Path) -> Flask:
    return create_app(environ, root)


def _listed(app: Flask) -> list[dict[str, object]]:
    import json

    found: list[dict[str, object]] = json.loads(
        app.test_cli_runner().invoke(args=["linkbacks", "list", "--json"]).stdout
    )
    return found


def test_an_empty_database_becomes_a_lively_queue(empty: Flask) -> None:
    done = empty.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output
    assert "http://blog.example/admin/linkbacks" in done.stderr
    found = _listed(empty)
    counts = Counter(linkback["status"] for linkback in found)
    assert set(counts) == {"pending", "approved", "spam", "rejected", "unverified", "gone"}
    assert counts["pending"] >= 10
    assert {linkback["kind"] for linkback in found} == {"pingback", "trackback", "webmention"}
    assert all(linkback["signals"] for linkback in found if linkback["status"] == "pending")


def test_times_run_from_the_oldest_to_the_newest(empty: Flask) -> None:
    empty.test_cli_runner().invoke(args=["demo"])
    found = _listed(empty)
    received = [linkback["received_at"] for linkback in found if not linkback["internal"]]
    assert received == sorted(received, key=str, reverse=True)
    assert all(str(linkback["decided_at"]) >= str(linkback["received_at"]) for linkback in found)


def test_posts_name_each_other_and_show_what_is_approved(empty: Flask) -> None:
    empty.test_cli_runner().invoke(args=["demo"])
    page = empty.test_client().get("/posts/no-dig-beds").text
    related, responses = page.split('id="related"')[1].split('id="responses"')
    assert "Compost basics" in related
    assert "Lena Voss" in responses
    assert "Gwen Pryce" not in responses


def test_no_account_is_made_unless_asked_for(empty: Flask) -> None:
    done = empty.test_cli_runner().invoke(args=["demo"])
    assert "flask run" in done.stderr
    with empty.app_context():
        assert not people.anyone()


def test_an_admin_of_ones_own_takes_part(empty: Flask) -> None:
    done = empty.test_cli_runner().invoke(args=["demo", "--admin", "Ana", "--password-stdin"], input=PASSWORD)
    assert done.exit_code == 0, done.output
    with empty.app_context():
        assert people.check_password("Ana", PASSWORD) is not None
    assert "Ana" in {linkback["decided_by"] for linkback in _listed(empty)}


def test_a_database_with_something_in_it_is_left_alone(run: Run) -> None:
    done = run("demo")
    assert done.exit_code == 1
    assert "not empty" in done.stderr
    assert run("linkbacks", "list").stdout.count("\n") == 1


def test_a_bad_password_fills_nothing(empty: Flask) -> None:
    done = empty.test_cli_runner().invoke(args=["demo", "--admin", "Ana", "--password-stdin"], input="short")
    assert done.exit_code == 1
    assert _listed(empty) == []


@pytest.mark.parametrize("words", [("--admin", "Ana"), ("--password-stdin",)])
def test_half_an_admin_is_wrong_use(empty: Flask, words: tuple[str, ...]) -> None:
    assert empty.test_cli_runner().invoke(args=["demo", *words]).exit_code == 2


def test_posts_have_pictures_that_are_described(empty: Flask) -> None:
    empty.test_cli_runner().invoke(args=["demo"])
    client = empty.test_client()
    assert client.get("/").text.count("teaser-cover") == 2
    for path, described in (
        ("/posts/no-dig-beds", "Beds of young lettuce"),
        ("/posts/notes-on-clay", "A jar on a windowsill"),
    ):
        image = re.search(rf'<img[^>]*src="(/pictures/[^"]+)"[^>]*alt="{described}', client.get(path).text)
        assert image, path
        assert client.get(image[1]).mimetype == "image/jpeg"
