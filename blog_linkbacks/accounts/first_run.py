"""Before there is an admin: the one-time word that lets the person at the console make one."""

import hmac
from pathlib import Path

from flask import current_app, request
from sqlalchemy import select

from blog_linkbacks import config
from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import Role, User
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db, writing


class TakenError(Exception):
    """Somebody made an admin in the meantime; nothing was changed."""


def set_up() -> bool:
    """Whether there is a user; once there is, this process asks the database no more."""
    known = current_app.extensions
    if not known.get("linkbacks_set_up"):
        known["linkbacks_set_up"] = people.anyone()
    return bool(known["linkbacks_set_up"])


def wanted_instead() -> bool:
    """Whether this request is for a page that makes no sense before there is a user.

    The posts that are published already stay readable, and take linkbacks.
    """
    if request.endpoint == "blog.index":
        return not set_up() and not _any_post()
    asked = request.path.startswith("/admin") or request.endpoint == "accounts.login"
    return asked and not set_up()


def token() -> str:
    """The one-time word: the same for every process of this site until an admin is made."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    return config.kept_word(path)


def matches(given: str) -> bool:
    """Whether this is the one-time word."""
    return hmac.compare_digest(given.strip().encode("utf-8", "replace"), token().encode())


def make_admin(name: str, password: str) -> User:
    """Make the first admin and end the one-time word.

    TakenError where there is a user by now, ValueError as `create_user`.
    """
    with writing():
        if people.anyone():
            raise TakenError
        user = people.create_user(name, password, Role.ADMIN)
    forget()
    return user


def forget() -> None:
    """There is a user: the one-time word is good for nothing any more."""
    _path().unlink(missing_ok=True)


def _any_post() -> bool:
    return db.session.scalar(select(Post.id).where(Post.state == PostState.PUBLISHED).limit(1)) is not None


def _path() -> Path:
    return config.current().instance / "first_run_token"
