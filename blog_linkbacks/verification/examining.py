"""A document at hand: does it link to the post, and what is to be known about the link?"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from blog_linkbacks import urls
from blog_linkbacks.verification.document import Document, Link, read
from blog_linkbacks.verification.encodings import decode
from blog_linkbacks.verification.gains import gains
from blog_linkbacks.verification.lifting import MAX_EXCERPT, lift
from blog_linkbacks.verification.markup import html_of_xml
from blog_linkbacks.verification.misses import diagnose, sentence_of
from blog_linkbacks.verification.narrowing import MAX_COUNTED, Narrowed
from blog_linkbacks.verification.places import Styles, placement_of
from blog_linkbacks.verification.sentences import amount_of, plain, sentence_at, shortened
from blog_linkbacks.verification.texts import json_names, place_in_text
from blog_linkbacks.vocabulary import Evidence, Kind, NearMiss, Outcome, Placement, Sentence, Target

MAX_TEXT = 20_000
MAX_ANCHORS = 200
MAX_CANDIDATES = 50
MAX_TEXT_LINKS = 40

_TAG = re.compile(r"<\s*(?:!doctype|html|head|body|a|p|div|article|h[1-6])\b", re.IGNORECASE)
_PLACES = list(Placement)
_IN_TEXT = (Placement.ARTICLE, Placement.PAGE)
_LINKS_TRIED = 300
# How blog software heads its readers' comments, whatever it calls the elements.
_COMMENTS_BELOW = re.compile(
    r"^ *(?:\d+|one|no|ein|une?|un) (?:thoughts?|responses?|comments?|replies|reply|kommentare?|antworten|"
    r"réponses?|commentaires?|comentarios?|respuestas?) (?:on|to|zu|auf|à|sur|en|a)\b.{0,200}$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class FoundLink:
    """One hyperlink of a document, resolved, with what stands around it."""

    url: str
    text: str
    sentence: Sentence
    rel: tuple[str, ...]
    placement: Placement


@dataclass(frozen=True, slots=True)
class _Sight:
    """One link to the post, as a reader of the page meets it."""

    link: Link
    placement: Placement
    hidden_by: str


def examine(body: bytes | str, url: str, content_type: str, claim_kind: Kind, target: Target) -> Evidence:
    """Evidence from a document at hand, without the network; `url` is where it stands. Never raises."""
    data = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    text = body if isinstance(body, str) else decode(body, content_type)
    seen = _look(text, url, _family(content_type, text, data), claim_kind, target)
    digest = hashlib.sha256(data).hexdigest()
    return replace(seen, final_url=url, content_type=content_type[:200], size=len(data), content_hash=digest)


def find_links(html: str, url: str) -> list[FoundLink]:
    """The hyperlinks of a document at `url`, in its order."""
    document = read(html, url)
    return [
        FoundLink(
            link.url,
            _anchor(document, link),
            sentence_at(document.flat, link.start, link.end),
            link.rel,
            placement_of(link.node) if link.node is not None else Placement.PAGE,
        )
        for link in document.links
        if link.hyperlink
    ]


def _family(content_type: str, text: str, data: bytes) -> str:
    media = content_type.partition(";")[0].strip().lower()
    if media.endswith("xml"):
        return "xml"
    if "html" in media:
        return "html"
    if media.endswith("json"):
        return "json"
    if media:
        return "plain" if media.startswith("text/") else ""
    return _sniffed(text, data)


def _sniffed(text: str, data: bytes) -> str:
    start = text[:2000].lstrip("\ufeff \t\r\n")
    if b"\0" in data[:2000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    if _TAG.search(text[:20_000]):
        return "html"
    return "json" if start.startswith(("{", "[")) else "plain"


def _look(text: str, url: str, family: str, kind: Kind, target: Target) -> Evidence:
    keys = frozenset(urls.post_key(address) for address in target.urls)
    if not family:
        return Evidence(Outcome.NOT_TEXT, "The page is not a text document.", NearMiss.NOTHING)
    if family in ("html", "xml"):
        html = html_of_xml(text) if family == "xml" else text
        return _look_at_markup(read(html, url), kind, target, keys)
    if kind is not Kind.WEBMENTION:
        return _linkless(text, target)
    return _look_at_json(text, keys) if family == "json" else _look_at_text(text, target, keys)


def _linkless(text: str, target: Target) -> Evidence:
    detail = "The page is not in HTML, so it can have no hyperlink."
    named = diagnose(text, text, (), target) is NearMiss.TEXT_ONLY
    return Evidence(Outcome.NO_LINK, detail, NearMiss.TEXT_ONLY if named else NearMiss.NOTHING)


def _look_at_json(text: str, keys: frozenset[str]) -> Evidence:
    if json_names(text, keys):
        return Evidence(Outcome.LINKED)
    return Evidence(Outcome.NO_LINK, "No value in the JSON document is the post's address.", NearMiss.NOTHING)


def _look_at_text(text: str, target: Target, keys: frozenset[str]) -> Evidence:
    place = place_in_text(text, keys)
    if place is None:
        miss = diagnose(text, text, (), target)
        return Evidence(Outcome.NO_LINK, "The text does not have the post's full address in it.", miss)
    flat = re.sub(r"(?<=\S)\r?\n(?=\S)", lambda match: " " * len(match.group()), text)
    sentence, paragraph = sentence_at(flat, *place), _paragraph(flat, *place)
    return Evidence(
        Outcome.LINKED,
        sentence=sentence,
        anchor=sentence.link,
        excerpt=_cropped(paragraph, MAX_EXCERPT),
        block_words=amount_of(paragraph),
        page_words=amount_of(text),
        prose_words=amount_of(text),
        text=_main_text(text),
    )


def _look_at_markup(document: Document, kind: Kind, target: Target, keys: frozenset[str]) -> Evidence:
    wide = kind is Kind.WEBMENTION
    narrowed = Narrowed((link for link in document.links if link.hyperlink or wide), target.urls)
    found = narrowed.leading_to(keys, MAX_CANDIDATES)
    about = _about_page(document)
    if found:
        return _linked(document, _best(document, found), keys, about)
    if narrowed.cut:
        detail = "The page has more links than are examined, and none of those examined leads to the post."
        return replace(about, detail=detail, near_miss=NearMiss.TRUNCATED)
    return _missed(document, target, about, wide)


def _missed(document: Document, target: Target, about: Evidence, wide: bool) -> Evidence:
    nearest = Narrowed(document.links, target.urls)
    keys = frozenset(urls.post_key(url) for url in target.urls)
    if not wide and nearest.leading_to(keys, 1):
        detail = "The page embeds the post's address, but has no link to it."
        return replace(about, detail=detail, near_miss=NearMiss.NOTHING)
    if document.cut:
        detail = "The page's markup is nested too deeply to be read to its end, and no link was found in it."
        return replace(about, detail=detail, near_miss=NearMiss.TRUNCATED)
    every = [link.url for link in nearest.links if link.hyperlink][:MAX_COUNTED]
    miss = diagnose(document.html, document.flat, every, target)
    return replace(about, detail=sentence_of(miss), near_miss=miss)


def _linked(document: Document, sight: _Sight, keys: frozenset[str], about: Evidence) -> Evidence:
    link = sight.link
    paragraph = _paragraph(document.flat, link.start, link.end)
    lifted = lift(document, link.node, keys, paragraph)
    return replace(
        about,
        outcome=Outcome.LINKED,
        title=lifted.title,
        site_name=lifted.site_name,
        author=lifted.author,
        author_url=lifted.author_url,
        author_photo=lifted.author_photo,
        published=lifted.published,
        language=lifted.language,
        excerpt=lifted.excerpt,
        response=lifted.response,
        entry=lifted.entry,
        keywords=lifted.keywords,
        text_links=_text_links(document, _site(link.url)),
        gains=gains(document),
        sentence=sentence_at(document.flat, link.start, link.end),
        placement=sight.placement,
        hidden_by=sight.hidden_by,
        rel=link.rel,
        anchor=_anchor(document, link),
        block_words=amount_of(paragraph),
        block_links=_links_beside(document, link),
    )


def _links_beside(document: Document, link: Link) -> int:
    """How many other links stand in the same block of text."""
    first, last = document.flat.rfind("\n", 0, link.start) + 1, document.flat.find("\n", link.end)
    last = len(document.flat) if last < 0 else last
    return sum(
        first <= other.start <= last for other in document.links if other.hyperlink and other is not link
    )


def _best(document: Document, links: list[Link]) -> _Sight:
    styles = Styles(document.parser)
    sights = [_sight(styles, link) for link in links]
    heading = _COMMENTS_BELOW.search(document.flat)
    if heading:
        sights = [_below(sight, heading.start()) for sight in sights]
    # Of two that stand equally well, the one with words around it says more.
    return min(sights, key=lambda sight: (_PLACES.index(sight.placement), sight.link.start == sight.link.end))


def _sight(styles: Styles, link: Link) -> _Sight:
    if link.node is None:
        return _Sight(link, Placement.PAGE, "")
    hidden_by = styles.hidden_by(link.node)
    return _Sight(link, Placement.HIDDEN if hidden_by else placement_of(link.node), hidden_by)


def _below(sight: _Sight, comments: int) -> _Sight:
    commented = sight.link.start > comments and sight.placement in (Placement.PAGE, Placement.ARTICLE)
    return replace(sight, placement=Placement.COMMENT) if commented else sight


def _about_page(document: Document) -> Evidence:
    own = urls.registrable(urls.host(document.url))
    counted = islice((link for link in document.links if link.hyperlink), MAX_COUNTED)
    sorted_out = [(link, _site(link.url)) for link in counted]
    outgoing = [link for link, site in sorted_out if site not in ("", own)]
    inner = [link for link, site in sorted_out if site == own]
    return Evidence(
        Outcome.NO_LINK,
        page_words=amount_of(document.flat),
        outgoing_links=len({link.url.partition("#")[0] for link in outgoing}),
        outgoing_sites=len(sites := {site for _, site in sorted_out} - {"", own}),
        sites=tuple(sorted(sites))[:200],
        anchors=_anchors(document, outgoing),
        own_anchors=_anchors(document, inner),
        prose_words=sum(amount for line in document.prose.split("\n") if (amount := amount_of(line)) >= 5),
        text=_main_text(document.main if document.main.strip() else document.flat),
    )


def _anchors(document: Document, links: Iterable[Link]) -> tuple[str, ...]:
    return tuple(_some((_cropped(_anchor(document, link), 100) for link in links), MAX_ANCHORS))


def _text_links(document: Document, ours: str) -> tuple[tuple[str, str], ...]:
    """The links in the page's text that lead neither to its own site nor to `ours`."""
    besides = {"", ours, urls.registrable(urls.host(document.url))}
    found = (
        link for link in document.links[:_LINKS_TRIED] if link.hyperlink and _site(link.url) not in besides
    )
    told = (link for link in found if link.node is not None and placement_of(link.node) in _IN_TEXT)
    return tuple(
        (_cropped(_anchor(document, link), 100), link.url[:300]) for link in islice(told, MAX_TEXT_LINKS)
    )


def _site(url: str) -> str:
    return urls.registrable(urls.host(url))


def _some(texts: Iterable[str], most: int) -> list[str]:
    found: list[str] = []
    for text in texts:
        if len(found) == most:
            break
        if text:
            found.append(text)
    return found


def _anchor(document: Document, link: Link) -> str:
    return plain(document.flat[link.start : min(link.end, link.start + 2000)])


def _paragraph(flat: str, start: int, end: int) -> str:
    first = flat.rfind("\n", 0, start) + 1
    last = flat.find("\n", end)
    return plain(flat[max(first, start - 5000) : min(len(flat) if last < 0 else last, end + 5000)])


def _main_text(text: str) -> str:
    lines = (plain(line) for line in text[: MAX_TEXT * 10].split("\n"))
    return _cropped("\n".join(line for line in lines if line), MAX_TEXT)


def _cropped(text: str, length: int) -> str:
    return shortened(text, length) or text[:length]
