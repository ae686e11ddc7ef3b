"""Places for checks of one host: a slow one must not hold every thread of a process."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from blog_linkbacks.budgets import LaterError

AT_ONCE = 2  # of the worker's threads
PROMPTLY = 4  # of the slots in which requests wait for their check
PATIENCE = 0.5  # seconds
_APART = 1.0  # seconds

_Key = tuple[bool, str]


class Places:
    """Counts who is at which host, per process."""

    def __init__(self) -> None:
        self._taken: Counter[_Key] = Counter()
        self._called: dict[_Key, float] = {}
        self._changed = threading.Condition()

    @contextmanager
    def place(self, host: str, *, promptly: bool) -> Iterator[None]:
        """A place at a host for the time of the block; raises LaterError where none comes free in half a second.

        Those turned away are told to come back a second apart.
        """
        key = (promptly, host)
        self._take(key, PROMPTLY if promptly else AT_ONCE)
        try:
            yield
        finally:
            self._leave(key)

    def _take(self, key: _Key, most: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._taken[key] < most, PATIENCE):
                raise LaterError(self._next_call(key))
            self._taken[key] += 1

    def _leave(self, key: _Key) -> None:
        with self._changed:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
                self._called.pop(key, None)
            self._changed.notify_all()

    def _next_call(self, key: _Key) -> float:
        moment = time.monotonic()
        self._called[key] = max(self._called.get(key, 0.0), moment) + _APART
        return self._called[key] - moment


places = Places()
