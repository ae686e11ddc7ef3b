"""What it costs to join a campaign: `python -m tests.scale.bench_campaigns [rows]`, 100,000 waiting rows if not said.

Half of the rows are one campaign, the rest wait alone, each with its prints; a fifth of those are of one site.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import insert

from blog_linkbacks import create_app
from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Campaign, Linkback
from blog_linkbacks.moderation import campaigns, wording
from blog_linkbacks.moderation.prints import Print
from tests.conftest import BASE, publish

ARRIVALS = 300
FLOOD = "Everything on raised beds in one place: {} tips for a bigger harvest, picked and sorted by season"
WORDS = [f"{a}{b}" for a in ("soil", "worm", "leaf", "root", "seed", "rain") for b in "abcdefghijklmnop"]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"LINKBACKS_BASE_URL": BASE}, Path(folder))
        publish(app, "No-dig beds", "Words.")
        with app.app_context():
            fill(number)
            for said, text, site in (
                ("one of a campaign of thousands", FLOOD, "flood{}.example"),
                ("one that stands alone", "", "one{}.example"),
                ("one of a site that floods", "", "many.example"),
            ):
                measure(said, text, site)


def fill(number: int) -> None:
    chance = random.Random(7)
    with writing() as session:
        session.add(Campaign(sort="wording", key="wording:1:1", waiting=number // 2, lead_id=1))
        session.flush()
        for start in range(0, number, 5000):
            rows = [row(at, at % 2 == 0, chance) for at in range(start, min(number, start + 5000))]
            session.execute(insert(Linkback), rows)
            session.execute(insert(Print), list(prints(rows)))


def row(at: int, member: bool, chance: random.Random) -> dict[str, Any]:
    text = FLOOD.format(at) if member else " ".join(chance.choices(WORDS, k=20))
    site = f"s{at}.example" if member or at % 10 != 1 else "many.example"
    return {
        "id": at + 1,
        "token": f"t{at}",
        "kind": "pingback",
        "status": "pending",
        "post_id": 1,
        "source_url": f"http://{site}/{at}",
        "source_key": f"{site}/{at}",
        "source_host": site,
        "source_site": site,
        "target_url": BASE,
        "before": text,
        "score": chance.choice((0.1, 0.5, 0.9)) if not member else 0.8,
        "campaign_id": 1 if member else None,
        "folded": member and at > 0,
        "received_at": now(),
    }


def prints(rows: list[dict[str, Any]]) -> Iterator[dict[str, int]]:
    for one in rows:
        if one["campaign_id"] is None or one["id"] < 30:
            for value in wording.prints(wording.shingles(one["before"])):
                yield {"value": value, "linkback_id": one["id"]}


def measure(said: str, text: str, site: str) -> None:
    chance, spent = random.Random(said), []
    for at in range(ARRIVALS):
        with writing() as session:
            values = row(10**7 + chance.randrange(10**8), False, chance)
            where = site.format(at)
            values |= {"source_site": where, "score": 0.8, "before": text.format(at) or values["before"]}
            session.add(linkback := Linkback(**values))
            session.flush()
            _ = linkback.post.title
            started = time.perf_counter()
            campaigns.join(session, linkback)
            session.flush()
            spent.append((time.perf_counter() - started) * 1000)
    print(f"{said}: median {median(spent):.2f} ms, 95 of 100 within {quantiles(spent, n=20)[-1]:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
