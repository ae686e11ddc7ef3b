"""What the tests of the link graph share: posts written and rewritten, and what the graph then says."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.blog.related import related
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback


@dataclass
class Garden:
    """A blog whose posts are named by their slugs."""

    app: Flask

    def write(self, slug: str, body: str, **fields: object) -> int:
        """Publish the post of that slug, new or known, with this text; its id."""
        with self.app.app_context():
            known = lookup.by_slug(slug)
            title = known.title if known else slug.replace("-", " ").capitalize()
            draft = posts.Draft(**{"title": title, "body": body, "slug": slug, **fields})  # type: ignore[arg-type]
            return posts.save(draft, post_id=known.id if known else None, publish=True).id

    def move(self, slug: str, to: str) -> None:
        """Give a post another address."""
        with self.app.app_context():
            post = self._post(slug)
            posts.save(posts.Draft(post.title, post.body, slug=to), post_id=post.id, publish=True)

    def unpublish(self, slug: str) -> None:
        with self.app.app_context():
            posts.unpublish(slug)

    def delete(self, slug: str) -> None:
        with self.app.app_context():
            posts.delete(slug)

    def related(self, slug: str) -> list[str]:
        """The titles related to a post, in order, each with why: `Heaps < links here`."""
        with self.app.app_context():
            return [f"{entry.title}: {entry.why}" for entry in related(self._post(slug))]

    def linkbacks(self) -> list[Linkback]:
        """All of them, the oldest first."""
        with self.app.app_context():
            return list(db.session.scalars(select(Linkback).order_by(Linkback.id)))

    def only(self) -> Linkback:
        found = self.linkbacks()
        assert len(found) == 1
        return found[0]

    def decisions(self) -> list[tuple[str, str, str]]:
        """From, to and by whom, the oldest first."""
        with self.app.app_context():
            rows = db.session.scalars(select(Decision).order_by(Decision.id))
            return [(row.from_status, row.to_status, row.by) for row in rows]

    def user(self, name: str) -> User:
        with self.app.app_context():
            user = find_user(name)
            assert user is not None
            return user

    def _post(self, slug: str) -> Post:
        post = lookup.by_slug(slug)
        assert post is not None
        return post
