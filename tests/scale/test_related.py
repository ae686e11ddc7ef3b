"""Related posts cost the same however big the blog is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.blog.neighbours import neighbours
from blog_linkbacks.blog.related import listed, plans, related
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.settings import preferences
from tests.conftest import BASE
from tests.scale import garden
from tests.scale.bench_related import plan_of
from tests.support.statements import counting

POSTS, LINKS = 600, 4_000


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A blog of some hundred posts, half of which link to one of them."""
    app = create_app({"LINKBACKS_BASE_URL": BASE}, tmp_path_factory.mktemp("big"))
    garden.plant(app, POSTS, LINKS)
    return app


def _post(number: int) -> Post:
    return db.session.get_one(Post, number)


def test_the_plans_search_by_index_and_scan_nothing(big: Flask) -> None:
    with big.app_context():
        found = {name: plan_of(statement) for name, statement in plans(_post(garden.HUB)).items()}
    assert "ix_linkbacks_related" in found["posts that link here"]
    assert "TEMP B-TREE" not in found["posts that link here"]
    assert "ix_linkbacks_source_post_status" in found["posts linked from here"]
    assert not any("SCAN" in plan for plan in found.values())


@pytest.mark.parametrize("number", [garden.HUB, garden.LONELY, 77])
def test_related_posts_take_two_statements(big: Flask, number: int) -> None:
    with big.app_context():
        post = _post(number)
        with counting(big) as heard:
            shown = related(post)
    assert len(heard) == 2
    assert len(shown) <= 12


def test_neighbours_take_seven_statements(big: Flask) -> None:
    with big.app_context():
        preferences.save(neighbours=True)
        post = _post(garden.LONELY)
        with counting(big) as heard:
            near = neighbours(post, 0)
    assert near
    assert len(heard) <= 7


def test_the_desk_lists_a_bounded_number(big: Flask) -> None:
    with big.app_context():
        assert len(listed(_post(garden.HUB))) <= 122


def _save(post: Post) -> None:
    posts.save(posts.Draft(post.title, post.body + " More.", slug=post.slug), post_id=post.id, publish=True)


def _unpublish(post: Post) -> None:
    posts.unpublish(post.slug)


@pytest.mark.parametrize("do", [_save, _unpublish])
def test_saving_a_post_that_hundreds_link_to_takes_few_statements(
    big: Flask, do: Callable[[Post], None]
) -> None:
    with big.app_context():
        _publish(_post(garden.HUB))
        before = status_counts()
        with counting(big) as heard:
            do(_post(garden.HUB))
        assert len(heard) < 60
        after = status_counts()
        _publish(_post(garden.HUB))
        assert status_counts() == before
    assert sum(after.values()) == sum(before.values())


def _publish(post: Post) -> None:
    posts.save(posts.Draft(post.title, post.body, slug=post.slug), post_id=post.id, publish=True)


def test_the_bulk_garden_is_what_saving_would_have_made(tmp_path: Path) -> None:
    app = create_app({"LINKBACKS_BASE_URL": BASE}, tmp_path)
    garden.plant(app, 20, 60)
    with app.app_context():
        before = [related(_post(number)) for number in range(1, 21)]
        for number in range(1, 21):
            _publish(_post(number))
        assert [related(_post(number)) for number in range(1, 21)] == before
        assert status_counts()["approved"] == 60
        assert lookup.by_slug(garden.slug(20)) is not None
