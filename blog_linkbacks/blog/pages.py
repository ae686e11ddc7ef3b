"""Pages such as “About”: written like posts, found in the navigation, without date, list, feed or responses."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from blog_linkbacks.blog.blueprint import blueprint
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db, now, writing

IN_NAVIGATION = 8


@dataclass(frozen=True, slots=True)
class Entry:
    slug: str
    title: str


@blueprint.app_template_global("pages_of_the_site")
def navigation() -> Sequence[Entry]:
    """The published pages, the oldest first, at most IN_NAVIGATION."""
    rows = (
        select(Post.slug, Post.title)
        .where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.PAGE)
        .order_by(Post.published_at, Post.id)
        .limit(IN_NAVIGATION)
    )
    return [Entry(*row) for row in db.session.execute(rows)]


def turn_into(post_id: int, kind: PostKind) -> Post:
    """Make a post a page or a page a post; LookupError where there is none of that id."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is None or post.state == PostState.DELETED:
            raise LookupError(post_id)
        if post.kind != kind:
            post.kind, post.updated_at = kind, now()
        return post
