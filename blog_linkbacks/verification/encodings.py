"""Bytes of a page to text, as browsers decide it (HTML 13.2.3, Encoding 4.2). Never an error."""

import codecs
import re

from blog_linkbacks.labels import codec as codec_of

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_HIRAGANA = re.compile("[\u3041-\u3096]")
_FOREIGN = re.compile("[^\x00-\x7f]")


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: byte order mark, header, meta or XML declaration in 1024 bytes, then guessing."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    codec = _declared(body, content_type) or _guessed(body)
    return body.decode(codec, "replace")


def _declared(body: bytes, content_type: str) -> str:
    header = _HEADER.search(content_type)
    codec = codec_of(header.group(1)) if header else None
    if codec and _plausible(codec, body):
        return codec
    head = _COMMENT.sub(b"", body[:1024])
    found = _META.search(head) or _XML.search(head)
    codec = (codec_of(found.group(1).decode("latin-1")) if found else None) or ""
    # A declaration that could be read as ASCII cannot be in UTF-16, whatever it says.
    return "utf-8" if codec.startswith("utf-16") else codec


def _plausible(codec: str, body: bytes) -> bool:
    return not codec.startswith("utf-16") or b"\0" in body[:200] or b"<" not in body[:200]


def _guessed(body: bytes) -> str:
    if b"\x1b$B" in body or b"\x1b$@" in body:
        return "iso2022_jp_ext"
    if _valid(body, "utf-8") is not None:
        return "utf-8"
    shares = {codec: _japanese_share(_valid(body, codec)) for codec in ("cp932", "euc_jp")}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= 0.2 else "cp1252"


def _valid(body: bytes, codec: str) -> str | None:
    """The text if these bytes are of that encoding; a last character may be cut where others are whole."""
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(body, final=False)
        return text if _FOREIGN.search(text) else body.decode(codec)
    except UnicodeError:
        return None


def _japanese_share(text: str | None) -> float:
    foreign = len(_FOREIGN.findall(text or ""))
    return len(_HIRAGANA.findall(text or "")) / foreign if foreign > 1 else 0.0
