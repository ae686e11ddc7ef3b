"""The ledger of deliveries."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

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
    CANCELLED = "cancelled"


class Delivery(Leased, Model):
    """What is told to one target of one post, and what came of it. `target_url` is the URL as linked."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due_at", "due_at"),
        Index("ix_deliveries_lease_by", "lease_by"),
        Index("ix_deliveries_post", "post_id", "target_url"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    source_url: Mapped[str] = mapped_column(Text)
    target_url: Mapped[str] = mapped_column(Text)
    protocol: Mapped[str] = mapped_column(String(20), default="")
    endpoint: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
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
