"""What a check is: a name, a weight and a function from a subject to a view, always with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

from blog_linkbacks.vocabulary import Asked, CheckState, Subject


@dataclass(frozen=True, slots=True)
class View:
    """What a check makes of a subject: `strength` from -1 (honest) to 1 (spam), None where it abstains.

    `proof` says that this alone is enough for spam, `ask_again` that a service gave no answer, `again_after` how
    many seconds it must be left alone. `asked` is what it was asked and answered.
    """

    strength: float | None
    detail: str
    proof: bool = False
    ask_again: bool = False
    again_after: float = 0.0
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One sign of spam or honesty. `weight` is its full say in log-odds toward spam."""

    name: str
    group: str
    weight: float
    judge: Callable[[Subject], View]
    version: int = 1
    state: CheckState = CheckState.ON


def says(strength: float, detail: str, *, proof: bool = False) -> View:
    """An opinion; `strength` is held to -1..1."""
    return View(max(-1.0, min(1.0, strength)), detail, proof=proof)


def abstains(detail: str, *, ask_again: bool = False) -> View:
    """No opinion, and why."""
    return View(None, detail, ask_again=ask_again)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 link`, `3 links`; `many` for words that do not just take an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
