"""How long the target's headers allow what a page announces to be remembered (WM 5.3; RFC 9111, 4.2)."""

import re
import threading
import time
from collections import OrderedDict
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

from blog_linkbacks.fetch import Page

MOST = 86_400.0  # seconds: a day
ROOM = 500

T = TypeVar("T")

_DIRECTIVE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s,;]*)))?")
_FORBIDS = {"no-store", "no-cache"}


def fresh_for(page: Page) -> float:
    """Seconds for which an answer may be used again, a day at most; 0 where it does not say.

    One that came over redirects may not: nothing is known of how long those hold.
    """
    if page.redirects or "*" in page.header("Vary"):
        return 0.0
    directives = {name.lower(): one or other for name, one, other in _directives(page)}
    if directives.keys() & _FORBIDS:
        return 0.0
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _until_expiry(page)
    return min(max(lifetime - _seconds(page.header("Age")), 0.0), MOST)


class Memory(Generic[T]):
    """Values that stay for a while, by key; the longest unused leave first. Threads may share it."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[object, tuple[float, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> T | None:
        """What was kept under a key, unless its time is over."""
        with self._lock:
            until, value = self._kept.get(key, (0.0, None))
            if value is None or until <= time.monotonic():
                self._kept.pop(key, None)
                return None
            self._kept.move_to_end(key)
            return value

    def keep(self, key: object, value: T, seconds: float) -> T:
        """Keep a value for so long, in place of an older one; not at all for 0."""
        with self._lock:
            self._kept.pop(key, None)
            if seconds > 0:
                self._kept[key] = (time.monotonic() + seconds, value)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return value


def _directives(page: Page) -> list[tuple[str, str, str]]:
    return _DIRECTIVE.findall(", ".join(page.all("Cache-Control")))


def _seconds(text: str) -> float:
    """A number of seconds; what is none counts as over (RFC 9111, 4.2.1)."""
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0


def _until_expiry(page: Page) -> float:
    """From the answer's `Date` to its `Expires`, by the server's own clock."""
    try:
        lifetime = parsedate_to_datetime(page.header("Expires")) - parsedate_to_datetime(page.header("Date"))
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(lifetime, timedelta()).total_seconds()
