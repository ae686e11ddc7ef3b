"""The first run's third step: two short posts that link to each other, and a pingback between them."""

from dataclasses import dataclass

from sqlalchemy import select

from blog_linkbacks import intake, pipeline
from blog_linkbacks.blog import posts
from blog_linkbacks.blog.lookup import at_root, post_url
from blog_linkbacks.blog.tables import Post, PostSlug
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Claim, Kind, Receipt

_HELLO = "hello"
_LINKBACK = "what-is-a-linkback"

_HELLO_BODY = """
This is the first post of a new blog. It is short, because its only task is to be read once and then replaced.

When a page elsewhere links to a post here, this blog hears of it. If you wonder how that works, the next post
explains [what a linkback is](/posts/what-is-a-linkback) in a few sentences.
"""

_LINKBACK_BODY = """
A linkback is a short message between two sites: this page of mine links to that page of yours. There are
three ways to say so. A *trackback* is a form that the writer fills in, a *pingback* is a call that the
writer's blog makes by itself, and a *webmention* is today's way of doing the same.

This blog takes all three. It reads the page that is said to link here, looks for the link, and keeps the
sentence around it. What strangers send waits for somebody to say yes.

Links between two posts of one blog need no message and no waiting: the link in
[the very first post](/posts/hello) leads here, and so both posts name each other as related.
"""


class StarterError(Exception):
    """The two posts cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of the test pingback: the two posts, the linkback and the intake's answer in words."""

    source: Post
    target: Post
    linkback: Linkback | None
    answer: str


def send_test_pingback(author_id: int) -> Trial:
    """Publish the two starter posts where they are missing, and hand the intake a pingback between them."""
    target = _published(_LINKBACK, "What is a linkback?", _LINKBACK_BODY, author_id)
    source = _published(_HELLO, "Hello", _HELLO_BODY, author_id)
    received = intake.receive(Claim(Kind.PINGBACK, post_url(source), post_url(target)))
    if isinstance(received, Receipt):
        if received.check:
            pipeline.process(received.linkback_id)
        return Trial(source, target, _between(source, target), "The pingback is registered.")
    return Trial(source, target, _between(source, target), received.message)


def last_trial() -> Trial | None:
    """The test pingback that was sent before, or None."""
    source, target = _find(_HELLO), _find(_LINKBACK)
    linkback = _between(source, target) if source and target else None
    return Trial(source, target, linkback, "") if source and target and linkback else None


def _published(slug: str, title: str, body: str, author_id: int) -> Post:
    known = _find(slug)
    if known is not None and known.published:
        return known
    if known is not None:
        raise StarterError(f"There is a post “{known.title}” at that address which is not published.")
    draft = posts.Draft(title=title, body=at_root(body.strip()), slug=slug, tags=("linkbacks",))
    return posts.save(draft, publish=True, author_id=author_id)


def _find(slug: str) -> Post | None:
    return db.session.scalar(
        select(Post).join(PostSlug, PostSlug.post_id == Post.id).where(PostSlug.slug == slug)
    )


def _between(source: Post, target: Post) -> Linkback | None:
    return db.session.scalar(
        select(Linkback)
        .where(Linkback.source_post_id == source.id, Linkback.post_id == target.id)
        .execution_options(populate_existing=True)
    )
