"""A blog that was started for the first time: nobody signs in yet, nothing is published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.db import db
from tests.accounts.browser import Browser


@pytest.fixture
def new_blog(environ: dict[str, str], root: Path) -> Iterator[Flask]:
    made = create_app(environ, root)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(new_blog: Flask) -> Browser:
    return Browser(new_blog.test_client())
