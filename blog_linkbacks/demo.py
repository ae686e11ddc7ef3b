"""`flask demo`: an empty database becomes a blog with a lively queue.

The functions that real linkbacks go through take in, score and decide. What verification would have seen is
made up: nothing is fetched and nothing is sent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blog_linkbacks import demo_pictures, facts, intake, leases, pipeline
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import pictures, posts
from blog_linkbacks.blog.lookup import at_root, by_slug, post_url
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.settings import preferences
from blog_linkbacks.settle import settle
from blog_linkbacks.verification.sentences import amount_of
from blog_linkbacks.vocabulary import (
    Claim,
    Evidence,
    Kind,
    NearMiss,
    Outcome,
    Placement,
    Receipt,
    Response,
    Sentence,
)

_DATA = Path(__file__).parent / "demo_data"
_POSTS = {
    "compost-basics": 190,
    "tool-care": 160,
    "leaf-mould": 130,
    "the-spade-i-kept": 96,
    "no-dig-beds": 61,
    "saving-tomato-seed": 40,
    "notes-on-clay": 23,
    "watering-in-a-dry-may": 11,
}
_COVERS = {
    "no-dig-beds": (demo_pictures.beds, "Beds of young lettuce that run towards the hills"),
    "watering-in-a-dry-may": (demo_pictures.can, "A watering can over a row of seedlings at dusk"),
}
_JAR = "A jar on a windowsill: sand at the bottom, silt, clay, and cloudy water above"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_GONE = Evidence(Outcome.NO_LINK, "The page no longer links to this post.", NearMiss.NOTHING, status=200)


class NotEmptyError(Exception):
    """There is something in the database already; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One made-up linkback: what is claimed, what is seen at its source, when, and what a person did then."""

    claim: Claim
    seen: Evidence
    at: datetime
    then: tuple[str, ...]


def check_empty() -> None:
    """NotEmptyError where there is any post or linkback."""
    for row in (Post.id, Linkback.id):
        if db.session.scalar(select(row).limit(1)) is not None:
            raise NotEmptyError("The database is not empty: the demo fills only an empty one.")


def fill(user: User | None) -> tuple[int, int]:
    """Fill an empty database; how many posts and linkbacks were made. A person's decisions are `user`'s."""
    check_empty()
    _name_the_blog()
    by = By(user) if user else By(rule="demo")
    for slug, days in _POSTS.items():
        _publish(slug, now() - timedelta(days=days), user)
    _backdate_own_links()
    arrivals = [arrival for entry in _entries() for arrival in _arrivals(entry)]
    for arrival in arrivals:
        _arrive(arrival, by)
    return len(_POSTS), len(arrivals)


def _name_the_blog() -> None:
    if preferences.site() == preferences.Site():
        preferences.save(
            name="The Long Border", tagline="Soil, tools and a few vegetables.", author="Wren Halloran"
        )


def _publish(slug: str, at: datetime, user: User | None) -> None:
    text = (_DATA / "posts" / f"{slug}.md").read_text(encoding="utf-8")
    owner = user.id if user else None
    if "{jar}" in text:
        jar = pictures.add(demo_pictures.jar(), "jar.jpg", owner)
        pictures.describe(jar.id, _JAR)
        text = text.replace("{jar}", pictures.in_markdown(jar, _JAR))
    draft = replace(posts.parse_file(at_root(text), slug), slug=slug, published_at=at)
    posts.save(_with_cover(draft, slug, owner), publish=True, author_id=owner)


def _with_cover(draft: posts.Draft, slug: str, owner: int | None) -> posts.Draft:
    if slug not in _COVERS:
        return draft
    draw, alt = _COVERS[slug]
    cover = pictures.add(draw(), f"{slug}.jpg", owner)
    pictures.describe(cover.id, alt)
    return replace(draft, cover=cover.file, cover_alt=alt)


def _backdate_own_links() -> None:
    """A link between two posts is as old as the younger of them."""
    for linkback in db.session.scalars(select(Linkback)).all():
        ends = (linkback.post, linkback.source_post)
        _backdate(linkback.id, max(post.published_at for post in ends if post and post.published_at))


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((_DATA / "linkbacks.yaml").read_text(encoding="utf-8"))
    return entries


def _arrivals(entry: dict[str, Any]) -> Iterator[Arrival]:
    sources = entry["from"] if isinstance(entry["from"], list) else [entry["from"]]
    then = entry.get("then", [])
    post = by_slug(entry["to"])
    assert post is not None
    for number, source in enumerate(sources):
        at = now() - _age(entry["age"]) + timedelta(seconds=40 * number)
        steps = tuple([then] if isinstance(then, str) else then)
        yield Arrival(_claim(entry, source, post), _evidence(entry, source, post), at, steps)


def _age(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def _claim(entry: dict[str, Any], source: str, post: Post) -> Claim:
    said = entry.get("claim", {})
    address = entry.get("ip", f"192.0.2.{sum(source.encode()) % 250 + 1}")
    return Claim(Kind(entry["kind"]), source, post_url(post), sender_ip=address, **said)


def _evidence(entry: dict[str, Any], source: str, post: Post) -> Evidence:
    outcome = Outcome(entry.get("outcome", "linked"))
    if outcome is not Outcome.LINKED:
        near_miss = NearMiss(entry["near_miss"]) if "near_miss" in entry else None
        return Evidence(outcome, entry["detail"], near_miss, source, title=entry.get("title", ""))
    sentence = _sentence(entry["say"])
    text = " ".join(
        (entry["title"], sentence.text, post.text if entry.get("copy") else "", entry.get("more", ""))
    )
    return Evidence(
        outcome,
        "The page links to this post.",
        final_url=source,
        status=200,
        address=f"192.0.2.{sum(source.encode()) % 250 + 1}",
        content_type="text/html",
        size=9_000 + 37 * len(text),
        seconds=0.2 + len(text) % 9 / 10,
        title=entry["title"],
        site_name=entry["site"],
        author=entry.get("author", ""),
        language=entry.get("language", "en"),
        excerpt=sentence.text,
        response=Response(entry.get("response", "mention")),
        sentence=sentence,
        placement=Placement(entry.get("place", "article")),
        rel=tuple(entry.get("rel", ())),
        anchor=sentence.link,
        block_words=amount_of(sentence.text),
        page_words=amount_of(text),
        prose_words=amount_of(text),
        outgoing_links=entry["links"],
        outgoing_sites=entry["sites"],
        anchors=(sentence.link,),
        text=text,
    )


def _sentence(text: str) -> Sentence:
    before, link, after = re.split(r"[\[\]]", text)
    return Sentence(before, link, after)


def _arrive(arrival: Arrival, by: By) -> None:
    """Take the claim in and settle it; leased in the same transaction, so that no worker gets it in hand."""
    with writing():
        receipt = intake.receive(arrival.claim)
        assert isinstance(receipt, Receipt)
        lease = leases.claim(Linkback, receipt.linkback_id, early=True)
    _settle(receipt.linkback_id, lease, arrival.seen)
    for step in arrival.then:
        _act(receipt.linkback_id, step, by)
    _backdate(receipt.linkback_id, arrival.at)


def _settle(linkback_id: int, lease: str | None, seen: Evidence) -> None:
    assert lease is not None
    job = facts.job(linkback_id)
    subject = facts.subject(job, seen)
    settle(job, lease, subject, *pipeline.weigh(job, subject))


def _act(linkback_id: int, step: str, by: By) -> None:
    if step == "gone":
        _lose_the_link(linkback_id)
        return
    with writing() as session:
        linkback = session.get_one(Linkback, linkback_id)
        if linkback.status != ACTIONS[step].to:
            decision = record(session, linkback, ACTIONS[step].to, by)
            decisions.follow(session, {linkback.id: decisions.stance(decision)})


def _lose_the_link(linkback_id: int) -> None:
    with writing() as session:
        session.get_one(Linkback, linkback_id).due_at = now()
        session.flush()
        lease = leases.claim(Linkback, linkback_id)
    _settle(linkback_id, lease, _GONE)


def _backdate(linkback_id: int, at: datetime) -> None:
    """Spread the times: checked seconds after it came, decided within the hour."""
    with writing() as session:
        linkback = session.get_one(Linkback, linkback_id)
        linkback.received_at = at
        linkback.checked_at = at + timedelta(seconds=2)
        decided = _backdate_decisions(session, linkback_id, at)
        linkback.decided_at = decided if linkback.decided_at else None


def _backdate_decisions(session: Session, linkback_id: int, at: datetime) -> datetime:
    found = session.scalars(
        select(Decision.id).where(Decision.linkback_id == linkback_id).order_by(Decision.id)
    ).all()
    moment = at + timedelta(seconds=2)
    for decision_id in found:
        session.execute(update(Decision).where(Decision.id == decision_id).values(created_at=moment))
        last, moment = moment, min(moment + timedelta(minutes=47), now())
    return last if found else at
