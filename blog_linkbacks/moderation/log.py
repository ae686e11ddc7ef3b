"""What people did besides deciding, kept so that it can be undone: rules for sites made and cleared, texts edited."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import BigId, Model, now
from blog_linkbacks.linkbacks import Linkback


class _Deed:
    """Who did it and when, and who took it back and when."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    @declared_attr
    @classmethod
    def user(cls) -> Mapped[User | None]:
        return relationship(User, foreign_keys=f"{cls.__name__}.user_id", lazy="joined")

    @declared_attr
    @classmethod
    def undone_by(cls) -> Mapped[User | None]:
        return relationship(User, foreign_keys=f"{cls.__name__}.undone_by_id", lazy="joined")

    @property
    def by(self) -> str:
        return self.user.name if self.user else ""


class RuleChange(_Deed, Model):
    """A rule set or taken away: `trust`, `block` or `clear` of a host, the rule before it, and the batch it decided."""

    __tablename__ = "rule_changes"
    __table_args__ = (Index("ix_rule_changes_host", "host", "id"),)

    host: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime | None]
    was_action: Mapped[str] = mapped_column(String(10), default="")
    was_until: Mapped[datetime | None]
    batch: Mapped[str] = mapped_column(String(32), unique=True)


class TextEdit(_Deed, Model):
    """A change of what readers see of a linkback: its `edited` before and after, empty for the original."""

    __tablename__ = "text_edits"

    linkback_id: Mapped[int] = mapped_column(ForeignKey("linkbacks.id"), index=True)
    before: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    linkback: Mapped[Linkback] = relationship()
