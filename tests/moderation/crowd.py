"""A crowd at the door: thousands of linkbacks that wait, written in bulk, every row as checking would have left it."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text, update

from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.linkbacks import Campaign, Decision, Linkback, StatusCount

CAMPAIGNS, IN_CAMPAIGN = 3, 0.3  # how many there are, and the share of the rows in them
_WORDS = [
    first + second + third
    for first in ("ba", "ce", "dor", "fen", "gal", "hum")
    for second in ("ist", "jor", "kel", "lum", "mer")
    for third in ("nod", "osk", "pra", "qui", "rus", "sel", "tam", "ulv")
]
_CHUNK = 1_000


def wait(app: Flask, number: int, *, seed: int = 7) -> list[int]:
    """So many linkbacks wait for a person, in an otherwise empty queue; their ids."""
    chance = random.Random(seed)
    with app.app_context():
        with writing():
            _insert(Linkback, (_linkback(chance, place) for place in range(number)))
            ids = list(db.session.scalars(select(Linkback.id).order_by(Linkback.id)))
            _insert(Decision, (_held(id) for id in ids))
            db.session.execute(
                update(StatusCount).where(StatusCount.status == "pending").values(number=number)
            )
            _lead()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return ids


def _linkback(chance: random.Random, place: int) -> dict[str, Any]:
    host = f"site{place % 3_000}.example"
    moment = now() - timedelta(minutes=5)
    campaign = chance.randint(1, CAMPAIGNS) if chance.random() < IN_CAMPAIGN else None
    return {
        "token": f"crowd-{place}",
        "kind": chance.choice(["pingback", "trackback", "webmention"]),
        "status": "pending",
        "version": 2,
        "post_id": 1 + place % 2,
        "source_url": f"https://{host}/{place}",
        "source_key": f"{host}/{place}",
        "source_host": host,
        "source_site": host,
        "target_url": "http://blog.example/posts/no-dig-beds",
        "title": f"Page {place} about {chance.choice(_WORDS)}",
        "before": "I learned it from ",
        "anchor": "this piece",
        "after": f" in the year {place}.",
        "score": chance.random(),
        "reason": "The link stands in the article.",
        "features": "\n".join(_features(chance)),
        "campaign_id": campaign,
        "folded": campaign is not None,
        "received_at": moment,
        "checked_at": moment,
        "decided_at": moment,
        "decided_by": "policy:hold",
    }


def _features(chance: random.Random) -> Sequence[str]:
    """About as many as a real page teaches, some met everywhere and most of them seldom."""
    words = {f"word: {_WORDS[int(len(_WORDS) * chance.random() ** 3)]}" for _ in range(50)}
    rare = {f"link: {chance.choice(_WORDS)}{chance.randrange(100)}" for _ in range(30)}
    return sorted(words | rare | {f"host ends: {chance.choice(_WORDS)}", "place: article", "language: en"})


def _held(linkback_id: int) -> dict[str, Any]:
    return {
        "linkback_id": linkback_id,
        "from_status": "received",
        "to_status": "pending",
        "rule": "hold",
        "reason": "No rule was sure.",
        "created_at": now() - timedelta(minutes=5),
    }


def _lead() -> None:
    for id in range(1, CAMPAIGNS + 1):
        members = db.session.scalars(select(Linkback).where(Linkback.campaign_id == id)).all()
        band = min(members, key=lambda row: (_band(row.score), row.id))
        band.folded = False
        campaign = Campaign(
            id=id, sort="wording", key=f"wording:1:{id}", waiting=len(members), lead_id=band.id
        )
        db.session.add(campaign)
    db.session.flush()


def _band(score: float | None) -> int:
    return 0 if score is not None and score < 0.4 else 2 if score is not None and score >= 0.75 else 1


def _insert(table: type[Model], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _CHUNK:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)
