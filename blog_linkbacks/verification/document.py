"""A page read once: its links in document order, and its text laid out flat, with a place for every link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from blog_linkbacks import urls
from blog_linkbacks.verification.markup import safe_length, tags, without_noscript

_names = str.split
BLOCKS = frozenset(
    _names(
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol optgroup "
        "option p pre section summary table tbody td tfoot th thead title tr ul video audio iframe"
    )
)
_SILENT = frozenset(_names("head script style template textarea noscript select iframe object"))
_BESIDE = frozenset(_names("nav footer aside form button"))
_EMBEDDED = frozenset(_names("img audio video source"))
_LINES = re.compile(r"\v(?:\s*\v)+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
# What resolving leaves as it is, but for the root before a path: no dot segment, no parameter, no empty query.
_PLAIN = re.compile(r"(?:https?://[A-Za-z0-9.-]+(?::\d{1,4})?)?(?!.*(?:/\.|\?#))/(?!/)[!-:<-~]*(?<![?#])")

Attributes = dict[str, str | None]


@dataclass(slots=True)
class Link:
    """One link: `start` and `end` are the place of its text in the flat text.

    `node` is None where the markup is too deep to be parsed. A `hyperlink` is to be followed; others are what
    the page embeds.
    """

    url: str
    href: str
    rel: tuple[str, ...] = ()
    hyperlink: bool = True
    node: LexborNode | None = None
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Document:
    """`flat` is all the text, a line for every block; `main` the visible text, navigation left out.

    `prose` is `main` without the text of links.
    """

    html: str
    url: str
    base: str
    parser: LexborHTMLParser
    links: list[Link] = field(default_factory=list)
    flat: str = ""
    main: str = ""
    prose: str = ""
    cut: bool = False


def read(html: str, url: str) -> Document:
    """The document at `url`; markup of any kind is read in time that grows with its length only."""
    html = html.replace("\0", "")
    shown = without_noscript(html)
    length = safe_length(shown)
    parser = LexborHTMLParser(shown[:length])
    document = Document(html, url, _base(parser, url), parser, cut=length < len(shown))
    _Reader(document).read()
    if document.cut:
        document.links.extend(_unparsed_links(shown, length, document.base))
    return document


def _base(parser: LexborHTMLParser, url: str) -> str:
    node = parser.css_first("base[href]")
    return (urls.resolve(url, node.attributes.get("href") or "") if node else None) or url


def _unparsed_links(html: str, start: int, base: str) -> Iterator[Link]:
    for tag in tags(html, start):
        if tag.name in ("a", "area") and not tag.closing:
            found = tag.attributes
            url = urls.resolve(base, found["href"]) if "href" in found else None
            if url is not None:
                yield Link(url, found["href"], tuple(found.get("rel", "").lower().split()))


class _Reader:
    """One walk over the tree, without recursion."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pieces: list[str] = []
        self._main: list[str] = []
        self._prose: list[str] = []
        self._length = 0
        self._open: dict[int, Link] = {}
        self._beside: set[int] = set()
        self._urls: dict[str, str | None] = {}
        self._root = (urls.resolve(document.base, "/") or "")[:-1]

    def read(self) -> None:
        root = self._document.parser.root
        if root is not None:
            for node, entering in _walk(root):
                self._visit(node, entering)
        # Characters are only exchanged, so that the places of the links stay true.
        flat = _LINES.sub(lambda match: "\n" * len(match.group()), "".join(self._pieces))
        self._document.flat = flat.replace("\v", " ")
        self._document.main = "".join(self._main).replace("\v", " ")
        self._document.prose = "".join(self._prose).replace("\v", " ")

    def _visit(self, node: LexborNode, entering: bool) -> None:
        if node.is_text_node and entering:
            self._say(_SPACES.sub(" ", node.text_content or ""))
        elif node.is_element_node:
            tag = node.tag or ""
            if tag in BLOCKS:
                self._say("\n")
            if entering:
                self._enter(node, tag)
            else:
                self._leave(node)

    def _say(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if not self._beside:
            self._main.append(text)
            if not self._open or text == "\n":
                self._prose.append(text)

    def _enter(self, node: LexborNode, tag: str) -> None:
        attributes = node.attributes
        if tag == "br":
            self._say("\v")
        elif tag in ("a", "area") and "href" in attributes:
            self._add(node, attributes, "href", hyperlink=True)
        elif tag in _EMBEDDED and attributes.get("src"):
            self._add(node, attributes, "src", hyperlink=False)
            if self._open and attributes.get("alt"):
                self._say(_SPACES.sub(" ", attributes["alt"] or ""))
        if tag in _BESIDE or "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            self._beside.add(node.mem_id)

    def _add(self, node: LexborNode, attributes: Attributes, name: str, *, hyperlink: bool) -> None:
        href = attributes[name] or ""
        url = self._resolved(href)
        if url is None:
            return
        rel = tuple((attributes.get("rel") or "").lower().split())
        link = Link(url, href, rel, hyperlink, node, self._length, self._length)
        self._document.links.append(link)
        if hyperlink:
            self._open[node.mem_id] = link

    def _resolved(self, href: str) -> str | None:
        """Pages repeat their addresses, and resolving one costs more than the rest of its tag."""
        if href not in self._urls:
            self._urls[href] = self._quickly(href) or urls.resolve(self._document.base, href)
        return self._urls[href]

    def _quickly(self, href: str) -> str:
        """A plain address resolved without taking it apart; empty for one that needs it."""
        if not _PLAIN.fullmatch(href):
            return ""
        if href[0] != "/":
            return href
        return self._root and self._root + href

    def _leave(self, node: LexborNode) -> None:
        link = self._open.pop(node.mem_id, None)
        if link is not None:
            link.end = self._length
        self._beside.discard(node.mem_id)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node below the root, entered and left in document order; what is never shown is passed over."""
    node = root
    while True:
        yield node, True
        child = None if node.tag in _SILENT else node.child
        if child is not None:
            node = child
            continue
        yield node, False
        while node.next is None:
            if node.parent is None or node.mem_id == root.mem_id:
                return
            node = node.parent
            yield node, False
            if node.mem_id == root.mem_id:
                return
        node = node.next
