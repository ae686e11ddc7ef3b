"""What other blogs' software sends: discovery first, then the call, over real HTTP."""

import re
import xmlrpc.client
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin
from xml.etree import ElementTree

import requests

TRACKBACK = "{http://madskills.com/public/xml/rss/module/trackback/}"


@dataclass(frozen=True)
class Found:
    pingback: str
    webmention: str
    trackback: str


def discover(post: str) -> Found:
    """The endpoints as a sender finds them: pingback by header, webmention by Link header, trackback by RDF."""
    answer = requests.get(post, timeout=10)
    link = re.search(r'<([^>]*)>;\s*rel="webmention"', answer.headers.get("Link", ""))
    rdf = re.search(r"<rdf:RDF.*?</rdf:RDF>", answer.text, re.DOTALL)
    ping = ""
    if rdf:
        description = ElementTree.fromstring(rdf.group())[0]
        ping = description.attrib[f"{TRACKBACK}ping"]
    return Found(
        pingback=answer.headers.get("X-Pingback", ""),
        webmention=urljoin(post, link.group(1)) if link else "",
        trackback=unescape(ping),
    )


def pingback(endpoint: str, source: str, target: str) -> str | int:
    """The success string, or the fault's code."""
    body = xmlrpc.client.dumps((source, target), "pingback.ping").encode()
    answer = requests.post(endpoint, body, headers={"Content-Type": "text/xml"}, timeout=30)
    assert answer.status_code == 200, answer.status_code
    try:
        (value,), _ = xmlrpc.client.loads(answer.content)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode
    return str(value)


def trackback(endpoint: str, **fields: str) -> tuple[int, str]:
    """The `error` and the message of the answer."""
    answer = requests.post(endpoint, fields, timeout=30)
    assert answer.status_code < 500
    response = ElementTree.fromstring(answer.content)
    return int(response.findtext("error") or ""), response.findtext("message") or ""


def webmention(endpoint: str, source: str, target: str) -> requests.Response:
    return requests.post(endpoint, {"source": source, "target": target}, timeout=30)
