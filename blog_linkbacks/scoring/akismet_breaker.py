"""When to leave Akismet alone: after a refused key or a used-up plan, nobody is asked again and again."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TOLERATED = 4  # failures in a row before a service that is away is left alone
PROBE = timedelta(
    seconds=15
)  # after a pause one question goes first, and the others wait so long for its outcome

logger = logging.getLogger(__name__)


class Trouble(StrEnum):
    """Why the service gives no usable answer."""

    KEY = "key"
    LIMIT = "limit"
    AWAY = "away"
    GARBLED = "garbled"


# The first pause and the longest, in seconds; each failure after a pause doubles it.
_PAUSES = {
    Trouble.KEY: (600.0, 3600.0),
    Trouble.LIMIT: (600.0, 6 * 3600.0),
    Trouble.AWAY: (60.0, 900.0),
    Trouble.GARBLED: (60.0, 900.0),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """How the service is: `trouble` None where it answers, `until` the end of a pause, `alert` what it warns of."""

    trouble: Trouble | None = None
    words: str = ""
    until: datetime | None = None
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """The service is left alone for `seconds` more, because of `trouble`; `words` say so."""

    trouble: Trouble
    words: str
    seconds: float


def _now() -> datetime:
    return datetime.now(UTC)


class Breaker:
    """One process's patience with the service. Threads may share it.

    `noted` is told of the first condition and of each that differs from the one before.
    """

    def __init__(
        self, noted: Callable[[Condition], None] | None = None, clock: Callable[[], datetime] = _now
    ) -> None:
        self._noted, self._clock = noted, clock
        self._lock = threading.Lock()
        self._condition: Condition | None = None
        self._failures = 0
        self._pauses = 0
        self._until: datetime | None = None

    def paused(self) -> Paused | None:
        """The pause in force, or None where a question may go out."""
        with self._lock:
            moment, condition = self._clock(), self._condition
            if self._until is None or condition is None or condition.trouble is None:
                return None
            if self._until <= moment:
                self._until = moment + PROBE
                return None
            left = (self._until - moment).total_seconds()
            return Paused(condition.trouble, f"{condition.words} It is left alone for {_long(left)}.", left)

    def failed(self, trouble: Trouble, words: str, at_least: float = 0.0) -> float:
        """No answer came; returns for how many seconds the service is left alone now, `at_least` as long as it said."""
        with self._lock:
            self._failures += 1
            seconds = max(self._pause(trouble), at_least)
            self._until = self._clock() + timedelta(seconds=seconds) if seconds else None
            condition = Condition(trouble, words, self._until)
        self._note(condition)
        return seconds

    def closed(self, alert: str = "") -> None:
        """The service answered, warning of `alert`: ask freely."""
        with self._lock:
            self._failures = self._pauses = 0
            self._until = None
        self._note(Condition(alert=alert))

    def _pause(self, trouble: Trouble) -> float:
        if trouble in (Trouble.AWAY, Trouble.GARBLED) and self._failures <= TOLERATED:
            return 0.0
        first, longest = _PAUSES[trouble]
        pause = min(longest, first * 2.0 ** min(self._pauses, 10))
        self._pauses += 1
        return pause

    def _note(self, condition: Condition) -> None:
        with self._lock:
            news, self._condition = condition != self._condition, condition
        if news and self._noted:
            try:
                self._noted(condition)
            except Exception:
                logger.exception("what is the matter with Akismet could not be written down")


def _long(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"
