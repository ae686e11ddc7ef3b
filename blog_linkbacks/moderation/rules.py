"""Trust or block a linking site, for good or until a date: the rule itself, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from blog_linkbacks import jobs, urls
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import SiteRule
from blog_linkbacks.moderation import batches, ruled
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.decisions import ConflictError
from blog_linkbacks.moderation.log import RuleChange
from blog_linkbacks.moderation.ruled import AT_ONCE, DECIDES, holds

RULES = 500
CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule now in force, and what it decided of what waited: at once, or by a job that goes on."""

    host: str
    action: str
    until: datetime | None
    change_id: int
    report: Report
    job: Job | None = None


def set_rule(host: str, action: str, user: User | None = None, until: datetime | None = None) -> Applied:
    """Trust or block a host, or all below a registrable domain, and decide what waits from there.

    ValueError with a sentence where the host or the action makes no sense.
    """
    host = host_of(host)
    if action not in DECIDES:
        raise ValueError("A site can be trusted or blocked.")
    batch = batches.new_batch()
    with writing() as session:
        change = _change(session, host, action, user, until, batch)
    if (number := ruled.waiting(host)) > AT_ONCE:
        job = _in_background(change, number, user)
        return Applied(host, action, until, change.id, Report(batch, (), ()), job)
    return Applied(host, action, until, change.id, ruled.apply(host, action, batch))


def clear_rule(host: str, user: User | None = None) -> int | None:
    """Take a host's rule away: the change that can be undone, None where there was no rule. Its decisions stay."""
    host = host_of(host)
    with writing() as session:
        if session.scalar(select(SiteRule.id).where(SiteRule.host == host)) is None:
            return None
        return _change(session, host, CLEAR, user, None, batches.new_batch()).id


def undo(change_id: int, user: User) -> RuleChange:
    """Give the host the rule it had before; what this one decided under its batch is the caller's to take back.

    ConflictError with a sentence where that happened already or the rule was changed since; LookupError.
    """
    with writing() as session:
        change = session.get(RuleChange, change_id, populate_existing=True)
        if change is None:
            raise LookupError(change_id)
        _refuse_twice(session, change)
        _put(session, change.host, change.was_action, change.was_until, change.user_id)
        change.undone_at, change.undone_by_id = now(), user.id
        return change


def by_batch(batch: str) -> RuleChange | None:
    """The change of a rule that decided under this batch."""
    return db.session.scalar(select(RuleChange).where(RuleChange.batch == batch))


def host_of(text: str) -> str:
    """The host in what a person typed, a bare name or a whole address; ValueError where there is none."""
    text = text.strip()
    url = text if "://" in text else f"http://{text}"
    if not text or len(text) > urls.MAX_LENGTH or not urls.is_web(url):
        raise ValueError("That is no host name, such as gardenlog.example.")
    return urls.host(url)


def scopes(host: str) -> list[str]:
    """What a rule met on this host may be for: the host alone, and its registrable domain with all below it."""
    return list(dict.fromkeys([host, urls.registrable(host)]))


def in_force(hosts: Sequence[str]) -> dict[str, SiteRule]:
    """The rules that hold now for exactly these hosts."""
    rules = db.session.scalars(select(SiteRule).where(SiteRule.host.in_(hosts), holds())).all()
    return {rule.host: rule for rule in rules}


def below(site: str) -> Sequence[SiteRule]:
    """The rules for a site and for hosts below it, ended ones among them."""
    here = or_(SiteRule.host == site, SiteRule.host.endswith(f".{site}", autoescape=True))
    return db.session.scalars(select(SiteRule).where(here).order_by(SiteRule.host).limit(RULES)).all()


def listing() -> Sequence[SiteRule]:
    """The rules that hold now, the newest first; at most RULES."""
    return db.session.scalars(select(SiteRule).where(holds()).order_by(SiteRule.id.desc()).limit(RULES)).all()


def ended() -> Sequence[SiteRule]:
    """The rules whose date has passed, the latest first; at most RULES."""
    past = select(SiteRule).where(SiteRule.until <= now())
    return db.session.scalars(past.order_by(SiteRule.until.desc()).limit(RULES)).all()


def _in_background(change: RuleChange, number: int, user: User | None) -> Job:
    params = {"host": change.host, "action": change.action}
    label = f"{'Trusting' if change.action == 'trust' else 'Blocking'} {change.host}"
    return jobs.start("rule", label, total=number, params=params, user=user, batch=change.batch)


def _change(
    session: Session, host: str, action: str, user: User | None, until: datetime | None, batch: str
) -> RuleChange:
    change = RuleChange(host=host, action=action, until=until, batch=batch)
    change.user_id = user.id if user else None
    rule = session.scalar(select(SiteRule).where(SiteRule.host == host))
    if rule is not None and (rule.until is None or rule.until > now()):
        change.was_action, change.was_until = rule.action, rule.until
    _put(session, host, "" if action == CLEAR else action, until, change.user_id)
    session.add(change)
    session.flush()
    return change


def _put(session: Session, host: str, action: str, until: datetime | None, user_id: int | None) -> None:
    rule = session.scalar(select(SiteRule).where(SiteRule.host == host))
    if not action:
        if rule is not None:
            session.delete(rule)
        return
    if rule is None:
        session.add(rule := SiteRule(host=host))
    rule.action, rule.until, rule.user_id, rule.created_at = action, until, user_id, now()
    session.flush()


def _refuse_twice(session: Session, change: RuleChange) -> None:
    if change.undone_at is not None:
        who = change.undone_by.name if change.undone_by else "somebody"
        raise ConflictError(f"The rule for {change.host} was taken back already, by {who}.")
    later = select(RuleChange).where(RuleChange.host == change.host, RuleChange.id > change.id)
    since = session.scalar(later.where(RuleChange.undone_at.is_(None)).order_by(RuleChange.id.desc()))
    if since is not None:
        raise ConflictError(
            f"The rule for {change.host} was changed since, by {since.by or 'the command line'}."
        )
