"""Markdown in, safe HTML and plain text out. Pure: no network, no database, no framework."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from blog_linkbacks.blog.markdown_pictures import Pictures, no_pictures, placed

MAX_LENGTH = 300_000
MAX_DEPTH = 100
MAX_FRONT_MATTER = 20_000
MAX_SLUG = 80
_MAX_HIGHLIGHTED = 30_000

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_INLINE = {"a", "em", "strong", "s", "img", "code", "sup", "span", "br"}
_BOXES = {"p", "hr", "pre", "blockquote", "ul", "ol", "li", "div", "figure", "figcaption"}
_TAGS = _BOXES | _HEADINGS | _TABLE | _INLINE
_ATTRIBUTES = {
    "a": {"href", "title", "class", "id"},
    "img": {"src", "alt", "title", "width", "height", "srcset", "sizes", "decoding"},
    "ol": {"start", "class"},
    "li": {"id", "class"},
    "code": {"class"},
    "pre": {"class"},
    "hr": {"class"},
    "div": {"class"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
}
# One each: of two, nh3 would write now this, now that first, and the same text would count as changed.
_ADDED = {"img": {"loading": "lazy"}, "pre": {"tabindex": "0"}, "table": {"tabindex": "0"}}
_SCHEMES = {"http", "https", "mailto"}
_NO_ALT = re.compile(r'<img(?: (?!alt=)[\w-]+="[^"]*")* alt="\s*"')
_ALIGN = re.compile(r"text-align:(left|center|right)")

_BLOCKS = (_TAGS - _INLINE) | {"br", "div", "dl", "dt", "dd"}
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|(?:(?![\u3040-\u30ff\u3400-\u9fff])\w)+(?:['’-]\w+)*")
_UNSEEN = {"script", "style", "template", "title"}
_UNTOLD = {"pre", "table", "section", "div"} | _HEADINGS  # footnotes stand in a division, once in a section
_MARK = re.compile(r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref"[^>]*>.*?</a>')
_FOOTNOTE_MARKS = {"footnote-ref", "footnote-backref"}

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)

_FOLD = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "'": "",
        "’": "",
    }
)


def render(markdown: str, pictures: Pictures = no_pictures) -> str:
    """Sanitised HTML of a CommonMark text with tables, strikethrough and footnotes.

    `pictures` says of an image's address what a page needs, where it is one of the blog's own. Raw HTML shows as
    text. Raises ValueError, with a sentence for the author, past `MAX_LENGTH` characters or `MAX_DEPTH` levels of
    nesting.
    """
    if len(markdown) > MAX_LENGTH:
        raise ValueError(f"The text has {len(markdown):,} characters; a post takes {MAX_LENGTH:,}.")
    parser = _parser()
    env: dict[str, object] = {}
    tokens = parser.parse(markdown, env)
    if _depth(tokens) > MAX_DEPTH:
        raise ValueError(f"The text is nested more than {MAX_DEPTH} levels deep.")
    placed(tokens, pictures)
    return _sanitise(parser.renderer.render(_classed(_lowered(tokens)), parser.options, env))


def without_marks(html: str) -> str:
    """The same HTML without the marks of footnotes: what is quoted of a text has none."""
    return _MARK.sub("", html)


def plain(html: str) -> str:
    """The text a reader sees, white space collapsed, without the marks of footnotes."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.parts).split())


def count_words(html: str) -> int:
    """How many words a reader reads; of scripts without spaces each character counts."""
    return len(_WORD.findall(plain(html)))


def undescribed(html: str) -> int:
    """How many pictures in a text have no description for those who cannot see them."""
    return len(_NO_ALT.findall(html))


def summary(html: str, limit: int = 200) -> str:
    """The beginning of what is told: at most `limit` characters, cut between words, with an ellipsis.

    Headings, code, tables and footnotes are passed over, unless there is nothing else.
    """
    return _beginning(_told(html) or plain(html), limit)


def is_made(words: str, html: str) -> bool:
    """Whether a summary was made from the text, now or before headings and code were passed over."""
    return words in (summary(html), _beginning(plain(html), 200))


def _told(html: str) -> str:
    reader = _Text(passed_over=_UNTOLD)
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.parts).split())


def _beginning(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[:limit]
    words = head[:-1].rpartition(" ")[0] if " " in head[limit // 2 :] else _whole_characters(text, limit - 1)
    return words.rstrip(" ,;:.–—-") + "…"


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """The YAML head between two `---` lines, empty where there is none, and the Markdown after it.

    Raises ValueError with a sentence that says what is wrong, and in which line where that is known.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise ValueError("The front matter begins with --- but no line of --- ends it.")
    return _head(found.group(1)), text[found.end() :].lstrip("\n")


def slugify(title: str) -> str:
    """The title as a piece of an address: lower case, ASCII where letters fold, others kept; never empty.

    At most `MAX_SLUG` characters, cut between words where it can be.
    """
    folded = "".join(
        _fold(character) for character in unicodedata.normalize("NFC", title.lower().translate(_FOLD))
    )
    slug = re.sub(r"-+", "-", folded).strip("-")
    if len(slug) > MAX_SLUG:
        slug = slug[:MAX_SLUG].rpartition("-")[0] or _whole_characters(slug, MAX_SLUG)
    return slug or "post"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "highlight": _highlight}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).use(footnote_plugin)
    parser.add_render_rule("footnote_block_open", _notes_begin)
    parser.add_render_rule("footnote_block_close", _notes_end)
    return parser


def _notes_begin(*_renderer: object) -> str:
    """Not a section, as the plugin has it: that would need a heading."""
    return '<hr class="footnotes-sep">\n<div class="footnotes">\n<ol class="footnotes-list">\n'


def _notes_end(*_renderer: object) -> str:
    return "</ol>\n</div>\n"


def _depth(tokens: Iterable[Token]) -> int:
    deepest = level = 0
    for token in tokens:
        level += token.nesting
        deepest = max(deepest, level + (_depth(token.children) if token.children else 0))
    return deepest


def _lowered(tokens: list[Token]) -> list[Token]:
    """The headings of a text that has some of the first level, each a level lower: a page has that for its title."""
    headings = [token for token in tokens if token.tag in _HEADINGS]
    if any(token.tag == "h1" for token in headings):
        for token in headings:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return tokens


def _classed(tokens: list[Token]) -> list[Token]:
    """Table alignment as a class: a style attribute has no place under the site's content policy."""
    for token in tokens:
        aligned = _ALIGN.fullmatch(str(token.attrs.get("style", "")))
        if aligned:
            del token.attrs["style"]
            token.attrJoin("class", f"align-{aligned.group(1)}")
    return tokens


def _highlight(code: str, language: str, _attributes: str) -> str:
    marked = (
        _marked(code, language) if language and len(code) <= _MAX_HIGHLIGHTED else escape(code, quote=False)
    )
    return f'<pre class="highlight"><code>{marked}</code></pre>\n'


def _marked(code: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escape(code, quote=False)
    return highlight(code, lexer, HtmlFormatter(nowrap=True))


def _sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        set_tag_attribute_values=_ADDED,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


class _Text(HTMLParser):
    def __init__(self, passed_over: Collection[str] = ()) -> None:
        super().__init__(convert_charrefs=True)
        self.passed_over = _UNSEEN.union(passed_over)
        self.parts: list[str] = []
        self.unseen = ""
        self.unseen_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")
        if not self.unseen and (tag in self.passed_over or _is_footnote_mark(attrs)):
            self.unseen = tag
        self.unseen_depth += tag == self.unseen

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append(" ")
        self.unseen_depth -= tag == self.unseen
        if not self.unseen_depth:
            self.unseen = ""

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def _is_footnote_mark(attrs: list[tuple[str, str | None]]) -> bool:
    return any(name == "class" and value in _FOOTNOTE_MARKS for name, value in attrs)


def _whole_characters(text: str, length: int) -> str:
    """The first `length` characters or a few less, so that no letter loses its accents."""
    while length > 1 and unicodedata.category(text[length])[0] == "M":
        length -= 1
    return text[:length]


def _head(source: str) -> dict[str, object]:
    if len(source) > MAX_FRONT_MATTER:
        raise ValueError(f"The front matter is longer than {MAX_FRONT_MATTER:,} characters.")
    try:
        values = yaml.safe_load(source)
    except yaml.MarkedYAMLError as error:
        raise ValueError(f"The front matter is not valid YAML: {_problem(error)}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"The front matter is not valid YAML: {_short(error)}.") from None
    return _named(values)


def _named(values: object) -> dict[str, object]:
    if values is None:
        return {}
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise ValueError("The front matter is not a list of names with values, such as `title: My post`.")
    return values


def _problem(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    where = f"line {mark.line + 2}: " if mark else ""
    return f"{where}{error.problem or 'it cannot be read'}"


def _short(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return (str(error).splitlines() or [""])[0][:200].rstrip(".") or "it cannot be read"


def _fold(character: str) -> str:
    """ASCII letters and digits for one character, itself where it is a letter that has none, else a dash."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if bare.isascii() and bare.isalnum():
        return bare.lower()
    return character if unicodedata.category(character)[0] in "LNM" else "-"
