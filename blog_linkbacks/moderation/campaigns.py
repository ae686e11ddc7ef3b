"""Campaigns: near-identical arrivals of which one row of the queue, the lead, stands for all that wait.

A row belongs to one campaign at most. What is likely genuine is only ever folded among its like.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal_column, select, update
from sqlalchemy.orm import Session

from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import URGENCY, Campaign, Linkback
from blog_linkbacks.moderation.prints import alike, genuine
from blog_linkbacks.vocabulary import Status

ALONE = 0  # the campaign_id of a row that a person took out of its campaign: it joins none again

WORDING, SITE, TARGET = "wording", "site", "target"

_WORDING_FROM = 3  # rows that wait, this one included
_SITE_FROM = 5
_GENUINE_SITE_FROM = (
    20  # a friend who writes a lot, or a service that passes on what many write, is no campaign
)
_TARGET_FROM = 15
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LATEST = 60  # rows looked at, so that no flood of others makes it dear
_SITES = 200  # rows of a campaign whose sites are counted

_BAND: Any = literal_column(f"({URGENCY.replace('score', 'linkbacks.score')})")
_WAITING_ALONE: tuple[
    Any, ...
] = (  # in plain text: only so do both databases see that a partial index serves
    literal_column("linkbacks.status = 'pending'"),
    literal_column("linkbacks.campaign_id IS NULL"),
)


@dataclass(frozen=True, slots=True)
class Brief:
    """A campaign as its row shows it. `as_of` is when the last of the `waiting` ones joined."""

    id: int
    sort: str
    waiting: int
    sentence: str
    as_of: datetime


def join(session: Session, linkback: Linkback) -> None:
    """Fold a row that has begun to wait, or got another score, under the campaign it belongs to, if any.

    Within the caller's write transaction; a few statements, whatever came before.
    """
    session.flush()
    if linkback.internal or linkback.campaign_id == ALONE or linkback.status != Status.PENDING:
        return
    campaign = session.get(Campaign, linkback.campaign_id) if linkback.campaign_id else None
    if campaign is not None and _fits(campaign, linkback):
        _keep_true(session, {campaign.id: 0})
        return
    if campaign is not None:
        leave(session, linkback)
    _ = _by_wording(session, linkback) or _by_site(session, linkback) or _by_target(session, linkback)


def moved(session: Session, linkbacks: Iterable[Linkback], from_status: str, to_status: str) -> None:
    """Keep campaigns true when rows have left waiting or come back to it: few statements, however many rows.

    One that comes back is folded again unless it leads; where the lead has gone the next one takes its place.
    """
    step = (to_status == Status.PENDING) - (from_status == Status.PENDING)
    members = [linkback for linkback in linkbacks if linkback.campaign_id]
    if not step or not members:
        return
    for linkback in members:
        linkback.folded = step > 0
    session.flush()
    numbers = Counter(linkback.campaign_id for linkback in members if linkback.campaign_id)
    _keep_true(session, {campaign_id: step * number for campaign_id, number in numbers.items()})


def leave(session: Session, linkback: Linkback, *, for_good: bool = False) -> None:
    """Take a waiting row out of its campaign, so that it stands alone; `for_good` where a person wants it so."""
    campaign_id = linkback.campaign_id
    linkback.campaign_id, linkback.folded = ALONE if for_good else None, False
    session.flush()
    if campaign_id:
        _keep_true(session, {campaign_id: -1})


def enter(session: Session, campaign: Campaign, ids: Collection[int]) -> None:
    """Fold waiting rows that stand alone under a campaign, whichever of all leads it then."""
    session.execute(update(Linkback).where(Linkback.id.in_(ids)).values(campaign_id=campaign.id, folded=True))
    _keep_true(session, {campaign.id: len(ids)})


def briefs(rows: Iterable[Linkback]) -> Mapping[int, Brief]:
    """What to say of the campaigns that these rows lead, by the row's id: one query, none where there is none."""
    leads = {row.campaign_id: row for row in rows if row.campaign_id and not row.folded}
    if not leads:
        return {}
    found = db.session.execute(
        select(Campaign, case((Campaign.sort == WORDING, _sites()), else_=0))
        .where(Campaign.id.in_(leads), Campaign.waiting > 1)
        .execution_options(populate_existing=True)
    )
    return {
        leads[campaign.id].id: Brief(
            campaign.id,
            campaign.sort,
            campaign.waiting,
            _sentence(campaign, leads[campaign.id], sites),
            campaign.last_at,
        )
        for campaign, sites in found
        if campaign.lead_id == leads[campaign.id].id and leads[campaign.id].status == Status.PENDING
    }


def _fits(campaign: Campaign, linkback: Linkback) -> bool:
    if campaign.sort == WORDING:
        return campaign.key.startswith(_side(linkback))
    if campaign.sort == SITE:
        return campaign.key == _site_key(linkback)
    return _band(linkback.score) == 2


def _by_wording(session: Session, linkback: Linkback) -> bool:
    found = alike(session, linkback, _side(linkback))
    if found.campaign_id:
        enter(session, session.get_one(Campaign, found.campaign_id), [linkback.id, *found.alone])
        return True
    key = f"{_side(linkback)}{linkback.id}"
    return _begin(session, WORDING, key, [linkback.id, *found.alone], _WORDING_FROM)


def _by_site(session: Session, linkback: Linkback) -> bool:
    if not linkback.source_site:
        return False
    key, band = _site_key(linkback), _band(linkback.score)
    if _follow(session, key, _DAY, linkback):
        return True
    latest = _latest_alone(session, Linkback.source_site == linkback.source_site, _DAY)
    ids = [row.id for row in latest if _band(row.score) == band]
    return _begin(session, SITE, key, ids, _SITE_FROM if band else _GENUINE_SITE_FROM)


def _by_target(session: Session, linkback: Linkback) -> bool:
    if _band(linkback.score) != 2 or _approved_before(session, [linkback.source_site]):
        return False
    key = f"{TARGET}:{linkback.post_id}"
    if _follow(session, key, _HOUR, linkback):
        return True
    latest = _latest_alone(session, Linkback.post_id == linkback.post_id, _HOUR)
    spammy = [row for row in latest if _band(row.score) == 2]
    if len(spammy) < _TARGET_FROM:
        return False
    known = _approved_before(session, [row.source_site for row in spammy])
    ids = [row.id for row in spammy if row.source_site not in known]
    return _begin(session, TARGET, key, ids, _TARGET_FROM)


def _follow(session: Session, key: str, within: timedelta, linkback: Linkback) -> bool:
    """Enter the campaign of this key that is still going on."""
    going_on = select(Campaign).where(Campaign.key == key, Campaign.last_at > now() - within)
    campaign = session.scalar(going_on.order_by(Campaign.last_at.desc()).limit(1))
    if campaign is not None:
        enter(session, campaign, [linkback.id])
    return campaign is not None


def _begin(session: Session, sort: str, key: str, ids: Collection[int], enough: int) -> bool:
    if len(ids) < enough:
        return False
    campaign = Campaign(sort=sort, key=key)
    session.add(campaign)
    session.flush()
    enter(session, campaign, ids)
    return True


def _latest_alone(session: Session, where: ColumnElement[bool], within: timedelta) -> list[Row[Any]]:
    latest = select(Linkback.id, Linkback.score, Linkback.source_site, Linkback.received_at)
    found: Iterable[Row[Any]] = session.execute(
        latest.where(where, *_WAITING_ALONE).order_by(Linkback.id.desc()).limit(_LATEST)
    )
    since = now() - within
    return [row for row in found if row.received_at > since]


def _approved_before(session: Session, sites: Sequence[str]) -> set[str]:
    known = select(Linkback.source_site).where(
        Linkback.source_site.in_(sites), Linkback.status == Status.APPROVED
    )
    return set(session.scalars(known.distinct()))


def _keep_true(session: Session, steps: Mapping[int, int]) -> None:
    """Count those that came or went, and let of all that wait the most genuine lead, the oldest among equals."""
    leads: list[int | None] = []
    others: list[int | None] = []
    for campaign, first in session.execute(_with_the_first(steps)).all():
        campaign.waiting += steps[campaign.id]
        if steps[campaign.id] > 0:
            campaign.last_at = now()
        if campaign.lead_id != first:
            leads.append(first)
            others.append(campaign.lead_id)
            campaign.lead_id = first
    session.flush()
    _fold(session, [row for row in others if row], True, steps)
    _fold(session, [row for row in leads if row], False, steps)


def _fold(session: Session, ids: Sequence[int], folded: bool, campaign_ids: Iterable[int]) -> None:
    if ids:
        here = Linkback.campaign_id.in_(list(campaign_ids))
        session.execute(
            update(Linkback)
            .where(Linkback.id.in_(ids), Linkback.status == Status.PENDING, here)
            .values(folded=folded)
        )


def _with_the_first(campaign_ids: Iterable[int]) -> Any:
    first = (
        select(Linkback.id)
        .where(Linkback.campaign_id == Campaign.id, Linkback.status == Status.PENDING)
        .order_by(_BAND, Linkback.id)
        .limit(1)
        .correlate(Campaign)
        .scalar_subquery()
    )
    return select(Campaign, first).where(Campaign.id.in_(list(campaign_ids)))


def _sites() -> Any:
    some = (
        select(Linkback.source_site)
        .where(Linkback.campaign_id == Campaign.id, Linkback.status == Status.PENDING)
        .limit(_SITES)
        .correlate(Campaign)
        .subquery()
    )
    return select(func.count(some.c.source_site.distinct())).correlate(Campaign).scalar_subquery()


def _sentence(campaign: Campaign, lead: Linkback, sites: int) -> str:
    """Such as “231 with the same words from 40 sites”, “12 from seo-net.example today”."""
    number = f"{campaign.waiting:,}"
    if campaign.sort == WORDING:
        more = " or more" if campaign.waiting > _SITES and sites > 1 else ""
        return (
            f"{number} with the same words from {f'{sites:,} sites{more}' if sites > 1 else lead.source_site}"
        )
    if campaign.sort == SITE:
        today = " today" if lead.received_at > now() - _DAY else ""
        return f"{number} from {lead.source_site}{today}"
    hour = "within the hour" if campaign.last_at - lead.received_at <= _HOUR else "in one burst"
    return f"{number} at “{lead.post.title or 'Untitled'}” {hour}"


def _side(linkback: Linkback) -> str:
    return f"{WORDING}:{0 if genuine(linkback.score) else 1}:"


def _site_key(linkback: Linkback) -> str:
    return f"{SITE}:{_band(linkback.score)}:{linkback.source_site}"


def _band(score: float | None) -> int:
    """As URGENCY in the database."""
    return 0 if genuine(score) else 2 if score is not None and score >= 0.75 else 1
