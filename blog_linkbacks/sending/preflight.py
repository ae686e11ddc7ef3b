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
_SLOTS = threading.BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known of telling one page: two words, and why in a sentence.

    `ask` says that the page has not been asked yet; `delivery` is the ledger's row where there is one already.
    """

    words: str
    tone: str = ""
    why: str = ""
    ask: bool = False
    endpoint: str = ""
    delivery: Delivery | None = None


def foresee(url: str, held: Ruling, *, ask: bool = True) -> Forecast:
    """What can be said without asking the network; `ask` false leaves it at that."""
    if held.rule is Rule.NEVER:
        return Forecast("never told", why=held.why)
    if _reach().closed:
        return Forecast("kept silent", why=QUIET)
    return _under(held, _remembered().get(url) or Forecast("asked on publishing", ask=ask))


def ask(url: str) -> Forecast:
    """What a page elsewhere takes, asked over the network unless it was lately; takes 25 seconds at most."""
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
    try:
        found = delivery.find(url, whole=True)
    except FetchError as error:
        if error.outcome is Outcome.FORBIDDEN:
            return Forecast("not reached", "is-warn", f"Not sent. {error.detail}")
        return Forecast("sent there", why=f"{error.detail} It is sent to the address itself.")
    if found.trackback:
        return Forecast("trackback", "is-accent", f"Sent to {found.trackback}")
    return Forecast(
        "sent there", why="The page announces no trackback address, so it is sent to the address itself."
    )


def _reach() -> Reach:
    return reach_for(web.base_url(), config.current().fetch_allow)


def _asked(url: str) -> Forecast:
    reach = _reach()
    try:
        found = delivery.find(url, reach)
    except FetchError as error:
        return _no_answer(error, reach)
    return _announced(found)


def _announced(found: Found) -> Forecast:
    protocol = "webmention" if found.webmention else "pingback" if found.pingback else ""
    if not protocol:
        return Forecast("takes none", why=f"Not told. {found.detail}".strip())
    endpoint = found.webmention or found.pingback
    return Forecast(
        protocol, "is-accent", f"Told at {endpoint} when the post is published.", endpoint=endpoint
    )


def _no_answer(error: FetchError, reach: Reach) -> Forecast:
    if reach.held_back or (reach.quiet and error.outcome is Outcome.DNS_FAILURE):
        return Forecast("kept silent", why=QUIET)
    if error.outcome.temporary:
        why = f"{error.detail} It is tried again for three days once the post is published."
        return Forecast("does not answer now", "is-warn", why)
    return Forecast("cannot be told", "is-warn", f"Not told. {error.detail}")


def _under(held: Ruling, known: Forecast) -> Forecast:
    """The same where the site asks first, whatever it takes: that is found out once someone presses Send."""
    if held.rule is not Rule.ASK:
        return known
    where = f"It takes notices at {known.endpoint}" if known.endpoint else ""
    return replace(known, words=f"{known.words}, asks first", why=f"{held.why} {where}".strip())


def _remembered() -> Memory[Forecast]:
    kept: Memory[Forecast] = current_app.extensions.setdefault("desk_asked", Memory())
    return kept
