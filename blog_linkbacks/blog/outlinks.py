"""The links in a post that is being written: what will be told to whom, or was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from blog_linkbacks import urls, web
from blog_linkbacks.blog import lookup
from blog_linkbacks.blog.tables import PostKind
from blog_linkbacks.db import db
from blog_linkbacks.sending import ledger, preflight, progress, rules
from blog_linkbacks.sending.ledger import Standing
from blog_linkbacks.sending.preflight import Forecast
from blog_linkbacks.sending.progress import Watch
from blog_linkbacks.sending.rules import Ruling
from blog_linkbacks.sending.tables import Rule, host_of
from blog_linkbacks.verification.document import read

__all__ = ["Outlink", "Outlinks", "ask", "outlinks"]

SHOWN = 500
ASKED = 50  # pages asked by themselves while the author writes
ask = preflight.ask


@dataclass(frozen=True, slots=True)
class Outlink:
    """A link in the text. `choice` says that the author may untick it, `told` whether it is ticked.

    `host` and `rule` are the site elsewhere that it leads to, and whether that is told; `domain` is what else a rule
    may be set for there. All are empty for the blog's own.
    """

    url: str
    badge: Forecast
    choice: bool = False
    told: bool = False
    host: str = ""
    rule: Rule = Rule.ALWAYS
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Outlinks:
    """The first 500 links of a text, and how many more there are."""

    shown: Sequence[Outlink] = ()
    more: int = 0

    @property
    def watch(self) -> Watch:
        """The rows of the ledger among them that may still change."""
        return progress.watch([link.badge.delivery for link in self.shown if link.badge.delivery is not None])


def outlinks(html: str, post_id: int | None, skip: Collection[str] = ()) -> Outlinks:
    """The links of a text to other pages, each once; `skip` are those unticked. Asks nobody."""
    here = web.absolute(lookup.POSTS)
    found = (link.url for link in read(html, here).links if link.hyperlink and urls.is_web(link.url))
    elsewhere = (url for url in found if urldefrag(url).url != here)  # a footnote's mark leads nowhere else
    wanted = list(dict.fromkeys(elsewhere))
    known = ledger.standings(db.session(), post_id) if post_id else {}
    shown = list(_described(wanted[:SHOWN], known, skip))
    return Outlinks(shown, len(wanted) - len(shown))


def _described(
    wanted: Collection[str], known: Mapping[str, Standing], skip: Collection[str]
) -> Iterator[Outlink]:
    held = rules.rulings(db.session(), {host_of(url) for url in wanted})
    for place, url in enumerate(wanted):
        if web.is_own(url):
            yield Outlink(url, _own(url))
        elif url in known:
            yield _elsewhere(url, preflight.told(known[url].last), held[host_of(url)])
        else:
            ruling = held[host_of(url)]
            forecast = preflight.foresee(url, ruling, ask=place < ASKED)
            choice = ruling.rule is not Rule.NEVER
            yield _elsewhere(url, forecast, ruling, choice=choice, told=choice and url not in skip)


def _elsewhere(
    url: str, badge: Forecast, ruling: Ruling, *, choice: bool = False, told: bool = False
) -> Outlink:
    host = host_of(url)
    domain = "" if ruling.name == host else rules.domain_of(host)  # its own rule would win over the domain's
    return Outlink(url, badge, choice, told, host, ruling.rule, domain)


def _own(url: str) -> Forecast:
    page = urldefrag(url).url
    if lookup.slug_of(page) is None:
        return Forecast("your own page", why="Not told: it is on this blog.")
    post = lookup.find(page)
    if post is not None and post.kind == PostKind.PAGE:
        return Forecast("your own page", why="Not told: it is on this blog.")
    if post is None:
        return Forecast("yours: no published post there", "is-warn", "Nothing becomes related.")
    return Forecast("yours: becomes related", "is-accent", "Your own posts find each other without a notice.")
