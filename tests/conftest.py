"""The small world that tests live in: a blog with a named cast, its web server, and pages elsewhere on loopback.

Ana is the admin, Mo moderates, Ida writes. “No-dig beds” and “Compost basics” are their published posts.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from blog_linkbacks import create_app, tasks
from blog_linkbacks.accounts.people import create_user
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import posts
from blog_linkbacks.db import db
from tests.support import postgres
from tests.support.postgres import MIGRATED, SETTLED, Database
from tests.support.web import Web

hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("house")

PASSWORD = "correct horse battery"  # the whole cast's
BASE = "http://blog.example"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(postgres)


@dataclass(frozen=True)
class Live:
    """A blog answering over real HTTP, its worker beside it."""

    app: Flask
    url: str

    def post(self, title: str, body: str = "Words about soil.", **fields: object) -> str:
        """Publish a post and return its address."""
        return publish(self.app, title, body, **fields)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly migrated, empty database file: copied for each test, because migrating takes a second."""
    root = tmp_path_factory.mktemp("migrated")
    MIGRATED.fill("template0")
    made = create_app({"LINKBACKS_BASE_URL": BASE, **MIGRATED.variables}, root)
    with made.app_context():
        db.engine.dispose()  # the last connection to close writes the journal into the file that is copied
    return root / "instance"


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The same with the cast and the two posts in it: made once, because passwords are slow to hash on purpose."""
    root = tmp_path_factory.mktemp("settled")
    shutil.copytree(migrated, root / "instance")
    SETTLED.fill(MIGRATED.name)
    made = create_app({"LINKBACKS_BASE_URL": BASE, **SETTLED.variables}, root)
    _settle(made)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    return root / "instance"


@pytest.fixture
def environ(database: Database) -> dict[str, str]:
    """The variables of the test's blog; a test module may override this fixture."""
    return {
        "LINKBACKS_BASE_URL": BASE,
        "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8",
        "LINKBACKS_RATE_LIMIT": "",
        **database.variables,
    }


@pytest.fixture
def root(request: pytest.FixtureRequest, tmp_path: Path, migrated: Path, database: Database) -> Path:
    """The folder of a blog with nothing in it."""
    shutil.copytree(migrated, tmp_path / "instance")
    if "home" not in request.fixturenames:  # which fills it with more
        database.fill(MIGRATED.name)
    return tmp_path


@pytest.fixture
def home(root: Path, settled: Path, database: Database) -> Path:
    """The folder of a blog with the cast and the two posts."""
    shutil.copytree(settled, root / "instance", dirs_exist_ok=True)
    database.fill(SETTLED.name)
    return root


@pytest.fixture
def app(environ: dict[str, str], home: Path) -> Iterator[Flask]:
    """A blog with the cast and the two posts, no worker running."""
    made = create_app(environ, home)
    _settle(made)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def login(app: Flask) -> Callable[[str], FlaskClient]:
    """`login("ana")` gives a client with her session; CSRF is asked of it as of a browser."""

    def sign_in(name: str) -> FlaskClient:
        from blog_linkbacks.accounts import sessions
        from blog_linkbacks.accounts.people import find_user

        signed_in = app.test_client()
        with app.app_context():
            user = find_user(name)
            assert user is not None
            key = sessions.begin(user.id)
        with signed_in.session_transaction() as session:
            session["_user_id"] = key
            session["_fresh"] = True
        return signed_in

    return sign_in


@pytest.fixture
def web() -> Iterator[Web]:
    """Pages elsewhere, on 127.0.0.2."""
    with Web(address="127.0.0.2") as server:
        yield server


@pytest.fixture
def live(environ: dict[str, str], home: Path) -> Iterator[Live]:
    """The blog over real HTTP on its own port, with its worker."""
    with running(environ, home) as blog:
        yield blog


@contextmanager
def running(environ: dict[str, str], root: Path, *, worker: bool = True) -> Iterator[Live]:
    """Serve a blog with the cast and the two posts until the block ends."""
    server = make_server("127.0.0.1", 0, Flask("placeholder"), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    made = create_app({**environ, "LINKBACKS_BASE_URL": url}, root)
    _settle(made)
    server.app = made
    if worker:
        tasks.start_embedded(made)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Live(made, url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        if worker:
            made.extensions["linkback_tasks"].worker.stop()
        with made.app_context():
            db.session.remove()
            db.engine.dispose()


def publish(app: Flask, title: str, body: str, **fields: object) -> str:
    """Publish a post and return its address."""
    from blog_linkbacks.blog.lookup import post_url

    with app.app_context():
        post = posts.save(posts.Draft(title=title, body=body, **fields), publish=True)  # type: ignore[arg-type]
        return post_url(post)


def _settle(app: Flask) -> None:
    """See that the cast and the two posts are there."""
    from blog_linkbacks.accounts.people import find_user

    with app.app_context():
        if find_user("ana"):
            return
        for name, role in (("ana", Role.ADMIN), ("mo", Role.MODERATOR), ("ida", Role.AUTHOR)):
            create_user(name, PASSWORD, role)
    publish(app, "No-dig beds", "How to grow without a spade.")
    publish(app, "Compost basics", "Heaps, worms and patience.")
