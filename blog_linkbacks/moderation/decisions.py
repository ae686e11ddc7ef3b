"""The one function through which a person, a policy rule and an undo decide (DESIGN decision 10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import case, false, func, insert, literal, null, select, update
from sqlalchemy.orm import Session, aliased

from blog_linkbacks import faces
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import UTCDateTime, db, now, writing
from blog_linkbacks.leases import hit_one
from blog_linkbacks.linkbacks import Decision, Linkback, move_count, no_undo
from blog_linkbacks.moderation import campaigns, feedback, learning
from blog_linkbacks.moderation.actions import Action, permitted
from blog_linkbacks.scoring.learned import Label
from blog_linkbacks.vocabulary import Status

Stances = dict[int, Label | None]

_DECISIONS: Any = Decision.__table__  # rows are written as they are: the mapper costs more than the database
_LOOKED_AT = (Status.PENDING, Status.APPROVED)
_LABELS: Mapping[str, Label] = {Status.APPROVED: "ham", Status.SPAM: "spam"}


class Standing(Protocol):
    """A linkback as far as deciding on it needs: a row of these columns will do."""

    id: Any
    status: Any
    campaign_id: Any


class ConflictError(Exception):
    """The linkback is no longer what the form showed; nothing was changed."""


class NotOfferedError(Exception):
    """The action is not permitted for the linkback's status; nothing was changed."""


@dataclass(frozen=True, slots=True)
class By:
    """Who decides: a person, or a named policy rule."""

    user: User | None = None
    rule: str = ""

    @property
    def name(self) -> str:
        return self.user.name if self.user else f"policy:{self.rule}"


def act(
    linkback_id: int,
    action: Action,
    user: User,
    *,
    version: int | None = None,
    reason: str = "",
    batch: str | None = None,
    stances: Stances | None = None,
) -> Decision:
    """A person's decision on one linkback, committed.

    Who decides on many gives `stances` to gather what there is to learn, and calls `follow` with it at the end.

    ConflictError where `version` is given and stale, NotOfferedError where its status does not take the action,
    LookupError where there is no such linkback.
    """
    with writing() as session:
        linkback = _get(session, linkback_id)
        if version is not None and linkback.version != version:
            raise ConflictError
        if not permitted(linkback.status, action):
            raise NotOfferedError
        decision = record(session, linkback, action.to, By(user), reason=reason, batch=batch)
        linkback.due_at = _due_after(linkback)
        _learn(session, linkback.id, decision, stances)
        return decision


def undo(
    decision_id: int, user: User, *, batch: str | None = None, stances: Stances | None = None
) -> Decision:
    """Take back a decision with all it did: the linkback gets the status it had before.

    ConflictError where a later decision stands or this one was undone already; LookupError where there is none.
    """
    with writing() as session:
        decision = session.get(Decision, decision_id)
        if decision is None:
            raise LookupError(decision_id)
        linkback = _get(session, decision.linkback_id)
        standing = standing_decision(linkback.id)
        if standing is None or standing.id != decision.id or linkback.status != decision.to_status:
            raise ConflictError
        undone = record(
            session, linkback, _before(decision), By(user), reason="Undone", batch=batch, undoes=decision
        )
        linkback.due_at = linkback.due_at or _due_after(linkback)
        _learn(session, linkback.id, standing_decision(linkback.id), stances)
        return undone


def follow(session: Session, stances: Stances) -> None:
    """Let all that learns from people's decisions know what stands now, within the caller's transaction."""
    learning.follow(session, stances)
    feedback.follow(session, stances)


def stance(decision: Decision | None) -> Label | None:
    """What a person's standing decision says of a linkback: ham, spam, or nothing to learn from."""
    if decision is None or decision.user_id is None:
        return None
    return _LABELS.get(decision.to_status)


def record(
    session: Session,
    linkback: Linkback,
    to: Status,
    by: By,
    *,
    reason: str = "",
    batch: str | None = None,
    undoes: Decision | None = None,
) -> Decision:
    """Decide within the caller's transaction: a decision row, the status that is its shadow, the counters.

    ConflictError where the linkback's version is not the one that was loaded.
    """
    moment = now()
    result = session.execute(
        update(Linkback)
        .where(Linkback.id == linkback.id, Linkback.version == linkback.version)
        .values(status=to, version=linkback.version + 1, decided_at=moment, decided_by=by.name)
        .values(folded=campaigns.folds(to))
        .execution_options(synchronize_session=False)
    )
    if not hit_one(result):
        raise ConflictError
    undoes_id = undoes.id if undoes else None
    decision = Decision(**_row(linkback, to, by, reason, moment), batch=batch, undoes_id=undoes_id)
    session.add(decision)
    was = linkback.status
    move_count(session, was, to)
    session.flush()
    session.refresh(linkback, ["status", "version", "decided_at", "decided_by", "folded"])
    campaigns.moved(session, [linkback], was, to)
    if Status.APPROVED in (was, to):
        faces.follow(session, [linkback.id])
    return decision


def record_all(
    session: Session,
    linkbacks: Iterable[Standing],
    to: Status,
    by: By,
    *,
    reason: str,
    batch: str | None = None,
    undoes: Mapping[int, int] | None = None,
) -> None:
    """Decide the same on many linkbacks read in the caller's write transaction: few statements, however many.

    `undoes` names the decision that is taken back, by linkback.
    """
    session.flush()
    left, moment = defaultdict[str, list[Standing]](list), now()
    for linkback in linkbacks:
        left[linkback.status].append(linkback)
    ids = [linkback.id for those in left.values() for linkback in those]
    if not ids:
        return
    made = {"to_status": to, "user_id": by.user.id if by.user else None, "rule": by.rule, "reason": reason}
    _enter(session, ids, {**made, "batch": batch, "created_at": moment}, undoes)
    _turn(session, ids, to, by, moment, again=bool(undoes))
    for status, those in left.items():
        move_count(session, status, to, len(those))
        campaigns.moved(session, those, status, to)
    if Status.APPROVED in (to, *left):
        faces.follow(session, ids)
    if by.user:
        follow(session, _stances(session, ids) if undoes else dict.fromkeys(ids, _LABELS.get(to)))


def standing_decision(linkback_id: int) -> Decision | None:
    """The latest decision that neither is an undo nor was undone: the one that an undo would take back."""
    undone = select(Decision.undoes_id).where(
        Decision.linkback_id == linkback_id, Decision.undoes_id.is_not(None)
    )
    return db.session.scalar(
        select(Decision)
        .where(Decision.linkback_id == linkback_id, no_undo(), Decision.id.not_in(undone))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def back_to(was: Status) -> Status:
    """The status that an undo gives: the one before; what had just come in waits, because it was looked at since."""
    return Status.PENDING if was is Status.RECEIVED else was


def _stances(session: Session, linkback_ids: Sequence[int]) -> Stances:
    """What people's standing decisions say of these linkbacks, as they are within the caller's transaction."""
    columns = (Decision.id, Decision.linkback_id, Decision.user_id, Decision.to_status, Decision.undoes_id)
    of_these = select(*columns).where(Decision.linkback_id.in_(linkback_ids)).order_by(Decision.id)
    made = session.execute(of_these).all()
    undone = {one.undoes_id for one in made}
    found: Stances = dict.fromkeys(linkback_ids)
    for one in made:
        if one.undoes_id is None and one.id not in undone:
            found[one.linkback_id] = _LABELS.get(one.to_status) if one.user_id else None
    return found


def _enter(
    session: Session, ids: Sequence[int], made: Mapping[str, Any], undoes: Mapping[int, int] | None
) -> None:
    """A decision row for each of these linkbacks, from what its row says before it is changed."""
    columns: dict[str, Any] = {
        "linkback_id": Linkback.id,
        "from_status": Linkback.status,
        "score": Linkback.score,
    }
    columns |= {name: literal(value, _DECISIONS.c[name].type) for name, value in made.items()}
    rows = select().select_from(Linkback).where(Linkback.id.in_(ids)).order_by(Linkback.id)
    if undoes:
        undone = aliased(Decision)
        columns["undoes_id"] = undone.id
        rows = select().join_from(undone, Linkback, Linkback.id == undone.linkback_id)
        rows = rows.where(undone.id.in_([undoes[id] for id in ids])).order_by(undone.id)
    session.execute(insert(_DECISIONS).from_select(list(columns), rows.add_columns(*columns.values())))


def _turn(session: Session, ids: Sequence[int], to: Status, by: By, moment: datetime, *, again: bool) -> None:
    """The status that the decisions give, and what goes with it; `again` where they give back an earlier one."""
    values = {"status": to, "version": Linkback.version + 1, "decided_at": moment, "decided_by": by.name}
    if by.user:
        unseen = Linkback.checked_at.is_(None) if to in _LOOKED_AT else false()
        due = case((unseen, literal(moment, UTCDateTime)), else_=null())
        values["due_at"] = func.coalesce(Linkback.due_at, due) if again else due
    session.execute(update(Linkback).where(Linkback.id.in_(ids)).values(**values, folded=campaigns.folds(to)))


def _learn(session: Session, linkback_id: int, standing: Decision | None, stances: Stances | None) -> None:
    if stances is None:
        follow(session, {linkback_id: stance(standing)})
    else:
        stances[linkback_id] = stance(standing)


def _row(linkback: Linkback, to: Status, by: By, reason: str, moment: datetime) -> dict[str, Any]:
    return {
        "linkback_id": linkback.id,
        "from_status": linkback.status,
        "to_status": to,
        "user_id": by.user.id if by.user else None,
        "rule": by.rule,
        "reason": reason,
        "score": linkback.score,
        "created_at": moment,
    }


def _before(decision: Decision) -> Status:
    return back_to(Status(decision.from_status))


def _due_after(linkback: Linkback) -> datetime | None:
    """What a person decided is looked at no more, unless nobody ever did: a blocked site's page is not fetched."""
    unseen = linkback.checked_at is None and linkback.status in _LOOKED_AT
    return now() if unseen else None


def _get(session: Session, linkback_id: int) -> Linkback:
    linkback = session.get(Linkback, linkback_id, with_for_update=session.get_bind().dialect.name != "sqlite")
    if linkback is None:
        raise LookupError(linkback_id)
    return linkback
