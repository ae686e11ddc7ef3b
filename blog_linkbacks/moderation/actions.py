"""What a person may do with a linkback: offered actions are the permitted ones, in words and keys."""

from dataclasses import dataclass

from blog_linkbacks.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Action:
    """A verb of the queue: the status it gives, its button, its past tense and its key."""

    name: str
    to: Status
    label: str
    done: str
    key: str
    icon: str


APPROVE = Action("approve", Status.APPROVED, "Approve", "Approved", "a", "check")
REJECT = Action("reject", Status.REJECTED, "Reject", "Rejected", "d", "cross")
SPAM = Action("spam", Status.SPAM, "Spam", "Marked as spam", "s", "flag")
WAIT = Action("wait", Status.PENDING, "Back to waiting", "Moved back to waiting", "u", "undo")

ACTIONS = {action.name: action for action in (APPROVE, REJECT, SPAM, WAIT)}

_OFFERED: dict[Status, tuple[Action, ...]] = {
    Status.RECEIVED: (REJECT, SPAM),
    Status.PENDING: (APPROVE, REJECT, SPAM),
    Status.APPROVED: (REJECT, SPAM, WAIT),
    Status.REJECTED: (APPROVE, SPAM, WAIT),
    Status.SPAM: (APPROVE, REJECT, WAIT),
    Status.UNVERIFIED: (APPROVE, REJECT, SPAM),
    Status.GONE: (APPROVE, REJECT, SPAM),
}


def offered(status: str) -> tuple[Action, ...]:
    """The actions a linkback of this status takes."""
    return _OFFERED[Status(status)]


def permitted(status: str, action: Action) -> bool:
    return action in offered(status)
