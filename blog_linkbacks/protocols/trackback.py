"""TrackBack on the wire: a form post in, the XML answer out (TB, Sending TrackBack Pings). Pure."""

from html import escape

from blog_linkbacks import urls
from blog_linkbacks.protocols import forms
from blog_linkbacks.protocols.addresses import objection
from blog_linkbacks.protocols.charsets import xml_text
from blog_linkbacks.protocols.forms import Form
from blog_linkbacks.protocols.plain import plain
from blog_linkbacks.vocabulary import Claim, Kind, Refused

CONTENT_TYPE = "text/xml; charset=utf-8"
MAX_BODY = forms.MAX_BODY
MAX_TEXT = 255


def parse_ping(body: bytes, content_type: str = "") -> Form | Refused:
    """The fields of a ping; refused as malformed where the body is no form or too large."""
    return forms.read(body, content_type)


def to_claim(
    form: Form, target_url: str, *, sender_ip: str = "", user_agent: str = "", referrer: str = ""
) -> Claim | Refused:
    """What the ping says about the post at `target_url`; texts are plain and at most 255 characters.

    Refused without `url`, or where that is no http(s) URL or the post itself. A missing title stays empty.
    """
    source_url = urls.clean(form.first("url"))
    return objection(source_url, target_url) or Claim(
        kind=Kind.TRACKBACK,
        source_url=source_url,
        target_url=target_url,
        title=plain(form.first("title"), MAX_TEXT),
        excerpt=plain(form.first("excerpt"), MAX_TEXT),
        author=plain(form.first("blog_name"), MAX_TEXT),
        sender_ip=sender_ip,
        user_agent=user_agent,
        referrer=referrer,
    )


def error_for(refused: Refused) -> str:
    """The sentence for the answer's `message`."""
    return refused.message


def render_ok() -> bytes:
    """The answer to a ping that was taken."""
    return _response("<error>0</error>")


def render_error(message: str) -> bytes:
    """The answer to a ping that was not; well-formed whatever the message holds."""
    return _response(f"<error>1</error><message>{escape(xml_text(message), quote=False)}</message>")


def _response(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><response>{content}</response>'.encode()
