"""The other links in a page's text: the words that a customer of links would have ordered."""

import re

from blog_linkbacks.scoring.checks.prose import SMALL_WORDS
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.words import words
from blog_linkbacks.urls import host
from blog_linkbacks.vocabulary import Response, Subject

_FEWEST, _MOST = 2, 6
_A_NAME, _A_SENTENCE = 4, 10
_DEEP = re.compile(r"https?://[^/]+/[^/?#]+/[^/?#]+|\d{3}|[?=]")
_BEST = re.compile(r"(?:the )?(?:best|top|cheap(?:est)?|affordable|buy|order|hire)\b \w", re.IGNORECASE)
_TRACKED = re.compile(
    r"(?:[?&/](?:aff|affid|affiliate|ref|tag|utm_source|clickid|aff_id|partner|subid|promo)(?:[=/]))"
    r"|//(?:[^/]*\.)?(?:click|track|trk|go|aff|affiliate)s?\.|//(?:amzn\.to|bit\.ly|cutt\.ly|shorturl)",
    re.IGNORECASE,
)


def money_links(subject: Subject) -> View:
    """People link to a text by its title, or by words of their sentence; who pays for links has them say what is
    searched for, and lead to the front of a site."""
    seen = subject.evidence
    if seen.response is Response.REPOST or not seen.text_links:
        return abstains("No other link in the page's text.")
    ordered = {anchor for anchor, address in seen.text_links if _ordered(anchor, address)}
    if seen.response is Response.MENTION:
        ordered = {anchor for anchor in ordered if _within(anchor, seen.text)}
    tracked = {anchor for anchor, address in seen.text_links if _TRACKED.search(address)}
    if ordered:
        some = ", ".join(f"“{anchor[:40]}”" for anchor in sorted(ordered)[:3])
        return says(0.15 + 0.1 * len(ordered), f"Links in its text say what people search for: {some}.")
    if len(tracked) >= 2:
        return says(
            0.1 + 0.05 * len(tracked),
            f"{counted(len(tracked), 'link')} in its text are counted for somebody.",
        )
    return abstains("The other links in the page's text read as a writer's own.")


def _ordered(anchor: str, address: str) -> bool:
    said = anchor.split()
    if not _FEWEST <= len(said) <= _MOST or _DEEP.search(address):
        return False
    plain = words(anchor)
    if _BEST.match(anchor):
        return True
    if any(word in small for word in plain for small in SMALL_WORDS) or not said[0][:1].islower():
        return False
    squashed, name = "".join(plain), host(address).removeprefix("www.").rpartition(".")[0].replace("-", "")
    own = name.rpartition(".")[2]
    return squashed not in name and (len(own) < _A_NAME or own not in squashed)


def _within(anchor: str, text: str) -> bool:
    """Whether the words stand in a sentence, not at the head of a line of a list."""
    lines = [line for line in text.split("\n") if anchor in line]
    return any(not line.startswith(anchor) and len(line.split()) >= _A_SENTENCE for line in lines)


CHECKS = (Check("source.money_links", "source", 2.8, money_links),)
