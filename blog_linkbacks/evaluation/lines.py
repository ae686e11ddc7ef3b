"""JSON lines, plain or compressed, one at a time; whatever is wrong is told with file and line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

MAX_LINE = 16_000_000

_GZIP = b"\x1f\x8b"
_BROKEN = (OSError, EOFError, zlib.error)


class CaseError(ValueError):
    """A file of cases or posts that cannot be used; the message names the file and, where there is one, the line."""


class Record:
    """One JSON object of a file; reading a field of the wrong sort raises CaseError with its place."""

    def __init__(self, place: str, fields: dict[str, Any], within: str = "") -> None:
        self.place = place
        self._fields = fields
        self._within = within

    def text(self, name: str, *, needed: bool = False) -> str:
        """A string without half characters; empty where it is absent or null."""
        value = self._fields.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value):
            raise self.wrong(name, "a text" if needed else "a text or null")
        return value.encode("utf-8", "replace").decode()

    def number(self, name: str) -> int:
        """A whole number from 0 to 999."""
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 999:
            raise self.wrong(name, "a whole number from 0 to 999")
        return value

    def inner(self, name: str) -> "Record":
        """An object inside this one."""
        value = self._fields.get(name)
        if not isinstance(value, dict):
            raise self.wrong(name, "an object")
        return Record(self.place, value, f"{self._within}{name}.")

    def list(self, name: str) -> list["Record"]:
        """Objects inside this one, at least one."""
        value = self._fields.get(name)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.wrong(name, "a list of objects, at least one")
        return [Record(self.place, one, f"{self._within}{name}[{i}].") for i, one in enumerate(value)]

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Names and values, from an object or a list of pairs; none where it is absent or null."""
        value = self._fields.get(name) or {}
        pairs = list(value.items()) if isinstance(value, dict) else value
        if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
            raise self.wrong(name, "an object of texts")
        return tuple((key, text.encode("utf-8", "replace").decode()) for key, text in pairs)

    def wrong(self, name: str, wanted: str) -> CaseError:
        """The error for a field that is not what is wanted."""
        return CaseError(f"{self.place}: {self._within}{name} must be {wanted}.")


def records(path: Path) -> Iterator[Record]:
    """The objects of a file, in its order; blank lines are passed over. Raises CaseError."""
    for number, line in _lines(path):
        place = f"{path}, line {number}"
        try:
            value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError as error:
            raise CaseError(f"{place}: not UTF-8 text (byte {error.start}).") from None
        except (ValueError, RecursionError) as error:
            raise CaseError(f"{place}: not JSON ({_short(error)}).") from None
        if not isinstance(value, dict):
            raise CaseError(f"{place}: not a JSON object.")
        yield Record(place, value)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise CaseError(f"{path}, line {number}: longer than {MAX_LINE:,} bytes.")
                if line.strip():
                    yield number, line
    except _BROKEN as error:
        raise CaseError(f"{path}: cannot be read after line {number} ({_short(error)}).") from None


def _opened(path: Path) -> BinaryIO:
    """By its first two bytes, whatever its name says."""
    with path.open("rb") as stream:
        compressed = stream.read(2) == _GZIP
    return cast(BinaryIO, gzip.open(path, "rb")) if compressed else path.open("rb")


def _is_pair(pair: object) -> bool:
    return isinstance(pair, (list, tuple)) and len(pair) == 2 and all(isinstance(part, str) for part in pair)


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:120]
