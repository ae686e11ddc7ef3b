"""Which part of the queue is meant: filters read from a query string, as conditions for the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, literal_column

from blog_linkbacks import urls
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import search
from blog_linkbacks.vocabulary import Kind, Status

# The expression of the index on the score, to the letter.
SCORE: ColumnElement[float] = literal_column("(coalesce(linkbacks.score, 0.5))")
MAX_QUERY = 200
MAX_NAME = 253
MAX_SEEN = 10**9

_NAMES = ("status", "kind", "post", "site", "check", "low", "high", "since", "until", "campaign", "sort", "q")

Word = TypeVar("Word", bound=StrEnum)


class Sort(StrEnum):
    URGENCY = "urgency"
    NEWEST = "newest"
    OLDEST = "oldest"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of the queue to show.

    `check` names the check that told most; `low` and `high` are scores in percent, both included; `since` and `until`
    are days (UTC) of arrival, both included; `sort` None is the status's own order; `group` folds a campaign into one
    row, where all that waits is shown. `before` is the key of the last row already seen, `seen` how many went before,
    to be shown.
    """

    status: Status = Status.PENDING
    kind: Kind | None = None
    post: int | None = None
    q: str = ""
    before: str = ""
    site: str = ""
    check: str = ""
    low: int | None = None
    high: int | None = None
    since: date | None = None
    until: date | None = None
    campaign: int | None = None
    sort: Sort | None = None
    group: bool = True
    seen: int = 0

    @property
    def narrowed(self) -> bool:
        """Whether fewer rows are meant than all of the status."""
        return self != Filters(
            self.status, before=self.before, sort=self.sort, group=self.group, seen=self.seen
        )

    @property
    def order(self) -> Sort:
        return self.sort or (Sort.URGENCY if self.status is Status.PENDING else Sort.NEWEST)

    @property
    def folds(self) -> bool:
        """Whether one row stands for all of a campaign: not in a narrowed list, where the others may match alone."""
        return self.group and self.status is Status.PENDING and not self.narrowed

    def params(self, **changes: Any) -> dict[str, str]:
        """The query string's parameters for these filters with some changed; empty ones are left out."""
        shown = replace(self, **changes)
        named = {name: getattr(shown, name) for name in (*_NAMES, "before")}
        named["seen"] = shown.seen or None
        folding = {} if shown.group else {"group": "off"}
        return {name: str(value) for name, value in named.items() if value not in (None, "")} | folding


def filters(args: Mapping[str, str]) -> Filters:
    """Filters from a query string or a form; what makes no sense is left out."""
    return Filters(
        status=_member(Status, args.get("status")) or Status.PENDING,
        kind=_member(Kind, args.get("kind")),
        post=number(args.get("post", "")),
        q=_text(args, "q", MAX_QUERY),
        before=args.get("before", ""),
        site=_text(args, "site", MAX_NAME).lower(),
        check=_text(args, "check", 60),
        low=_percent(args.get("low", "")),
        high=_percent(args.get("high", "")),
        since=_day(args.get("since", "")),
        until=_day(args.get("until", "")),
        campaign=number(args.get("campaign", "")),
        sort=_member(Sort, args.get("sort")),
        group=args.get("group", "") not in ("off", "0"),
        seen=min(number(args.get("seen", "")) or 0, MAX_SEEN),
    )


def conditions(chosen: Filters) -> list[ColumnElement[bool]]:
    """Every condition of the filters, status and search included; neither paging nor folding."""
    found = [Linkback.status == chosen.status, *_places(chosen), *_times(chosen), *_scores(chosen)]
    if chosen.kind:
        found.append(Linkback.kind == chosen.kind)
    if chosen.check:  # every kind is named, so that the index on status, kind and check serves
        found += [Linkback.told_by == chosen.check] + ([] if chosen.kind else [Linkback.kind.in_(list(Kind))])
    if chosen.campaign:
        found.append(Linkback.campaign_id == chosen.campaign)
    return found + search.matching(chosen.q)


def at(moment: datetime) -> ColumnElement[bool]:
    """The rows as they stood at that moment: none that arrived or changed its status since."""
    return func.coalesce(Linkback.decided_at, Linkback.received_at) <= moment


def number(text: str) -> int | None:
    """A database id from text, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _places(chosen: Filters) -> list[ColumnElement[bool]]:
    found = []
    if chosen.post:
        found.append(Linkback.post_id == chosen.post)
    if chosen.site:
        found += _from(chosen.site)
    return found


def _from(site: str) -> list[ColumnElement[bool]]:
    """All of a site for its registrable domain, and of one host alone for a name below that."""
    domain = urls.registrable(site)
    host = [] if site == domain else [Linkback.source_host == site]
    return [Linkback.source_site == domain, *host]


def _times(chosen: Filters) -> list[ColumnElement[bool]]:
    found = []
    if chosen.since:
        found.append(Linkback.received_at >= _midnight(chosen.since))
    if chosen.until:
        found.append(Linkback.received_at < _midnight(chosen.until) + timedelta(days=1))
    return found


def _scores(chosen: Filters) -> list[ColumnElement[bool]]:
    """Bounds on the score as it is shown, rounded to whole percent; what has no score is outside of any bound."""
    found = []
    if chosen.low is not None:
        found.append((chosen.low - 0.5) / 100 <= SCORE)
    if chosen.high is not None:
        found.append((chosen.high + 0.5) / 100 > SCORE)
    return found and [*found, Linkback.score.is_not(None)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _text(args: Mapping[str, str], name: str, most: int) -> str:
    return args.get(name, "").replace("\0", "").strip()[:most]


def _percent(text: str) -> int | None:
    found = number(text.strip())
    return found if found is not None and found <= 100 else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if date(1970, 1, 1) <= found < date(9999, 1, 1) else None


def _member(words: type[Word], text: str | None) -> Word | None:
    return words(text) if text in set(words) else None
