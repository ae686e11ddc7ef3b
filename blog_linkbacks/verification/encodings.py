"""Bytes of a page to text, as browsers decide it (HTML 13.2.3, Encoding 4.2). Never an error."""

import codecs
import re

_GROUPS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 x-unicode20utf8",
    "cp1252": "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso_8859-1 iso88591 latin1 l1 ascii "
    "us-ascii cp819 ibm819 ansi_x3.4-1968",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis cp932",
    "euc_jp": "euc-jp x-euc-jp eucjp cseucpkdfmtjapanese",
    "iso2022_jp_ext": "iso-2022-jp csiso2022jp",
    "gb18030": "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 csgb2312 chinese cp936 iso-ir-58",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp949": "euc-kr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 iso-ir-149",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 latin5 l5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 tis-620",
    "iso8859_2": "iso-8859-2 iso8859-2 latin2 l2",
    "iso8859_3": "iso-8859-3 latin3 l3",
    "iso8859_4": "iso-8859-4 latin4 l4",
    "iso8859_5": "iso-8859-5 cyrillic",
    "iso8859_6": "iso-8859-6 arabic",
    "iso8859_7": "iso-8859-7 greek",
    "iso8859_8": "iso-8859-8 hebrew iso-8859-8-i",
    "iso8859_10": "iso-8859-10 latin6 l6",
    "iso8859_13": "iso-8859-13",
    "iso8859_14": "iso-8859-14",
    "iso8859_15": "iso-8859-15 latin9 l9 csisolatin9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "koi8-r koi8 koi",
    "koi8_u": "koi8-u koi8-ru",
    "cp866": "ibm866 cp866 866",
    "mac_roman": "macintosh mac x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
}
_LABELS = {label: codec for codec, labels in _GROUPS.items() for label in labels.split()}
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


def codec_of(label: str) -> str:
    """Python's name for an encoding label of the web; empty where the label means nothing."""
    return _LABELS.get(label.strip().strip("\"'").lower(), "")


def _declared(body: bytes, content_type: str) -> str:
    header = _HEADER.search(content_type)
    codec = codec_of(header.group(1)) if header else ""
    if codec and _plausible(codec, body):
        return codec
    head = _COMMENT.sub(b"", body[:1024])
    found = _META.search(head) or _XML.search(head)
    codec = codec_of(found.group(1).decode("latin-1")) if found else ""
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
