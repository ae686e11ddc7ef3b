"""Files that are a picture to one program and something else to another (polyglots). Pure."""

import re

_MARKUP = re.compile(rb"<(?:script|!doctype html|html|iframe)[\s>/]|<\?php\s", re.IGNORECASE)
_ARCHIVE_END = b"PK\x05\x06"
_TAIL = 66_000  # bytes: an archive's index ends within so many of a file's end (APPNOTE 4.3.16)
_PDF_HEAD = 1024  # bytes: readers of PDF look so far for its first line


def stowaway(data: bytes) -> str:
    """What else a picture's file is, as words for a sentence; empty where it is nothing else.

    Films and notes that cameras append are no sign of ill will, and are not spoken of.
    """
    if _MARKUP.search(data):
        return "a web page or a program"
    if _ARCHIVE_END in data[-_TAIL:]:
        return "an archive"
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "a PDF document"
    return "a program" if _opens_a_comment(data) else ""


def _opens_a_comment(data: bytes) -> bool:
    """Whether the sizes at the head are spelled so that the file begins as a comment of JavaScript."""
    at = 6 if data[:3] == b"GIF" else 4  # a GIF's width; the length of a JPEG's first segment
    return data[at : at + 2] == b"/*" and b"*/" in data
