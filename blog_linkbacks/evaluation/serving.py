"""The pages of a case in place of the network."""

import re
import socket
from collections.abc import Mapping, Sequence
from typing import NoReturn

from blog_linkbacks import labels, urls
from blog_linkbacks.evaluation.cases import Case, RecordedPage
from blog_linkbacks.fetch import DEADLINE, MAX_BYTES, MAX_REDIRECTS, Fetcher, FetchError, Page
from blog_linkbacks.vocabulary import Outcome

_MOVED = {301, 302, 303, 307, 308}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_UTF8_MARK = "\ufeff"


class RecordedFetcher(Fetcher):
    """Answers for one case as the network did when it was recorded: statuses, redirects, refused connections.

    Whoever asks is shown the same pages. Nothing is ever looked up or dialled.
    """

    def __init__(self, case: Case) -> None:
        super().__init__(resolve=_nobody)
        self._pages = _by_address(case.pages)
        self._posts = frozenset(map(urls.post_key, case.target.urls))

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 - one answer for every reader
        max_bytes: int = MAX_BYTES,
        deadline: float = DEADLINE,  # noqa: ARG002 - a recording takes no time
        max_redirects: int = MAX_REDIRECTS,
    ) -> Page:
        """The page at the end of the redirects from `url`; raises FetchError as a fetch would."""
        trail = [url]
        try:
            page = self._followed(trail, max_redirects)
        except FetchError as error:
            error.url, error.redirects = trail[-1], tuple(trail[1:])
            raise
        return _as_fetched(page, trail, max_bytes)

    def _followed(self, trail: list[str], most: int) -> RecordedPage:
        """The page where the trail ends; `trail` grows by every redirect on the way."""
        while True:
            page = self._answer(trail[-1])
            onward = _onward(page, trail[-1])
            if onward is None:
                return page
            if len(trail) > most:
                _fail(Outcome.REDIRECT_LOOP, f"The page redirects more than {most} times.", page.address)
            trail.append(onward)

    def _answer(self, url: str) -> RecordedPage:
        page = self._pages.get(_address(url)) or self._pages.get(urls.page_key(url)) or self._own(url)
        if page is None:
            _fail(Outcome.DNS_FAILURE, f"No page is recorded for {urls.host(url) or 'that address'}.")
        if not page.status:
            _fail(Outcome.UNREACHABLE, f"No connection to {urls.host(url)} could be made.", page.address)
        return page

    def _own(self, url: str) -> RecordedPage | None:
        """The post itself, which is always there, for a source that leads to it."""
        return RecordedPage(url, "", 200, (), "") if urls.post_key(url) in self._posts else None


def _by_address(pages: Sequence[RecordedPage]) -> dict[str, RecordedPage]:
    """Exact addresses before other spellings of the same page, and the first of equals."""
    known: dict[str, RecordedPage] = {}
    for spelling in (_address, urls.page_key):
        for page in pages:
            known.setdefault(spelling(page.url), page)
    return known


def _address(url: str) -> str:
    return urls.clean(url).partition("#")[0]


def _onward(page: RecordedPage, url: str) -> str | None:
    location = _header(page, "location")
    if page.status not in _MOVED or not location:
        return None
    onward = urls.resolve(url, location)
    if onward is None:
        what = "The page redirects to something that is not an http or https address."
        _fail(Outcome.FORBIDDEN, what, page.address)
    return onward


def _as_fetched(page: RecordedPage, trail: list[str], max_bytes: int) -> Page:
    body = _bytes(page)
    return Page(
        url=trail[-1],
        status=page.status,
        headers=page.headers,
        body=body[:max_bytes],
        truncated=len(body) > max_bytes,
        redirects=tuple(trail[1:]),
        address=page.address,
    )


def _bytes(page: RecordedPage) -> bytes:
    """In the encoding that the header names; else in UTF-8 with its mark, so that nothing else is guessed."""
    named = _CHARSET.search(_header(page, "content-type"))
    codec = labels.codec(named.group(1)) if named else None
    if codec:
        return page.body.encode(codec, "xmlcharrefreplace")
    return (_UTF8_MARK + page.body).encode()


def _header(page: RecordedPage, name: str) -> str:
    return next((value for key, value in page.headers if key.lower() == name), "")


def _fail(outcome: Outcome, detail: str, address: str = "") -> NoReturn:
    error = FetchError(outcome, detail)
    error.address = address
    raise error


def _nobody(*_asked: object, **_how: object) -> NoReturn:
    raise socket.gaierror("A recorded case has no network.")
