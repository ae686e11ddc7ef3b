"""People who sign in."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import BigId, Model, now


class Role(StrEnum):
    ADMIN = "admin"
    MODERATOR = "moderator"
    AUTHOR = "author"


class User(UserMixin, Model):
    """`session_key` is what the session cookie names: a new one ends every session of that person."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(String(20), default=Role.ADMIN)
    session_key: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(16))
    created_at: Mapped[datetime] = mapped_column(default=now)
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")

    def get_id(self) -> str:
        return self.session_key

    def may(self, *roles: Role) -> bool:
        """Whether this person has one of these roles; an admin has all."""
        return self.role == Role.ADMIN or self.role in roles
