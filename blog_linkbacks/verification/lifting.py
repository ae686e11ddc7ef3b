"""What a page says of itself: title, site, author, date, kind of response. Strangers' words: plain text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import mf2py
from selectolax.lexbor import LexborNode

from blog_linkbacks import urls
from blog_linkbacks.verification.document import Document
from blog_linkbacks.verification.sentences import plain, shortened
from blog_linkbacks.vocabulary import Response

MAX_ENTRY = 200_000
MAX_PROPERTIES = 1_000_000
MAX_EXCERPT = 1000
MAX_LINE = 300
MAX_KEYWORDS = 40

_COMMA = re.compile(r"[,;、，]")
_ENTRIES = {"h-entry", "hentry"}  # the second is what many themes still write; the parser reads both
_RESPONSES = {
    "in-reply-to": Response.REPLY,
    "like-of": Response.LIKE,
    "repost-of": Response.REPOST,
    "bookmark-of": Response.BOOKMARK,
}

# How themes mark who wrote a text.
_SIGNATURES = ", ".join(
    (
        ".p-author .p-name",
        ".p-author:not(:has(.p-name))",
        ".author .fn",
        ".vcard .fn",
        "[itemprop=author] [itemprop=name]",
    )
)
_WORDS_OF_A_NAME = 6

Properties = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Lifted:
    """The page about itself; URLs are http(s) or empty."""

    title: str = ""
    site_name: str = ""
    author: str = ""
    author_url: str = ""
    author_photo: str = ""
    published: str = ""
    language: str = ""
    excerpt: str = ""
    response: Response = Response.MENTION
    entry: bool = False
    keywords: tuple[str, ...] = ()


def lift(document: Document, link: LexborNode | None, keys: frozenset[str], paragraph: str) -> Lifted:
    """What the page says; `keys` are the `post_key`s of the post, `paragraph` the text around the link."""
    entry = _entry(document, link)
    author = _author(entry, document)
    response = _response(entry, document.base, keys)
    said = _texts(entry, "content") if response is not Response.MENTION else []
    return Lifted(
        title=_first(_title(entry), _meta(document, "og:title"), _element(document, "title")),
        site_name=_first(_meta(document, "og:site_name"), _meta(document, "application-name")),
        author=_first([author["name"]], _meta(document, "author"), _meta(document, "article:author")),
        author_url=author["url"],
        author_photo=author["photo"],
        published=_first(
            _texts(entry, "published"), _meta(document, "article:published_time"), _moment(document)
        )[:40],
        language=_language(document),
        excerpt=_excerpt([*said, *_texts(entry, "summary"), paragraph, *_descriptions(document)]),
        response=response,
        entry=bool(entry),
        keywords=_keywords(document),
    )


def _entry(document: Document, link: LexborNode | None) -> Properties:
    """The properties of the h-entry that holds the link, or of the page's only one."""
    node = _holder(link)
    if node is None and link is not None:
        entries = document.parser.css(".h-entry, .hentry")
        node = entries[0] if len(entries) == 1 else None
    if node is None or not _is_small(node):
        return {}
    try:
        items = mf2py.parse(doc=node.html, url=document.base)["items"]
    except Exception:
        # Strangers' markup meets a recursive library: whatever it stumbles over, the page is read without it.
        return {}
    found = next((item for item in items if "h-entry" in item.get("type", ())), None)
    return dict(found["properties"]) if found else {}


def _is_small(entry: LexborNode) -> bool:
    """Whether an entry is worth its parser's time: nested properties are read once for each level."""
    if len(entry.html or "") > MAX_ENTRY:
        return False
    total = 0
    for node in entry.css('[class*="e-"], [class*="p-"]'):
        total += len(node.html or "")
        if total > MAX_PROPERTIES:
            return False
    return True


def _holder(link: LexborNode | None) -> LexborNode | None:
    node = link
    while node is not None:
        if node.is_element_node and not _ENTRIES.isdisjoint((node.attributes.get("class") or "").split()):
            return node
        node = node.parent
    return None


def _response(entry: Properties, base: str, keys: frozenset[str]) -> Response:
    for name, response in _RESPONSES.items():
        if any(urls.post_key(url) in keys for url in _urls(entry, name, base)):
            return response
    return Response.MENTION


def _author(entry: Properties, document: Document) -> dict[str, str]:
    author = _entry_author(entry, document.base)
    if not author["name"]:
        author |= _byline(document, author["url"])
    return author


def _byline(document: Document, url: str) -> dict[str, str]:
    """The text and address of the page's link to its author: to `url` where that is known, else of the only one."""
    found: dict[str, str] = {}
    for node in document.parser.css('a[rel~="author"], a.u-author')[:20]:
        address = urls.resolve(document.base, node.attributes.get("href") or "")
        if address is not None and urls.is_web(address) and node.text().strip():
            found.setdefault(address, node.text())
    only = url or (next(iter(found)) if len(found) == 1 else "")
    return {"name": found[only], "url": only} if only in found else _signature(document)


def _signature(document: Document) -> dict[str, str]:
    """The one name that the page marks as its author's, outside of any entry."""
    names = {plain(node.text()) for node in document.parser.css(_SIGNATURES)[:20]} - {""}
    name = names.pop() if len(names) == 1 else ""
    return {"name": name} if 0 < len(name.split()) <= _WORDS_OF_A_NAME and len(name) <= MAX_LINE else {}


def _entry_author(entry: Properties, base: str) -> dict[str, str]:
    author = next(iter(entry.get("author", [])), "")
    if not isinstance(author, dict):
        is_url = urls.is_web(str(author))
        return {"name": "" if is_url else str(author), "url": str(author) if is_url else "", "photo": ""}
    inner: Properties = author.get("properties", {})
    name = _first(_texts(inner, "name"), [str(author.get("value", ""))])
    return {"name": name, "url": _url(inner, "url", base), "photo": _url(inner, "photo", base)}


def _url(entry: Properties, name: str, base: str) -> str:
    return next(iter(_urls(entry, name, base)), "")


def _urls(entry: Properties, name: str, base: str) -> list[str]:
    values = [text for value in entry.get(name, []) for text in _url_texts(value)]
    resolved = (urls.resolve(base, text) for text in values if text)
    return [url for url in resolved if url is not None and urls.is_web(url)]


def _url_texts(value: object) -> list[str]:
    if not isinstance(value, dict):
        return [str(value)]
    inner = value.get("properties", {})
    return [str(value.get("value", "")), *(str(url) for url in inner.get("url", []) if isinstance(url, str))]


def _texts(entry: Properties, name: str) -> list[str]:
    values = entry.get(name, [])
    return [str(value.get("value", "")) if isinstance(value, dict) else str(value) for value in values]


def _title(entry: Properties) -> list[str]:
    # Where an entry has no name of its own, parsers imply one from all its text.
    content = {plain(text) for text in _texts(entry, "content")}
    return [name for name in _texts(entry, "name") if plain(name) not in content]


def _meta(document: Document, name: str) -> list[str]:
    nodes = document.parser.css(f'meta[property="{name}"], meta[name="{name}"]')[:3]
    return [text for node in nodes if (text := node.attributes.get("content"))]


def _moment(document: Document) -> list[str]:
    """The moment of the page's only time element, or of the first of its article."""
    nodes = document.parser.css("article time[datetime], main time[datetime]")[:1]
    nodes = nodes or (alone if len(alone := document.parser.css("time[datetime]")) == 1 else [])
    return [text for node in nodes if (text := node.attributes.get("datetime"))]


def _element(document: Document, name: str) -> list[str]:
    nodes = document.parser.css(f"head > {name}")[:1] or document.parser.css(f"body > {name}")[:1]
    return [node.text() for node in nodes]


def _descriptions(document: Document) -> list[str]:
    return [*_meta(document, "og:description"), *_meta(document, "description")]


def _keywords(document: Document) -> tuple[str, ...]:
    named = (
        plain(word) for text in _meta(document, "keywords") for word in _COMMA.split(text[: MAX_LINE * 10])
    )
    return tuple(word[:60] for word in named if word)[:MAX_KEYWORDS]


def _language(document: Document) -> str:
    node = document.parser.css_first("html")
    value = (node.attributes.get("lang") or node.attributes.get("xml:lang") or "") if node else ""
    return plain(value)[:35]


def _first(*choices: Iterable[str]) -> str:
    texts = (plain(text[: MAX_LINE * 20]) for texts in choices for text in texts)
    return next((_line(text) for text in texts if text), "")


def _line(text: str) -> str:
    return shortened(text, MAX_LINE) or text[:MAX_LINE]


def _excerpt(choices: Iterable[str]) -> str:
    texts = (plain(text[: MAX_EXCERPT * 20]) for text in choices)
    return next((shortened(text, MAX_EXCERPT) or text[:MAX_EXCERPT] for text in texts if text), "")
