"""How often strangers can have a host asked, however many they are: token buckets, kept in the database.

Each host has one bucket under its registrable domain and one under the address that is dialled, both as large and as
quickly filled as the intake limit of one sender: many senders together get no more of a third party than one could.
A check that finds a bucket empty gets a turn of its own later, so that nothing is lost and nothing is tried in vain.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from limits import parse_many
from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks import config
from blog_linkbacks.db import BigId, Model, now, writing

HORIZON = timedelta(days=1)  # turns are given for so long; who comes later tries again by then
FURTHER = 0.1  # of a token: what one more request of a host costs within the same check
_FORGOTTEN = timedelta(days=1)
_MAX_KEY = 255


class HostBudget(Model):
    """One bucket: it is full again at `full_at`."""

    __tablename__ = "host_budgets"

    key: Mapped[str] = mapped_column(String(_MAX_KEY), primary_key=True)
    full_at: Mapped[datetime] = mapped_column(index=True)


class HostTurn(Model):
    """A token of a bucket put by for one check; it may be used from `at` on."""

    __tablename__ = "host_turns"

    linkback_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(_MAX_KEY), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class LaterError(Exception):
    """The check has to wait so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not before {seconds:.1f} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then one for each such time."""

    burst: int
    each: timedelta

    @property
    def whole(self) -> timedelta:
        """How long an empty bucket takes to be full."""
        return self.each * self.burst


def rate() -> Rate | None:
    """The rate of every bucket; None where limits are turned off."""
    text = config.current().rate_limit
    limits = parse_many(text) if text else []
    if not limits:
        return None
    each = max(timedelta(seconds=limit.get_expiry()) / limit.amount for limit in limits)
    return Rate(min(limit.amount for limit in limits), each)


class Toll:
    """What one check pays for the hosts that it asks: a token for the first request of each, little for more.

    `owing` lets the buckets run into debt instead of waiting: for what people of the blog ask for.
    """

    def __init__(self, linkback_id: int, *, owing: bool = False) -> None:
        self._linkback_id = linkback_id
        self._owing = owing
        self._rate = rate()
        self._met: Counter[str] = Counter()
        self._turned = False

    def __call__(self, host: str) -> None:
        """Pay for one request of a host, named by domain or address; raises LaterError where it is not its turn."""
        if self._rate is None:
            return
        key = host[-_MAX_KEY:]
        if not self._met[key]:
            self._pay(key, self._rate)
        self._met[key] += 1

    def close(self) -> None:
        """The check is done: pay for its further requests, its turns are used up."""
        if self._rate is None or not (self._turned or any(number > 1 for number in self._met.values())):
            return
        with writing() as session:
            session.execute(delete(HostTurn).where(HostTurn.linkback_id == self._linkback_id))
            for key, number in self._met.items():
                if number > 1:
                    _take(session, key, self._rate.each * FURTHER * (number - 1))

    def _pay(self, key: str, rate: Rate) -> None:
        with writing() as session:
            turn = session.get(HostTurn, (self._linkback_id, key))
            self._turned = self._turned or turn is not None
            wait = turn.at - now() if turn else self._first(session, key, rate)
        if wait > timedelta(0) and not self._owing:
            raise LaterError(wait.total_seconds())

    def _first(self, session: Session, key: str, rate: Rate) -> timedelta:
        """Take a token, now or for later; how long to wait for it."""
        _tidy(session)
        wait = _level(session, key) + rate.each - rate.whole
        if self._owing or wait <= timedelta(0):
            _take(session, key, rate.each)
            return timedelta(0)
        if wait > HORIZON:
            return HORIZON * random.uniform(0.5, 1.5)  # noqa: S311
        _take(session, key, rate.each)
        session.add(HostTurn(linkback_id=self._linkback_id, key=key, at=now() + wait))
        return wait


def _level(session: Session, key: str) -> timedelta:
    """How long the bucket takes from now until it is full."""
    budget = session.get(HostBudget, key)
    return max(budget.full_at - now(), timedelta(0)) if budget else timedelta(0)


def _take(session: Session, key: str, worth: timedelta) -> None:
    session.merge(HostBudget(key=key, full_at=now() + _level(session, key) + worth))
    session.flush()


def _tidy(session: Session) -> None:
    before = now() - _FORGOTTEN
    session.execute(delete(HostBudget).where(HostBudget.full_at < before))
    session.execute(delete(HostTurn).where(HostTurn.at < before))
