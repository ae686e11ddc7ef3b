"""All that is known of one linking site: what it linked, what was decided, what is linked there, and its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, desc, func, or_, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback, SiteRule
from blog_linkbacks.moderation import past, rules, sites
from blog_linkbacks.moderation.past import PastLinkbacks
from blog_linkbacks.sending.tables import Delivery
from blog_linkbacks.vocabulary import Status

LINKBACKS = 50
DECISIONS = 20
OUTGOING = 20
NAMES = 20  # hosts and addresses
RECENT = 500  # linkbacks that hosts, addresses and decisions are taken of


@dataclass(frozen=True, slots=True)
class Dossier:
    """One linking site; `older` is the key of the next page of its linkbacks, each list the latest of its kind."""

    site: str
    counts: Mapping[str, int]
    first_seen: datetime | None
    last_seen: datetime | None
    rules: Sequence[SiteRule]
    hosts: Sequence[tuple[str, int]]
    addresses: Sequence[tuple[str, int]]
    linkbacks: Sequence[Linkback]
    older: int | None
    decisions: Sequence[Decision]
    outgoing: Sequence[Delivery]
    past: PastLinkbacks | None = None  # of those that were deleted for their age

    @property
    def waiting(self) -> int:
        return self.counts.get(Status.PENDING, 0)


def dossier(site: str, status: Status | None = None, before: int | None = None) -> Dossier:
    """A fixed number of bounded queries; LookupError where nothing of the site is known."""
    first, last = _moments(site)
    held, hosts = rules.below(site), _numbers(site, Linkback.source_host)
    outgoing = _outgoing([site, *(host for host, _ in hosts)])
    deleted = db.session.get(PastLinkbacks, (past.SITE, site))
    if not (first or held or outgoing or deleted):
        raise LookupError(site)
    linkbacks, older = _linkbacks(site, status, before)
    return Dossier(
        site,
        counts=sites.status_counts([site])[site],
        first_seen=first,
        last_seen=last,
        rules=held,
        hosts=hosts,
        addresses=_numbers(site, Linkback.sender_ip),
        linkbacks=linkbacks,
        older=older,
        decisions=_decisions(site),
        outgoing=outgoing,
        past=deleted,
    )


def _moments(site: str) -> tuple[datetime | None, datetime | None]:
    """When its first and its last linkback came, in one query."""
    seen = select(Linkback.received_at).where(Linkback.source_site == site).limit(1)
    first, last = seen.order_by(Linkback.id.asc()), seen.order_by(Linkback.id.desc())
    came, latest = db.session.execute(select(first.scalar_subquery(), last.scalar_subquery())).one()
    return came, latest


def _numbers(site: str, column: object) -> list[tuple[str, int]]:
    """How many of the latest RECENT linkbacks have each value of a column, empty ones left out."""
    latest = select(column.label("value")).where(Linkback.source_site == site)  # type: ignore[attr-defined]
    recent = latest.order_by(Linkback.id.desc()).limit(RECENT).subquery()
    number = func.count()
    rows = select(recent.c.value, number).where(recent.c.value != "").group_by(recent.c.value)
    found = db.session.execute(rows.order_by(desc(number), recent.c.value).limit(NAMES))
    return [(value, count) for value, count in found]


def _linkbacks(site: str, status: Status | None, before: int | None) -> tuple[list[Linkback], int | None]:
    which = _with_post(select(Linkback)).where(Linkback.source_site == site)
    if status:
        which = which.where(Linkback.status == status)
    if before:
        which = which.where(Linkback.id < before)
    found = db.session.scalars(which.order_by(Linkback.id.desc()).limit(LINKBACKS + 1)).all()
    return list(found[:LINKBACKS]), found[LINKBACKS - 1].id if len(found) > LINKBACKS else None


def _with_post(rows: Select[Linkback]) -> Select[Linkback]:
    post = joinedload(Linkback.post, innerjoin=True)
    return rows.options(post.options(load_only(Post.title, Post.slug, Post.state), lazyload(Post.tags)))


def _decisions(site: str) -> Sequence[Decision]:
    """What people and rules made of the latest of its linkbacks."""
    recent = select(Linkback.id).where(Linkback.source_site == site).order_by(Linkback.id.desc())
    subject = joinedload(Decision.linkback, innerjoin=True).options(lazyload(Linkback.post))
    return db.session.scalars(
        select(Decision)
        .where(Decision.linkback_id.in_(recent.limit(RECENT)), Decision.rule != "hold")
        .options(subject)
        .order_by(Decision.id.desc())
        .limit(DECISIONS)
    ).all()


def _outgoing(hosts: Sequence[str]) -> Sequence[Delivery]:
    """The latest of what the blog's posts link there and tell it."""
    names = {host.removeprefix("www.") for host in hosts}
    post = joinedload(Delivery.post).options(
        load_only(Post.title, Post.slug, Post.state), lazyload(Post.tags)
    )
    which = select(Delivery).where(or_(*(Delivery.host == name for name in sorted(names))))
    return db.session.scalars(which.options(post).order_by(Delivery.id.desc()).limit(OUTGOING)).all()
