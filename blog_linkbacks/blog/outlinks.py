"""The links in a post that is being written: what will be told to whom, or was."""

import threading
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

from flask import current_app

from blog_linkbacks import urls, web
from blog_linkbacks.blog import lookup
from blog_linkbacks.db import db
from blog_linkbacks.fetch import FetchError
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.ledger import Standing
from blog_linkbacks.verification import find_links

SHOWN = 50
REMEMBERED_SECONDS = 600
_SLOTS = threading.BoundedSemaphore(4)
_ROOM = 500

_STATES = {
    "queued": ("waits to be told", ""),
    "retrying": ("no answer yet", "is-warn"),
    "delivered": ("told by {}", "is-good"),
    "refused": ("refused the {}", "is-bad"),
    "failed": ("could not be told", "is-bad"),
    "no_endpoint": ("takes none", ""),
    "silent": ("takes none", ""),
    "cancelled": ("not told", ""),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What is known of one link, in words; `ask` says that the page has not been asked yet."""

    words: str
    tone: str = ""
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Outlink:
    """A link in the text. `choice` says that the author may untick it, `told` whether it is ticked."""

    url: str
    badge: Badge
    choice: bool = False
    told: bool = False


def outlinks(html: str, post_id: int | None, skip: Collection[str] = ()) -> list[Outlink]:
    """The first `SHOWN` links of a text, each once; `skip` are those unticked. Asks nobody."""
    found = (link.url for link in find_links(html, web.absolute(lookup.POSTS)) if urls.is_web(link.url))
    wanted = list(dict.fromkeys(found))[:SHOWN]
    known = ledger.standings(db.session(), post_id) if post_id else {}
    return list(_described(wanted, known, skip))


def ask(url: str) -> Badge:
    """What a page elsewhere takes, asked over the network unless it was lately; takes 25 seconds at most."""
    known = _remembered().get(url)
    if known and known[0] > time.monotonic():
        return known[1]
    if not _SLOTS.acquire(blocking=False):
        return Badge("being asked", ask=True)
    try:
        return _remember(url, _asked(url))
    finally:
        _SLOTS.release()


def _described(
    wanted: Iterable[str], known: Mapping[str, Standing], skip: Collection[str]
) -> Iterable[Outlink]:
    for url in wanted:
        if web.is_own(url):
            yield Outlink(url, _own(url))
        elif url in known:
            yield Outlink(url, _told(known[url]))
        else:
            yield Outlink(url, _expected(url), choice=True, told=url not in skip)


def _own(url: str) -> Badge:
    page = urldefrag(url).url
    if lookup.slug_of(page) is None:
        return Badge("your own page")
    if lookup.find(page) is None:
        return Badge("yours: no published post there", "is-warn")
    return Badge("yours: becomes related", "is-accent")


def _told(standing: Standing) -> Badge:
    words, tone = _STATES[standing.last.state]
    return Badge(words.format(standing.last.protocol or "notice"), tone)


def _expected(url: str) -> Badge:
    known = _remembered().get(url)
    return known[1] if known and known[0] > time.monotonic() else Badge("asked on publishing", ask=True)


def _asked(url: str) -> Badge:
    try:
        found = delivery.find(url)
    except FetchError:
        return Badge("does not answer now", "is-warn")
    if found.webmention:
        return Badge("webmention", "is-accent")
    return Badge("pingback", "is-accent") if found.pingback else Badge("takes none")


def _remembered() -> dict[str, tuple[float, Badge]]:
    kept: dict[str, tuple[float, Badge]] = current_app.extensions.setdefault("desk_asked", {})
    return kept


def _remember(url: str, badge: Badge) -> Badge:
    kept = _remembered()
    if len(kept) >= _ROOM:
        kept.clear()
    kept[url] = (time.monotonic() + REMEMBERED_SECONDS, badge)
    return badge
