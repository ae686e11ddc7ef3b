"""Sessions as rows: one browser each, ended from the server's side, whatever cookies are still about."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from blog_linkbacks.accounts.tables import User, UserSession
from blog_linkbacks.db import db, now, writing

IDLE = timedelta(days=31)
MOST = 50  # sessions of one person; the one unseen for longest gives way
_SEEN = timedelta(minutes=30)  # how exact `seen_at` is, so that reading a page seldom writes


def begin(user_id: int, address: str = "", agent: str = "") -> str:
    """Start a session of that person and give its token, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.add(UserSession(user_id=user_id, token_hash=_hashed(token), address=address, agent=agent))
        session.flush()
        _prune(session, user_id)
    return token


def person(token: str) -> User | None:
    """Whose session this is; None for one that ended, or was not seen for 31 days."""
    found = _find(token)
    if found and found[0].seen_at < now() - _SEEN:
        with suppress(SQLAlchemyError):  # a database that cannot be written is no reason to sign people out
            _see(found[0].id)
        found = _find(token)
    return found[1] if found else None


def end(token: str) -> None:
    """End the session of that token, if there is one."""
    with writing() as session:
        session.execute(delete(UserSession).where(UserSession.token_hash == _hashed(token)))


def end_one(user_id: int, session_id: int) -> None:
    """End that session of that person, if there is one."""
    with writing() as session:
        session.execute(
            delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
        )


def end_all(user_id: int) -> None:
    """Sign a person out everywhere; half a sign-in and the browsers known as theirs end with it."""
    with writing() as session:
        session.execute(delete(UserSession).where(UserSession.user_id == user_id))
        key = secrets.token_hex(16)
        session.execute(update(User).where(User.id == user_id).values(session_key=key))


def of(user_id: int) -> Sequence[UserSession]:
    """A person's sessions that have not run out, the one seen last first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.seen_at >= now() - IDLE)
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    ).all()


def id_of(token: str) -> int | None:
    """The id of the session of that token."""
    return db.session.scalar(select(UserSession.id).where(UserSession.token_hash == _hashed(token)))


def _find(token: str) -> tuple[UserSession, User] | None:
    row = db.session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == _hashed(token), UserSession.seen_at >= now() - IDLE)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _see(session_id: int) -> None:
    with writing() as session:
        session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=now()))


def _prune(session: Session, user_id: int) -> None:
    session.execute(delete(UserSession).where(UserSession.seen_at < now() - IDLE))
    kept = (
        select(UserSession.id)
        .where(UserSession.user_id == user_id)
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(MOST)
    )
    stale = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id.not_in(kept))
    session.execute(stale)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
