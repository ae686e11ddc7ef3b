"""Trust or block a linking site: the rule itself, what it decides at once, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from blog_linkbacks import urls
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback, SiteRule
from blog_linkbacks.moderation import batches
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.policy import BLOCK, TRUST
from blog_linkbacks.vocabulary import Status

SITES = 50
RULES = 500

_DECIDES = {
    TRUST: (Status.APPROVED, By(rule="trusted"), "This site is trusted here."),
    BLOCK: (Status.SPAM, By(rule="blocked"), "This site is blocked here."),
}


@dataclass(frozen=True, slots=True)
class Before:
    """The rule a host had before: empty where it had none."""

    action: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule now in force, and what it decided of the linkbacks that waited."""

    host: str
    action: str
    was: Before
    report: Report


@dataclass(frozen=True, slots=True)
class LinkingSite:
    """A site that has linked here: how many of its linkbacks have each status."""

    host: str
    counts: Mapping[str, int]
    rule: SiteRule | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def set_rule(host: str, action: str, user: User | None = None, until: datetime | None = None) -> Applied:
    """Trust or block a host, or all below a registrable domain, and decide what waits from there.

    ValueError with a sentence where the host or the action makes no sense.
    """
    host = host_of(host)
    if action not in _DECIDES:
        raise ValueError("A site can be trusted or blocked.")
    with writing() as session:
        was = _put(session, host, action, user, until)
    return Applied(host, action, was, _apply(host, action))


def clear_rule(host: str) -> bool:
    """Take a host's rule away; whether there was one. Decisions it made stay."""
    host = host_of(host)
    with writing() as session:
        rule = session.scalar(select(SiteRule).where(SiteRule.host == host))
        if rule is not None:
            session.delete(rule)
        return rule is not None


def restore(host: str, was: Before, batch: str, user: User) -> Report:
    """Undo a rule: the host gets the one it had, and what the rule decided is taken back."""
    host = host_of(host)
    if was.action in _DECIDES:
        with writing() as session:
            _put(session, host, was.action, user, was.until)
    else:
        clear_rule(host)
    try:
        return batches.undo(batch, user)
    except LookupError:
        return Report(batch, (), ())


def host_of(text: str) -> str:
    """The host in what a person typed, a bare name or a whole address; ValueError where there is none."""
    text = text.strip()
    url = text if "://" in text else f"http://{text}"
    if not text or len(text) > urls.MAX_LENGTH or not urls.is_web(url):
        raise ValueError("That is no host name, such as gardenlog.example.")
    return urls.host(url)


def in_force(hosts: Sequence[str]) -> dict[str, SiteRule]:
    """The rules that hold now for exactly these hosts."""
    rules = db.session.scalars(select(SiteRule).where(SiteRule.host.in_(hosts), _holds())).all()
    return {rule.host: rule for rule in rules}


def listing() -> Sequence[SiteRule]:
    """The rules that hold now, the newest first; at most RULES."""
    return db.session.scalars(
        select(SiteRule).where(_holds()).order_by(SiteRule.id.desc()).limit(RULES)
    ).all()


def sites(after: str = "", q: str = "") -> tuple[list[LinkingSite], str]:
    """Sites that have linked here, by name, and the key of the next page: three queries, SITES sites."""
    names = select(Linkback.source_site).where(Linkback.source_site > after)
    if q:
        names = names.where(Linkback.source_site.icontains(q, autoescape=True))
    found = db.session.scalars(names.distinct().order_by(Linkback.source_site).limit(SITES + 1)).all()
    hosts = found[:SITES]
    counts, rules = _counts(hosts), in_force(hosts)
    listed = [LinkingSite(host, counts[host], rules.get(host)) for host in hosts]
    return listed, hosts[-1] if len(found) > SITES else ""


def _counts(hosts: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {host: {} for host in hosts}
    rows = db.session.execute(
        select(Linkback.source_site, Linkback.status, func.count())
        .where(Linkback.source_site.in_(hosts))
        .group_by(Linkback.source_site, Linkback.status)
    )
    for host, status, number in rows:
        found[host][status] = number
    return found


def _put(session: Session, host: str, action: str, user: User | None, until: datetime | None) -> Before:
    rule = session.scalar(select(SiteRule).where(SiteRule.host == host))
    if rule is None:
        was = Before()
        session.add(rule := SiteRule(host=host))
    else:
        was = Before(rule.action, rule.until) if rule.until is None or rule.until > now() else Before()
    rule.action, rule.until, rule.user_id = action, until, user.id if user else None
    session.flush()
    return was


def _apply(host: str, action: str) -> Report:
    batch, done = batches.new_batch(), [0]
    while len(some := _apply_to_some(host, action, batch, done[-1])) > 0:
        done += some
    return Report(batch, tuple(done[1:]), ())


def _apply_to_some(host: str, action: str, batch: str, after: int) -> list[int]:
    """Decide the next rows in one short transaction, so that intake never waits long for its turn."""
    to, by, reason = _DECIDES[action]
    with writing() as session:
        next_ones = _waiting(host).where(Linkback.id > after).order_by(Linkback.id).limit(batches.CHUNK)
        rows = session.scalars(next_ones).all()
        for row in rows:
            record(session, row, to, by, reason=reason, batch=batch)
            row.due_at = None
        return [row.id for row in rows]


def _waiting(host: str) -> Select[Linkback]:
    """What waits from a host, or from below it; a host below with a rule of its own keeps to that."""
    below = and_(
        Linkback.source_site == host, Linkback.source_host.not_in(select(SiteRule.host).where(_holds()))
    )
    here = or_(Linkback.source_host == host, below)
    return select(Linkback).where(here, Linkback.status == Status.PENDING, Linkback.internal.is_(False))


def _holds() -> ColumnElement[bool]:
    return or_(SiteRule.until.is_(None), SiteRule.until > now())
