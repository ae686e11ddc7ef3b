"""Many decisions as one: decided together, reported together, undone together."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Decision, Linkback, no_undo
from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import Action, permitted
from blog_linkbacks.moderation.decisions import By
from blog_linkbacks.vocabulary import Status

CHUNK = 100  # rows in one transaction, so that intake never waits long for its turn


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a batch: the linkbacks decided, those left alone because they had changed, and the number of
    those that came since the moment it was meant for."""

    batch: str
    done: tuple[int, ...]
    left: tuple[int, ...]
    since: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What came of one part of an undo; `cursor` is the last decision that was looked at."""

    done: Sequence[int]
    left: Sequence[int]
    cursor: int
    last: bool


class UndoneError(LookupError):
    """The batch was taken back before; nothing was changed."""


def new_batch() -> str:
    return secrets.token_hex(8)


def decide(versions: Mapping[int, int | None], action: Action, user: User, *, reason: str = "") -> Report:
    """One person's decision on many linkbacks, each with the version that was shown, where it is known."""
    batch, ids, done = new_batch(), list(versions), list[int]()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        with writing() as session:
            rows = session.execute(lean().where(Linkback.id.in_(some)).order_by(Linkback.id)).all()
            fit = [row for row in rows if _fits(row, versions[row.id], action)]
            decisions.record_all(session, fit, action.to, By(user), reason=reason, batch=batch)
            done += [row.id for row in fit]
    decided = set(done)
    return Report(batch, tuple(done), tuple(one for one in ids if one not in decided))


def undo(batch: str, user: User) -> Report:
    """Take back at once what a batch did, except where somebody decided since.

    LookupError for an unknown batch, UndoneError for one that was taken back before.
    """
    check_undoable(batch)
    back, cursor, done, left = new_batch(), 0, list[int](), list[int]()
    last = False
    while not last:
        with writing() as session:
            part = take_back(session, batch, cursor, By(user), back, CHUNK)
        done += part.done
        left += part.left
        cursor, last = part.cursor, part.last
    return Report(back, tuple(done), tuple(left))


def check_undoable(batch: str) -> int:
    """How many decisions a batch made. LookupError for an unknown batch, UndoneError where it was taken back."""
    number = db.session.scalar(select(func.count()).select_from(_made(batch).subquery())) or 0
    if not number or not batch.isalnum():
        raise LookupError(batch)
    undone = db.session.scalar(_made(batch).where(_undone(Decision)).limit(1))
    if undone and db.session.scalar(_made(batch).where(_stands()).limit(1)) is None:
        raise UndoneError(batch)
    return number


def take_back(session: Session, batch: str, after: int, by: By, back: str, number: int) -> Part:
    """Undo the next so many decisions of a batch within the caller's write transaction, each to what was before."""
    columns = (Decision.linkback_id, Decision.from_status, Decision.to_status, _stands().label("stands"))
    next_ones = _made(batch).add_columns(*columns).where(Decision.id > after)
    made = session.execute(next_ones.order_by(Decision.id).limit(number)).all()
    ids = [one.linkback_id for one in made]
    rows = {row.id: row for row in session.execute(lean().where(Linkback.id.in_(ids)))}
    by_status = defaultdict[str, dict[int, int]](dict)
    for one in made:
        row = rows.get(one.linkback_id)
        if row is not None and one.stands and row.status == one.to_status:
            by_status[one.from_status][row.id] = one.id
    for was, undoes in by_status.items():
        some, to = [rows[id] for id in undoes], decisions.back_to(Status(was))
        decisions.record_all(session, some, to, by, reason="Undone", batch=back, undoes=undoes)
    done = {id for undoes in by_status.values() for id in undoes}
    cursor = made[-1].id if made else after
    return Part(sorted(done), [id for id in ids if id not in done], cursor, len(made) < number)


def lean() -> Select[int, str, int, int | None]:
    """No more of the rows than deciding on them needs."""
    return select(Linkback.id, Linkback.status, Linkback.version, Linkback.campaign_id)


def _fits(row: Any, version: int | None, action: Action) -> bool:
    return version in (None, row.version) and permitted(row.status, action)


def _made(batch: str) -> Select[int]:
    return select(Decision.id).where(Decision.batch == batch, no_undo())


def _undone(decision: Any) -> ColumnElement[bool]:
    undoing = aliased(Decision)
    return exists().where(undoing.undoes_id == decision.id).correlate(decision)


def _stands() -> ColumnElement[bool]:
    """Whether a decision neither was undone nor has a later one above it that was not."""
    later = aliased(Decision)
    above = (later.linkback_id == Decision.linkback_id, later.id > Decision.id, no_undo(later))
    return ~_undone(Decision) & ~exists().where(*above, ~_undone(later)).correlate(Decision)
