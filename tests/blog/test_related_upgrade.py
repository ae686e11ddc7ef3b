"""A database from before related posts could be pinned: nothing is lost, and its posts get their subjects."""

from pathlib import Path

from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select, text

from blog_linkbacks import create_app, migrations
from blog_linkbacks.blog import lookup
from blog_linkbacks.blog.neighbours import neighbours
from blog_linkbacks.blog.tables import PostTerm
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings import preferences
from tests.blog.garden import Garden
from tests.conftest import BASE


def _as_before(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        downgrade(directory=str(migrations.FOLDER), revision="0001")
        assert (
            db.session.execute(text("SELECT name FROM sqlite_master WHERE name = 'post_terms'")).all() == []
        )
        db.session.remove()


def test_posts_and_links_of_before_are_all_there_with_their_subjects(root: Path) -> None:
    environ = {"LINKBACKS_BASE_URL": BASE}
    old = create_app(environ, root)
    garden = Garden(old)
    garden.write("clay", "Worms turn clay into crumbs.", tags=("soil",))
    garden.write("wet-spring", "Worms and clay in the rain.", tags=("soil",))
    garden.write("heaps", "See [the clay](/posts/clay).")
    _as_before(old)
    new = create_app(environ, root)
    with new.app_context():
        kept = db.session.scalars(select(Linkback)).one()
        assert (kept.status, kept.pinned) == ("approved", False)
        assert db.session.scalar(select(PostTerm.weight).where(PostTerm.term == "#soil")) is not None
        preferences.save(neighbours=True)
        post = lookup.by_slug("clay")
        assert post is not None
        assert [entry.title for entry in neighbours(post, 1)] == ["Wet spring"]
