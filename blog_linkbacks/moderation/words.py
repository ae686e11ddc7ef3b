"""What the queue says: statuses, rules and outcomes in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import idna

from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.bulk import said
from blog_linkbacks.moderation.ruled import LOOKED_INTO, Forecast
from blog_linkbacks.moderation.rules import Applied
from blog_linkbacks.policy import BLOCK, TRUST
from blog_linkbacks.vocabulary import NearMiss, Outcome, Placement, Status

SOURCE = 60  # characters


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status as a tab, as a badge, as a past tense before “by”, and what an empty list of it says."""

    tab: str
    past: str
    tone: str
    empty: str
    hint: str


STATUSES: Mapping[Status, StatusWords] = {
    Status.PENDING: StatusWords(
        "Waiting",
        "Moved back to waiting",
        "",
        "Nothing waits.",
        "New linkbacks that need a person appear here.",
    ),
    Status.APPROVED: StatusWords(
        "Approved",
        "Approved",
        "is-good",
        "Nothing approved yet.",
        "What you approve is shown under its post.",
    ),
    Status.SPAM: StatusWords(
        "Spam",
        "Marked as spam",
        "is-bad",
        "No spam.",
        "What is marked as spam is kept here, and remembered.",
    ),
    Status.REJECTED: StatusWords(
        "Rejected",
        "Rejected",
        "",
        "Nothing rejected.",
        "What you turn away without calling it spam appears here.",
    ),
    Status.UNVERIFIED: StatusWords(
        "Unverified",
        "Left unverified",
        "is-warn",
        "Nothing unverified.",
        "Pages that could not be read, or that do not link here, appear here.",
    ),
    Status.GONE: StatusWords(
        "Gone",
        "Found gone",
        "is-warn",
        "Nothing gone.",
        "Approved linkbacks whose page has since dropped the link appear here.",
    ),
    Status.RECEIVED: StatusWords(
        "Just in",
        "Received",
        "",
        "Nothing to check.",
        "Linkbacks that have not been checked yet appear here.",
    ),
}

RULES = {
    "internal": "one of your own posts",
    "blocked": "blocked site",
    "trusted": "trusted site",
    "clear_spam": "clear spam",
    "clear_ham": "known good site",
    "hold": "held for a person",
    "unverified": "not verified",
    "link_gone": "link gone",
    "returned": "link is back",
    "remembered": "marked as spam before",
}

OUTCOMES: Mapping[str, str] = {
    Outcome.LINKED: "Links here",
    Outcome.NO_LINK: "No link to the post",
    Outcome.NOT_FOUND: "Page not found",
    Outcome.GONE: "Page taken down",
    Outcome.NOT_TEXT: "Not a text document",
    Outcome.FORBIDDEN: "Address may not be fetched",
    Outcome.REDIRECT_LOOP: "Redirects without end",
    Outcome.CLIENT_ERROR: "Page refused to answer",
    Outcome.SERVER_ERROR: "Its server failed",
    Outcome.TIMEOUT: "Took too long",
    Outcome.UNREACHABLE: "Could not be reached",
    Outcome.DNS_FAILURE: "Host name unknown",
}

PLACEMENTS: Mapping[str, str] = {
    Placement.ARTICLE: "In the article",
    Placement.PAGE: "On the page",
    Placement.COMMENT: "In a comment",
    Placement.SIDEBAR: "In a sidebar",
    Placement.NAVIGATION: "In the navigation",
    Placement.FOOTER: "In the footer",
    Placement.HIDDEN: "Hidden from readers",
}

NEAR_MISSES: Mapping[str, str] = {
    NearMiss.TEXT_ONLY: "The address stands there as plain text, not as a link.",
    NearMiss.IN_COMMENT: "The link stands only inside an HTML comment.",
    NearMiss.IN_SCRIPT: "The address stands only in a script, a form or an attribute.",
    NearMiss.OTHER_POST: "The page links to this blog, but not to this post.",
    NearMiss.SITE_ONLY: "The page links to this site, but to no post.",
    NearMiss.WALL: "A consent or sign-in wall stood before the page.",
    NearMiss.REDIRECTED: "The address leads to another page.",
    NearMiss.TRUNCATED: "The page is longer than what is read of it.",
    NearMiss.NOTHING: "Nothing on the page points here.",
}


def who(by: str | None) -> str:
    """A decider in words: a person's name, or the rule by its plain name."""
    if not by:
        return ""
    if not by.startswith("policy:"):
        return by
    rule = by.removeprefix("policy:")
    return f"rule “{RULES.get(rule, rule.replace('_', ' '))}”"


def standing(linkback: Linkback) -> str:
    """How a linkback came to its status, such as “Approved by Ana”; the past tense alone where nobody did."""
    if linkback.decided_by == "policy:hold":
        return "Held for a person"
    past = STATUSES[Status(linkback.status)].past
    return f"{past} by {who(linkback.decided_by)}" if linkback.decided_by else past


def source(linkback: Linkback) -> str:
    """The linking page's address, short enough for a row: without its scheme, cut where it is long."""
    address = linkback.source_url.partition("://")[2].rstrip("/")
    return address if len(address) <= SOURCE else address[: SOURCE - 1] + "…"


def remembered(linkback: Linkback) -> str:
    """That a source was met again, such as “Remembered, tried again 3 times.”; empty where it was not."""
    if not linkback.repeats:
        return ""
    times = counted(linkback.repeats, "time")
    decided = linkback.status in (Status.REJECTED, Status.SPAM)
    return f"Remembered, tried again {times}." if decided else f"Sent again {times}."


def counted(number: int, one: str, many: str = "") -> str:
    """`1 linkback`, `2,041 linkbacks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def reported(done: str, report: Report) -> str:
    """What came of a batch, such as “Approved 11. 1 left alone: changed meanwhile.”"""
    return said(done, len(report.done), len(report.left), report.since)


def ruled(applied: Applied) -> str:
    """What a rule for a site did, such as “gardenlog.example is trusted. Approved 3 that waited.”"""
    sentence = f"{readable(applied.host)} is {rule_state(applied.action, applied.until)}."
    if applied.job is not None:
        return f"{sentence} What waits is decided in the background."
    number, left = len(applied.report.done), len(applied.report.left)
    if number:
        done = "Approved" if applied.action == TRUST else "Marked as spam"
        sentence += f" {done} {number:,} that waited."
    if left:
        sentence += f" {left:,} not seen to link here: looked at again."
    return sentence


def would(action: str, met: Forecast) -> str:
    """What a rule would do with what waits, such as “Would approve 3, of which 2 verify.”"""
    if not met.waiting:
        return "Nothing waits from there."
    if action == BLOCK:
        return f"Would mark {met.waiting:,} as spam."
    if not met.unverified:
        return f"Would approve {met.waiting:,}: {'it verifies' if met.waiting == 1 else 'all verify'}."
    more = " of the oldest" if met.waiting > LOOKED_INTO else ""
    rest = "the rest is looked at again, and published only if it links here"
    verify = "verifies" if met.verified == 1 else "verify"
    return f"Would approve {met.waiting:,}, of which{more} {met.verified:,} {verify}; {rest}."


def rule_state(action: str, until: datetime | None = None) -> str:
    """A rule in words: “trusted”, “blocked until 31 March 2027”, “without a rule”."""
    state = {TRUST: "trusted", BLOCK: "blocked"}.get(action, "without a rule")
    return f"{state} until {last_day(until)}" if until else state


def last_day(until: datetime) -> str:
    """The last day on which a rule holds."""
    return (until - timedelta(microseconds=1)).strftime("%-d %B %Y")


def readable(host: str) -> str:
    """A host as people read it: an internationalised name in its own letters, where it is a valid one."""
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def as_kept(q: str) -> str:
    """What is typed to find a site, as host names are kept: an internationalised name in ASCII."""
    if q.isascii():
        return q.lower()
    try:
        return idna.encode(q, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return q.lower()
