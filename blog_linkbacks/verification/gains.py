"""Who earns by a page: its advertising, its buttons, its paid links. What they say is for others to judge."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from blog_linkbacks.verification.document import Document, Link
from blog_linkbacks.verification.sentences import plain

ADVERT, BUTTON, PAID, LURE = "advert", "button", "paid", "lure"
MAX_EACH, MAX_WORDS = 20, 80

_READ, _LINKS_READ = 500_000, 1_000
_NETWORKS = re.compile(
    r"adsbygoogle|googlesyndication|doubleclick\.net|taboola|outbrain|revcontent|mgid\.com|adnxs|criteo"
    r"|popads|propellerads|media\.net|amazon-adsystem|exoclick|adsterra|zergnet",
    re.IGNORECASE,
)
_SLOTS = re.compile(
    r"(?:class|id)=[\"']?(?:[\w-]{1,40} ){0,4}"
    r"((?:ads?|adsense|advert|advertisement|ad-\w{2,12}|ads-\w{2,12}|(?:google|banner|top|side|header|footer)-?ads?))"
    r"[ \"'>]",
    re.IGNORECASE,
)
_BUTTONS = "button, input[type=submit], a[class], a[role=button]"
_STYLED = re.compile(
    r"\b(?:btn|button|cta|buy|dl|download|reveal|order|deal|coupon)\b|button|btn", re.IGNORECASE
)
# Where a link is counted for somebody: a mark, a middle man on the way, or the name of who sent the reader.
_COUNTED = re.compile(
    r"[?&/](?:aff|affid|affiliate|aff_id|affiliate_id|clickid|subid|offer_id|promo|partner)[=/]|[?&]tag=[\w-]+-\d\d\b"
    r"|[?&](?:ref|c|a)=\d+\b|//[^/]+/(?:go|out|recommends?|refer|exit|jump|visit)/|//[^/]+/[a-z]{1,2}\?"
    r"|//(?:[^/]*\.)?(?:click|track|trk|aff|affiliate)s?\.|//(?:amzn\.to)/",
    re.IGNORECASE,
)


def gains(document: Document) -> tuple[tuple[str, str], ...]:
    """Pairs of a sort and its words or address, at most `MAX_EACH` of each sort, in the page's order."""
    found = (
        ((ADVERT, name) for name in _adverts(document.html[:_READ])),
        ((BUTTON, words) for words in _buttons(document)),
        (
            (PAID, link.url[:300])
            for link in document.links[:_LINKS_READ]
            if link.hyperlink and _is_paid(link)
        ),
        ((LURE, "magnet") for _ in range("magnet:?" in document.html)),
    )
    return tuple(chain.from_iterable(islice(dict.fromkeys(some), MAX_EACH) for some in found))


def _adverts(html: str) -> Iterator[str]:
    yield from (hit.group().lower() for hit in _NETWORKS.finditer(html))
    yield from (hit.group(1).lower() for hit in _SLOTS.finditer(html))


def _buttons(document: Document) -> Iterator[str]:
    for node in document.parser.css(_BUTTONS)[:_LINKS_READ]:
        attributes = node.attributes
        if node.tag == "a" and not ("role" in attributes or _STYLED.search(attributes.get("class") or "")):
            continue
        words = plain((node.text() or attributes.get("value") or "")[: MAX_WORDS * 5])
        if words:
            yield words[:MAX_WORDS]


def _is_paid(link: Link) -> bool:
    return "sponsored" in link.rel or bool(_COUNTED.search(link.url))
