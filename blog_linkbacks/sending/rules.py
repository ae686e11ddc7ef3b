"""Whom this blog tells: the owner's rule for each site, and what it means for notices that wait."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from blog_linkbacks import urls
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.sending.tables import Delivery, DeliveryState, Rule, SendingRule, host_of

TRACKBACK = "trackback"
OPEN = (DeliveryState.QUEUED, DeliveryState.RETRYING)
SHOWN = 500


class RuleError(ValueError):
    """The rule makes no sense, or forbids what is asked; the text says why, for the person who asked."""


def rules_for(session: Session, hosts: Collection[str]) -> Mapping[str, Rule]:
    """The rule of each of these hosts."""
    wanted = select(SendingRule.host, SendingRule.rule).where(SendingRule.host.in_(hosts))
    known = {host: Rule(rule) for host, rule in session.execute(wanted)}
    return {host: known.get(host, Rule.ALWAYS) for host in hosts}


def rule_for(session: Session, host: str) -> Rule:
    return rules_for(session, [host])[host]


def why(rule: Rule, host: str) -> str:
    """What a rule does to a notice, in a sentence; empty where it does nothing."""
    return {
        Rule.ALWAYS: "",
        Rule.ASK: f"Not told yet: you want to be asked before {host} is told.",
        Rule.NEVER: f"Not told: you chose never to tell {host}.",
    }[rule]


def all_rules() -> Sequence[SendingRule]:
    """The rules that were set, by host, at most 500."""
    wanted = select(SendingRule).options(joinedload(SendingRule.user)).order_by(SendingRule.host).limit(SHOWN)
    return db.session.scalars(wanted).all()


def set_rule(site: str, rule: Rule, user_id: int | None = None) -> str:
    """Set the rule for a site, named by its host or any of its URLs; the host. RuleError where it is neither.

    What waits to be told there follows at once: `never` gives it up, `ask` holds it, `always` lets it go out.
    """
    host = check(site)
    with writing() as session:
        row = session.get(SendingRule, host)
        if rule is Rule.ALWAYS and row is not None:
            session.delete(row)
        elif rule is not Rule.ALWAYS:
            session.merge(SendingRule(host=host, rule=rule, user_id=user_id, changed_at=now()))
        _follow(session, host, rule)
    return host


def check(site: str) -> str:
    """The host of a site named by it or by a URL; RuleError where it is neither."""
    text = urls.clean(site)
    url = text if "://" in text else f"http://{text}"
    if not urls.is_web(url):
        raise RuleError(f"{text[:100] or 'Nothing'} is not the name of a site, such as garden.example.")
    return host_of(url)


def _follow(session: Session, host: str, rule: Rule) -> None:
    waiting = update(Delivery).where(Delivery.host == host)
    if rule is Rule.ALWAYS:
        held = waiting.where(Delivery.state == DeliveryState.ASK)
        session.execute(held.values(state=DeliveryState.QUEUED, due_at=now(), by_rule=False, response=""))
        return
    state = DeliveryState.ASK if rule is Rule.ASK else DeliveryState.CANCELLED
    affected = waiting.where(Delivery.state.in_(OPEN if rule is Rule.ASK else (*OPEN, DeliveryState.ASK)))
    if rule is Rule.ASK:
        affected = affected.where(Delivery.protocol != TRACKBACK)  # those were asked for by hand
    session.execute(affected.values(state=state, due_at=None, by_rule=True, response=why(rule, host)))
