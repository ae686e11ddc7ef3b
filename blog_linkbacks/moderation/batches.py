"""Many decisions as one: decided together, reported together, undone together."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Decision
from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import Action
from blog_linkbacks.moderation.decisions import ConflictError, NotOfferedError, Stances

CHUNK = 100  # rows in one transaction, so that intake never waits long for its turn


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a batch: the linkbacks decided, and those left alone because they had changed."""

    batch: str
    done: tuple[int, ...]
    left: tuple[int, ...]


def new_batch() -> str:
    return secrets.token_hex(8)


def decide(versions: Mapping[int, int | None], action: Action, user: User, *, reason: str = "") -> Report:
    """One person's decision on many linkbacks, each with the version that was shown, where it is known."""
    batch = new_batch()

    def act(linkback_id: int, stances: Stances) -> None:
        version = versions[linkback_id]
        decisions.act(linkback_id, action, user, version=version, reason=reason, batch=batch, stances=stances)

    return _each(batch, ((linkback_id, linkback_id) for linkback_id in versions), act)


def undo(batch: str, user: User) -> Report:
    """Take back what a batch did, except where somebody decided since; LookupError for an unknown batch."""
    if not batch.isalnum():
        raise LookupError(batch)
    found = db.session.execute(
        select(Decision.id, Decision.linkback_id)
        .where(Decision.batch == batch, Decision.undoes_id.is_(None))
        .order_by(Decision.id)
    ).all()
    if not found:
        raise LookupError(batch)
    back = new_batch()
    pairs = [(decision_id, linkback_id) for decision_id, linkback_id in found]

    def take_back(decision_id: int, stances: Stances) -> None:
        decisions.undo(decision_id, user, batch=back, stances=stances)

    return _each(back, pairs, take_back)


def _each(batch: str, work: Iterable[tuple[int, int]], do: Callable[[int, Stances], None]) -> Report:
    done: list[int] = []
    left: list[int] = []
    pairs = list(work)
    for start in range(0, len(pairs), CHUNK):
        stances: Stances = {}
        with writing() as session:
            for key, linkback_id in pairs[start : start + CHUNK]:
                (done if _succeeds(do, key, stances) else left).append(linkback_id)
            decisions.follow(session, stances)
    return Report(batch, tuple(done), tuple(left))


def _succeeds(do: Callable[[int, Stances], None], key: int, stances: Stances) -> bool:
    try:
        do(key, stances)
    except (ConflictError, NotOfferedError, LookupError):
        return False
    return True
