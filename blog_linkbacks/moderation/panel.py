"""The evidence panel: why this score, what was seen, who sent it, this site here, and the history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from blog_linkbacks import urls
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback, Signal, site_rule
from blog_linkbacks.moderation import editing, words
from blog_linkbacks.moderation.decisions import standing_decision
from blog_linkbacks.moderation.log import TextEdit
from blog_linkbacks.moderation.words import counted
from blog_linkbacks.vocabulary import CheckState, Opinion, Sentence, Status

DECISIONS = 50
AROUND = 280  # characters before and after the sentence


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of “what was seen”; `url` where the text is an address that may be followed."""

    name: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One moment in a linkback's life; `undo` is the decision that can be taken back there."""

    at: datetime
    text: str
    reason: str = ""
    undo: int | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The sentence that links, with what stands around it on the page."""

    before: str
    sentence: Sentence
    after: str


@dataclass(frozen=True, slots=True)
class Texts:
    """What readers see of a linkback, beside the original; `mark` is what the form to edit it carries."""

    shown: Mapping[str, str]
    original: Mapping[str, str]
    limits: Mapping[str, int]
    allowed: bool
    mark: str
    last: TextEdit | None
    fields: Sequence[str] = editing.FIELDS


@dataclass(frozen=True, slots=True)
class Panel:
    linkback: Linkback
    speaking: Sequence[Opinion]
    silent: Sequence[Opinion]
    seen: Sequence[Fact]
    sender: Sequence[Fact]
    site_counts: Mapping[Status, int]
    rule: str
    first_seen: datetime | None
    history: Sequence[Event]
    context: Context | None
    texts: Texts


def panel(linkback_id: int) -> Panel:
    """All that is known of one linkback, in a fixed number of queries; LookupError where there is none."""
    linkback = db.session.get(
        Linkback, linkback_id, options=[undefer(Linkback.evidence)], populate_existing=True
    )
    if linkback is None:
        raise LookupError(linkback_id)
    opinions, edits = _opinions(linkback_id), editing.edits(linkback_id)
    return Panel(
        linkback,
        speaking=sorted((o for o in opinions if o.contribution), key=lambda o: -abs(o.contribution)),
        silent=[o for o in opinions if not o.contribution and o.state is not CheckState.OFF],
        seen=list(_seen(linkback.source_url, linkback.evidence or {})),
        sender=list(_sender(linkback)),
        site_counts=_site_counts(linkback),
        rule=site_rule(linkback.source_host),
        first_seen=_first_seen(linkback),
        history=_history(linkback, edits),
        context=_context(linkback.evidence or {}),
        texts=_texts(linkback, edits),
    )


def _opinions(linkback_id: int) -> list[Opinion]:
    statement = select(Signal).where(Signal.linkback_id == linkback_id).order_by(Signal.id)
    return [signal.opinion for signal in db.session.scalars(statement)]


def _seen(source_url: str, seen: Mapping[str, Any]) -> Iterator[Fact]:
    yield _address("Page", source_url)
    if not seen:
        return
    final = seen.get("final_url") or ""
    if final and final != source_url:
        yield _address("Led to", final)
    if seen.get("redirects"):
        yield Fact("Redirects", counted(len(seen["redirects"]), "step"))
    yield Fact("Found", _found(seen))
    answer = _answer(seen)
    if answer:
        yield Fact("Answer", answer)
    yield from (Fact(name, str(seen[key])) for name, key in _PLAIN if seen.get(key))
    yield from _link_facts(seen)


_PLAIN = (("Server", "address"), ("Title", "title"), ("Site", "site_name"), ("Author", "author"))


def _found(seen: Mapping[str, Any]) -> str:
    outcome = words.OUTCOMES.get(seen.get("outcome", ""), "")
    miss = words.NEAR_MISSES.get(seen.get("near_miss") or "", "")
    detail = seen.get("detail") or miss
    return f"{outcome}. {detail}" if detail else outcome


def _answer(seen: Mapping[str, Any]) -> str:
    if not seen.get("status"):
        return ""
    parts = [str(seen["status"]), _size(seen.get("size", 0)), f"{seen.get('seconds', 0.0):.1f} s"]
    media = seen.get("content_type", "").partition(";")[0].strip()
    return " · ".join([*parts, media] if media else parts)


def _size(number: int) -> str:
    return f"{number} bytes" if number < 1000 else f"{number / 1000:,.0f} kB"


def _link_facts(seen: Mapping[str, Any]) -> Iterator[Fact]:
    if seen.get("outcome") != "linked":
        return
    hidden = f" ({seen['hidden_by']})" if seen.get("hidden_by") else ""
    yield Fact("The link", words.PLACEMENTS.get(seen.get("placement", ""), "") + hidden)
    if seen.get("rel"):
        yield Fact("Marked as", ", ".join(seen["rel"]))
    links, sites = seen.get("outgoing_links", 0), seen.get("outgoing_sites", 0)
    yield Fact("Links out", f"{links:,}, to {counted(sites, 'site')}")
    if seen.get("page_words"):
        yield Fact("Length", counted(seen["page_words"], "word"))
    if seen.get("language"):
        yield Fact("Language", seen["language"])


def _address(name: str, url: str) -> Fact:
    return Fact(name, url, url if urls.is_web(url) else "")


def _sender(linkback: Linkback) -> Iterator[Fact]:
    said = (
        ("Its title", linkback.claimed_title, linkback.lifted_title),
        ("Its excerpt", linkback.claimed_excerpt, linkback.before + linkback.anchor + linkback.after),
        ("Its author", linkback.claimed_author, linkback.lifted_author),
    )
    for name, text in (
        ("From", linkback.sender_ip),
        ("Program", linkback.user_agent),
        ("Came by", linkback.referrer),
    ):
        if text:
            yield Fact(name, text)
    yield from (Fact(name, claim) for name, claim, found in said if claim and claim != found)


def _site_counts(linkback: Linkback) -> dict[Status, int]:
    rows = db.session.execute(
        select(Linkback.status, func.count())
        .where(Linkback.source_site == linkback.source_site)
        .group_by(Linkback.status)
    )
    found = {Status(status): number for status, number in rows}
    return {status: found[status] for status in Status if found.get(status)}


def _first_seen(linkback: Linkback) -> datetime | None:
    there = select(Linkback.received_at).where(Linkback.source_site == linkback.source_site)
    return db.session.scalar(there.order_by(Linkback.id).limit(1))


def _context(seen: Mapping[str, Any]) -> Context | None:
    """What stands around the sentence in the page's text that was kept; None where that says no more than it."""
    sentence = Sentence(**seen.get("sentence") or {})
    said, text = " ".join(sentence.text.split()), " ".join(str(seen.get("text", "")).split())
    at = text.find(said) if said else -1
    before, after = text[: max(at, 0)], text[at + len(said) :]
    if at < 0 or not (before or after):
        return None
    cut_before = before if len(before) <= AROUND else "…" + before[-AROUND:].partition(" ")[2]
    cut_after = after if len(after) <= AROUND else after[:AROUND].rpartition(" ")[0] + "…"
    return Context(cut_before, sentence, cut_after)


def _texts(linkback: Linkback, edits: Sequence[TextEdit]) -> Texts:
    return Texts(
        editing.shown(linkback),
        editing.original(linkback),
        editing.limits(linkback),
        editing.editable(linkback),
        editing.mark(linkback),
        next((one for one in edits if one.undone_at is None), None),
    )


def _history(linkback: Linkback, edits: Sequence[TextEdit]) -> list[Event]:
    decisions = db.session.scalars(
        select(Decision)
        .where(Decision.linkback_id == linkback.id)
        .order_by(Decision.id.desc())
        .limit(DECISIONS)
    ).all()
    standing = standing_decision(linkback.id)
    undoable = standing.id if standing is not None and _can_be_undone(standing, linkback) else None
    events = [Event(linkback.received_at, f"Received as {linkback.kind}")]
    if linkback.checked_at:
        events.append(Event(linkback.checked_at, "Checked"))
    events += [_event(decision, undoable) for decision in reversed(decisions)]
    events += [_edit(made) for made in edits]
    return sorted(events, key=lambda event: event.at)


def _can_be_undone(decision: Decision, linkback: Linkback) -> bool:
    nothing_to_undo = decision.from_status == Status.RECEIVED and decision.to_status == Status.PENDING
    return linkback.status == decision.to_status and not nothing_to_undo


def _edit(made: TextEdit) -> Event:
    what = f"{editing.named(made).capitalize()} edited" if made.after else "Original shown again"
    back = f"taken back by {made.undone_by.name}" if made.undone_by else ""
    return Event(made.created_at, f"{what} by {made.by}", back)


def _event(decision: Decision, undoable: int | None) -> Event:
    undo = decision.id if decision.id == undoable else None
    if decision.undoes_id:
        now = words.STATUSES[Status(decision.to_status)].tab.lower()
        return Event(decision.created_at, f"Taken back by {words.who(decision.by)}: {now} again")
    if decision.rule == "hold":
        return Event(decision.created_at, "Held for a person", decision.reason)
    past = words.STATUSES[Status(decision.to_status)].past
    return Event(decision.created_at, f"{past} by {words.who(decision.by)}", decision.reason, undo)
