"""What the queue's screen needs beside its rows: the filters in words, and how quickly things are decided."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import select

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import bulk, live, preferences, queue
from blog_linkbacks.moderation.filtering import Filters, Sort
from blog_linkbacks.scoring import CHECKS
from blog_linkbacks.settings.check_words import FAMILIES, sentence
from blog_linkbacks.vocabulary import Kind, Status

RECENT = 200  # decisions that the median wait is taken of
WEEK = timedelta(days=7)

SORTS: Mapping[Sort, str] = {
    Sort.URGENCY: "Likely genuine first",
    Sort.NEWEST: "Newest first",
    Sort.OLDEST: "Oldest first",
    Sort.SCORE: "Lowest score first",
}


def screen(chosen: Filters, user: User) -> dict[str, Any]:
    """All that the queue's page is drawn from."""
    mine = preferences.of(user)
    cut = bulk.cut()
    upto = live.newest()  # before the rows: what comes in between is said twice rather than never
    page = queue.page(chosen, mine.rows)
    return {
        "filters": chosen,
        "page": page,
        "mine": mine,
        "upto": upto,
        "cut": cut,
        "posts": queue.posts(chosen.post),
        "kinds": list(Kind),
        "checks": _checks(),
        "sorts": SORTS,
        "usual": replace(chosen, sort=None).order,
        "chips": list(_chips(chosen)),
        "capped": queue.COUNTED,
        "median_wait": None if page.rows or chosen.narrowed else median_wait(),
    }


def median_wait() -> timedelta | None:
    """How long what people decided in the last seven days had waited, of the latest RECENT decisions."""
    recent = (
        select(Decision.linkback_id, Decision.created_at, Decision.user_id, Decision.from_status)
        .order_by(Decision.id.desc())
        .limit(RECENT)
        .subquery()
    )
    rows = db.session.execute(
        select(recent.c.created_at, Linkback.received_at)
        .join(Linkback, Linkback.id == recent.c.linkback_id)
        .where(
            recent.c.user_id.is_not(None),
            recent.c.from_status == Status.PENDING,
            recent.c.created_at > now() - WEEK,
        )
    ).all()
    return median(row.created_at - row.received_at for row in rows) if rows else None


def _checks() -> list[tuple[str, list[tuple[str, str]]]]:
    """The checks to filter by, family by family."""
    names = [check.name for check in CHECKS]
    return [
        (title, [(name, sentence(name)) for name in names if name.partition(".")[0] == family])
        for family, (title, _) in FAMILIES.items()
    ]


def _chips(chosen: Filters) -> Iterator[tuple[str, dict[str, str]]]:
    """What narrows the list, in words, each with the parameters of the same list without it."""
    low, high = chosen.low or 0, 100 if chosen.high is None else chosen.high
    said = (
        ("campaign", bool(chosen.campaign), "One campaign"),
        ("site", bool(chosen.site), f"Site {chosen.site}"),
        ("kind", bool(chosen.kind), str(chosen.kind or "").capitalize()),
        ("check", bool(chosen.check), sentence(chosen.check)),
        ("score", (chosen.low, chosen.high) != (None, None), f"Score {low} to {high}"),
        ("since", bool(chosen.since), f"From {chosen.since}"),
        ("until", bool(chosen.until), f"Up to {chosen.until}"),
        ("post", bool(chosen.post), "One post"),
        ("q", bool(chosen.q), f"“{chosen.q}”"),
    )
    first = replace(chosen, before="", seen=0)
    for name, present, words in said:
        if present:
            names = ("low", "high") if name == "score" else (name,)
            yield words, {key: value for key, value in first.params().items() if key not in names}
