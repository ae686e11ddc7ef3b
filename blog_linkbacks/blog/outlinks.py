"""The links in a post that is being written: what will be told to whom, or was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from blog_linkbacks import urls, web
from blog_linkbacks.blog import lookup
from blog_linkbacks.db import db
from blog_linkbacks.sending import ledger, preflight, progress, rules
from blog_linkbacks.sending.ledger import Standing
from blog_linkbacks.sending.preflight import Forecast
from blog_linkbacks.sending.progress import Watch
from blog_linkbacks.sending.tables import Rule, host_of
from blog_linkbacks.verification import find_links

__all__ = ["Outlink", "Outlinks", "ask", "outlinks"]

SHOWN = 50
ask = preflight.ask


@dataclass(frozen=True, slots=True)
class Outlink:
    """A link in the text. `choice` says that the author may untick it, `told` whether it is ticked.

    `host` and `rule` are the site elsewhere that it leads to, and whether that is told; empty for the blog's own.
    """

    url: str
    badge: Forecast
    choice: bool = False
    told: bool = False
    host: str = ""
    rule: Rule = Rule.ALWAYS


@dataclass(frozen=True, slots=True)
class Outlinks:
    """The first 50 links of a text, and how many more there are."""

    shown: Sequence[Outlink] = ()
    more: int = 0

    @property
    def watch(self) -> Watch:
        """The rows of the ledger among them that may still change."""
        return progress.watch([link.badge.delivery for link in self.shown if link.badge.delivery is not None])


def outlinks(html: str, post_id: int | None, skip: Collection[str] = ()) -> Outlinks:
    """The links of a text, each once; `skip` are those unticked. Asks nobody."""
    found = (link.url for link in find_links(html, web.absolute(lookup.POSTS)) if urls.is_web(link.url))
    wanted = list(dict.fromkeys(found))
    known = ledger.standings(db.session(), post_id) if post_id else {}
    shown = list(_described(wanted[:SHOWN], known, skip))
    return Outlinks(shown, len(wanted) - len(shown))


def _described(
    wanted: Collection[str], known: Mapping[str, Standing], skip: Collection[str]
) -> Iterator[Outlink]:
    held = rules.rules_for(db.session(), {host_of(url) for url in wanted})
    for url in wanted:
        host = host_of(url)
        if web.is_own(url):
            yield Outlink(url, _own(url))
        elif url in known:
            yield Outlink(url, preflight.told(known[url].last), host=host, rule=held[host])
        else:
            forecast = preflight.foresee(url, held[host])
            choice = held[host] is not Rule.NEVER
            yield Outlink(url, forecast, choice, choice and url not in skip, host, held[host])


def _own(url: str) -> Forecast:
    page = urldefrag(url).url
    if lookup.slug_of(page) is None:
        return Forecast("your own page", why="Not told: it is on this blog.")
    if lookup.find(page) is None:
        return Forecast("yours: no published post there", "is-warn", "Nothing becomes related.")
    return Forecast("yours: becomes related", "is-accent", "Your own posts find each other without a notice.")
