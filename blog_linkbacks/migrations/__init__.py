"""The database's schema, brought up to date at every start."""

import logging
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from flask_migrate import upgrade as run_upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from blog_linkbacks.db import db

FOLDER = Path(__file__).parent


class UnusableError(Exception):
    """There is no database that this program can work with; the text says why."""


def init_app(app: Flask) -> None:
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)


def upgrade(app: Flask) -> None:
    """Bring the database to the newest version; nothing is loaded or locked where it is there already.

    UnusableError where it cannot be reached, is none, or was made by a newer program.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        try:
            _upgrade()
        except (DBAPIError, OSError) as error:
            raise UnusableError(_first_line(error.orig if isinstance(error, DBAPIError) else error)) from None
        finally:
            db.session.remove()


def revisions() -> set[str]:
    """The versions of the schema that this program knows."""
    return {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}


def _upgrade() -> None:
    path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)
    version = _version()
    if version is not None and version not in revisions():
        raise UnusableError(f"the database was made by a newer version of this program ({version})")
    if version != _newest():
        run_upgrade(directory=str(FOLDER))


def _first_line(error: object) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _version() -> str | None:
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _newest() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()
