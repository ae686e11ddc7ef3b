"""A database that cannot be worked with stops the start with one line; the schema is what the models say."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.db import db


def no_database(path: Path) -> None:
    path.write_text("Just some words that no database begins with. " * 20)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    opened.close()


@pytest.mark.sqlite_only("spoils an SQLite file")
@pytest.mark.parametrize(
    ("spoil", "why"), [(no_database, "file is not a database"), (newer, "newer version")]
)
def test_an_unusable_file_is_named(
    tmp_path: Path, migrated: Path, spoil: Callable[[Path], None], why: str
) -> None:
    shutil.copytree(migrated, tmp_path / "instance")
    spoil(tmp_path / "instance" / "blog.db")
    with pytest.raises(SystemExit, match=f"^LINKBACKS_DATABASE_URL: .*{why}"):
        create_app({}, tmp_path)


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^LINKBACKS_DATABASE_URL: .*refused"):
        create_app({"LINKBACKS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, tmp_path)


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        options = {
            "include_name": lambda name, *_: not str(name).startswith(("linkback_search", "post_search"))
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata) == []
