"""The one door in: a Claim becomes a committed row, or a Refusal says why not (DESIGN decisions 1 and 2)."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks import urls, web
from blog_linkbacks.blog import openness
from blog_linkbacks.blog.lookup import find, locate, own_key
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import insert_into, now, writing
from blog_linkbacks.linkbacks import Linkback, move_count, site_rule
from blog_linkbacks.moderation import past
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused, Status

_MAX_KEY = 900
_MAX_TEXT = 2000
_BEFORE_THE_WORKER = timedelta(seconds=6)
_DECIDED = (Status.REJECTED, Status.SPAM)
_LOOKED_AT_AGAIN = (Status.UNVERIFIED, Status.GONE)


def receive(claim: Claim) -> Receipt | Refused:
    """Keep a claim, durably, or refuse it. A success reply may be sent only after this returned a Receipt.

    One row per (post, source page), whatever the protocol or the spelling; a repeat meets the row it made. What was
    rejected or marked as spam stays so.
    """
    refused = _malformed(claim)
    if refused is not None:
        return refused
    post = locate(claim.target_url)
    if isinstance(post, Refusal):
        return Refused(post)
    if (closed := openness.refusal(post, claim.kind)) is not None:
        return closed
    if _own_but_no_post(claim.source_url):
        return Refused(Refusal.SOURCE_INVALID, "Of this blog's own pages only posts can link to a post.")
    source = find(claim.source_url)
    if source is not None and source.id == post.id:
        return Refused(Refusal.SAME_PAGE)
    return _keep(claim, post, source)


def _malformed(claim: Claim) -> Refused | None:
    if not urls.is_web(claim.source_url):
        return Refused(Refusal.SOURCE_INVALID if claim.source_url else Refusal.SOURCE_MISSING)
    if not urls.is_web(claim.target_url):
        return Refused(Refusal.TARGET_INVALID if claim.target_url else Refusal.TARGET_MISSING)
    if urls.page_key(claim.source_url) == urls.page_key(claim.target_url):
        return Refused(Refusal.SAME_PAGE)
    return None


def _own_but_no_post(source_url: str) -> bool:
    return web.on_site(source_url) and locate(source_url) is Refusal.TARGET_NOT_A_POST


def _keep(claim: Claim, post: Post, source: Post | None) -> Receipt | Refused:
    claim = _storable(claim)
    values = _values(claim, post, source)
    with writing() as session:
        created = _insert(session, values)
        linkback = session.scalars(
            select(Linkback)
            .where(Linkback.post_id == values["post_id"], Linkback.source_key == values["source_key"])
            .execution_options(populate_existing=True)
        ).one()
        if created:
            move_count(session, None, Status.RECEIVED)
            return _first(session, linkback, claim)
        return _again(linkback, claim)


def _first(session: Session, linkback: Linkback, claim: Claim) -> Receipt | Refused:
    refusal, rule, reason = Refusal.BLOCKED, "blocked", "This site is blocked."
    if site_rule(linkback.source_host) != "block":
        if not past.turned_away(session, linkback.post_id, linkback.source_key):
            return _receipt(linkback, created=True, check=True)
        refusal, rule, reason = Refusal.ALREADY_REGISTERED, "remembered", "It was marked as spam here before."
    linkback.due_at = None
    record(session, linkback, Status.SPAM, By(rule=rule), reason=reason)
    if claim.kind is Kind.WEBMENTION:
        return _receipt(linkback, created=True, check=False)
    return Refused(refusal)


def _again(linkback: Linkback, claim: Claim) -> Receipt | Refused:
    update = claim.kind is Kind.WEBMENTION and linkback.status not in _DECIDED
    if linkback.status in _LOOKED_AT_AGAIN and not update and site_rule(linkback.source_host) == "block":
        linkback.repeats += 1
        return Refused(Refusal.BLOCKED)
    if update or linkback.status in _LOOKED_AT_AGAIN:
        linkback.due_at = _due(claim)
        linkback.attempts = 0
        if linkback.status == Status.UNVERIFIED:
            _claimed_anew(linkback, claim)
        return _receipt(linkback, created=False, check=True)
    linkback.repeats += 1
    if claim.kind is Kind.WEBMENTION:
        return _receipt(linkback, created=False, check=False)
    return Refused(Refusal.ALREADY_REGISTERED)


def _claimed_anew(linkback: Linkback, claim: Claim) -> None:
    linkback.kind = claim.kind
    linkback.source_url, linkback.target_url = claim.source_url, claim.target_url
    linkback.sender_ip, linkback.user_agent = claim.sender_ip, claim.user_agent
    linkback.claimed_title = claim.title
    linkback.claimed_excerpt = claim.excerpt
    linkback.claimed_author = claim.author


def _receipt(linkback: Linkback, *, created: bool, check: bool) -> Receipt:
    return Receipt(linkback.id, linkback.token, Status(linkback.status), created, check)


def _values(claim: Claim, post: Post, source: Post | None) -> dict[str, Any]:
    host = urls.host(claim.source_url)
    return {
        "kind": claim.kind,
        "status": Status.RECEIVED,
        "post_id": post.id,
        "source_url": claim.source_url,
        "source_key": own_key(source.id) if source else bounded(urls.page_key(claim.source_url)),
        "source_host": host,
        "source_site": urls.registrable(host),
        "source_post_id": source.id if source else None,
        "internal": web.is_own(claim.source_url),
        "target_url": claim.target_url,
        "claimed_title": claim.title,
        "claimed_excerpt": claim.excerpt,
        "claimed_author": claim.author,
        "title": claim.title,
        "excerpt": claim.excerpt,
        "author": claim.author,
        "sender_ip": claim.sender_ip,
        "user_agent": claim.user_agent,
        "referrer": claim.referrer,
        "received_at": now(),
        "due_at": _due(claim),
    }


def _due(claim: Claim) -> datetime:
    """At once for a webmention; the others are looked at by the request that brought them, to answer precisely."""
    return now() if claim.kind is Kind.WEBMENTION else now() + _BEFORE_THE_WORKER


def _storable(claim: Claim) -> Claim:
    """As a database can hold it: PostgreSQL takes no NUL, and none takes half a surrogate pair."""
    return replace(
        claim,
        source_url=_fit(claim.source_url, None),
        target_url=_fit(claim.target_url, None),
        title=_fit(claim.title),
        excerpt=_fit(claim.excerpt),
        author=_fit(claim.author),
        sender_ip=claim.sender_ip[:64],
        user_agent=_fit(claim.user_agent, 500),
        referrer=_fit(claim.referrer, 500),
    )


def _fit(text: str, most: int | None = _MAX_TEXT) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def bounded(key: str) -> str:
    """A key short enough for any index: a long one ends in its digest."""
    if len(key) <= _MAX_KEY:
        return key
    return key[:_MAX_KEY] + "#" + hashlib.sha256(key.encode()).hexdigest()


def _insert(session: Session, values: dict[str, Any]) -> bool:
    insert = insert_into(Linkback, session.get_bind().dialect.name)
    statement = insert.values(**values).on_conflict_do_nothing(index_elements=["post_id", "source_key"])
    return session.execute(statement.returning(Linkback.id)).scalar() is not None
