"""Whom this blog tells: the owner's rule for a host or a whole domain, and what it means for notices that wait."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, joinedload

from blog_linkbacks import urls
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.sending.tables import EVERY, Delivery, DeliveryState, Rule, SendingRule, host_of, in_words

TRACKBACK = "trackback"
OPEN = (DeliveryState.QUEUED, DeliveryState.RETRYING)
SHOWN = 500
_AT_ONCE = 500  # names in one statement: databases bound them


class RuleError(ValueError):
    """The rule makes no sense, or forbids what is asked; the text says why, for the person who asked."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds for a host: its rule, and the name that it was set for, empty where none was."""

    rule: Rule = Rule.ALWAYS
    name: str = ""

    @property
    def why(self) -> str:
        """What it does to a notice, in a sentence; empty where it does nothing."""
        return {
            Rule.ALWAYS: "",
            Rule.ASK: f"Not told yet: you want to be asked before {in_words(self.name)} is told.",
            Rule.NEVER: f"Not told: you chose never to tell {in_words(self.name)}.",
        }[self.rule]


def rulings(session: Session, hosts: Collection[str]) -> Mapping[str, Ruling]:
    """What holds for each of these hosts: its own rule, else that of its registrable domain."""
    domains = {host: EVERY + urls.registrable(host) for host in hosts}
    known = dict(_set_for(session, {*hosts, *domains.values()}))
    return {host: known.get(host) or known.get(domain) or Ruling() for host, domain in domains.items()}


def ruling(session: Session, host: str) -> Ruling:
    return rulings(session, [host])[host]


def rule_for(session: Session, host: str) -> Rule:
    return ruling(session, host).rule


def all_rules() -> Sequence[SendingRule]:
    """The rules that were set, by name, at most 500."""
    wanted = select(SendingRule).options(joinedload(SendingRule.user)).order_by(SendingRule.host).limit(SHOWN)
    return db.session.scalars(wanted).all()


def set_rule(site: str, rule: Rule, user_id: int | None = None, *, whole: bool = False) -> str:
    """Set the rule for a host, or for its `whole` domain; what it is kept under. RuleError where there is no such.

    What waits to be told there follows at once: `never` gives it up, `ask` holds it, `always` lets it go out.
    `always` is kept only for a host whose domain has another rule; what has a rule of its own keeps to that.
    """
    name = check(site, whole=whole)
    with writing() as session:
        _drop(session, name)
        if rule is not Rule.ALWAYS or ruling(session, name).rule is not Rule.ALWAYS:
            session.add(SendingRule(host=name, rule=rule, user_id=user_id, changed_at=now()))
            session.flush()
        _follow(session, name)
    return name


def forget(site: str) -> str:
    """Take back the rule for a host, or for a domain as `*.garden.example`; what waits follows as in `set_rule`."""
    name = check(site)
    with writing() as session:
        _drop(session, name)
        _follow(session, name)
    return name


def check(site: str, *, whole: bool = False) -> str:
    """What a rule is kept under: a host, or `*.` and the registrable domain. RuleError where it is neither.

    A site is named by its host, by any of its URLs, or by `*.` and a host for the whole domain.
    """
    text = urls.clean(site)
    bare = text.removeprefix(EVERY)
    url = bare if "://" in bare else f"http://{bare}"
    if not urls.is_web(url):
        raise RuleError(f"{text[:100] or 'Nothing'} is not the name of a site, such as garden.example.")
    host = host_of(url)
    if not whole and bare == text:
        return host
    domain = domain_of(host)
    if not domain:
        raise RuleError(f"{host} is not part of a domain of one owner; name the site alone.")
    return EVERY + domain


def domain_of(host: str) -> str:
    """The registrable domain that a host is part of; empty for an address and for a suffix that many share."""
    domain = urls.registrable(host)
    shared = urls.is_address(host) or urls.registrable(f"x.{domain}") != domain
    return "" if shared else domain


def _set_for(session: Session, names: Collection[str]) -> Iterator[tuple[str, Ruling]]:
    for some in _chunks(names):
        wanted = select(SendingRule.host, SendingRule.rule).where(SendingRule.host.in_(some))
        yield from ((name, Ruling(Rule(rule), name)) for name, rule in session.execute(wanted))


def _chunks(names: Collection[str]) -> Iterator[list[str]]:
    listed = list(names)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def _drop(session: Session, name: str) -> None:
    session.execute(delete(SendingRule).where(SendingRule.host == name))


def _follow(session: Session, name: str) -> None:
    """Bring what waits to be told under a name in line with the rule that holds there now."""
    hosts = _waiting_below(session, name.removeprefix(EVERY)) if name.startswith(EVERY) else [name]
    for some in _chunks(hosts):
        _bring_in_line(session, some, ruling(session, some[0]))  # the same for all of them


def _waiting_below(session: Session, domain: str) -> list[str]:
    """The hosts of a domain that something waits to be told, without those that have a rule of their own."""
    here = or_(Delivery.host == domain, Delivery.host.endswith(f".{domain}", autoescape=True))
    waits = Delivery.state.in_((*OPEN, DeliveryState.ASK))
    found = [
        host
        for host in session.scalars(select(Delivery.host).where(here, waits).distinct())
        if urls.registrable(host) == domain
    ]
    own = rulings(session, found)
    return [host for host in found if own[host].name != host]


def _bring_in_line(session: Session, hosts: Collection[str], held: Ruling) -> None:
    waiting = update(Delivery).where(Delivery.host.in_(hosts))
    if held.rule is Rule.ALWAYS:
        asking = waiting.where(Delivery.state == DeliveryState.ASK)
        session.execute(asking.values(state=DeliveryState.QUEUED, due_at=now(), by_rule=False, response=""))
        return
    asks = held.rule is Rule.ASK
    affected = waiting.where(Delivery.state.in_(OPEN if asks else (*OPEN, DeliveryState.ASK)))
    if asks:
        affected = affected.where(Delivery.protocol != TRACKBACK)  # those were asked for by hand
    state = DeliveryState.ASK if asks else DeliveryState.CANCELLED
    session.execute(affected.values(state=state, due_at=None, by_rule=True, response=held.why))
