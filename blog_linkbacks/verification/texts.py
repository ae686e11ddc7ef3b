"""Sources that are no markup: text in which the URL stands, JSON with a value that is it (WM 3.2.2)."""

import json
import re
from collections.abc import Iterator
from itertools import islice

from blog_linkbacks import urls

_URL = re.compile(r"https?://(?:(?!https?://)[^\s<>\"'`])+", re.IGNORECASE)
_MAY_END = re.compile(r"[^\w%/:.~?#=&+@-]|[^\x00-\x7f]")
_ENDS_TRIED = 20
_TRAILING = ".,;:!?)]}*_”’»"


def place_in_text(text: str, keys: frozenset[str]) -> tuple[int, int] | None:
    """Where a plain text names the post by URL: start and end, or None."""
    for match in _URL.finditer(text):
        for url in _readings(match.group()):
            if urls.post_key(url) in keys:
                return match.start(), match.start() + len(url)
    return None


def _readings(run: str) -> Iterator[str]:
    """The URLs that a run of characters may begin with: what follows one in a text need not be a space."""
    yield run
    yield run.rstrip(_TRAILING)
    for end in islice(_MAY_END.finditer(run), _ENDS_TRIED):
        yield run[: end.start()].rstrip(_TRAILING)


def json_names(text: str, keys: frozenset[str]) -> bool:
    """Whether a string value at any depth is the post's URL; false for what is no JSON."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return any(urls.is_web(value) and urls.post_key(value) in keys for value in _strings(document))


def _strings(document: object) -> Iterator[str]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
