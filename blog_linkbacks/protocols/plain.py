"""Text from strangers as plain text of a bounded length. Pure."""

import re
import unicodedata
from html import unescape

from blog_linkbacks.protocols.charsets import xml_text

ELLIPSIS = "…"

_MAX_RAW = 16 * 1024
_MAX_CLUSTER = 32
_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1[^<>]*>|\Z)", re.IGNORECASE | re.DOTALL
)
# Each branch stops at the next "<", and the quantifiers give nothing back: linear whatever is sent.
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*+|[!?])(?:\"[^\"<]*\"|'[^'<]*'|[^\"'<>])*+[^<>]*+>?")
_BLOCKS = re.compile(
    r"address|article|blockquote|br|d[dlt]|div|h[1-6]|hr|li|[ou]l|p|pre|t[dhr]", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(text: str, limit: int) -> str:
    """The readable text in `text`, in one line of at most `limit` characters.

    Tags go, character references are expanded once; control characters, direction overrides and
    the remains of a character that the sender cropped go.
    """
    without_markup = _TAG.sub(_space_for_block, _UNREAD.sub(" ", _seen(text[:_MAX_RAW])))
    one_line = _SPACES.sub(" ", _seen(unescape(without_markup)))
    return cut(one_line.rstrip("\ufffd").strip(), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis among them where it is cut; no accent or emoji is split."""
    if len(text) <= limit:
        return text
    end = limit - len(ELLIPSIS)
    start = max(end - _MAX_CLUSTER, 0)
    whole = next((i for i in range(end, start, -1) if not _joined(text, i)), end)
    return text[:whole].rstrip() + ELLIPSIS


def _seen(text: str) -> str:
    return _UNSEEN.sub("", xml_text(text))


def _space_for_block(tag: re.Match[str]) -> str:
    return " " if _BLOCKS.fullmatch(tag[1]) else ""


def _joined(text: str, i: int) -> bool:
    """Whether the characters before and after position `i` are one on the screen."""
    after, before = text[i], text[i - 1]
    return before == "\u200d" or _extends(after) or (_is_flag(after) and _flags_before(text, i) % 2 == 1)


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character in "\u200c\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or "\u1160" <= character <= "\u11ff"
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, i: int) -> int:
    start = i
    while start and _is_flag(text[start - 1]):
        start -= 1
    return i - start
