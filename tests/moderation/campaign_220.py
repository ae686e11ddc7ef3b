"""A flood and one honest linkback over real HTTP; `python -m tests.moderation.campaign_220` says what becomes of it.

220 pages of one host ping with the same words but for the figures; one page elsewhere links to the post as people do.
"""

import re
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks.accounts import sessions
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Campaign, Linkback
from tests.conftest import Live, running
from tests.moderation.world import page, send
from tests.support.senders import discover, pingback, trackback
from tests.support.web import Web

FLOOD = 220
ENVIRON = {"LINKBACKS_FETCH_ALLOW": "127.0.0.0/8", "LINKBACKS_RATE_LIMIT": ""}

Row = tuple[str, int | None, bool]


@dataclass(frozen=True)
class Seen:
    """What was measured: times in seconds; rows as (status, campaign, folded) by id."""

    rows_shown: int
    headings: tuple[str, ...]
    decided: float
    decisions: int
    before: dict[int, Row]
    between: dict[int, Row]
    after: dict[int, Row]
    undone: float
    counts: tuple[int, int]


def flood(blog: Live, web: Web, number: int = FLOOD) -> None:
    """Have the pages ping, four at a time, and the honest one after them."""
    post = f"{blog.url}/posts/no-dig-beds"
    found = discover(post)

    def ping(at: int) -> None:
        source = web.route(f"/{at}", spam_page(post, at))
        error, message = trackback(
            found.trackback, url=source, title="Raised beds", excerpt=words(at), blog_name="Raised beds"
        )
        assert error == 0, message

    with ThreadPoolExecutor(4) as senders:
        list(senders.map(ping, range(1, number + 1)))
    with Web(address="127.0.0.3") as elsewhere:
        assert isinstance(pingback(found.pingback, elsewhere.route("/soil", page(post)), post), str)


def spam_page(post: str, at: int) -> str:
    """A page of some words of its own, as doubtful as that: neither clear spam nor clear of it."""
    return (
        f"<!doctype html><html lang=en><title>Raised beds {at}</title><body><article><p>{words(at)}</p>"
        "<p>We measured our own beds last spring, and what we say of boards and soil follows "
        f'<a href="{post}">garden tools</a> in most of it.</p></article>'
    )


def words(at: int) -> str:
    return f"Everything on raised beds in one place: {at * 977} tips for a bigger harvest, picked and sorted by season."


def moderate(blog: Live) -> Seen:
    """Look at the queue, press “Spam all”, take it back; what each step came to."""
    client = ana(blog.app)
    shown = client.get("/admin/linkbacks").text
    before = rows(blog.app)
    form = campaign_form(shown)
    started = time.perf_counter()
    answer = send(client, form.pop("action_url"), htmx=True, action="spam", **form)
    decided = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    between = rows(blog.app)
    undo = re.search(r'action="(/admin/batches/\w+/undo)"', answer.text)
    assert undo is not None
    started = time.perf_counter()
    back = send(client, undo.group(1), htmx=True, row=form["row"])
    undone = time.perf_counter() - started
    assert back.status_code == 200, back.text
    return Seen(
        rows_shown=len(re.findall(r'<li class="row', shown)),
        headings=headings(shown),
        decided=decided,
        decisions=sum(before[at][0] != between[at][0] for at in before),
        before=before,
        between=between,
        after=rows(blog.app),
        undone=undone,
        counts=waiting(blog.app),
    )


def headings(html: str) -> tuple[str, ...]:
    return tuple(re.findall(r'<h2 class="row-who">.*?<bdi>(.*?)</bdi>', html))


def campaign_form(html: str) -> dict[str, Any]:
    """The fields of the first campaign's form, and where it goes."""
    form = re.search(
        r'<form class="row-actions" method="post" action="(/admin/campaigns/[^"]+)".*?</form>', html, re.S
    )
    assert form is not None
    fields = dict(re.findall(r'name="(as_of|count|row)" value="([^"]*)"', form.group()))
    return {"action_url": form.group(1), **fields}


def rows(app: Flask) -> dict[int, Row]:
    with app.app_context():
        columns = select(Linkback.id, Linkback.status, Linkback.campaign_id, Linkback.folded)
        return {
            at: (status, campaign, folded) for at, status, campaign, folded in db.session.execute(columns)
        }


def waiting(app: Flask) -> tuple[int, int]:
    """What the campaigns say waits of them, and what does."""
    with app.app_context():
        said = sum(db.session.scalars(select(Campaign.waiting)))
    there = sum(1 for status, campaign, _ in rows(app).values() if status == "pending" and campaign)
    return said, there


def ana(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        user = find_user("ana")
        assert user is not None
        key = sessions.begin(user.id)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    return client


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Web(address="127.0.0.2") as web,
        running(ENVIRON, Path(folder), worker=False) as blog,
    ):
        started = time.perf_counter()
        flood(blog, web)
        spent = time.perf_counter() - started
        print(f"{FLOOD} + 1 arrivals over HTTP, each page fetched and scored: {spent:.1f} s")
        print("by status:", dict(Counter(status for status, _, _ in rows(blog.app).values())))
        seen = moderate(blog)
    print(f"rows in the queue: {seen.rows_shown}: {', '.join(seen.headings)}")
    print(f"one key press decided {seen.decisions} in {seen.decided:.2f} s")
    print(
        f"undo in {seen.undone:.2f} s; statuses, campaigns and folding as before: {seen.after == seen.before}"
    )
    print(f"the campaigns say {seen.counts[0]} wait, {seen.counts[1]} do")


if __name__ == "__main__":
    main()
