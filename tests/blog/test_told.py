"""What a post links to is entered for telling in the transaction that saves the post."""

import pytest
from flask import Flask
from sqlalchemy import select

from blog_linkbacks.blog import posts
from blog_linkbacks.blog.posts import Draft
from blog_linkbacks.db import db, writing
from blog_linkbacks.sending.tables import Delivery

LINK = "https://garden.example/tools"


def told() -> list[tuple[str, str, bool]]:
    rows = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [(row.target_url, row.state, row.due_at is not None) for row in rows]


def test_a_saved_post_waits_to_be_told(app: Flask) -> None:
    with app.app_context():
        posts.save(Draft("Soil", f"[this]({LINK})"), publish=True)
        assert told() == [(LINK, "queued", True)]


def test_a_published_file_waits_to_be_told(app: Flask) -> None:
    with app.app_context():
        posts.publish_file(f"---\ntitle: Soil\n---\n[this]({LINK})", "x")
        assert told() == [(LINK, "queued", True)]


def test_a_save_that_fails_tells_nothing(app: Flask) -> None:
    def fail() -> None:
        with writing():
            posts.save(Draft("Soil", f"[this]({LINK})"), publish=True)
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            fail()
        assert told() == []


def test_what_the_author_leaves_out_never_waits(app: Flask) -> None:
    with app.app_context():
        posts.save(Draft("Soil", f"[this]({LINK})"), publish=True, skip=[LINK])
        assert told() == [(LINK, "cancelled", False)]


def test_a_draft_tells_nothing_and_unpublishing_drops_what_waits(app: Flask) -> None:
    with app.app_context():
        post = posts.save(Draft("Soil", f"[this]({LINK})"), publish=False)
        assert told() == []
        posts.save(Draft("Soil", f"[this]({LINK})"), post_id=post.id, publish=True)
        posts.unpublish(post.slug)
        assert told() == [(LINK, "cancelled", False)]
