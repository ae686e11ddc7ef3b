"""One notice over the wire: the request each protocol asks for, and what the remote's answer means."""

import json
import xmlrpc.client
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from blog_linkbacks import urls
from blog_linkbacks.fetch import Fetcher, Page
from blog_linkbacks.protocols import charsets
from blog_linkbacks.protocols.plain import plain
from blog_linkbacks.sending.patience import asked
from blog_linkbacks.sending.tables import DeliveryState

SECONDS = 20.0
MAX_ANSWER = 64_000
MAX_WORDS = 500
ALREADY_REGISTERED = 48
TOO_MANY = 429  # WordPress takes one ping in 15 seconds and answers the next so, also as a fault

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_WANTS_XML = {
    "Accept": "text/xml, application/xml;q=0.9, */*;q=0.1"
}  # asked for JSON, WordPress gives errors as JSON
_FORM_UTF8 = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", **_WANTS_XML}
_XML = {"Content-Type": "text/xml", **_WANTS_XML}


@dataclass(frozen=True, slots=True)
class Result:
    """How a delivery stands: `words` are the remote's own where it had any, plain, at most 500 characters.

    `after` is the pause that a busy remote asks for before the next try.
    """

    state: DeliveryState
    words: str
    protocol: str = ""
    endpoint: str = ""
    status_url: str = ""
    after: timedelta = timedelta()


def send_webmention(fetcher: Fetcher, endpoint: str, source: str, target: str) -> Result:
    """Tell of a link by webmention (WM 3.1.3): any 2xx is success, 5xx is tried again. Raises FetchError."""
    body = urlencode({"source": source, "target": target}).encode()
    answer = fetcher.post(endpoint, body, headers=_FORM, max_bytes=MAX_ANSWER, deadline=SECONDS)
    location = answer.header("Location") if answer.status == 201 else ""
    status_url = (urls.resolve(answer.url, location) or "") if location else ""
    return _by_status(answer, "webmention", endpoint, status_url if urls.is_web(status_url) else "")


def send_pingback(fetcher: Fetcher, endpoint: str, source: str, target: str) -> Result:
    """Tell of a link by pingback (PB 3); fault 48, already registered, is success. Raises FetchError."""
    call = xmlrpc.client.dumps((source, target), "pingback.ping", encoding="utf-8").encode()
    answer = fetcher.post(endpoint, call, headers=_XML, max_bytes=MAX_ANSWER, deadline=SECONDS)
    if not 200 <= answer.status < 300:
        return _by_status(answer, "pingback", endpoint)
    state, words = _read_response(answer.body)
    return Result(state, words, "pingback", endpoint)


def send_trackback(fetcher: Fetcher, endpoint: str, fields: dict[str, str]) -> Result:
    """Send a TrackBack ping (TB, Sending): the answer's XML counts before its status. Raises FetchError."""
    body = urlencode(fields).encode()
    answer = fetcher.post(endpoint, body, headers=_FORM_UTF8, max_bytes=MAX_ANSWER, deadline=SECONDS)
    text = _text(answer)
    error = _between(text, "error")
    if error == "0":
        return Result(
            DeliveryState.DELIVERED, _words(_between(text, "message")) or "Taken.", "trackback", endpoint
        )
    if error.isdecimal():
        words = _words(_between(text, "message")) or "Refused without a reason."
        return Result(DeliveryState.REFUSED, words, "trackback", endpoint)
    if 200 <= answer.status < 300:
        words = f"It answered, but not as TrackBack: {_words(text) or 'nothing'}"[:MAX_WORDS]
        return Result(DeliveryState.REFUSED, words, "trackback", endpoint)
    return _by_status(answer, "trackback", endpoint)


_UNSAID = {
    201: "Taken (201); its status page says what comes of it.",
    202: "Taken (202); it checks the link in its own time.",
}


def _by_status(answer: Page, protocol: str, endpoint: str, status_url: str = "") -> Result:
    words = _said(answer) or _UNSAID.get(answer.status, f"It answered {answer.status} without a word.")
    if 200 <= answer.status < 300:
        return Result(DeliveryState.DELIVERED, words, protocol, endpoint, status_url)
    later = answer.status >= 500 or answer.status == TOO_MANY
    state = DeliveryState.RETRYING if later else DeliveryState.REFUSED
    said = f"{answer.status}: {words}"[:MAX_WORDS]
    return Result(state, said, protocol, endpoint, after=asked(answer))


def _said(answer: Page) -> str:
    text = _text(answer)
    return _words(_from_json(text) if "json" in answer.header("Content-Type").lower() else text)


def _from_json(text: str) -> str:
    """The sentence in a JSON answer, under the names that receivers commonly use; else the whole of it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    named = value if isinstance(value, dict) else {}
    keys = ("error_description", "summary", "message", "error", "status")
    return next((named[key] for key in keys if isinstance(named.get(key), str) and named[key]), text)


def _text(answer: Page) -> str:
    label = charsets.header_charset(answer.header("Content-Type"))
    declared = answer.body[:200].partition(b'encoding="')[2].partition(b'"')[0].decode("latin-1")
    return charsets.decode(answer.body, label, declared)


def _words(text: str) -> str:
    return plain(text, MAX_WORDS)


def _between(text: str, name: str) -> str:
    """The text of the first element of that name, read without a parser: many answers are not well-formed."""
    after = text.partition(f"<{name}>")[2]
    inner, end, _ = after.partition(f"</{name}>")
    if not end:
        return ""
    unmarked = inner.strip().removeprefix("<![CDATA[").removesuffix("]]>")
    return (unescape(unmarked) if unmarked == inner.strip() else unmarked).strip()


def _read_response(body: bytes) -> tuple[DeliveryState, str]:
    """What an XML-RPC response says; integers are faults too, bare or as a result: some receivers do so."""
    root = _parse(body)
    fault = root.find("fault") if root is not None else None
    value = root.find("params/param/value") if root is not None else None
    if fault is not None:
        return _fault(_number(fault), _fault_words(fault))
    if value is None:
        said = _words(body.decode("utf-8", "replace"))
        return DeliveryState.REFUSED, f"It answered, but not as XML-RPC: {said or 'nothing'}"[:MAX_WORDS]
    number = _number(value)
    if number is not None:
        return _fault(number, "")
    return DeliveryState.DELIVERED, _words("".join(value.itertext())) or "Taken."


def _parse(body: bytes) -> Element | None:
    start = max(body.find(b"<?xml"), 0)  # some servers print warnings first
    try:
        root: Element = fromstring(body[start:].strip(), forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        return None
    return root if root.tag == "methodResponse" else None


def _fault(number: int | None, words: str) -> tuple[DeliveryState, str]:
    state = _FAULT_STATES.get(number, DeliveryState.REFUSED)
    said = words or _MEANINGS.get(number, "no reason given")
    return state, f"Fault {0 if number is None else number}: {said}"[:MAX_WORDS]


def _number(element: Element) -> int | None:
    """The first integer inside an element."""
    for inner in element.iter():
        text = (inner.text or "").strip()
        if inner.tag in ("int", "i4", "i8") and text.lstrip("-").isdecimal() and len(text) < 12:
            return int(text)
    return None


def _fault_words(fault: Element) -> str:
    return next(filter(None, (_words(text) for text in _fault_strings(fault))), "")


def _fault_strings(fault: Element) -> Iterator[str]:
    for member in fault.iter("member"):
        if member.findtext("name", "").strip() == "faultString":
            value = member.find("value")
            yield "".join(value.itertext()) if value is not None else ""


_FAULT_STATES: dict[int | None, DeliveryState] = {
    ALREADY_REGISTERED: DeliveryState.DELIVERED,
    TOO_MANY: DeliveryState.RETRYING,
}
_MEANINGS: dict[int | None, str] = {
    16: "the linking page does not exist",
    17: "the linking page has no link to the target",
    32: "the target does not exist",
    33: "the target takes no pingbacks",
    ALREADY_REGISTERED: "already registered",
    49: "access denied",
    50: "trouble with another server",
}
