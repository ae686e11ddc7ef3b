"""What will become of telling a page, asked while the author still writes."""

import threading
from dataclasses import dataclass, replace

from flask import current_app

from blog_linkbacks import config, web
from blog_linkbacks.db import db
from blog_linkbacks.fetch import FetchError
from blog_linkbacks.sending import delivery, rules, words
from blog_linkbacks.sending.discovery import Found
from blog_linkbacks.sending.freshness import Memory
from blog_linkbacks.sending.reach import QUIET, Reach, reach_for
from blog_linkbacks.sending.rules import Ruling
from blog_linkbacks.sending.tables import Delivery, Rule, host_of
from blog_linkbacks.vocabulary import Outcome

REMEMBERED_SECONDS = 600
_CLOSED = "its endpoint is at an address that may not be reached, {}"
_ITSELF = "It is taken as the trackback URL itself."
_SLOTS = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known of telling one page: two words, and why in a sentence.

    `ask` says that the page has not been asked yet, `moot` that there is nothing to choose: it is told nothing in any
    case, `by_hand` that it takes trackbacks; `delivery` is the ledger's row where there is one already.
    """

    words: str
    tone: str = ""
    why: str = ""
    ask: bool = False
    endpoint: str = ""
    delivery: Delivery | None = None
    moot: bool = False
    by_hand: bool = False


def foresee(url: str, held: Ruling, *, ask: bool = True) -> Forecast:
    """What can be said without asking the network; `ask` false leaves it at that."""
    if held.rule is Rule.NEVER:
        return Forecast("never told", why=held.why)
    if _reach().closed:
        return Forecast("kept silent", why=QUIET)
    return _under(held, _remembered().get(url) or Forecast("asked on publishing", ask=ask))


def ask(url: str) -> Forecast:
    """What a page elsewhere takes, asked over the network unless it was lately; takes 30 seconds at most."""
    held = rules.ruling(db.session(), host_of(url))
    known = foresee(url, held)
    if not known.ask:
        return known
    if not _SLOTS.acquire(blocking=False):
        return Forecast("being asked", ask=True)
    try:
        return _under(held, _remembered().keep(url, _asked(url), REMEMBERED_SECONDS))
    finally:
        _SLOTS.release()


def told(row: Delivery) -> Forecast:
    """What the ledger says of a page that was told before, or waits to be."""
    word, tone = words.in_short(row)
    return Forecast(word, tone, row.response, delivery=row)


def ping_url(url: str) -> Forecast:
    """Where a trackback to this address would go; asks the network."""
    reach = _reach()
    try:
        found = delivery.find(url, reach, whole=True)
    except FetchError as error:
        if error.outcome is Outcome.FORBIDDEN:
            return Forecast("not reached", "is-warn", f"Not sent. {error.detail}")
        return Forecast("sent there", why=f"{error.detail} {_ITSELF}")
    if found.trackback in ("", url):
        return Forecast("sent there", why=_ITSELF)
    if _closed(found.trackback, reach):
        return Forecast("not reached", "is-warn", f"Not sent: {_CLOSED.format(found.trackback)}")
    return Forecast("trackback", "is-accent", f"Sent to {found.trackback}")


def _reach() -> Reach:
    return reach_for(web.base_url(), config.current().fetch_allow)


def _asked(url: str) -> Forecast:
    reach = _reach()
    try:
        found = delivery.find(url, reach)
    except FetchError as error:
        return _no_answer(error, reach)
    return _announced(found, reach)


def _announced(found: Found, reach: Reach) -> Forecast:
    protocol = "webmention" if found.webmention else "pingback" if found.pingback else ""
    if not protocol:
        return _nothing(found)
    endpoint = found.webmention or found.pingback
    try:
        reach.check(endpoint)
    except FetchError as error:
        return _no_answer(error, reach, endpoint)
    return Forecast(
        protocol, "is-accent", f"Told at {endpoint} when the post is published.", endpoint=endpoint
    )


def _nothing(found: Found) -> Forecast:
    if found.trackback:
        return Forecast("takes trackbacks", why=words.BY_HAND, moot=True, by_hand=True)
    return Forecast("takes none", why=f"Not told. {found.detail}", moot=True)


def _closed(endpoint: str, reach: Reach) -> bool:
    try:
        reach.check(endpoint)
    except FetchError as error:
        return error.outcome is Outcome.FORBIDDEN
    return False


def _no_answer(error: FetchError, reach: Reach, endpoint: str = "") -> Forecast:
    if reach.held_back or (reach.quiet and error.outcome is Outcome.DNS_FAILURE):
        return Forecast("kept silent", why=QUIET)
    if error.outcome.temporary:
        why = f"{error.detail} It is tried again for three days once the post is published."
        return Forecast("does not answer now", "is-warn", why)
    why = f"Not told: {_CLOSED.format(endpoint)}" if endpoint else f"Not told. {error.detail}"
    return Forecast("cannot be told", "is-warn", why)


def _under(held: Ruling, known: Forecast) -> Forecast:
    """The same where the site asks first, whatever it takes: that is found out once someone presses Send."""
    if held.rule is not Rule.ASK:
        return known
    where = (
        f"It takes notices at {known.endpoint}" if known.endpoint else words.BY_HAND if known.by_hand else ""
    )
    return replace(known, words=f"{known.words}, asks first", why=f"{held.why} {where}".strip(), moot=False)


def _remembered() -> Memory[Forecast]:
    kept: Memory[Forecast] = current_app.extensions.setdefault("desk_asked", Memory())
    return kept
