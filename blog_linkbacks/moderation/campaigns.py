"""Campaigns: near-identical arrivals of which one row of the queue, the lead, stands for all that wait.

A row belongs to one campaign at most. What is likely genuine is only ever folded among its like.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, bindparam, false, func, literal_column, select, update
from sqlalchemy.orm import Session

from blog_linkbacks.db import db, now, writing
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
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_LATEST = 60  # rows looked at, so that no flood of others makes it dear

_BAND: Any = literal_column(f"({URGENCY.replace('score', 'linkbacks.score')})")
_WAITING_ALONE = (Linkback.status == Status.PENDING, Linkback.campaign_id.is_(None))


def _alone_at(place: Any) -> Any:
    some: Any = select(Linkback.id, Linkback.source_site, Linkback.received_at, _BAND.label("band"))
    there = some.where(place == bindparam("place"), *_WAITING_ALONE)
    last = there.order_by(Linkback.id.desc()).limit(_LATEST).subquery()
    lately = last.c.received_at > bindparam("since")
    return select(last.c.id, last.c.source_site).where(last.c.band == bindparam("band"), lately)


# Made once: for every row that begins to wait, to build them would cost more than to run them.
_AT_SITE, _AT_POST = _alone_at(Linkback.source_site), _alone_at(Linkback.post_id)
_LATELY: Any = (
    select(Campaign.id)
    .where(Campaign.key == bindparam("key"), Campaign.last_at > bindparam("since"))
    .order_by(Campaign.last_at.desc())
    .limit(1)
)


class Member(Protocol):
    """A row that says which campaign it belongs to."""

    campaign_id: Any


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
        _leave(session, linkback)
    _ = _by_wording(session, linkback) or _by_site(session, linkback) or _by_target(session, linkback)


def folds(to_status: str) -> ColumnElement[bool]:
    """Whether a row that gets this status is folded until `moved` has found who leads: a member that waits."""
    return func.coalesce(Linkback.campaign_id, ALONE) != ALONE if to_status == Status.PENDING else false()


def moved(session: Session, linkbacks: Iterable[Member], from_status: str, to_status: str) -> None:
    """Keep campaigns true when rows, with `folds`, have left waiting or come back: few statements, however many.

    One that comes back leads where it is the most genuine; where the lead has gone the next one takes its place.
    """
    step = (to_status == Status.PENDING) - (from_status == Status.PENDING)
    numbers = Counter(linkback.campaign_id for linkback in linkbacks if linkback.campaign_id)
    if step and numbers:
        _keep_true(session, {campaign_id: step * number for campaign_id, number in numbers.items()})


def take_out(linkback_id: int) -> bool:
    """Have a member stand alone from now on, committed; whether it waited in one. LookupError for an unknown id."""
    with writing() as session:
        linkback = _get(session, linkback_id)
        fits = linkback.status == Status.PENDING and bool(linkback.campaign_id)
        if fits:
            _leave(session, linkback)
            linkback.campaign_id = ALONE
        return fits


def put_back(linkback_id: int) -> bool:
    """Undo `take_out`: let a waiting row join what it belongs to. LookupError for an unknown id."""
    with writing() as session:
        linkback = _get(session, linkback_id)
        fits = linkback.status == Status.PENDING and linkback.campaign_id == ALONE
        if fits:
            linkback.campaign_id = None
            join(session, linkback)
        return fits


def lead_of(campaign_id: int) -> int | None:
    """The row that stands for a campaign; None where nothing of it waits. LookupError for an unknown id."""
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None:
        raise LookupError(campaign_id)
    return campaign.lead_id


def _fits(campaign: Campaign, linkback: Linkback) -> bool:
    if campaign.sort == WORDING:
        return campaign.key.startswith(_side(linkback))
    if campaign.sort == SITE:
        return campaign.key == _site_key(linkback)
    return _band(linkback.score) == 2


def _by_wording(session: Session, linkback: Linkback) -> bool:
    found = alike(session, linkback, _side(linkback))
    if found.campaign_id:
        _enter(session, found.campaign_id, [linkback.id, *found.alone])
        return True
    key = f"{_side(linkback)}{linkback.id}"
    return _begin(session, WORDING, key, [linkback.id, *found.alone], _WORDING_FROM)


def _by_site(session: Session, linkback: Linkback) -> bool:
    if not linkback.source_site:
        return False
    key, band = _site_key(linkback), _band(linkback.score)
    if _follow(session, _going_on(session, key, DAY), linkback):
        return True
    latest = _latest_alone(session, _AT_SITE, linkback.source_site, band, DAY)
    return _begin(session, SITE, key, [row.id for row in latest], _SITE_FROM if band else _GENUINE_SITE_FROM)


def _by_target(session: Session, linkback: Linkback) -> bool:
    if _band(linkback.score) != 2:
        return False
    key = f"{TARGET}:{linkback.post_id}"
    latest = _latest_alone(session, _AT_POST, linkback.post_id, 2, HOUR)
    campaign = _going_on(session, key, HOUR)
    if campaign is None and len(latest) < _TARGET_FROM:
        return False
    known = _approved_before(session, {linkback.source_site, *(row.source_site for row in latest)})
    if linkback.source_site in known:
        return False
    ids = [row.id for row in latest if row.source_site not in known]
    return _follow(session, campaign, linkback) or _begin(session, TARGET, key, ids, _TARGET_FROM)


def _enter(session: Session, campaign_id: int, ids: Collection[int]) -> None:
    """Fold waiting rows that stand alone under a campaign, whichever of all leads it then."""
    session.execute(update(Linkback).where(Linkback.id.in_(ids)).values(campaign_id=campaign_id, folded=True))
    _keep_true(session, {campaign_id: len(ids)})


def _leave(session: Session, linkback: Linkback) -> None:
    campaign_id = linkback.campaign_id
    linkback.campaign_id, linkback.folded = None, False
    session.flush()
    if campaign_id:
        _keep_true(session, {campaign_id: -1})


def _get(session: Session, linkback_id: int) -> Linkback:
    linkback = session.get(Linkback, linkback_id, populate_existing=True)
    if linkback is None:
        raise LookupError(linkback_id)
    return linkback


def _going_on(session: Session, key: str, within: timedelta) -> int | None:
    """The campaign of this key that somebody joined lately."""
    found: int | None = session.scalar(_LATELY, {"key": key, "since": now() - within})
    return found


def _follow(session: Session, campaign_id: int | None, linkback: Linkback) -> bool:
    if campaign_id:
        _enter(session, campaign_id, [linkback.id])
    return bool(campaign_id)


def _begin(session: Session, sort: str, key: str, ids: Collection[int], enough: int) -> bool:
    if len(ids) < enough:
        return False
    campaign = Campaign(sort=sort, key=key)
    session.add(campaign)
    session.flush()
    _enter(session, campaign.id, ids)
    return True


def _latest_alone(
    session: Session, there: Any, place: object, band: int, within: timedelta
) -> Sequence[Row[Any]]:
    """Of the last rows that wait alone there, those of this band that came lately."""
    given = {"place": place, "band": band, "since": now() - within}
    found: Sequence[Row[Any]] = session.execute(there, given).all()
    return found


def _approved_before(session: Session, sites: Collection[str]) -> set[str]:
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


def _side(linkback: Linkback) -> str:
    return f"{WORDING}:{0 if genuine(linkback.score) else 1}:"


def _site_key(linkback: Linkback) -> str:
    return f"{SITE}:{_band(linkback.score)}:{linkback.source_site}"


def _band(score: float | None) -> int:
    """As URGENCY in the database."""
    return 0 if genuine(score) else 2 if score is not None and score >= 0.75 else 1
