"""Publishing at a time: a draft waits with its time in the database, the worker's sweep publishes it."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from blog_linkbacks.blog import posts
from blog_linkbacks.blog.posts import PostError
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.settings.preferences import site

AT_ONCE = 50  # posts that one sweep publishes
FARTHEST = timedelta(days=10 * 366)

logger = logging.getLogger(__name__)


def publish_due() -> list[int]:
    """Publish the drafts whose time has come; their ids. One indexed read where there is none; any number of workers
    may call it at once."""
    due = db.session.scalars(
        select(Post.id).where(Post.publish_at <= now()).order_by(Post.publish_at).limit(AT_ONCE)
    ).all()
    db.session.rollback()
    return [post_id for post_id in due if _publish(post_id)]


def plan(post_id: int, moment: datetime) -> Post:
    """Have a draft published at a moment to come. PostError where it is published, LookupError where it is none."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is None:
            raise LookupError(post_id)
        if post.published:
            raise PostError("The post is published already.")
        post.publish_at = moment
        return post


def cancel(post_id: int) -> None:
    """Leave a draft unpublished."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is not None:
            post.publish_at = None


def parse(typed: str | None) -> datetime:
    """A moment to come as typed in the site's time zone, such as 2026-12-24T18:00; PostError says what is wrong.

    Of an hour that a change of the clocks brings twice the first is meant.
    """
    try:
        local = datetime.fromisoformat((typed or "").strip())
        moment = (
            local.replace(tzinfo=zone()).astimezone(UTC) if local.tzinfo is None else local.astimezone(UTC)
        )
    except (ValueError, OverflowError):
        raise PostError("Publish at: a day and a time such as 2026-12-24 18:00 are needed.") from None
    if local.tzinfo is None and moment.astimezone(zone()).replace(tzinfo=None) != local:
        raise PostError("Publish at: the clocks go forward that night, there is no such time.")
    if not now() < moment < now() + FARTHEST:
        raise PostError(f"Publish at: {in_words(moment)} is not a time to come, within ten years.")
    return moment


def as_typed(moment: datetime | None) -> str:
    """A moment as a form takes it, in the site's time zone; empty for None."""
    return moment.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if moment else ""


def in_words(moment: datetime) -> str:
    """A moment for people, such as “24 December 2026, 18:00 (Europe/Berlin)”."""
    return moment.astimezone(zone()).strftime(f"%-d %B %Y, %H:%M ({zone().key})")


def zone() -> ZoneInfo:
    """The time zone that the site's times are typed and shown in."""
    try:
        return ZoneInfo(site().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _publish(post_id: int) -> bool:
    """Whether it was this call that published it; one that fails does not hold up the others."""
    try:
        return posts.publish_waiting(post_id)
    except Exception:
        logger.exception("publishing post %s failed; the next sweep tries again", post_id)
        return False
