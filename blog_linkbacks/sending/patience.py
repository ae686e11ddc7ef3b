"""How long a busy remote asks to be left alone (RFC 9110, 10.2.3)."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from blog_linkbacks.fetch import FetchError, Page
from blog_linkbacks.vocabulary import Outcome

LEAST, MOST = timedelta(minutes=1), timedelta(days=1)
_BUSY = {429, 503}


class NotNowError(FetchError):
    """The page is there and says: not now; `after` is how long it asks to be left alone."""

    def __init__(self, page: Page) -> None:
        super().__init__(Outcome.SERVER_ERROR, f"The page answered {page.status}.")
        self.after = asked(page)


def asked(page: Page) -> timedelta:
    """The pause that `Retry-After` of a 429 or 503 asks for, a minute to a day; 0 where it asks for none."""
    text = page.header("Retry-After").strip()
    pause = _named(text) if text and page.status in _BUSY else None
    return timedelta() if pause is None else min(max(pause, LEAST), MOST)


def _named(text: str) -> timedelta | None:
    """Seconds, or the time until a date; None where it is neither."""
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)
