"""Why something was turned away: reasons of the blog's own, given with a rejection or after it."""

from collections.abc import Sequence

from sqlalchemy import select, update

from blog_linkbacks.db import writing
from blog_linkbacks.linkbacks import Decision, no_undo
from blog_linkbacks.moderation.decisions import ConflictError, NotOfferedError, standing_decision
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Status

NUMBER = 5
MAX_REASON = 500  # characters

_TAKES = (Status.REJECTED, Status.SPAM)


def offered() -> Sequence[str]:
    """The blog's own reasons, in the order of the keys 1 to 5; an empty one is not in use."""
    return tuple(preferences.site().reasons)


def numbered(number: int) -> str:
    """The reason under a key; LookupError where there is none."""
    reasons = offered()
    if not 1 <= number <= len(reasons) or not reasons[number - 1]:
        raise LookupError(number)
    return reasons[number - 1]


def takes(decision: Decision) -> bool:
    """Whether a decision may be given a reason: a person turned something away with it."""
    return decision.user_id is not None and not decision.undoes_id and decision.to_status in _TAKES


def give(decision_id: int, reason: str) -> Decision:
    """Attach a reason to a rejection, or take it away with an empty one.

    NotOfferedError where the decision takes none, ConflictError where it no longer stands, LookupError.
    """
    with writing() as session:
        decision = session.get(Decision, decision_id, populate_existing=True)
        if decision is None:
            raise LookupError(decision_id)
        if not takes(decision):
            raise NotOfferedError
        standing = standing_decision(decision.linkback_id)
        if standing is None or standing.id != decision.id:
            raise ConflictError
        decision.reason = reason[:MAX_REASON]
        return decision


def give_all(batch: str, reason: str) -> int:
    """Attach a reason to all that a person's batch turned away; how many. LookupError where it is no such batch."""
    with writing() as session:
        first = session.scalar(select(Decision).where(Decision.batch == batch).order_by(Decision.id).limit(1))
        if first is None or not takes(first):
            raise LookupError(batch)
        result = session.execute(
            update(Decision)
            .where(Decision.batch == batch, no_undo(), Decision.to_status.in_(_TAKES))
            .values(reason=reason[:MAX_REASON])
            .execution_options(synchronize_session=False)
        )
        return int(getattr(result, "rowcount", 0))


def save(reasons: Sequence[str]) -> None:
    """Keep the blog's own reasons; ValueError with a sentence where they do not fit their keys."""
    cleaned = [" ".join(reason.replace("\0", "").split()) for reason in reasons]
    if len(cleaned) > NUMBER:
        raise ValueError(f"There are {NUMBER} keys, so there are at most {NUMBER} reasons.")
    if any(len(reason) > 80 for reason in cleaned):
        raise ValueError("A reason has at most 80 characters.")
    preferences.save(reasons=(cleaned + [""] * NUMBER)[:NUMBER])
