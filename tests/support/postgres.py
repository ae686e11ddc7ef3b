"""The tests on PostgreSQL, where it is asked for: `LINKBACKS_TEST_DATABASE` is the URL of a server, as one who may
create databases. Each test's blog then has a database of its own there, copied from a template as files are on SQLite.
"""

import itertools
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

SERVER = os.environ.get("LINKBACKS_TEST_DATABASE", "")
_PREFIX = f"linkbacks_{os.getpid()}_"
_left_out = pytest.StashKey[int]()
_numbers = itertools.count()


class Database:
    """One database of this process on the server; on SQLite a name that leads nowhere."""

    def __init__(self, name: str) -> None:
        self.name = _PREFIX + name

    @property
    def variables(self) -> dict[str, str]:
        """What leads a blog to it."""
        if not SERVER:
            return {}
        url = make_url(SERVER).set(database=self.name)
        return {"LINKBACKS_DATABASE_URL": url.render_as_string(hide_password=False)}

    def fill(self, template: str) -> None:
        """Make it anew, as a copy of a database of this process (or of the server's `template0`)."""
        self.drop()
        _run("CREATE DATABASE {} TEMPLATE {}", self.name, template)

    def drop(self) -> None:
        """Remove it, and close what is connected to it."""
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)


MIGRATED = Database("migrated")
SETTLED = Database("settled")


@pytest.fixture
def database() -> Iterator[Database]:
    """The place of the test's blog."""
    own = Database(f"blog_{next(_numbers)}")
    yield own
    own.drop()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only(reason): left out where the tests run on PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite alone."""
    if not SERVER:
        return
    left_out = [item for item in items if item.get_closest_marker("sqlite_only")]
    items[:] = [item for item in items if item not in left_out]
    config.stash[_left_out] = len(left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    MIGRATED.drop()
    SETTLED.drop()
    if told := getattr(session.config, "workeroutput", None):  # one of several processes: the first prints
        told["sqlite_only"] = session.config.stash.get(_left_out, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get("sqlite_only", 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if SERVER:
        terminalreporter.write_line(
            f"On PostgreSQL, without {config.stash.get(_left_out, 0)} of SQLite alone."
        )


def _run(statement: str, *names: str) -> None:
    if not SERVER:
        return
    url = make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
