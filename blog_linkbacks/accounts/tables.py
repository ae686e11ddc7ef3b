"""People who sign in, their sessions, their recovery codes, and the record of sign-ins."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import BigId, Model, now


class Role(StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"
    AUTHOR = "author"


class User(UserMixin, Model):
    """`session_key` changes whenever all sessions end: half a sign-in and known browsers are bound to it."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(String(20), default=Role.ADMIN)
    session_key: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    created_at: Mapped[datetime] = mapped_column(default=now)
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    totp_secret: Mapped[str] = mapped_column(String(64), default="", server_default="")
    totp_offered: Mapped[str] = mapped_column(String(64), default="", server_default="")
    totp_step: Mapped[int] = mapped_column(BigId, default=0, server_default="0")

    @property
    def two_step(self) -> bool:
        """Whether a code is asked for after the password."""
        return self.totp_secret != ""

    def may(self, *roles: Role) -> bool:
        """Whether this person has one of these roles; an admin has all."""
        return self.role == Role.ADMIN or self.role in roles


class UserSession(Model):
    """One browser that is signed in. The cookie holds the token, the database only its hash."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(60), default="")


class RecoveryCode(Model):
    """A code on paper for the day the phone is lost; the row goes when it is used."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Outcome(StrEnum):
    SIGNED_IN = "signed-in"
    RECOVERY_CODE = "recovery"
    HALF = "half"
    WRONG_PASSWORD = "password"  # noqa: S105
    WRONG_CODE = "code"
    THROTTLED = "throttled"


SUCCESSES = (Outcome.SIGNED_IN, Outcome.RECOVERY_CODE)


class SignIn(Model):
    """One try to sign in. `bucket` is what it counts against; a name that nobody has is not kept."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_bucket", "bucket", "at"), Index("ix_sign_ins_user", "user_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    outcome: Mapped[str] = mapped_column(String(20))
    bucket: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(60), default="")
