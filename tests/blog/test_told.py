"""What a post links to is entered for telling in the transaction that saves the post."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks.blog import posts
from blog_linkbacks.blog.posts import Draft
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, writing
from blog_linkbacks.sending.tables import Delivery
from tests.pages.pages import token

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


def test_a_link_unticked_in_a_draft_is_not_told_when_it_is_published_later(
    app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    desk = login("ana")
    typed = {
        "title": "Soil",
        "body": f"[this]({LINK})",
        "accept_linkbacks": "y",
        "csrf_token": token(desk.get("/admin/posts/new")),
    }
    desk.post("/admin/posts/new", data={**typed, "action": "save", "linked": LINK})
    with app.app_context():
        post = db.session.scalars(select(Post).where(Post.title == "Soil")).one()
        assert post.untold == [LINK]
        box = desk.get(f"/admin/posts/{post.id}").text.partition('name="tell"')[2].partition(">")[0]
        assert "checked" not in box
        posts.save(Draft("Soil", f"[this]({LINK})", slug=post.slug), post_id=post.id, publish=True)
        assert [(url, due) for url, _state, due in told()] == [(LINK, False)]


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


def test_a_form_sent_twice_makes_one_post(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    ida = login("ida")
    fields = {
        "csrf_token": token(ida.get("/admin/posts/new")),
        "title": "Twice",
        "body": "Said once.",
        "action": "publish",
    }
    for _ in range(2):
        assert ida.post("/admin/posts/new", data=fields).status_code == 303
    assert ida.post("/admin/posts/new", data={**fields, "slug": "another"}).status_code == 303
    with app.app_context():
        slugs = db.session.scalars(select(Post.slug).where(Post.title == "Twice").order_by(Post.id)).all()
    assert slugs == ["twice", "another"]
