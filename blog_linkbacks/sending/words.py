"""How a delivery stands, in words and with a tone for the badge."""

from collections.abc import Iterable

from blog_linkbacks.sending.tables import Delivery, DeliveryState, Rule

WORDS = {
    DeliveryState.QUEUED: ("Waiting", ""),
    DeliveryState.DELIVERED: ("Told", "is-good"),
    DeliveryState.REFUSED: ("Refused", "is-bad"),
    DeliveryState.RETRYING: ("Trying again", "is-warn"),
    DeliveryState.FAILED: ("Cannot be told", "is-bad"),
    DeliveryState.NO_ENDPOINT: ("Takes none", ""),
    DeliveryState.SILENT: ("Kept silent", ""),
    DeliveryState.ASK: ("Asks first", "is-accent"),
    DeliveryState.CANCELLED: ("Given up", ""),
}

BY_HAND = "It takes trackbacks, which are sent by hand."

RULES = {Rule.ALWAYS: "Always tell", Rule.ASK: "Ask first", Rule.NEVER: "Never tell"}

_IN_SHORT = {
    DeliveryState.QUEUED: "waits to be told",
    DeliveryState.DELIVERED: "told by {}",
    DeliveryState.REFUSED: "refused the {}",
    DeliveryState.RETRYING: "tried again later",
    DeliveryState.FAILED: "cannot be told",
    DeliveryState.NO_ENDPOINT: "takes none",
    DeliveryState.SILENT: "kept silent",
    DeliveryState.ASK: "asks first",
    DeliveryState.CANCELLED: "not told",
}

_COUNTED = {
    DeliveryState.REFUSED: "refused",
    DeliveryState.FAILED: "cannot be told",
    DeliveryState.NO_ENDPOINT: "take none",
    DeliveryState.SILENT: "kept silent",
    DeliveryState.ASK: "ask first",
    DeliveryState.CANCELLED: "left out",
    DeliveryState.RETRYING: "tried again later",
    DeliveryState.QUEUED: "waiting",
}


def of(row: Delivery) -> tuple[str, str]:
    """The ledger's word for a row, and its tone."""
    word, tone = WORDS[DeliveryState(row.state)]
    kept_back = row.by_rule and row.state == DeliveryState.CANCELLED
    return ("Not told" if kept_back else word), tone


def in_short(row: Delivery) -> tuple[str, str]:
    """The same beside a link in the editor."""
    state = DeliveryState(row.state)
    if by_hand(row):
        return "takes trackbacks", ""
    return _IN_SHORT[state].format(row.protocol or "notice"), WORDS[state][1]


def by_hand(row: Delivery) -> bool:
    """Whether only a trackback by hand could tell it."""
    return row.state == DeliveryState.NO_ENDPOINT and row.response == BY_HAND


def counted(numbers: Iterable[tuple[str, int]]) -> list[str]:
    """What became of those that were not told: “5 take none”."""
    known = dict(numbers)
    return [f"{known[state]} {words}" for state, words in _COUNTED.items() if known.get(state)]
