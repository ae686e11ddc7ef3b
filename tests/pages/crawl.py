"""Every page that can be reached by links, as a reader or a signed-in person finds them."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import BASE

MOST = 300
ALIKE = 3  # pages whose addresses differ in numbers and queries alone

_VARIES = re.compile(r"\d+|=[^&]*")


def crawl(client: FlaskClient, starts: Iterable[str]) -> dict[str, str]:
    """The HTML of the pages at these paths and of those they link to, by path; of many alike only a few."""
    waiting, found = deque(dict.fromkeys(starts)), dict[str, str]()
    seen, shapes = set(waiting), Counter[str]()
    while waiting and len(found) < MOST:
        path = waiting.popleft()
        answer = client.get(path, buffered=True)
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
            found[path] = answer.text
        for linked in _linked(path, answer.location, answer.text if path in found else ""):
            shape = _VARIES.sub("*", linked)
            if linked not in seen and shapes[shape] < ALIKE:
                shapes[shape] += 1
                seen.add(linked)
                waiting.append(linked)
    return found


def _linked(path: str, location: str | None, html: str) -> Iterable[str]:
    links = [node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a[href]")]
    for link in [location, *links] if location else links:
        url = urldefrag(urljoin(BASE + path, link)).url
        if url.startswith(f"{BASE}/"):
            yield url.removeprefix(BASE)
