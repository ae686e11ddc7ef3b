"""What the stations need to know of a linkback, read from the database into frozen words."""

import hashlib
import re
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from blog_linkbacks.blog.lookup import post_url, target
from blog_linkbacks.blog.openness import open_kinds
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Decision, Linkback, site_rule
from blog_linkbacks.moderation import learning, past
from blog_linkbacks.scoring import learned
from blog_linkbacks.scoring.wordlist import look_up
from blog_linkbacks.settings import word_lists
from blog_linkbacks.settings.preferences import Site, site
from blog_linkbacks.vocabulary import (
    Asked,
    Claim,
    Evidence,
    Kind,
    NearMiss,
    Outcome,
    Placement,
    Response,
    Sentence,
    SiteHistory,
    Status,
    Subject,
    Target,
)

RECENTLY = timedelta(days=3)
_LATEST = 100
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class OwnPost:
    """One of the blog's own posts as a source: examined from the database, without a request."""

    url: str
    html: str
    title: str
    author: str


@dataclass(frozen=True, slots=True)
class Job:
    """One linkback to check, with all that is known before looking at its source."""

    linkback_id: int
    status: Status
    version: int
    due_at: datetime | None
    claim: Claim
    target: Target
    open: bool
    history: SiteHistory
    internal: bool
    own_post: OwnPost | None
    site: Site
    asked: Asked | None = None
    received_at: datetime | None = None


def job(linkback_id: int) -> Job:
    """Gather the facts; no transaction is open afterwards."""
    linkback = db.session.get_one(Linkback, linkback_id, populate_existing=True)
    try:
        return known(linkback)
    finally:
        db.session.rollback()


def known(linkback: Linkback) -> Job:
    """The same facts within the caller's transaction."""
    preferences = site()
    return Job(
        linkback_id=linkback.id,
        status=Status(linkback.status),
        version=linkback.version,
        due_at=linkback.due_at,
        claim=claim(linkback),
        target=target(linkback.post),
        open=Kind(linkback.kind) in open_kinds(linkback.post),
        history=_history(linkback),
        internal=linkback.internal,
        own_post=_own_post(linkback, preferences),
        site=preferences,
        asked=Asked(**linkback.akismet) if linkback.akismet else None,
        received_at=linkback.received_at,
    )


def subject(job: Job, evidence: Evidence) -> Subject:
    """All that a check may look at, with what people's decisions taught and the words of the blog's lists."""
    seen = Subject(
        job.claim,
        evidence,
        job.target,
        job.history,
        job.internal,
        asked=job.asked,
        received_at=job.received_at,
    )
    if evidence.outcome is not Outcome.LINKED or job.internal:
        return seen
    listed = look_up(seen, word_lists.of(job.site))
    return replace(seen, memory=learning.recall(learned.features(seen)), listed=listed)


def kept(linkback: Linkback) -> Evidence | None:
    """The evidence as verification saw it, from the database; None where nothing was ever seen."""
    stored = linkback.evidence
    if stored is None:
        return None
    known = {field.name: stored[field.name] for field in fields(Evidence) if field.name in stored}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    words: dict[str, object] = {
        "outcome": Outcome(known["outcome"]),
        "near_miss": NearMiss(known["near_miss"]) if known.get("near_miss") else None,
        "response": Response(known.get("response", Response.MENTION)),
        "placement": Placement(known.get("placement", Placement.PAGE)),
        "sentence": Sentence(**known.get("sentence", {})),
    }
    return Evidence(**known | lists | words)


def text_key(linkback: Linkback, evidence: Evidence) -> str:
    """A digest of the words claimed or found: equal for arrivals with the same wording, empty for few words."""
    words = _WORDS.findall((linkback.claimed_excerpt or evidence.sentence.text).lower())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32] if len(words) >= 5 else ""


def claim(linkback: Linkback) -> Claim:
    """What the sender said, as it was kept."""
    return Claim(
        kind=Kind(linkback.kind),
        source_url=linkback.source_url,
        target_url=linkback.target_url,
        title=linkback.claimed_title,
        excerpt=linkback.claimed_excerpt,
        author=linkback.claimed_author,
        sender_ip=linkback.sender_ip,
        user_agent=linkback.user_agent,
        referrer=linkback.referrer,
    )


def _own_post(linkback: Linkback, preferences: Site) -> OwnPost | None:
    post = linkback.source_post
    if post is None:
        return None
    return OwnPost(post_url(post), post.html if post.published else "", post.title, preferences.author)


def _history(linkback: Linkback) -> SiteHistory:
    others = Linkback.id != linkback.id
    here = _by_status(Linkback.source_site == linkback.source_site, others)
    from_address = _by_status(Linkback.sender_ip == linkback.sender_ip, others) if linkback.sender_ip else {}
    since = now() - RECENTLY
    gone, sent = past.of(linkback.source_site, linkback.sender_ip)
    return SiteHistory(
        approved=here.get(Status.APPROVED, 0),
        spam=here.get(Status.SPAM, 0) + (gone.spam if gone else 0),
        rejected=here.get(Status.REJECTED, 0),
        waiting=here.get(Status.PENDING, 0),
        from_address_spam=from_address.get(Status.SPAM, 0) + (sent.spam if sent else 0),
        from_address_approved=from_address.get(Status.APPROVED, 0),
        first_seen=_first_seen(linkback, others, gone.first_at if gone else None),
        same_text_recently=_count(Linkback.text_key == linkback.text_key, others, since)
        if linkback.text_key
        else 0,
        site_recently=_count(Linkback.source_site == linkback.source_site, others, since),
        undone=(_taken_back(linkback, others) if here else 0) + (gone.undone if gone else 0),
        rule=site_rule(linkback.source_host),
    )


def _first_seen(linkback: Linkback, others: ColumnElement[bool], before: datetime | None) -> datetime | None:
    first = select(func.min(Linkback.received_at)).where(Linkback.source_site == linkback.source_site, others)
    here = db.session.scalar(first)
    return min(here, before) if here and before else here or before


def _taken_back(linkback: Linkback, others: ColumnElement[bool]) -> int:
    """How many approvals of this site people took back, of those that its latest linkbacks had."""
    latest = select(Linkback.id).where(Linkback.source_site == linkback.source_site, others)
    undo = aliased(Decision)
    found = (
        select(func.count())
        .select_from(undo)
        .join(Decision, Decision.id == undo.undoes_id)
        .where(Decision.linkback_id.in_(latest.order_by(Linkback.id.desc()).limit(_LATEST)))
        .where(Decision.to_status == Status.APPROVED)
    )
    return db.session.scalar(found) or 0


def _by_status(*which: object) -> dict[str, int]:
    rows = db.session.execute(
        select(Linkback.status, func.count().label("number")).where(*which).group_by(Linkback.status)  # type: ignore[arg-type]
    ).all()
    return {row.status: row.number for row in rows}


def _count(which: object, others: object, since: datetime) -> int:
    statement = select(func.count()).select_from(Linkback)
    return db.session.scalar(statement.where(which, others, Linkback.received_at > since)) or 0  # type: ignore[arg-type]
