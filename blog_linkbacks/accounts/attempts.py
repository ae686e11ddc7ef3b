"""Tries to sign in: how many are allowed, and the record people look at. Shared by all processes: they are rows."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blog_linkbacks import config
from blog_linkbacks.accounts.tables import SUCCESSES, Outcome, SignIn, User
from blog_linkbacks.db import db, now, writing

KEPT_FOR = timedelta(days=90)
MOST = 5_000  # rows kept of successes, and as many of failures: a flood of those pushes no sign-in out
PAGE = 50


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many failures within that time, for every pair."""

    pairs: tuple[tuple[int, timedelta], ...]


PASSWORDS = Allowance(((10, timedelta(minutes=15)),))
CODES = Allowance(((5, timedelta(minutes=15)), (20, timedelta(days=1))))
_FAILURES = (Outcome.WRONG_PASSWORD, Outcome.WRONG_CODE)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a try comes from: the address, and the browser in a few words."""

    address: str
    agent: str


class ThrottledError(Exception):
    """Too many failures; `seconds` until another try is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def bucket(kind: str, name: str) -> str:
    """What failures are counted against: a keyed hash, because people type passwords where names belong."""
    key = config.current().secret_key.encode()
    return hmac.digest(key, f"{kind}:{name}".encode("utf-8", "replace"), "sha256").hex()


def begin(where: Where, user_id: int | None, counts_in: str, outcome: Outcome, allowance: Allowance) -> int:
    """Write a try down as failed before it is looked at, so that simultaneous ones count; the row's id.

    ThrottledError where the allowance is used up.
    """
    with writing() as session:
        seconds = _wait(session, counts_in, allowance)
        if not seconds:
            row = SignIn(user_id=user_id, outcome=outcome, bucket=counts_in, **_said(where))
            session.add(row)
            session.flush()
            _prune(session)
            return row.id
        _note_throttled(session, where, user_id, counts_in)
    raise ThrottledError(seconds)


def settle(attempt_id: int, outcome: Outcome, *, instead_of: int | None = None) -> None:
    """The try went otherwise than badly; the row of its first half goes."""
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == attempt_id).values(outcome=outcome))
        if instead_of is not None:
            session.execute(delete(SignIn).where(SignIn.id == instead_of, SignIn.outcome == Outcome.HALF))


def forget(attempt_id: int) -> None:
    """The try was no sign-in and went well: nothing is kept of it."""
    with writing() as session:
        session.execute(delete(SignIn).where(SignIn.id == attempt_id))


def listed(
    user_id: int | None = None, before: int | None = None, most: int = PAGE
) -> list[tuple[SignIn, str | None]]:
    """Tries with the person's name, newest first: of one person, or of all; older than the row `before`."""
    query = select(SignIn, User.name).outerjoin(User, User.id == SignIn.user_id)
    if user_id is not None:
        query = query.where(SignIn.user_id == user_id)
    if before is not None:
        query = query.where(SignIn.id < before)
    rows = db.session.execute(query.order_by(SignIn.id.desc()).limit(most))
    return [(row[0], row[1]) for row in rows]


def _wait(session: Session, counts_in: str, allowance: Allowance) -> int:
    return max(_wait_for(session, counts_in, *pair) for pair in allowance.pairs)


def _wait_for(session: Session, counts_in: str, most: int, within: timedelta) -> int:
    moment = now()
    oldest = session.scalar(
        select(SignIn.at)
        .where(SignIn.bucket == counts_in, SignIn.outcome.in_(_FAILURES))
        .where(SignIn.at > moment - within, SignIn.at <= moment)
        .order_by(SignIn.at.desc(), SignIn.id.desc())
        .offset(most - 1)
        .limit(1)
    )
    return 0 if oldest is None else 1 + int((oldest + within - moment).total_seconds())


def _note_throttled(session: Session, where: Where, user_id: int | None, counts_in: str) -> None:
    noted = session.scalar(
        select(SignIn.id)
        .where(SignIn.bucket == counts_in, SignIn.outcome == Outcome.THROTTLED)
        .where(SignIn.at > now() - PASSWORDS.pairs[0][1])
        .limit(1)
    )
    if noted is None:
        row = SignIn(user_id=user_id, outcome=Outcome.THROTTLED, bucket=counts_in, **_said(where))
        session.add(row)


def _said(where: Where) -> dict[str, str]:
    return {"address": where.address[:45], "agent": where.agent[:60]}


def _prune(session: Session) -> None:
    session.execute(delete(SignIn).where(SignIn.at < _oldest_kept()))
    for good in (True, False):
        group = SignIn.outcome.in_(SUCCESSES) if good else SignIn.outcome.not_in(SUCCESSES)
        first_too_many = session.scalar(
            select(SignIn.id).where(group).order_by(SignIn.id.desc()).offset(MOST).limit(1)
        )
        if first_too_many is not None:
            session.execute(delete(SignIn).where(group, SignIn.id <= first_too_many))


def _oldest_kept() -> datetime:
    return now() - KEPT_FOR
