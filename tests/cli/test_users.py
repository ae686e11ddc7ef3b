from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks.accounts import first_run, people
from tests.cli.conftest import Run
from tests.conftest import PASSWORD


def test_a_user_is_an_admin_by_default(app: Flask, run: Run) -> None:
    done = run("users", "create", "Eve", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert PASSWORD not in done.output
    with app.app_context():
        user = people.check_password("eve", PASSWORD)
        assert user is not None
        assert user.role == "admin"


def test_a_role_can_be_named(app: Flask, run: Run) -> None:
    assert (
        run("users", "create", "eli", "--password-stdin", "--role", "author", stdin=PASSWORD).exit_code == 0
    )
    with app.app_context():
        user = people.find_user("eli")
        assert user is not None
        assert user.role == "author"


@pytest.mark.parametrize(
    ("name", "stdin", "sentence"),
    [
        ("ana", PASSWORD, "already a user named ana"),
        ("eli", "short", "at least 8 characters"),
        ("eli", "", "at least 8 characters"),
        ("eli", "x" * 2000, "at most 1,000 bytes"),
        ("eli", b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff", "not UTF-8 text"),
        ("", PASSWORD, "needs a name"),
    ],
)
def test_what_is_refused_ends_with_1_and_a_sentence(
    run: Run, name: str, stdin: str | bytes, sentence: str
) -> None:
    done = run("users", "create", name, "--password-stdin", stdin=stdin)
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [("users", "create", "eli"), ("users", "create", "--password-stdin"),
              ("users", "create", "eli", "--password-stdin", "--role", "emperor"), ("users", "destroy")]
)  # fmt: skip
def test_wrong_use_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_forgotten_password_is_given_anew(app: Flask, run: Run) -> None:
    assert run("users", "password", "mo", "--password-stdin", stdin="a newer password\n").exit_code == 0
    assert run("users", "password", "mo", "--password-stdin", stdin="short").exit_code == 1
    assert "no user named eve" in run("users", "password", "eve", "--password-stdin", stdin=PASSWORD).stderr
    with app.app_context():
        assert people.check_password("mo", "a newer password") is not None


def test_a_user_from_the_command_line_ends_the_first_run(app: Flask, run: Run, root: Path) -> None:
    with app.app_context():
        first_run.token()
    run("users", "create", "eli", "--password-stdin", stdin=PASSWORD)
    assert not (root / "instance" / "first_run_token").exists()
