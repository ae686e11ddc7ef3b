"""The sites that have linked here, by name or by how much of theirs waits: keyset pages, counted by status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, desc, func, or_, select

from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback, SiteRule
from blog_linkbacks.moderation import rules
from blog_linkbacks.moderation.filtering import number
from blog_linkbacks.vocabulary import Status

SITES = 50


class Order(StrEnum):
    NAME = "name"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class LinkingSite:
    """A site that has linked here: how many of its linkbacks have each status."""

    host: str
    counts: Mapping[str, int]
    rule: SiteRule | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def listing(after: str = "", q: str = "", order: Order = Order.NAME) -> tuple[list[LinkingSite], str]:
    """A page of SITES sites and the key of the next one: three queries. By waiting, only sites that have any."""
    found = _by_waiting(after, q) if order is Order.WAITING else _by_name(after, q)
    hosts = [host for host, _ in found[:SITES]]
    counts, held = status_counts(hosts), rules.in_force(hosts)
    listed = [LinkingSite(host, counts[host], held.get(host)) for host in hosts]
    return listed, found[SITES - 1][1] if len(found) > SITES else ""


def status_counts(hosts: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many linkbacks of each of these sites have each status."""
    found: dict[str, dict[str, int]] = {host: {} for host in hosts}
    rows = db.session.execute(
        select(Linkback.source_site, Linkback.status, func.count())
        .where(Linkback.source_site.in_(hosts))
        .group_by(Linkback.source_site, Linkback.status)
    )
    for host, status, count in rows:
        found[host][status] = count
    return found


def _by_name(after: str, q: str) -> list[tuple[str, str]]:
    names = select(Linkback.source_site).where(Linkback.source_site > after, *_matching(q))
    found = db.session.scalars(names.distinct().order_by(Linkback.source_site).limit(SITES + 1))
    return [(host, host) for host in found]


def _by_waiting(after: str, q: str) -> list[tuple[str, str]]:
    count = func.count()
    waiting = (
        select(Linkback.source_site, count)
        .where(Linkback.status == Status.PENDING, *_matching(q))
        .group_by(Linkback.source_site)
        .order_by(desc(count), Linkback.source_site)
        .limit(SITES + 1)
    )
    start, _, name = after.partition(".")
    if (most := number(start)) is not None:
        here = (count == most) & (Linkback.source_site > name)
        waiting = waiting.having(or_(count < most, here))
    return [(host, f"{waits}.{host}") for host, waits in db.session.execute(waiting)]


def _matching(q: str) -> list[ColumnElement[bool]]:
    return [Linkback.source_site.icontains(q, autoescape=True)] if q else []
