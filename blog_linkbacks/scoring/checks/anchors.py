"""The other links in a page's text: the words that a customer of links would have ordered."""

import re

from blog_linkbacks.scoring.checks.prose import SMALL_WORDS
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.trades import trades_of
from blog_linkbacks.scoring.words import words
from blog_linkbacks.urls import host
from blog_linkbacks.vocabulary import Response, Subject

_FEWEST, _MOST = 2, 6
_A_NAME = 4  # letters
_DEEP = re.compile(r"https?://[^/]+/[^/?#]+/[^/?#]+|\d{3}|[?=]")
_BEST = re.compile(
    r"(?:the )?(?:best|top|cheap(?:est)?|affordable|buy(?! me )|order|hire)\b \w", re.IGNORECASE
)
# A trade in a town: “movers in Leeds”. Nobody's sentence links such words to the front of a site.
_LOCAL = re.compile(r"[a-z]+s (?:[a-z]+ )?(?:in|near) [A-Z]\w+")
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
    ordered = {
        anchor for anchor, address in seen.text_links if _plainly(anchor) and _ordered(anchor, address)
    }
    tracked = {anchor for anchor, address in seen.text_links if _TRACKED.search(address)}
    if ordered:
        some = ", ".join(f"“{anchor[:40]}”" for anchor in sorted(ordered)[:3])
        sold = sum(bool(trades_of(anchor)) for anchor in ordered)
        return says(
            0.15 + 0.1 * len(ordered) + 0.3 * min(sold, 2),
            f"Links in its text say what people search for: {some}.",
        )
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
    if _BEST.match(anchor) or _LOCAL.fullmatch(anchor):
        return True
    # Capitals are those of a title or of German nouns, but for what trades that live on spam sell.
    named = not said[0][:1].islower() and not trades_of(anchor)
    if named or any(word in small for word in plain for small in SMALL_WORDS):
        return False
    squashed, name = "".join(plain), host(address).removeprefix("www.").rpartition(".")[0].replace("-", "")
    own = name.rpartition(".")[2]
    return squashed not in name and (len(own) < _A_NAME or own not in squashed)


def _plainly(anchor: str) -> bool:
    """Whether the words name a trade: any two words of a sentence may lead to somebody's front page."""
    return bool(_LOCAL.fullmatch(anchor) or _BEST.match(anchor) or trades_of(anchor))


CHECKS = (Check("source.money_links", "source", 2.8, money_links),)
