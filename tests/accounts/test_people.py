import statistics
import time

import pytest
from flask import Flask

from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.people import change_password, check_password, create_user, find_user
from blog_linkbacks.accounts.tables import Role
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def in_the_app(app: Flask):  # type: ignore[no-untyped-def]
    with app.app_context():
        yield


def test_right_password_gives_the_person() -> None:
    user = check_password("ana", PASSWORD)
    assert user is not None
    assert user.role == Role.ADMIN


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("", ""), ("ana", "x" * 5000)]
)
def test_anything_else_gives_nobody(name: str, password: str) -> None:
    assert check_password(name, password) is None


def test_the_password_is_kept_only_as_an_argon2_hash() -> None:
    user = find_user("ana")
    assert user is not None
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in user.password_hash


@pytest.mark.parametrize("name", ["ANA", " ana ", "Ana"])
def test_a_name_is_known_in_any_case(name: str) -> None:
    assert find_user(name) is not None


def test_a_name_outside_ascii_is_found_again() -> None:
    create_user("Ärnold", PASSWORD)
    assert find_user("Ärnold") is not None
    assert find_user("A\u0308rnold") is not None


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", PASSWORD, "A user needs a name."),
        ("  ", PASSWORD, "A user needs a name."),
        ("x" * 81, PASSWORD, "at most 80 characters"),
        ("a\x07b", PASSWORD, "only characters that can be seen"),
        ("Ana", PASSWORD, "already a user named Ana"),
        ("new", "short", "at least 8 characters"),
        ("new", "é" * 501, "at most 1,000 bytes"),
    ],
)
def test_what_will_not_do_is_refused_in_a_sentence(name: str, password: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        create_user(name, password)
    assert find_user("new") is None


def test_a_new_password_ends_the_sessions_of_the_old_one() -> None:
    user = find_user("ana")
    assert user is not None
    key = user.session_key
    change_password(user, "another good one")
    assert check_password("ana", PASSWORD) is None
    changed = check_password("ana", "another good one")
    assert changed is not None
    assert changed.session_key != key


def test_the_last_admin_stays_an_admin() -> None:
    ana, mo = people.by_id(1), people.by_id(2)
    with pytest.raises(ValueError, match="last admin"):
        people.change_role(ana.id, Role.AUTHOR)
    people.change_role(mo.id, Role.ADMIN)
    assert people.change_role(ana.id, Role.AUTHOR).role == Role.AUTHOR


def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    def median(name: str) -> float:
        times = []
        for _ in range(7):
            start = time.perf_counter()
            check_password(name, "wrong password")
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    median("warm")
    assert 0.4 < median("nobody") / median("ana") < 2.5
