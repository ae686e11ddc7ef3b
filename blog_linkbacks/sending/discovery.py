"""Which endpoints for webmention, pingback and trackback a page announces (WM 3.1.2, PB 2.3, TB)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag

from blog_linkbacks import urls
from blog_linkbacks.fetch import Fetcher, FetchError, Page
from blog_linkbacks.sending.freshness import fresh_for
from blog_linkbacks.sending.patience import NotNowError
from blog_linkbacks.verification.encodings import decode
from blog_linkbacks.verification.markup import Tag, tags
from blog_linkbacks.vocabulary import Outcome

HEAD_SECONDS = 5.0
GET_SECONDS = 20.0
_LATER = {408, 425, 429}  # the page is there, and says: not now


@dataclass(frozen=True, slots=True)
class Found:
    """The endpoints a page announces, as absolute URLs or empty; `detail` says why none was found.

    `fresh_for` is for how many seconds the page's headers let this be used again.
    """

    final_url: str
    webmention: str = ""
    pingback: str = ""
    trackback: str = ""
    status: int = 0
    detail: str = ""
    fresh_for: float = 0.0


def discover(url: str, fetcher: Fetcher, *, whole: bool = False) -> Found:
    """Ask a page what it takes: HEAD first, then GET unless the headers settle it; `whole` always reads it.

    Raises FetchError where the page cannot be read now or must not be: no answer, 5xx, too many, a refused address.
    """
    head = None if whole else _head(url, fetcher)
    if head is not None and (_linked_in_headers(head) or not _is_text(head)):
        return announced(head)
    page = fetcher.get(url, deadline=GET_SECONDS)
    if page.status >= 500 or page.status in _LATER:
        raise NotNowError(page)
    return announced(page, requested=url)


def announced(page: Page, requested: str = "") -> Found:
    """What an answer announces; one that says the page is not there announces nothing."""
    if page.status >= 400:
        return _nothing(page, f"The page answered {page.status}.")
    text = decode(page.body, page.header("Content-Type")) if _is_text(page) else ""
    elements = list(_elements(text)) if _is_html(page) else []
    found = Found(
        page.url,
        webmention=_webmention(page, elements),
        pingback=_pingback(page, text),
        trackback=_trackback(page, text, elements, requested or page.url),
        status=page.status,
        fresh_for=fresh_for(page),
    )
    if any((found.webmention, found.pingback, found.trackback)):
        return found
    where = f"The first {len(page.body):,} bytes of the page announce" if page.truncated else "The page takes"
    return _nothing(page, f"{where} neither webmentions nor pingbacks.")


def _nothing(page: Page, why: str) -> Found:
    return Found(page.url, status=page.status, detail=why, fresh_for=fresh_for(page))


def _head(url: str, fetcher: Fetcher) -> Page | None:
    """The headers, or None where the server does not give them without the page."""
    try:
        page = fetcher.head(url, deadline=HEAD_SECONDS)
    except FetchError as error:
        if error.outcome is Outcome.FORBIDDEN:
            raise
        return None
    return page if page.status < 300 else None


def _webmention(page: Page, elements: list[Tag]) -> str:
    reference = _linked_in_headers(page)
    if reference is not None:
        return _resolved(_address(page), reference)
    named = (tag for tag in elements if tag.name in ("link", "a"))
    href = next((tag.attributes["href"] for tag in named if _announces(tag, "webmention")), None)
    return _resolved(_base(page, elements), href)


def _linked_in_headers(page: Page) -> str | None:
    """The reference of the first `Link` value with the relation webmention; None where there is none."""
    values = (value.encode("latin-1", "replace").decode("utf-8", "replace") for value in page.all("Link"))
    links = (link for value in values for link in _links(value))
    return next((reference for reference, relations in links if "webmention" in relations), None)


_LINK = re.compile(r"<([^<>]*)>((?:[^,\"<]|\"(?:[^\"\\]|\\.)*+\")*+)")
_PARAMETER = re.compile(r";\s*([^\s=;,\"]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s;,\"]*)))?")


def _links(value: str) -> Iterator[tuple[str, list[str]]]:
    """The references of a `Link` header's value, each with its relations in lower case (RFC 8288, 3)."""
    for link in _LINK.finditer(value):
        relations = next((m for m in _PARAMETER.finditer(link[2]) if m[1].lower() == "rel"), None)
        yield link[1], ((relations[2] or relations[3] or "").lower().split() if relations else [])


_PINGBACK = re.compile(r'<link rel="pingback" href="([^"]+)" ?/?>')
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


def _pingback(page: Page, text: str) -> str:
    """Exactly as PB 2.3 asks, which discourages being more lenient."""
    server = page.header("X-Pingback").strip()
    if not server and (match := _PINGBACK.search(text)):
        server = match[1]
        for entity, character in _ENTITIES:
            server = server.replace(entity, character)
    return server if urls.is_web(server) else ""


_DESCRIPTION = "<rdf:Description"
_BLOCK = re.compile(r"<rdf:Description\s((?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_MAX_BLOCKS = 100
_MAX_BLOCK = 4096


def _trackback(page: Page, text: str, elements: list[Tag], requested: str) -> str:
    """The ping URL of the RDF block about this page, else of `<link rel="trackback">`, a mere practice."""
    fetched = {urldefrag(url).url for url in (page.url, requested)}
    pings = {block.get("dc:identifier", ""): block.get("trackback:ping", "") for block in _blocks(text)}
    keys = set(map(urls.page_key, fetched))
    same = [url for url in pings if url in fetched] or [url for url in pings if urls.page_key(url) in keys]
    if same and urls.is_web(pings[same[0]]):
        return pings[same[0]]
    links = (
        tag.attributes["href"] for tag in elements if tag.name == "link" and _announces(tag, "trackback")
    )
    return _resolved(_base(page, elements), next(links, None))


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """The attributes of each RDF description; they mostly stand in comments, so the bare text is searched."""
    start = text.find(_DESCRIPTION)
    for _ in range(_MAX_BLOCKS):
        if start < 0:
            return
        if block := _BLOCK.match(text[start : start + _MAX_BLOCK]):
            yield {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(block[1])}
        start = text.find(_DESCRIPTION, start + 1)


def _elements(text: str) -> Iterator[Tag]:
    """The opening tags of the document in order; the contents of templates are not part of it."""
    templates = 0
    for tag in tags(text):
        if tag.name == "template":
            templates = max(0, templates + (-1 if tag.closing else 1))
        elif not templates and not tag.closing and tag.name in ("link", "a", "base"):
            yield tag


def _announces(tag: Tag, relation: str) -> bool:
    return "href" in tag.attributes and relation in tag.attributes.get("rel", "").lower().split()


def _resolved(base: str, href: str | None) -> str:
    """The endpoint that a reference names; empty where it is none that could be asked."""
    url = urls.resolve(base, href) if href is not None and len(href) <= urls.MAX_LENGTH else None
    return url if url is not None and len(url) <= urls.MAX_LENGTH else ""


def _base(page: Page, elements: list[Tag]) -> str:
    """What relative references of the page's elements start from: its first `<base href>` (HTML 4.2.3)."""
    bases = (tag.attributes["href"] for tag in elements if tag.name == "base" and "href" in tag.attributes)
    return urldefrag(_resolved(_address(page), next(bases, None)) or _address(page)).url


def _address(page: Page) -> str:
    return urldefrag(page.url).url


def _media_type(page: Page) -> str:
    return page.header("Content-Type").partition(";")[0].strip().lower()


def _is_html(page: Page) -> bool:
    return _media_type(page) in ("", "text/html", "application/xhtml+xml")


def _is_text(page: Page) -> bool:
    kind = _media_type(page)
    return _is_html(page) or kind.startswith("text/") or kind.endswith("xml")
