"""Which of very many links are worth comparing with the post's addresses: those to its hosts, and a bounded number."""

import re
from collections.abc import Iterable, Sequence

from blog_linkbacks import urls
from blog_linkbacks.verification.document import Link

MAX_COMPARED = 5_000  # different addresses on the post's own hosts
MAX_FOREIGN = 1_000  # different host names in other scripts than Latin: those take long to fold
MAX_COUNTED = 12_000  # links

_NETLOC = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)


class Narrowed:
    """The links of a page that may lead to a target's hosts; `cut` where some were not looked at."""

    def __init__(self, links: Iterable[Link], targets: Sequence[str]) -> None:
        self._hosts = {urls.host(url).removeprefix("www.") for url in targets}
        self._foreign: dict[str, str] = {}
        self.cut = False
        self.links = [link for link in links if self._may_lead_there(link.url)]

    def leading_to(self, keys: frozenset[str], most: int) -> list[Link]:
        """The first links to an address of one of these `post_key`s, at most so many."""
        found: list[Link] = []
        ours: dict[str, bool] = {}
        for link in self.links:
            if len(found) == most:
                break
            if link.url not in ours and len(ours) == MAX_COMPARED:
                self.cut = True
                continue
            if ours.setdefault(link.url, link.url not in ours and urls.post_key(link.url) in keys):
                found.append(link)
        return found

    def _may_lead_there(self, url: str) -> bool:
        match = _NETLOC.match(url)
        return match is not None and self._host(match[1].rpartition("@")[2]) in self._hosts

    def _host(self, netloc: str) -> str:
        name = netloc[1:].partition("]")[0] if netloc.startswith("[") else netloc.partition(":")[0]
        if name.isascii():
            return name.rstrip(".").lower().removeprefix("www.")
        if name not in self._foreign and len(self._foreign) == MAX_FOREIGN:
            self.cut = True
            return ""
        if name not in self._foreign:
            self._foreign[name] = urls.host(f"http://{name}").removeprefix("www.")
        return self._foreign[name]
