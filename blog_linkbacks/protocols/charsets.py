"""Which encoding the bytes of a form are in (specs: character encodings)."""

import re
from collections.abc import Iterable
from itertools import groupby

from blog_linkbacks.labels import codec

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([^\"';,\s]+)", re.IGNORECASE)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decode(data: bytes, *labels: str) -> str:
    """The text of `data` in the first known encoding of `labels`, else as detected; never an error."""
    return data.decode(choose([data], *labels), "replace").removeprefix("\ufeff")


def choose(samples: Iterable[bytes], *labels: str) -> str:
    """Python's name for the one encoding that all of `samples` are in.

    The first known label counts, unless it says UTF-8 and the bytes say otherwise. Undeclared bytes are
    ISO-2022-JP, UTF-8, EUC-JP, Shift_JIS or windows-1252, in this order, by what they look like.
    """
    known = next(filter(None, map(codec, labels)), None)
    return known if known and known != "utf-8" else _detect(b"\n".join(samples))


def header_charset(content_type: str) -> str:
    """The `charset` parameter of a Content-Type, empty where it has none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, not even by reference (XML 2.2)."""
    return _NOT_XML.sub("", text)


def _detect(data: bytes) -> str:
    if b"\x1b$" in data and _strict(data, "iso2022_jp_ext"):
        return "iso2022_jp_ext"
    if not data or _strict(data, "utf-8"):
        return "utf-8"
    japanese = (name for name in ("euc_jp", "cp932") if _is_japanese(_strict(data, name)))
    return next(japanese, "utf-8" if _is_mostly_utf8(data) else "cp1252")


def _is_mostly_utf8(data: bytes) -> bool:
    """Senders crop excerpts in the middle of a character."""
    text = data.decode("utf-8", "replace")
    return sum(not c.isascii() for c in text) > 2 * text.count("\ufffd")


def _is_japanese(text: str) -> bool:
    """Four in five of the foreign characters stand together and are everyday Japanese.

    Western text misread as Japanese gives lone characters, rare kanji and half-width katakana.
    """
    runs = [list(run) for ascii_only, run in groupby(text, str.isascii) if not ascii_only]
    everyday = sum(_is_everyday(c) for run in runs if len(run) > 1 for c in run)
    return bool(runs) and everyday >= 0.8 * sum(map(len, runs))


def _is_everyday(character: str) -> bool:
    """Kana, punctuation or a kanji of the first level: rows 1-8 and 16-47 of JIS X 0208."""
    code = character.encode("euc_jp", "ignore")
    return len(code) == 2 and (0xA1 <= code[0] <= 0xA8 or 0xB0 <= code[0] <= 0xCF)


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeError:
        return ""
