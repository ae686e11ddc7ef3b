"""Which kinds of linkback a post takes now: the one answer for announcing, for taking in and for saying so."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, case, func, select

from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db, now
from blog_linkbacks.settings.preferences import Site, site
from blog_linkbacks.vocabulary import Kind, Refusal, Refused

_NONE: frozenset[Kind] = frozenset()


def open_kinds(post: Post) -> frozenset[Kind]:
    """What the post takes: nothing unless it is published and young enough, and it and the site have it switched on."""
    about = site()
    return _NONE if not post.open or _too_old(post, about) else about.kinds


def refusal(post: Post, kind: Kind) -> Refused | None:
    """Why the post does not take a linkback of this kind, or None where it does."""
    kinds = open_kinds(post)
    if kind in kinds:
        return None
    return Refused(Refusal.TARGET_CLOSED, f"This post takes no {kind}s." if kinds else "")


@dataclass(frozen=True, slots=True)
class Posts:
    """The published posts: how many there are, how many have their own switch on, and how many of those are too old."""

    published: int
    switched_on: int
    too_old: int


def posts(about: Site) -> Posts:
    """Count the published posts as these settings would meet them; one query."""
    on = Post.accept_linkbacks.is_(True)
    latest = now() - timedelta(days=about.close_after) if about.close_after else None
    old = and_(on, Post.published_at <= latest) if latest else None
    row = db.session.execute(
        select(
            func.count(),
            func.count(case((on, 1))),
            func.count(case((old, 1))) if old is not None else 0,  # type: ignore[arg-type]
        ).where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST)
    ).one()
    return Posts(*row)


def open_posts(about: Site) -> dict[Kind, int]:
    """How many published posts take each kind of linkback under these settings."""
    counted = posts(about)
    number = counted.switched_on - counted.too_old
    return {kind: number if kind in about.kinds else 0 for kind in Kind}


def _too_old(post: Post, about: Site) -> bool:
    if not about.close_after or post.published_at is None:
        return False
    return post.published_at <= now() - timedelta(days=about.close_after)
