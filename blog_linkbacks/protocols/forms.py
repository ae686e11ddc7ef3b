"""Form posts as bytes: their fields, in whatever encoding the sender used. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from blog_linkbacks.labels import codec
from blog_linkbacks.protocols import charsets
from blog_linkbacks.vocabulary import Refusal, Refused

MAX_BODY = 64 * 1024
MAX_FIELDS = 100

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_NAME = re.compile(rb"\bname=(?:\"([^\"\r\n]*)\"|([^\s;\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order sent, as bytes, and Python's name for the one encoding they are all in."""

    fields: tuple[tuple[bytes, bytes], ...]
    codec: str = "utf-8"

    def first(self, name: str) -> str:
        """The first value of that name as text, empty where there is none."""
        return _first(self.fields, name).decode(self.codec, "replace").removeprefix("\ufeff")


def read(body: bytes, content_type: str = "") -> Form | Refused:
    """The form in a request's body: urlencoded or multipart, at most 64 KiB and 100 fields.

    Its encoding is the header's charset, else what a field `charset` or `_charset_` says, else as detected.
    """
    if len(body) > MAX_BODY:
        return _malformed(f"The request is larger than {MAX_BODY // 1024} KiB.")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in ("", _URLENCODED, _MULTIPART):
        return _malformed(f"Send the fields as {_URLENCODED}.")
    fields = _multipart(body, content_type) if media_type == _MULTIPART else _urlencoded(body)
    if len(fields) > MAX_FIELDS:
        return _malformed(f"The request has more than {MAX_FIELDS} fields.")
    return Form(fields, _codec(fields, content_type))


def _malformed(detail: str) -> Refused:
    return Refused(Refusal.MALFORMED_REQUEST, detail)


def _urlencoded(body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    pairs = (piece.partition(b"=") for piece in body.strip().split(b"&", MAX_FIELDS) if piece)
    return tuple((_unquote(name), _unquote(value)) for name, _, value in pairs)


def _unquote(data: bytes) -> bytes:
    return unquote_to_bytes(data.replace(b"+", b" "))


def _multipart(body: bytes, content_type: str) -> tuple[tuple[bytes, bytes], ...]:
    """The parts with a name (RFC 7578, 4.2), none where the header names no boundary."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return ()
    delimiter = b"\r\n--" + (found[1] or found[2]).encode()
    parts = (b"\r\n" + body).split(delimiter, MAX_FIELDS + 1)[1:]
    return tuple(_part(part) for part in parts if not part.startswith(b"--"))


def _part(part: bytes) -> tuple[bytes, bytes]:
    head, _, value = part.partition(b"\r\n\r\n")
    found = _NAME.search(head)
    return (found[1] or found[2] or b"", value) if found else (b"", value)


def _codec(fields: tuple[tuple[bytes, bytes], ...], content_type: str) -> str:
    """One encoding for all fields; UTF-16 cannot be, as the names are ASCII."""
    declared = (_first(fields, name).decode("ascii", "replace") for name in ("charset", "_charset_"))
    labels = (charsets.header_charset(content_type), *declared)
    usable = [label for label in labels if not (codec(label) or "").startswith("utf-16")]
    return charsets.choose([value for _, value in fields], *usable)


def _first(fields: tuple[tuple[bytes, bytes], ...], name: str) -> bytes:
    return next((value for key, value in fields if key == name.encode()), b"")
