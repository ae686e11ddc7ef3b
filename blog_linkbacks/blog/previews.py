"""The secret address under which a draft can be read before it is published."""

import secrets

from sqlalchemy import select

from blog_linkbacks.blog.posts import PostError
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db, writing


def make(post_id: int) -> str:
    """The token of a post's secret address, made where there is none; LookupError where there is no such post."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is None or post.state == PostState.DELETED:
            raise LookupError(post_id)
        if post.published:
            raise PostError("The post is published: its own address is for everyone.")
        post.preview_token = post.preview_token or secrets.token_urlsafe(24)
        return post.preview_token


def revoke(post_id: int) -> None:
    """The secret address leads nowhere from now on; the next one is another."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is not None:
            post.preview_token = None


def find(token: str) -> Post | None:
    """The post that a secret address means, in any state but deleted."""
    return db.session.scalar(
        select(Post).where(Post.preview_token == token[:64], Post.state != PostState.DELETED)
    )
