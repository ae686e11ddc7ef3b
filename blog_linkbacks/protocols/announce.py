"""How a post announces its endpoints: two headers, two elements and an RDF block. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from blog_linkbacks.protocols.charsets import xml_text
from blog_linkbacks.vocabulary import Kind

_URI_KEPT = "%:/?#[]@!$&'()*+,;=-._~"
_SPACE = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where each protocol is spoken, as absolute URLs; TrackBack has an address for each post."""

    pingback: str
    trackback: str
    webmention: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one page says: headers by name, and markup for its head."""

    headers: tuple[tuple[str, str], ...]
    markup: str


def announcement(kinds: Collection[Kind], endpoints: Endpoints, permalink: str, title: str) -> Announcement:
    """All that a post says of the kinds it takes, and nothing of the others."""
    headers, markup = [], []
    if Kind.PINGBACK in kinds:
        headers.append(("X-Pingback", pingback_header(endpoints.pingback)))
        markup.append(pingback_element(endpoints.pingback))
    if Kind.WEBMENTION in kinds:
        headers.append(("Link", webmention_link_header(endpoints.webmention)))
        markup.append(webmention_element(endpoints.webmention))
    if Kind.TRACKBACK in kinds:
        markup.append(rdf_block(permalink, title, endpoints.trackback))
    return Announcement(tuple(headers), "\n".join(markup))


def pingback_header(endpoint: str) -> str:
    """The value of `X-Pingback` (PB 2.1)."""
    return _uri(endpoint)


def pingback_element(endpoint: str) -> str:
    """The element that clients find with the regular expression of PB 2.3, which allows no other spelling."""
    return f'<link rel="pingback" href="{_href(endpoint)}">'


def webmention_link_header(endpoint: str) -> str:
    """The value of `Link` (WM 3.1.2; RFC 8288, 3)."""
    return f'<{_uri(endpoint)}>; rel="webmention"'


def webmention_element(endpoint: str) -> str:
    """The element for clients that read the page (WM 3.1.2)."""
    return f'<link rel="webmention" href="{_href(endpoint)}">'


def rdf_block(permalink: str, title: str, ping_url: str) -> str:
    """TrackBack's RDF in an HTML comment (TB, Auto-Discovery).

    It is XML that gives back every value exactly, less the characters XML cannot hold, and whatever
    the title holds, nothing in it reads as the comment's end.
    """
    return f"""<!--
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:dc="http://purl.org/dc/elements/1.1/"
         xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">
<rdf:Description
    rdf:about="{_attribute(permalink)}"
    dc:identifier="{_attribute(permalink)}"
    dc:title="{_attribute(title)}"
    trackback:ping="{_attribute(ping_url)}" />
</rdf:RDF>
-->"""


def _uri(url: str) -> str:
    """ASCII alone, without spaces, quotes or angle brackets (RFC 3986, 2)."""
    return quote(url, safe=_URI_KEPT, errors="replace")


def _href(url: str) -> str:
    """As `_uri`, which leaves only `&` to be written as an entity (PB 2.2)."""
    return _uri(url).replace("&", "&amp;")


def _attribute(text: str) -> str:
    """An attribute's value in which no two hyphens meet and no angle bracket stands."""
    escaped = escape(xml_text(text)).translate(_SPACE)
    return re.sub("(?<=-)-", "&#45;", escaped)
