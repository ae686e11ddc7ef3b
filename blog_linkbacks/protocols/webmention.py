"""Webmention on the wire: a form post in, a status with a sentence out (WM 3.2). Pure."""

import json
import re

from blog_linkbacks import urls
from blog_linkbacks.protocols import forms
from blog_linkbacks.protocols.addresses import objection
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused

MAX_BODY = forms.MAX_BODY
CREATED = 201

_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"
_PAGES = ("text/html", "application/xhtml+xml")
_READABLE = (_JSON, "text/plain", "text/*", *_PAGES)
_QUALITY = re.compile(r"\s*q\s*=\s*(\d(?:\.\d{0,3})?)\s*", re.ASCII)


def parse_request(
    body: bytes, content_type: str = "", *, sender_ip: str = "", user_agent: str = "", referrer: str = ""
) -> Claim | Refused:
    """The claim, or why there is none: no form, a URL missing or not http(s), both the same page (WM 3.2.1).

    The first value counts where a field is given twice.
    """
    form = forms.read(body, content_type)
    if isinstance(form, Refused):
        return form
    source, target = urls.clean(form.first("source")), urls.clean(form.first("target"))
    return objection(source, target) or Claim(
        kind=Kind.WEBMENTION,
        source_url=source,
        target_url=target,
        sender_ip=sender_ip,
        user_agent=user_agent,
        referrer=referrer,
    )


def status_for(refused: Refused) -> int:
    """The HTTP status of a refusal: 429 beyond the rate limit, else 400 (WM 3.2.3)."""
    return 429 if refused.refusal is Refusal.RATE_LIMITED else 400


def render(answer: Receipt | Refused, accept: str = "", location: str = "") -> tuple[bytes, str]:
    """The answer's body and Content-Type: JSON where the Accept header prefers it, else a line of plain text.

    `location` is the status page that goes into the body too; the header is the caller's.
    """
    content = _refusal(answer) if isinstance(answer, Refused) else _acceptance(answer, location)
    if _preferred(accept) == _JSON:
        return json.dumps(content).encode(), _JSON
    return " ".join((content["message"], location)).strip().encode("utf-8", "replace") + b"\n", _TEXT


def prefers_html(accept: str) -> bool:
    """Whether the Accept header is a browser's: a person posted the form and wants a page."""
    return _preferred(accept) in _PAGES


def sentence(answer: Receipt | Refused) -> str:
    """The answer in one sentence, as in the plain text."""
    return answer.message if isinstance(answer, Refused) else _acceptance(answer, "")["message"]


def _refusal(refused: Refused) -> dict[str, str]:
    return {"error": refused.refusal.name.lower(), "message": refused.message}


def _acceptance(receipt: Receipt, location: str) -> dict[str, str]:
    message = (
        "Thank you. The linking page will be read and checked for its link."
        if receipt.created
        else "This page is known here already; it will be read and checked again."
    )
    return {"status": receipt.status.value, "message": message} | ({"location": location} if location else {})


def _preferred(accept: str) -> str:
    """The best wished for of the readable types, the first where several are; empty for none (RFC 9110, 12.5.1)."""
    wishes = [_wish(part) for part in accept[:2000].split(",")]
    readable = [wish for wish in wishes if wish[0] in _READABLE]
    name, quality = max(readable, key=lambda wish: wish[1], default=("", 0.0))
    return name if quality > 0 else ""


def _wish(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    quality = _QUALITY.fullmatch(parameters)
    return name.strip().lower(), float(quality[1]) if quality else 1.0
