"""The ledger of deliveries, and the owner's rules about whom to tell."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from blog_linkbacks import urls
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import Model, now
from blog_linkbacks.leases import Leased


class DeliveryState(StrEnum):
    QUEUED = "queued"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RETRYING = "retrying"
    FAILED = "failed"
    NO_ENDPOINT = "no_endpoint"
    SILENT = "silent"
    ASK = "ask"
    CANCELLED = "cancelled"


EVERY = "*."  # before a domain: for it and all hosts below it


class Rule(StrEnum):
    """Whether a site is told without asking, only when someone says so each time, or not at all."""

    ALWAYS = "always"
    ASK = "ask"
    NEVER = "never"


class Delivery(Leased, Model):
    """What is told to one target of one post, and what came of it.

    `target_url` is the URL as linked, `host` its host as `host_of` gives it. `by_rule` says that a sending rule,
    not a person, keeps it from being told.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due_at", "due_at"),
        Index("ix_deliveries_lease_by", "lease_by"),
        Index("ix_deliveries_post", "post_id", "target_url"),
        Index("ix_deliveries_host", "host", "id"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    source_url: Mapped[str] = mapped_column(Text)
    target_url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(Text, default="", server_default="")
    protocol: Mapped[str] = mapped_column(String(20), default="")
    endpoint: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
    by_rule: Mapped[bool] = mapped_column(default=False, server_default=false())
    response: Mapped[str] = mapped_column(Text, default="")
    status_url: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    linked: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    first_try_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship()

    @validates("target_url")
    def _know_the_host(self, _name: str, target_url: str) -> str:
        self.host = host_of(target_url)
        return target_url


class SendingRule(Model):
    """What holds for one host, or for `*.` and a registrable domain; the host's own row wins over its domain's.

    A host without either is always told.
    """

    __tablename__ = "sending_rules"

    host: Mapped[str] = mapped_column(Text, primary_key=True)
    rule: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User | None] = relationship()

    @property
    def whole(self) -> bool:
        """Whether it is for a whole domain."""
        return self.host.startswith(EVERY)

    @property
    def said(self) -> str:
        """Whom it is for, in words."""
        return in_words(self.host)


def in_words(name: str) -> str:
    """What a rule is kept under, as a person reads it: “garden.example”, “any site of garden.example”."""
    return f"any site of {name.removeprefix(EVERY)}" if name.startswith(EVERY) else name


def host_of(url: str) -> str:
    """The host that rules and the ledger's filter go by: without `www.` and port; empty where there is none."""
    return urls.host(url).removeprefix("www.")
