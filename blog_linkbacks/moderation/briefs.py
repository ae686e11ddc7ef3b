"""What a campaign's row says of it: how many it stands for, and what they have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Campaign, Linkback
from blog_linkbacks.moderation.campaigns import DAY, HOUR, SITE, WORDING
from blog_linkbacks.vocabulary import Status

_SITES = 200  # rows of a campaign whose sites are counted


@dataclass(frozen=True, slots=True)
class Brief:
    """A campaign as its row shows it. `as_of` is when the last of the `waiting` ones joined."""

    id: int
    sort: str
    waiting: int
    sentence: str
    as_of: datetime


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
        today = " today" if lead.received_at > now() - DAY else ""
        return f"{number} from {lead.source_site}{today}"
    hour = "within the hour" if campaign.last_at - lead.received_at <= HOUR else "in one burst"
    return f"{number} at “{lead.post.title or 'Untitled'}” {hour}"
