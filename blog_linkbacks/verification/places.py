"""Where on a page a link stands, and what hides it, told from its ancestors."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from blog_linkbacks.vocabulary import Placement

_MAX_STYLES = 100_000
_MAX_ANCESTORS = 700
_MAX_COMPLEX, _LONGEST_SELECTOR, _MAX_MATCHES = 30, 100, 200
_TAGS = {
    "article": Placement.ARTICLE,
    "main": Placement.ARTICLE,
    "aside": Placement.SIDEBAR,
    "nav": Placement.NAVIGATION,
    "footer": Placement.FOOTER,
}
_ROLES = {
    "article": Placement.ARTICLE,
    "main": Placement.ARTICLE,
    "complementary": Placement.SIDEBAR,
    "navigation": Placement.NAVIGATION,
    "menu": Placement.NAVIGATION,
    "menubar": Placement.NAVIGATION,
    "contentinfo": Placement.FOOTER,
    "comment": Placement.COMMENT,
}
_WORDS = {
    Placement.COMMENT: "comment comments commentlist respond replies disqus commentary responses",
    Placement.SIDEBAR: "sidebar aside widget widgets blogroll",
    Placement.NAVIGATION: "nav navbar navigation menu breadcrumb breadcrumbs pagination masthead",
    Placement.FOOTER: "footer colophon",
    Placement.ARTICLE: "hentry article post entry entrycontent postcontent postbody",
}
_PLACE_OF = {word: place for place, words in _WORDS.items() for word in words.split()}
_WHOLE = {"h-entry": Placement.ARTICLE, "e-content": Placement.ARTICLE}
_DENIED = {"has", "with", "no", "without", "is", "not"}
_A_TEXT, _MOST_OF_A_PAGE = 300, 0.6
_MAY_HIDE = re.compile(
    r"display|visibility|opacity|font-size|text-indent|position|clip|overflow|color|background|transform",
    re.IGNORECASE,
)
_BRACES = re.compile(r"([{}])")
_SIMPLE = re.compile(r"[a-z0-9]*([.#][\w-]+)", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_COLOURS = {"white": "#ffffff", "#fff": "#ffffff", "rgb(255,255,255)": "#ffffff", "black": "#000000"}
_COLOURS |= {"#000": "#000000", "rgb(0,0,0)": "#000000"}

Style = dict[str, str]


def placement_of(node: LexborNode) -> Placement:
    """The part of the page that an element belongs to: the nearest that says so, but comments before all."""
    places = [place for element in _line(node) if (place := _own_place(element)) is not None]
    if Placement.COMMENT in places:
        return Placement.COMMENT
    return places[0] if places else Placement.PAGE


class Styles:
    """What a page's own style elements say of elements; rules within at-rules are not looked at.

    Rules for single classes and ids are looked up, others asked of the parser, and of those only such as hide.
    """

    def __init__(self, parser: LexborHTMLParser) -> None:
        self._rules: dict[str, Style] = {}
        self._matched: dict[int, Style] = {}
        self._body = parser.body
        self._plain_ground = not parser.css_matches("link[rel~=stylesheet], body[bgcolor], body[background]")
        sheets = "\n".join(node.text() for node in parser.css("style"))[:_MAX_STYLES]
        self._plain_ground = self._plain_ground and "background" not in sheets.lower()
        complex_rules: list[tuple[str, Style]] = []
        for selectors, declarations in _rules(_CSS_COMMENT.sub(" ", sheets)):
            for selector in selectors.split(","):
                if match := _SIMPLE.fullmatch(selector.strip()):
                    self._rules.setdefault(match.group(1), {}).update(_declarations(declarations))
                elif _MAY_HIDE.search(declarations):
                    complex_rules.append((selector.strip(), _declarations(declarations)))
        for selector, style in complex_rules[:_MAX_COMPLEX]:
            for node in _matching(parser, selector):
                self._matched.setdefault(node.mem_id, {}).update(style)

    def hidden_by(self, node: LexborNode) -> str:
        """What keeps a reader from seeing an element, in words; empty where nothing found does.

        White text counts only where the page names its background, or names none anywhere.
        """
        colour = background = ""
        for element in _line(node):
            style, here = self._style(element), f"on the <{element.tag}> around the link"
            if element.mem_id == node.mem_id:
                here = "on the link itself"
            reason = "the attribute hidden" if "hidden" in element.attributes else _hiding(style)
            if reason and not self._is_most_of_it(element):
                return f"{reason} {here}"
            colour, background = colour or _colour(style), background or _background(style)
        if colour and colour == (background or ("#ffffff" if self._plain_ground else "")):
            return f"text in the colour of its background ({colour})"
        return ""

    def _is_most_of_it(self, element: LexborNode) -> bool:
        """Whether the page is all but empty without an element: then a script shows it once the page is there."""
        whole = self._body.text() if self._body else ""
        shown = len(element.text())
        return shown > _A_TEXT and shown > _MOST_OF_A_PAGE * len(whole)

    def _style(self, element: LexborNode) -> Style:
        attributes = element.attributes
        style: Style = dict(self._matched.get(element.mem_id, {}))
        names = [f".{name}" for name in (attributes.get("class") or "").split()[:30]]
        for name in [*names, f"#{attributes.get('id') or ''}"]:
            style.update(self._rules.get(name, {}))
        if element.tag == "font" and (colour := attributes.get("color")):
            style["color"] = colour.lower()
        return style | _declarations(attributes.get("style") or "")


def _matching(parser: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a selector of a stranger's style sheet means; none where it makes no sense."""
    if ":" in selector or len(selector) > _LONGEST_SELECTOR:
        return []
    try:
        return parser.css(selector)[:_MAX_MATCHES]
    except Exception:
        return []


def _line(node: LexborNode) -> Iterator[LexborNode]:
    """The element and its ancestors, without the root."""
    element: LexborNode | None = node
    for _ in range(_MAX_ANCESTORS):
        if element is None or element.tag in ("html", "-document"):
            return
        yield element
        element = element.parent


def _own_place(element: LexborNode) -> Placement | None:
    if element.tag == "body":
        return None
    attributes = element.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()[:30]
    places = [place for name in named if (place := _named_place(name)) is not None]
    if Placement.COMMENT in places:
        return Placement.COMMENT
    by_tag = _ROLES.get((attributes.get("role") or "").lower()) or _TAGS.get(element.tag or "")
    return by_tag or next(iter(places), None)


def _named_place(name: str) -> Placement | None:
    if name in _WHOLE:
        return _WHOLE[name]
    parts = re.split(r"[-_]+", name)
    if parts[0] in _DENIED:
        return None
    return _PLACE_OF.get("".join(parts)) or _PLACE_OF.get(parts[-1]) or _PLACE_OF.get(parts[0])


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations outside at-rules, cut at the braces in one pass."""
    depth, selectors, previous = 0, "", ""
    for piece in _BRACES.split(sheet):
        if piece == "{":
            depth, selectors = depth + 1, previous
        elif piece == "}":
            if depth == 1 and "@" not in selectors:
                yield selectors, previous
            depth = max(0, depth - 1)
        else:
            previous = piece


def _declarations(text: str) -> Style:
    pairs = (item.partition(":") for item in text[:4000].split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower()
        for name, _, value in pairs
        if value
    }


def _hiding(style: Style) -> str:
    if style.get("display") == "none":
        return "display: none"
    appears = any("animation" in name or "transition" in name for name in style)
    if style.get("visibility") in ("hidden", "collapse") and not appears:
        return f"visibility: {style['visibility']}"
    if "opacity" in style and not appears and _number(style["opacity"], 1) <= 0.02:
        return f"opacity: {style['opacity']}"
    if "font-size" in style and _number(style["font-size"], 16) <= _tiny(style["font-size"]):
        return f"font-size: {style['font-size']}"
    if "scale(0)" in style.get("transform", "").replace(" ", "").replace("0,0", "0"):
        return f"transform: {style['transform']}"
    return _off_screen(style) or _collapsed(style)


def _off_screen(style: Style) -> str:
    names = ["text-indent", "margin-left", "margin-top"]
    if style.get("position") in ("absolute", "fixed"):
        names += ["left", "top", "right", "bottom"]
    for name in names:
        if _number(style.get(name, ""), 0) <= -500 or style.get(name, "").startswith("-100v"):
            return f"a place off the screen ({name}: {style[name]})"
    return ""


def _collapsed(style: Style) -> str:
    if re.match(r"rect\(\s*[01](px)?[\s,]+[01](px)?", style.get("clip", "")):
        return f"clip: {style['clip']}"
    if style.get("clip-path", "").replace(" ", "") in ("inset(50%)", "inset(100%)"):
        return f"clip-path: {style['clip-path']}"
    if style.get("overflow") == "hidden":
        for name in ("height", "width", "max-height", "max-width"):
            if name in style and _number(style[name], 100) <= 1:
                return f"overflow: hidden with {name}: {style[name]}"
    return ""


def _number(value: str, otherwise: float) -> float:
    match = re.match(r"-?\d*\.?\d+", value)
    return float(match.group()) if match else otherwise


def _tiny(value: str) -> float:
    return 1.0 if value.endswith("px") else 0.1


def _colour(style: Style) -> str:
    return _plain_colour(style.get("color", ""))


def _background(style: Style) -> str:
    return _plain_colour(style.get("background-color") or style.get("background", ""))


def _plain_colour(value: str) -> str:
    value = value.replace(" ", "")
    return _COLOURS.get(value, value)
