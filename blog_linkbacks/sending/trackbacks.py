"""TrackBacks by hand: an author names the addresses and what is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks import urls, web
from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, writing
from blog_linkbacks.protocols.plain import cut, plain
from blog_linkbacks.sending import ledger, rules
from blog_linkbacks.sending.rules import TRACKBACK
from blog_linkbacks.sending.tables import Delivery, DeliveryState, Rule, host_of

MAX_EXCERPT = 252
MAX_TITLE = 255
MAX_URLS = 20


class TrackbackError(ValueError):
    """The trackbacks cannot be sent; the text says why, for the person who asked."""


def send_trackbacks(post_id: int, urls: list[str], excerpt: str, title: str = "") -> list[int]:
    """Enter one TrackBack for each URL, a ping URL or a page that announces one; the ids to process.

    The excerpt is cut to 252 characters and an ellipsis; empty, the post's own beginning is taken, as is its
    title for an empty title. Raises TrackbackError or LookupError before anything is written.
    """
    wanted = check(urls)
    with writing() as session:
        post = session.get(Post, post_id, populate_existing=True)
        if post is None:
            raise LookupError(post_id)
        if not post.published:
            raise TrackbackError("The post is not published, so there is nothing to tell of.")
        return [_entered(session, _row(post, url, excerpt, title)) for url in wanted]


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be sent, word for word, and to which addresses; `kept_back` says why some would not be."""

    urls: list[str]
    kept_back: dict[str, str]
    title: str
    excerpt: str
    source: str
    cut: bool


def draft(post: Post, given: Sequence[str], excerpt: str, title: str = "") -> Draft:
    """What `send_trackbacks` would send of a post; TrackbackError where it would refuse to."""
    wanted = check(given)
    row = _row(post, wanted[0], excerpt, title)
    held = rules.rulings(db.session(), {host_of(url) for url in wanted})
    ruled = {url: held[host_of(url)] for url in wanted}
    never = {url: ruling.why for url, ruling in ruled.items() if ruling.rule is Rule.NEVER}
    was_cut = len(plain(excerpt, 16_000)) > MAX_EXCERPT
    return Draft(wanted, never, row.title, row.excerpt, row.source_url, was_cut)


def check(given: Sequence[str]) -> list[str]:
    """The URLs, each once; TrackbackError names the first that cannot be told."""
    wanted = list(dict.fromkeys(urls.clean(url) for url in given if urls.clean(url)))
    if not wanted:
        raise TrackbackError("Name at least one address.")
    if len(wanted) > MAX_URLS:
        raise TrackbackError(f"At most {MAX_URLS} addresses at once.")
    for url in wanted:
        if not urls.is_web(url):
            raise TrackbackError(f"{url[:200]} is not a complete http or https URL.")
        if web.is_own(url):
            raise TrackbackError(f"{url[:200]} is on this blog; its own posts find each other by themselves.")
    return wanted


def shorten(excerpt: str) -> str:
    """An excerpt as it is sent: plain, at most 252 characters and an ellipsis where it was longer."""
    text = plain(excerpt, 16_000)
    return text if len(text) <= MAX_EXCERPT else cut(text, MAX_EXCERPT + 1)


def opening(text: str) -> str:
    """The beginning of a post as a first excerpt: at most 252 characters, the ellipsis included."""
    return cut(plain(text, 16_000), MAX_EXCERPT)


def warnings(post_id: int, given: Sequence[str]) -> list[str]:
    """Why one may not want to send these: told before, or refused by that host. A sentence each."""
    sentences: list[str] = []
    for url in dict.fromkeys(given):
        sentences += filter(None, (_told_before(post_id, url), _refused_before(url)))
    return sentences


def _entered(session: Session, row: Delivery) -> int:
    """The row in the ledger, given up at once where its site is never told; asking first is what a form does.

    One that says the same and was not tried yet stands for both: a form is easily sent twice.
    """
    if (twin := _twin(session, row)) is not None:
        return twin
    ledger.enter(session, row)
    held = rules.ruling(session, row.host)
    if held.rule is Rule.NEVER:
        ledger.apply(row, held)
    session.flush()
    return row.id


def _twin(session: Session, row: Delivery) -> int | None:
    same = (
        Delivery.post_id == row.post_id,
        Delivery.target_url == row.target_url,
        Delivery.protocol == TRACKBACK,
        Delivery.state == DeliveryState.QUEUED,
        Delivery.attempts == 0,
        Delivery.title == row.title,
        Delivery.excerpt == row.excerpt,
    )
    return session.scalar(select(Delivery.id).where(*same).limit(1))


def _row(post: Post, url: str, excerpt: str, title: str) -> Delivery:
    return Delivery(
        post_id=post.id,
        source_url=post_url(post),
        target_url=url,
        protocol=TRACKBACK,
        title=cut(" ".join(title.split()) or post.title, MAX_TITLE),
        excerpt=shorten(excerpt) or shorten(post.text),
        content_hash=post.content_hash,
    )


def _told_before(post_id: int, url: str) -> str:
    states = (DeliveryState.DELIVERED, DeliveryState.QUEUED, DeliveryState.RETRYING)
    known = db.session.scalar(
        select(Delivery)
        .where(Delivery.post_id == post_id, Delivery.target_url == url, Delivery.state.in_(states))
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    if known is None:
        return ""
    if known.state != DeliveryState.DELIVERED:
        return f"A notice to {url} still waits to be sent."
    return f"{url} was already told of this post, by {known.protocol}."


def _refused_before(url: str) -> str:
    refused = db.session.scalar(
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.REFUSED,
            Delivery.protocol == TRACKBACK,
            Delivery.host == host_of(url),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return f"{urls.host(url)} refused a trackback before: {refused.response}" if refused else ""
