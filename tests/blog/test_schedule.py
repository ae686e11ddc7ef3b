"""Publishing at a time: once, by whichever worker comes first, with all that publishing brings."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog_linkbacks import create_app
from blog_linkbacks.blog import drafts, lookup, posts, schedule
from blog_linkbacks.blog.posts import PostError
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.sending.tables import Delivery
from blog_linkbacks.settings import preferences

LINKS = "[Beds](/posts/no-dig-beds) and [there](https://elsewhere.example/page)."


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.mark.usefixtures("inside")
def test_a_draft_is_published_when_its_time_has_come_and_once() -> None:
    post_id = _waiting(timedelta(seconds=-1))
    assert schedule.publish_due() == [post_id]
    assert schedule.publish_due() == []
    post = _get(post_id)
    assert (post.published, post.publish_at) == (True, None)
    assert post.published_at is not None
    assert now() - post.published_at < timedelta(seconds=30)


@pytest.mark.usefixtures("inside")
def test_nothing_is_published_early() -> None:
    post_id = _waiting(timedelta(minutes=1))
    assert schedule.publish_due() == []
    assert _get(post_id).scheduled


def test_publishing_relates_tells_and_feeds_as_by_hand(app: Flask) -> None:
    with app.app_context():
        post_id = _waiting(timedelta(seconds=-1))
        schedule.publish_due()
        related = db.session.scalars(select(Linkback).where(Linkback.source_post_id == post_id)).one()
        assert (related.internal, related.status) == (True, "approved")
        told = db.session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one()
        assert told.target_url == "https://elsewhere.example/page"
        assert told.due_at is not None
    reader = app.test_client()
    assert "Worms" in reader.get("/feed.xml", follow_redirects=True).text
    assert reader.get("/posts/worms").status_code == 200


@pytest.mark.usefixtures("inside")
def test_unticked_links_are_not_told() -> None:
    post_id = _waiting(timedelta(seconds=-1), skip=["https://elsewhere.example/page"])
    schedule.publish_due()
    assert db.session.scalars(select(Delivery).where(Delivery.post_id == post_id)).one().due_at is None


def test_many_workers_publish_each_post_once(app: Flask) -> None:
    with app.app_context():
        waiting = {_waiting(timedelta(seconds=-1), title=f"Worms {number}") for number in range(5)}

    def work(_worker: int) -> list[int]:
        with app.app_context():
            return schedule.publish_due()

    with ThreadPoolExecutor(4) as pool:
        published = [post_id for found in pool.map(work, range(4)) for post_id in found]
    assert sorted(published) == sorted(waiting)


def test_a_restart_forgets_nothing(app: Flask, environ: dict[str, str], root: Path) -> None:
    with app.app_context():
        post_id = _waiting(timedelta(seconds=-1))
    again = create_app(environ, root)
    with again.app_context():
        assert schedule.publish_due() == [post_id]
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("inside")
def test_what_was_saved_is_published_and_words_kept_since_still_wait() -> None:
    post_id = _waiting(timedelta(seconds=-1))
    kept = {**dict.fromkeys(("slug", "tags", "summary"), ""), "title": "Later", "body": "Not saved."}
    drafts.keep(post_id, kept, known=drafts.version(post_id), user_id=None)
    schedule.publish_due()
    assert _get(post_id).title == "Worms"
    assert drafts.titles([post_id]) == {post_id: "Later"}


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("how", ["cancel", "unpublish", "delete", "publish"])
def test_a_time_ends_with_what_makes_it_moot(how: str) -> None:
    post_id = _waiting(timedelta(hours=1))
    ends: Mapping[str, Callable[[], object]] = {
        "cancel": lambda: schedule.cancel(post_id),
        "unpublish": lambda: posts.unpublish("worms"),
        "delete": lambda: posts.delete("worms"),
        "publish": lambda: posts.save(posts.Draft("Worms", LINKS), post_id=post_id, publish=True),
    }
    ends[how]()
    assert _get(post_id).publish_at is None


@pytest.mark.usefixtures("inside")
def test_a_published_post_takes_no_time() -> None:
    with pytest.raises(PostError, match="published already"):
        schedule.plan(1, now() + timedelta(hours=1))


@pytest.mark.usefixtures("inside")
def test_a_typed_time_is_in_the_blogs_zone() -> None:
    year = now().year + 1
    assert schedule.parse(f"{year}-07-01T09:00") == datetime(
        year, 7, 1, 9, tzinfo=schedule.zone()
    ).astimezone(UTC)
    assert schedule.as_typed(schedule.parse(f"{year}-07-01T09:00")) == f"{year}-07-01T09:00"
    assert schedule.zone().key in schedule.in_words(now())


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "are needed"),
        ("tomorrow", "are needed"),
        ("2020-01-01T09:00", "not a time to come"),
        ("9999-12-31T23:59", "are needed|not a time to come"),
    ],
)
def test_a_time_that_makes_no_sense_is_named(typed: str, why: str) -> None:
    with pytest.raises(PostError, match=why):
        schedule.parse(typed)


@pytest.mark.usefixtures("inside")
def test_clocks_that_change_are_minded() -> None:
    preferences.save(time_zone="Europe/Berlin")
    with pytest.raises(PostError, match="the clocks go forward that night"):
        schedule.parse("2030-03-31T02:30")
    assert schedule.parse("2030-03-31T03:30") == datetime(2030, 3, 31, 1, 30, tzinfo=UTC)
    assert schedule.parse("2030-10-27T02:30") == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
    assert schedule.in_words(datetime(2030, 7, 1, 7, tzinfo=UTC)) == "1 July 2030, 09:00 (Europe/Berlin)"


def _waiting(after: timedelta, title: str = "Worms", **more: list[str]) -> int:
    post = posts.save(posts.Draft(title, LINKS), publish=False, skip=more.get("skip"))
    with writing():
        schedule.plan(post.id, now() + after)
    return post.id


def _get(post_id: int) -> Post:
    db.session.expire_all()
    post = db.session.get(Post, post_id)
    assert post is not None
    assert lookup.by_slug(post.slug) is not None
    return post
