"""A page that did not change is not sent again: ETag, Last-Modified and 304 (RFC 9110, 13).

Both follow from the page's own bytes, so whatever changes a page changes them: an approved response, a related post,
a setting, a new version of the program. When that was, each process remembers from when it first saw the page so.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from time import time
from typing import ParamSpec

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from blog_linkbacks import web

P = ParamSpec("P")

REMEMBERED = 2_000  # pages


class Changes:
    """Since when each page has been as it is, in whole seconds: never earlier than the truth.

    A second is taken off the first sight, and two changes never share one: a date alone tells them apart.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()

    def since(self, page: str, etag: str) -> int:
        """Unix time of the page's last change, given what it is now."""
        with self._lock:
            known = self._seen.pop(page, None)
            if known is None or known[0] != etag:
                known = etag, max(int(time()) - 1, known[1] + 1 if known else 0)
            self._seen[page] = known
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return known[1]


def conditional(view: Callable[P, ResponseReturnValue]) -> Callable[P, AnyResponse]:
    """Answer 304 where the reader has the page already; HEAD has the same headers as GET."""

    @functools.wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        return _validated(make_response(view(*args, **kwargs)))

    return answered


def _validated(response: AnyResponse) -> AnyResponse:
    if response.status_code != 200:
        return response
    signed_in = response.mimetype == "text/html" and current_user.is_authenticated
    response.cache_control.no_cache = True
    if signed_in:
        response.cache_control.private = True
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    else:
        response.cache_control.public = True
    response.add_etag()
    if not signed_in:
        _date(response)
    return response.make_conditional(request)


def _date(response: AnyResponse) -> None:
    changes: Changes = current_app.extensions.setdefault("page_changes", Changes())
    page = web.base_url() + request.full_path
    moment = changes.since(page, response.get_etag()[0] or "")
    if moment <= time():
        response.last_modified = datetime.fromtimestamp(moment, UTC)
