"""The author's list of posts: by state, found by title or address, the newest first."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import defer, lazyload

from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Status

PAGE = 50
SCHEDULED = "scheduled"
PAGES = "pages"
_LISTED = (PostState.DRAFT, PostState.PUBLISHED)
_MAX_ID = 2**63 - 1


def listed(state: str, wanted: str, before: str) -> Sequence[Post]:
    """A page of posts, and one more where there are more."""
    query = _query().where(_of(state))
    if wanted:
        query = query.where(
            or_(Post.title.icontains(wanted, autoescape=True), Post.slug.icontains(wanted, autoescape=True))
        )
    if before.isascii() and before.isdigit() and int(before) < _MAX_ID:
        query = query.where(Post.id < int(before))
    return db.session.scalars(query).all()


def state_counts() -> Mapping[str, int]:
    """How many posts and pages each part of the list has; the scheduled are not counted among the drafts."""
    listed = Post.state.in_(_LISTED)
    rows = db.session.execute(
        select(Post.state, Post.kind, func.count()).where(listed).group_by(Post.state, Post.kind)
    ).all()
    of_state: dict[str, int] = {state: sum(n for found, _, n in rows if found == state) for state in _LISTED}
    waiting = (
        db.session.scalar(select(func.count()).select_from(Post).where(Post.publish_at.is_not(None))) or 0
    )
    of_state[PostState.DRAFT] -= waiting
    pages = sum(n for _, kind, n in rows if kind == PostKind.PAGE)
    return {"": sum(n for *_, n in rows), SCHEDULED: waiting, PAGES: pages, **of_state}


def linkback_counts(post_ids: list[int]) -> Mapping[tuple[int, str], int]:
    """How many linkbacks each of these posts has, by post and status."""
    rows = db.session.execute(
        select(Linkback.post_id, Linkback.status, func.count())
        .where(Linkback.post_id.in_(post_ids), Linkback.status.in_([Status.APPROVED, Status.PENDING]))
        .group_by(Linkback.post_id, Linkback.status)
    ).all()
    return {(post_id, status): number for post_id, status, number in rows}


def _of(state: str) -> ColumnElement[bool]:
    draft, waits = Post.state == PostState.DRAFT, Post.publish_at.is_not(None)
    which: Mapping[str, ColumnElement[bool]] = {
        PostState.PUBLISHED: Post.state == PostState.PUBLISHED,
        PostState.DRAFT: and_(draft, ~waits),
        SCHEDULED: and_(draft, waits),
        PAGES: and_(Post.kind == PostKind.PAGE, Post.state.in_(_LISTED)),
    }
    return which.get(state, Post.state.in_(_LISTED))


def _query() -> Select[Post]:
    unread = defer(Post.body), defer(Post.html), defer(Post.text), lazyload(Post.tags)
    return select(Post).order_by(Post.id.desc()).limit(PAGE + 1).options(*unread)
