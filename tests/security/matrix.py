"""Who may do what: every rule of the url_map, every method, every role; asked of the running blog, not of its code.

`python -m tests.security.matrix` prints it as a table.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

ROLES = ("anonymous", "author", "moderator", "admin")
PEOPLE = {"author": "ida", "moderator": "mo", "admin": "ana"}
SAMPLES: dict[str, str | int] = {
    "slug": "no-dig-beds",
    "tag": "soil",
    "host": "site.example",
    "filename": "css/base.css",
    "form": "csv",
    "year": 2026,
    "month": 11,
    "listing": "spam",
}


@dataclass(frozen=True)
class Ask:
    """One rule with one method, and an address that it matches."""

    endpoint: str
    method: str
    rule: str
    path: str

    @property
    def key(self) -> tuple[str, str]:
        return self.endpoint, self.method


def asks(app: Flask) -> list[Ask]:
    """Every rule with every method that it takes, HEAD and OPTIONS apart."""
    return sorted(
        (
            Ask(rule.endpoint, method, _short(rule), _address(app, rule))
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ),
        key=lambda ask: (ask.rule, ask.method),
    )


def send(app: Flask, login: Callable[[str], FlaskClient], ask: Ask, role: str) -> TestResponse:
    """What a person of that role is answered, in a session of their own, with the token their forms have."""
    client = login(PEOPLE[role]) if role in PEOPLE else app.test_client()
    token = csrf_token(client, "/admin/account" if role in PEOPLE else "/login")
    return client.open(ask.path, method=ask.method, headers={"X-CSRFToken": token})


def csrf_token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found, page
    return found[1]


def let_in(answer: TestResponse) -> bool:
    """Whether the guard let the request through; what the view made of it does not matter."""
    place = answer.location or ""
    to_login = place == "/login" or (answer.request.method == "GET" and place.startswith("/login?"))
    return answer.status_code not in (401, 403) and not to_login


def measured(app: Flask, login: Callable[[str], FlaskClient]) -> Iterator[tuple[Ask, frozenset[str]]]:
    """For every rule and method the roles that are let in."""
    for ask in asks(app):
        yield ask, frozenset(role for role in ROLES if let_in(send(app, login, ask, role)))


def _short(rule: Rule) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"<\1>", rule.rule)


def _address(app: Flask, rule: Rule) -> str:
    values = {
        name: SAMPLES.get(
            name, 1 if rule._converters[name].__class__.__name__ == "IntegerConverter" else "x1"
        )
        for name in rule.arguments
    }
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def main() -> None:
    from blog_linkbacks import create_app
    from blog_linkbacks.accounts import people, sessions
    from blog_linkbacks.accounts.tables import Role
    from tests.conftest import PASSWORD

    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"LINKBACKS_BASE_URL": "http://blog.example"}, Path(folder))

        def login(name: str) -> FlaskClient:
            client = app.test_client()
            with app.app_context(), client.session_transaction() as session:
                user = people.find_user(name)
                assert user is not None
                session["_user_id"] = sessions.begin(user.id)
            return client

        with app.app_context():
            for role, name in PEOPLE.items():
                people.create_user(name, PASSWORD, Role(role))
        print("| address | method | " + " | ".join(ROLES) + " |\n| --- | --- |" + " --- |" * len(ROLES))
        for ask, roles in measured(app, login):
            marks = " | ".join("yes" if role in roles else "–" for role in ROLES)
            print(f"| `{ask.rule}` | {ask.method} | {marks} |")


if __name__ == "__main__":
    main()
