"""A test ping: the blog tells itself, over HTTP and through its own endpoint, that a page of its own links to a post.

The page stands at an address that only its signature makes; what came of it is taken back once it was answered.
"""

import contextlib
from dataclasses import dataclass

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from blog_linkbacks import intake, urls, web
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import lookup
from blog_linkbacks.blog.openness import open_kinds
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db, now
from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.sending import notices
from blog_linkbacks.sending.notices import Result
from blog_linkbacks.sending.tables import DeliveryState
from blog_linkbacks.vocabulary import Kind

TEST_PAGE = "linkback_test"
LIFETIME = 600  # seconds

_TITLE = "A test of this blog's endpoints"
_REASON = "A test ping of this blog to itself."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the endpoint said, word for word; `title` is the post's, `endpoint` is empty where none was asked."""

    words: str
    taken: bool = False
    title: str = ""
    endpoint: str = ""
    hint: str = ""


def newest() -> Post | None:
    """The newest published post."""
    published = select(Post).where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.POST)
    return db.session.scalar(published.order_by(Post.published_at.desc(), Post.id.desc()).limit(1))


def target_of(token: str) -> Post | None:
    """The post that the test page of this token links to; None for a token that is forged or too old."""
    try:
        post_id, _ = _serializer().loads(token, max_age=LIFETIME)
    except (BadData, ValueError, TypeError):
        return None
    post = db.session.get(Post, post_id)
    return post if post is not None and post.published else None


def send(kind: Kind, user_id: int) -> Answer:
    """Ping the newest post, open or not, and give the answer; takes some seconds where the blog is slow."""
    post = newest()
    if post is None:
        return Answer("Nothing was sent.", hint="Publish a post first: a ping needs a post to go to.")
    token = _serializer().dumps([post.id, now().timestamp()])
    source, target, title = web.absolute(url_for(TEST_PAGE, token=token)), lookup.post_url(post), post.title
    endpoint, announced, post_id = _endpoint(kind, post), kind in open_kinds(post), post.id
    db.session.rollback()  # nothing may be held while the same blog answers
    try:
        result = _tell(kind, endpoint, source, target)
    except FetchError as error:
        return Answer(str(error), False, title, endpoint, _UNREACHABLE)
    _take_back(post_id, source, user_id)
    return Answer(
        result.words,
        result.state is DeliveryState.DELIVERED,
        title,
        endpoint,
        _hint(result, announced),
    )


_UNREACHABLE = (
    "The blog could not reach itself at that address. If readers can, only this test is in the way."
)
_CLOSED = (
    "That is right: by your settings this post does not take such linkbacks, and does not announce them."
)
_NOT_FETCHED = (
    "The endpoint works. The blog may not read pages at its own address, because that is not a public one."
)


def _hint(result: Result, announced: bool) -> str:
    if result.state is DeliveryState.DELIVERED:
        return "The endpoint works. The test is rejected again in your name, so that nobody sees it."
    if not announced:
        return _CLOSED
    return _NOT_FETCHED if "may not be" in result.words else ""


def _endpoint(kind: Kind, post: Post) -> str:
    if kind is Kind.TRACKBACK:
        return lookup.trackback_url(post)
    return web.absolute("/xmlrpc" if kind is Kind.PINGBACK else "/webmention")


def _tell(kind: Kind, endpoint: str, source: str, target: str) -> Result:
    fetcher = Fetcher(trusted_origin=web.base_url())
    if kind is Kind.PINGBACK:
        return notices.send_pingback(fetcher, endpoint, source, target)
    if kind is Kind.WEBMENTION:
        return notices.send_webmention(fetcher, endpoint, source, target)
    return notices.send_trackback(fetcher, endpoint, {"url": source, "title": _TITLE})


def _take_back(post_id: int, source: str, user_id: int) -> None:
    key = intake.bounded(urls.page_key(source))
    linkback_id = db.session.scalar(
        select(Linkback.id).where(Linkback.post_id == post_id, Linkback.source_key == key)
    )
    user = db.session.get(User, user_id)
    db.session.rollback()
    if linkback_id is None or user is None:
        return
    with contextlib.suppress(decisions.NotOfferedError):
        decisions.act(linkback_id, ACTIONS["reject"], user, reason=_REASON)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="linkback-test")
