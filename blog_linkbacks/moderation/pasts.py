"""What was known of linking sites and senders at an earlier moment, for many linkbacks in two queries."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from blog_linkbacks import urls
from blog_linkbacks.db import db, now
from blog_linkbacks.facts import RECENTLY
from blog_linkbacks.linkbacks import Linkback, SiteRule
from blog_linkbacks.moderation import past
from blog_linkbacks.vocabulary import SiteHistory, Status

MOST = 20_000  # rows looked at, the newest: what is older says less

_SEEN = ("source_site", "sender_ip", "text_key")
_DECIDED = (Status.APPROVED, Status.SPAM, Status.REJECTED)


class Pasts:
    """The rows that share a site, an address or a wording with these linkbacks, by when they came and were decided."""

    def __init__(self, linkbacks: Sequence[Linkback]) -> None:
        self.arrived: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        self.decided: dict[tuple[str, str, str], list[datetime]] = defaultdict(list)
        for row in db.session.execute(_akin(linkbacks)):
            for sort in _SEEN:
                self._note(sort, getattr(row, sort), row.status, row.received_at, row.decided_at)
        gone = past.among({row.source_site for row in linkbacks}, {row.sender_ip for row in linkbacks})
        self.gone = {(row.sort, row.value): row for row in gone}
        for moments in (*self.arrived.values(), *self.decided.values()):
            moments.sort()
        self.rules = _rules({linkback.source_host for linkback in linkbacks})

    def of(self, linkback: Linkback, at: datetime) -> SiteHistory:
        """What was known at that moment, this linkback left out; by the rule for the site that holds now."""
        site, sender = linkback.source_site, linkback.sender_ip
        here = {status: self._number(("source_site", site, status), at) for status in _DECIDED}
        arrived = self.arrived[("source_site", site)]
        firsts = [*arrived[:1], *(gone.first_at for gone in [self.gone.get((past.SITE, site))] if gone)]
        return SiteHistory(
            approved=here[Status.APPROVED],
            spam=here[Status.SPAM] + self._deleted(past.SITE, site, at),
            rejected=here[Status.REJECTED],
            from_address_spam=self._number(("sender_ip", sender, Status.SPAM), at)
            + self._deleted(past.ADDRESS, sender, at),
            from_address_approved=self._number(("sender_ip", sender, Status.APPROVED), at),
            first_seen=min((one for one in firsts if one < linkback.received_at), default=None),
            same_text_recently=self._recently(("text_key", linkback.text_key), linkback, at),
            site_recently=self._recently(("source_site", site), linkback, at),
            rule=self.rules.get(linkback.source_host, ""),
        )

    def _note(self, sort: str, value: str, status: str, came: datetime, decided: datetime | None) -> None:
        if value:
            self.arrived[(sort, value)].append(came)
        if value and decided and status in _DECIDED:
            self.decided[(sort, value, status)].append(decided)

    def _deleted(self, sort: str, value: str, at: datetime) -> int:
        """The spam that was deleted since, from the moment on that all of it was decided."""
        gone = self.gone.get((sort, value))
        return gone.spam if gone and gone.last_at < at else 0

    def _number(self, key: tuple[str, str, str], at: datetime) -> int:
        return bisect_left(self.decided.get(key, ()), at)

    def _recently(self, key: tuple[str, str], linkback: Linkback, at: datetime) -> int:
        moments, since = self.arrived.get(key, ()), at - RECENTLY
        found = bisect_left(moments, at) - bisect_left(moments, since)
        return max(0, found - (since <= linkback.received_at < at))


def rule_for(host: str, rules: Mapping[str, str]) -> str:
    """The rule among these for a host; the more exact name wins."""
    return rules.get(host) or rules.get(urls.registrable(host), "")


def _akin(linkbacks: Sequence[Linkback]) -> Any:
    table = Linkback
    values = {sort: {v for one in linkbacks if (v := getattr(one, sort))} for sort in _SEEN}
    same = (getattr(table, sort).in_(found) for sort, found in values.items())
    columns = (table.source_site, table.sender_ip, table.text_key, table.status)
    return (
        select(*columns, table.received_at, table.decided_at)
        .where(or_(*same))
        .order_by(table.id.desc())
        .limit(MOST)
    )


def _rules(hosts: Iterable[str]) -> dict[str, str]:
    holds = or_(SiteRule.until.is_(None), SiteRule.until > now())
    names = {name for host in hosts for name in (host, urls.registrable(host))}
    found = db.session.execute(select(SiteRule.host, SiteRule.action).where(SiteRule.host.in_(names), holds))
    rules = {row.host: row.action for row in found}
    return {host: rule_for(host, rules) for host in hosts}
