"""Published posts, the newest first, a page at a time; the list of tags; what a reader finds above and below a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, request
from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import lazyload, selectinload

from blog_linkbacks.blog.responses import response_counts
from blog_linkbacks.blog.tables import Post, PostKind, PostState, PostTag
from blog_linkbacks.db import db

MAX_ID = 2**63 - 1
MOST_TAGS = 500

_PUBLIC = (Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as its latest post spells it, and how many published posts have it."""

    key: str
    tag: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """The post before or after another."""

    slug: str
    title: str


def published() -> Select[Post]:
    """Every published post, the newest first; pages are none."""
    return select(Post).where(*_PUBLIC).order_by(Post.published_at.desc(), Post.id.desc())


def latest(number: int) -> Sequence[Post]:
    """The newest posts, with neither tags nor text."""
    return db.session.scalars(published().options(lazyload(Post.tags)).limit(number)).all()


def page_of(posts: Select[Post], size: int) -> dict[str, Any]:
    """What a list's template needs of the page that `?before=` asks for; 404 where that names no place."""
    before = request.args.get("before", "")
    if before:
        posts = posts.where(tuple_(Post.published_at, Post.id) < tuple_(*_place(before)))
    found = db.session.scalars(posts.options(selectinload(Post.cover)).limit(size + 1)).all()
    shown, more = found[:size], len(found) > size
    counts = response_counts([post.id for post in shown])
    return {"posts": shown, "older": shown[-1].id if more else None, "newest": not before, "counts": counts}


def page_query() -> str:
    """The part of a list's canonical address that says which page of it is meant."""
    before = request.args.get("before", "")
    return f"?before={before}" if before.isascii() and before.isdigit() else ""


def tags(*keys: str) -> Sequence[Tag]:
    """Tags that published posts have, or those of them asked for: the most used first, at most MOST_TAGS."""
    rows = (
        select(PostTag.key, func.max(PostTag.tag), func.count().label("number"))
        .join(Post, Post.id == PostTag.post_id)
        .where(*_PUBLIC)
        .group_by(PostTag.key)
        .order_by(func.count().desc(), PostTag.key)
        .limit(MOST_TAGS)
    )
    if keys:
        rows = rows.where(PostTag.key.in_(keys))
    return [Tag(*row) for row in db.session.execute(rows)]


def around(post: Post) -> dict[str, Step | None]:
    """The posts published next before and after one. One query."""
    here = (post.published_at, post.id)
    place = tuple_(Post.published_at, Post.id)
    title = select(Post.slug, Post.title, Post.published_at, Post.id).where(*_PUBLIC)
    older = title.where(place < tuple_(*here)).order_by(Post.published_at.desc(), Post.id.desc()).limit(1)
    newer = title.where(place > tuple_(*here)).order_by(Post.published_at, Post.id).limit(1)
    both = select(older.subquery()).union_all(select(newer.subquery()))
    found = {(row[2], row[3]) < here: Step(row[0], row[1]) for row in db.session.execute(both)}
    return {"older": found.get(True), "newer": found.get(False)}


def _place(before: str) -> tuple[datetime, int]:
    """Where in the list the post of that id stands; 404 where there is none."""
    known = before.isascii() and before.isdigit() and int(before) < MAX_ID
    post = db.session.get(Post, int(before)) if known else None
    if post is None or post.published_at is None:
        abort(404)
    return post.published_at, post.id
