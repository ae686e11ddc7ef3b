"""What was made of a text, for the checks after the one that made it: kept for few texts, bounded by their length."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Concatenate, Generic, ParamSpec, TypeVar

BUDGET = 250_000
# What a text weighs besides its characters.
_FIXED = 50
# Made anew faster than found again.
_SHORT = 150

_Rest = ParamSpec("_Rest")
_Made = TypeVar("_Made")


class Remembered(Generic[_Rest, _Made]):
    """A function of a text, and of more, that remembers its last results; the texts have `budget` characters in all."""

    def __init__(self, make: Callable[Concatenate[str, _Rest], _Made], budget: int = BUDGET) -> None:
        self._make, self._budget = make, budget
        self._kept: OrderedDict[tuple[object, ...], _Made] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def __call__(self, text: str, *rest: _Rest.args, **named: _Rest.kwargs) -> _Made:
        if len(text) < _SHORT:
            return self._make(text, *rest, **named)
        key = (text, *rest)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self._make(text, *rest, **named)
        with self._lock:
            self._keep(key, made)
        return made

    @property
    def weight(self) -> int:
        """The characters of all the texts that are remembered, with a little for each."""
        return self._weight

    def _keep(self, key: tuple[object, ...], made: _Made) -> None:
        if key in self._kept:
            return
        self._kept[key] = made
        self._weight += _weight(key)
        while self._weight > self._budget and len(self._kept) > 1:
            self._weight -= _weight(self._kept.popitem(last=False)[0])


def _weight(key: tuple[object, ...]) -> int:
    return len(str(key[0])) + _FIXED
