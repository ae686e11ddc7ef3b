"""Guards the HTML parser against markup that costs it quadratic time. Linear, on tokens as in HTML 13.2.5."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

MAX_DEPTH = 600
MAX_ATTRIBUTES = 400
MAX_ROOTS = 20
MAX_WORK = 4_000_000
CDATA = "![cdata["
UNENDED = "!unended"

_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_EMPTY = re.compile(r"<(a|div|iframe|noscript|p|script|span|style|template|textarea|title)\b([^<>]*)/>")
_NOSCRIPT = re.compile("<noscript", re.IGNORECASE)
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?+"
# Every piece ends with the text at the latest: a token that could fail would be tried again and again.
_TOKEN = re.compile(
    rf"<!--(?:>|->|.*?(?:--!?>|\Z))"
    rf"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:[\s/]++|{_ATTRIBUTE})*+)(?P<end>>?)"
    rf"|(?P<cdata><!\[CDATA\[)|<[!?/][^>]*+>?",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_PAIR = re.compile(r"([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)))?+")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _names(
    "area base basefont bgsound br col embed hr img input link meta param source track wbr keygen frame"
)
_IMPLIED = _names("p li dt dd tr tbody thead tfoot option optgroup colgroup head")
_RAW = _names("script style textarea title xmp iframe noembed noframes plaintext")
_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_FRAMES = _names("td th caption table template object marquee applet svg math select")
_CELLS = _names("td th caption")
_FOREIGN = _names("svg math")
_ROW_ENDS = _names("tr tbody thead tfoot table td th caption")
_SPECIAL = _names(
    "address article aside blockquote button center details dialog dir div dl fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup listing main menu nav noscript ol pre search section "
    "summary ul"
)
# These end an svg or math element that they stand in (HTML 13.2.6.5).
_BREAK_OUT = _FORMATTING | _names(
    "blockquote body br center dd div dl dt embed h1 h2 h3 h4 h5 h6 head hr img li menu meta ol p pre ruby "
    "span sub sup table ul var"
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the source text. `rest` is what stands between its name and its end."""

    name: str
    closing: bool
    rest: str
    start: int
    end: int

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes, the first of a name, character references expanded."""
        found: dict[str, str] = {}
        for name, double, single, bare in _PAIR.findall(self.rest):
            found.setdefault(name.lower(), unescape(double or single or bare))
        return found


def tags(html: str, start: int = 0) -> Iterator[Tag]:
    """The tags of the markup in order; those in comments, scripts and the like are none.

    The start of a CDATA section counts as a tag: only the parser knows whether it hides what follows. So does a tag
    that never ends: it makes no element, but the parser reads its attributes.
    """
    position = start
    while (match := _TOKEN.search(html, position)) is not None:
        position = match.end()
        if match["cdata"]:
            yield Tag(CDATA, False, "", match.start(), position)
        if not match["end"]:
            if match["name"]:
                yield Tag(UNENDED, False, match["rest"], match.start(), position)
            continue
        name, closing = match["name"].lower(), bool(match["close"])
        yield Tag(name, closing, match["rest"], match.start(), position)
        if name in _RAW and not closing:
            position = _raw_end(html, name, position)


def safe_length(html: str) -> int:
    """How much of the markup, from its start, can be parsed in time that grows with its length only."""
    guard = _Guard()
    for tag in tags(html):
        if not guard.accepts(tag):
            return tag.start
    return len(html)


def html_of_xml(xml: str) -> str:
    """XHTML as HTML says it: what HTML never leaves empty gets its closing tag, CDATA sections become text."""
    text = _CDATA.sub(lambda section: escape(section[1], quote=False), xml)
    return _EMPTY.sub(r"<\1\2></\1>", text)


def without_noscript(html: str) -> str:
    """The markup as a browser that runs scripts reads it: noscript elements are empty (HTML 13.2.6.4.4)."""
    if not _NOSCRIPT.search(html):
        return html
    pieces, position = [], 0
    for tag in tags(html):
        if tag.name == "noscript" and not tag.closing and tag.start >= position:
            pieces.append(html[position : tag.end])
            position = _raw_end(html, tag.name, tag.end)
    return "".join([*pieces, html[position:]])


def _raw_end(html: str, name: str, position: int) -> int:
    if name == "plaintext":
        return len(html)
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, position)
    return match.start() if match else len(html)


@dataclass(slots=True)
class _Frame:
    """What is open since the last element that closing tags do not reach beyond."""

    name: str
    stack: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    formatting: Counter[str] = field(default_factory=Counter)


class _Guard:
    """Counts open elements the way a parser would keep them, and rather too many than too few."""

    def __init__(self) -> None:
        self._frames = [_Frame("")]
        self._depth = 0
        self._formatting = 0
        self._roots = 0
        self._work = 0

    def accepts(self, tag: Tag) -> bool:
        """Whether the parser may still read this tag."""
        if len(tag.rest) > MAX_ATTRIBUTES and len(_ATTRIBUTES.findall(tag.rest)) > MAX_ATTRIBUTES:
            return False
        if tag.name == UNENDED:
            return True
        if tag.name in ("html", "body", CDATA):
            self._roots += 1
        elif tag.closing:
            self._close(tag.name)
        elif tag.name not in _RAW:
            self._open(tag)
        self._work += self._formatting
        return self._depth <= MAX_DEPTH and self._roots <= MAX_ROOTS and self._work <= MAX_WORK

    def _open(self, tag: Tag) -> None:
        name = tag.name
        while self._frames[-1].name in _FOREIGN and name in _BREAK_OUT:
            self._leave()
        if name in _ROW_ENDS and name != "table" and self._frames[-1].name in _CELLS:
            self._leave()
        frame = self._frames[-1]
        if name in _VOID or name in _IMPLIED or (frame.name in _FOREIGN and tag.rest.endswith("/")):
            return
        self._depth += 1
        if name in _FRAMES:
            self._frames.append(_Frame(name))
        elif name in _FORMATTING:
            self._open_formatting(frame, name)
        else:
            frame.stack.append(name)
            frame.counts[name] += 1

    def _open_formatting(self, frame: _Frame, name: str) -> None:
        if name in ("a", "nobr"):
            self._close_formatting(frame, name)
        frame.formatting[name] += 1
        self._formatting += 1

    def _close(self, name: str) -> None:
        if name in _ROW_ENDS and self._frames[-1].name in _CELLS:
            self._leave()
            if name in _CELLS:
                return
        frame = self._frames[-1]
        if name == frame.name:
            self._leave()
        elif name in _FORMATTING:
            self._close_formatting(frame, name)
        elif frame.counts[name] and (name in _SPECIAL or _is_near(frame.stack, name)):
            self._pop_through(frame, name)

    def _close_formatting(self, frame: _Frame, name: str) -> None:
        if frame.formatting[name]:
            frame.formatting[name] -= 1
            self._formatting -= 1
            self._depth -= 1

    def _pop_through(self, frame: _Frame, name: str) -> None:
        while frame.stack:
            top = frame.stack.pop()
            frame.counts[top] -= 1
            self._depth -= 1
            if top == name:
                return

    def _leave(self) -> None:
        # What was left open inside stays counted: a parser that sees no table here has not closed it.
        self._frames.pop()
        self._depth -= 1


def _is_near(stack: list[str], name: str) -> bool:
    """Whether an ordinary element is open with none above it that its closing tag may not close along."""
    for top in reversed(stack[-20:]):
        if top == name:
            return True
        if top in _SPECIAL:
            return False
    return False
