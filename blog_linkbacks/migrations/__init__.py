"""The database's schema, brought up to date at every start."""

import logging
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from flask_migrate import upgrade as run_upgrade
from sqlalchemy import inspect, text

from blog_linkbacks.db import db

FOLDER = Path(__file__).parent


def init_app(app: Flask) -> None:
    Migrate(app, db, directory=str(FOLDER), render_as_batch=True)


def upgrade(app: Flask) -> None:
    """Bring the database to the newest version; nothing is loaded or locked where it is there already."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        if _version() != _newest():
            run_upgrade(directory=str(FOLDER))
        db.session.remove()


def _version() -> str | None:
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _newest() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()
