"""The tables Linkback, Signal, Decision, SiteRule and StatusCount, and their named queries."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column, relationship

from blog_linkbacks import urls
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import BigId, Model, db, now
from blog_linkbacks.leases import Leased
from blog_linkbacks.vocabulary import CheckState, Opinion, Response, Status

# Likely genuine, doubtful, likely spam: the order in which a moderator meets what waits.
URGENCY = "CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END"

_OLD_ONLY: dict[str, Any] = {
    f"{dialect}_where": text("status IN ('spam', 'unverified')") for dialect in ("sqlite", "postgresql")
}
_INTERNAL_ONLY: dict[str, Any] = {"sqlite_where": text("internal = 1"), "postgresql_where": text("internal")}
_FACED_ONLY: dict[str, Any] = {
    "sqlite_where": text("face_id IS NOT NULL"),
    "postgresql_where": text("face_id IS NOT NULL"),
}


class Linkback(Leased, Model):
    """One page that says it links to one post: what was claimed, what was seen, what was decided.

    `version` grows with every change of status, so that a stale form is noticed. `status`, `decided_at` and
    `decided_by` are the shadow of the last decision. `told_by` names the check that told most. `edited` holds what a
    person changed of title, excerpt and author before publishing. While one row of a campaign stands for all that
    wait, the others are `folded`.
    """

    __tablename__ = "linkbacks"
    __table_args__ = (
        UniqueConstraint("post_id", "source_key", name="uq_linkbacks_post_source"),
        Index("ix_linkbacks_status_id", "status", "id"),
        Index("ix_linkbacks_urgency", "status", text(f"({URGENCY})"), "id", "folded"),
        Index("ix_linkbacks_arrival", "status", "received_at", "id", "folded"),
        Index("ix_linkbacks_score", "status", text("(coalesce(score, 0.5))"), "id", "folded"),
        Index("ix_linkbacks_check", "status", "kind", "told_by", "id"),
        Index("ix_linkbacks_campaign", "campaign_id", "status", text(f"({URGENCY})"), "id"),
        Index("ix_linkbacks_post_status", "post_id", "status", "campaign_id", "id"),
        Index("ix_linkbacks_responses", "post_id", "status", "internal", "response", "id", "kind"),
        Index("ix_linkbacks_source_post_status", "source_post_id", "status"),
        Index("ix_linkbacks_related", "post_id", "status", "pinned", "id", **_INTERNAL_ONLY),
        Index("ix_linkbacks_site_status", "source_site", "status", "campaign_id", "id"),
        Index("ix_linkbacks_status_site", "status", "source_site"),
        Index("ix_linkbacks_site", "source_site", "id"),
        Index("ix_linkbacks_host", "source_host"),
        Index("ix_linkbacks_old", "status", "decided_at", "id", **_OLD_ONLY),
        Index("ix_linkbacks_due_at", "due_at"),
        Index("ix_linkbacks_lease_by", "lease_by"),
        Index("ix_linkbacks_sender_ip", "sender_ip", "status"),
        Index("ix_linkbacks_text_key", "text_key", "received_at"),
        Index("ix_linkbacks_face", "face_id", **_FACED_ONLY),
    )

    token: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_urlsafe(16))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=Status.RECEIVED)
    version: Mapped[int] = mapped_column(default=1)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    source_url: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text)
    source_host: Mapped[str] = mapped_column(Text)
    source_site: Mapped[str] = mapped_column(Text)
    source_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    internal: Mapped[bool] = mapped_column(default=False)
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    target_url: Mapped[str] = mapped_column(Text)

    claimed_title: Mapped[str] = mapped_column(Text, default="")
    claimed_excerpt: Mapped[str] = mapped_column(Text, default="")
    claimed_author: Mapped[str] = mapped_column(Text, default="")
    sender_ip: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(Text, default="")
    referrer: Mapped[str] = mapped_column(Text, default="")
    text_key: Mapped[str] = mapped_column(String(64), default="")

    title: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(Text, default="")
    author_url: Mapped[str] = mapped_column(Text, default="")
    author_photo: Mapped[str] = mapped_column(Text, default="")
    site_name: Mapped[str] = mapped_column(Text, default="")
    lifted_title: Mapped[str] = mapped_column(Text, default="")
    lifted_author: Mapped[str] = mapped_column(Text, default="")
    response: Mapped[str] = mapped_column(String(20), default=Response.MENTION)
    before: Mapped[str] = mapped_column(Text, default="")
    anchor: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")

    score: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    features: Mapped[str] = deferred(mapped_column(Text, nullable=False, default="", server_default=""))
    staged: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    akismet: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    told_by: Mapped[str] = mapped_column(String(60), default="", server_default="")
    edited: Mapped[dict[str, str] | None] = mapped_column(JSON)
    campaign_id: Mapped[int | None] = mapped_column(BigId)
    folded: Mapped[bool] = mapped_column(default=False, server_default=false())
    face_id: Mapped[int | None] = mapped_column(BigId)
    repeats: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(default=now)
    checked_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)

    post: Mapped[Post] = relationship(foreign_keys=[post_id], lazy="joined", innerjoin=True)
    source_post: Mapped[Post | None] = relationship(foreign_keys=[source_post_id])
    signals: Mapped[list["Signal"]] = relationship(order_by="Signal.id", cascade="all, delete-orphan")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id.desc()", viewonly=True)

    @property
    def shown_name(self) -> str:
        """Who links: as edited, else what the page says of itself, which goes before what the sender said."""
        return self.edit("author") or self.lifted_author or self.site_name or self.author or self.source_host

    @property
    def shown_title(self) -> str:
        return self.edit("title") or self.lifted_title or self.title or self.source_url

    @property
    def shown_excerpt(self) -> str:
        return self.edit("excerpt") or self.excerpt

    def edit(self, name: str) -> str:
        """What a person put in the place of the title, excerpt or author; empty where nobody did."""
        return (self.edited or {}).get(name, "")


class Campaign(Model):
    """Near-identical arrivals that one row of the queue, the lead, stands for; `waiting` is kept by decisions."""

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_key", "key", "last_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sort: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(Text)
    waiting: Mapped[int] = mapped_column(default=0)
    lead_id: Mapped[int | None] = mapped_column(BigId)
    last_at: Mapped[datetime] = mapped_column(default=now)


class Signal(Model):
    """One check's opinion of one linkback, as it went into the score."""

    __tablename__ = "signals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    linkback_id: Mapped[int] = mapped_column(ForeignKey("linkbacks.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    group: Mapped[str] = mapped_column(String(20))
    weight: Mapped[float]
    strength: Mapped[float | None]
    state: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str] = mapped_column(Text)

    @property
    def opinion(self) -> Opinion:
        return Opinion(
            self.name,
            self.version,
            self.group,
            self.weight,
            self.strength,
            self.detail,
            CheckState(self.state),
        )


class Decision(Model):
    """One change of a linkback's status: by a person (`user_id`) or a policy rule (`rule`), never edited."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_batch", "batch", "id"),
        Index("ix_decisions_user", "user_id", "id"),
        Index("ix_decisions_rule", "rule", "id"),
        Index("ix_decisions_status", "to_status", "id"),
        Index(
            "ix_decisions_people",
            "to_status",
            "id",
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    linkback_id: Mapped[int] = mapped_column(ForeignKey("linkbacks.id"), index=True)
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    rule: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[float | None]
    batch: Mapped[str | None] = mapped_column(String(32))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    linkback: Mapped[Linkback] = relationship()
    user: Mapped[User | None] = relationship(lazy="joined")

    @property
    def by(self) -> str:
        return self.user.name if self.user else f"policy:{self.rule}"


class SiteRule(Model):
    """`trust` or `block` for a linking host, or for all below a registrable domain."""

    __tablename__ = "site_rules"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    host: Mapped[str] = mapped_column(Text, unique=True)
    action: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class StatusCount(Model):
    """How many linkbacks have each status, kept by intake and decisions so that no screen counts rows."""

    __tablename__ = "status_counts"

    status: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


def no_undo(decision: Any = Decision) -> ColumnElement[bool]:
    """Whether a decision takes none back, so put that no index serves: nearly all of that index would be walked."""
    return func.coalesce(decision.undoes_id, 0) == 0


def move_count(session: Session, from_status: str | None, to_status: str, number: int = 1) -> None:
    """One linkback, or that many, went from one status (None: it is new) to another."""
    for status, step in ((from_status, -number), (to_status, number)):
        if status is not None:
            session.execute(
                update(StatusCount)
                .where(StatusCount.status == status)
                .values(number=StatusCount.number + step)
            )


def status_counts() -> Mapping[str, int]:
    """The number of linkbacks by status, every status named."""
    rows = db.session.execute(select(StatusCount.status, StatusCount.number)).all()
    return {status.value: 0 for status in Status} | {row.status: row.number for row in rows}


def site_rule(host: str) -> str:
    """The rule in force for a linking host: `trust`, `block` or empty; the more exact host name wins."""
    names = [host, urls.registrable(host)]
    rules = db.session.scalars(
        select(SiteRule).where(
            SiteRule.host.in_(names), or_(SiteRule.until.is_(None), SiteRule.until > now())
        )
    ).all()
    found = {rule.host: rule.action for rule in rules}
    return next((found[name] for name in names if name in found), "")


def shown_on(post_id: int) -> Select[Linkback]:
    """Approved linkbacks from elsewhere, for a post's responses, the oldest first."""
    return (
        select(Linkback)
        .where(Linkback.post_id == post_id, Linkback.status == Status.APPROVED, Linkback.internal.is_(False))
        .order_by(Linkback.id)
    )
