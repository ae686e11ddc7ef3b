"""The only door to the network: resolve, refuse, dial what was checked, cap bytes and time."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from urllib.parse import quote, urlsplit

import requests
from urllib3.exceptions import HTTPError

from blog_linkbacks import urls
from blog_linkbacks.fetch.addresses import Network, is_in, is_public, network_of, plain
from blog_linkbacks.fetch.answers import FetchError, Page
from blog_linkbacks.fetch.ports import is_web_port
from blog_linkbacks.fetch.sockets import LOOKUP_SECONDS, Clock, Dialler, DirectAdapter, Resolver
from blog_linkbacks.vocabulary import Outcome

__all__ = ["DEADLINE", "MAX_BYTES", "MAX_REDIRECTS", "USER_AGENT", "FetchError", "Fetcher", "Page"]

MAX_BYTES = 1_000_000
MAX_HEADER_BYTES = 65_536
MAX_REDIRECTS = 25
DEADLINE = 20.0
USER_AGENT = "Blog-Linkbacks/0.1 (Pingback, TrackBack, Webmention)"
ACCEPT = "text/html, application/xhtml+xml;q=0.9, application/json;q=0.8, text/plain;q=0.7, */*;q=0.1"

Origin = tuple[str, str, int]
Toll = Callable[[str], None]
_MOVED = {301, 302, 303, 307, 308}
_KEEPS_METHOD = {307, 308}
_PORTS = {"http": 80, "https": 443}
_CHUNK = 16_384
_TROUBLE = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class _Order:
    method: str
    url: str
    max_bytes: int
    max_redirects: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Fetcher:
    """Fetches what strangers name. Threads may share it; every fetch has its own connections.

    `allow` are the only networks that may be reached although they are not public. `trusted_origin` is one
    scheme://host:port that may be reached whatever its address. Proxy and netrc settings are ignored.
    `toll` is told of every request before it is made, by the host's registrable domain and by the address that
    would be dialled; what it raises ends the fetch and reaches the caller.
    """

    def __init__(
        self,
        allow: Sequence[Network] = (),
        user_agent: str = USER_AGENT,
        trusted_origin: str = "",
        resolve: Resolver = socket.getaddrinfo,
        toll: Toll | None = None,
    ) -> None:
        self.user_agent = user_agent
        self.resolve = resolve
        self.toll = toll
        self._allow = tuple(allow)
        self._trusted = _origin(trusted_origin) if trusted_origin else None

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        deadline: float = DEADLINE,
        max_redirects: int = MAX_REDIRECTS,
    ) -> Page:
        """The page at `url`, at most `max_bytes` of it; `deadline` is seconds for all; raises FetchError."""
        return self._fetch(_Order("GET", url, max_bytes, max_redirects, headers or {}), deadline)

    def head(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: float = DEADLINE,
        max_redirects: int = MAX_REDIRECTS,
    ) -> Page:
        """The headers at `url`; raises FetchError."""
        return self._fetch(_Order("HEAD", url, 0, max_redirects, headers or {}), deadline)

    def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        max_bytes: int = 64_000,
        deadline: float = DEADLINE,
        max_redirects: int = 5,
    ) -> Page:
        """Posts `body`; raises FetchError.

        307 and 308 are posted again where they lead, other redirects are the answer (RFC 9110, 15.4).
        """
        return self._fetch(_Order("POST", url, max_bytes, max_redirects, headers, body), deadline)

    def check(self, url: str, *, deadline: float = LOOKUP_SECONDS) -> None:
        """Raises FetchError where `url` may not be asked; looks its host up as a fetch does, and connects to nobody."""
        with self._trip(_Order("HEAD", url, 0, 0), deadline) as trip:
            trip.look_up()

    def permits(self, origin: Origin, address: str) -> bool:
        """Whether `address` may be dialled for a URL of this origin."""
        target = plain(address)
        if is_in(target, self._allow) or origin == self._trusted:
            return True
        return is_public(target) and is_web_port(origin[2])

    def _fetch(self, order: _Order, deadline: float) -> Page:
        with self._trip(order, deadline) as trip:
            return trip.run()

    @contextlib.contextmanager
    def _trip(self, order: _Order, deadline: float) -> Iterator["_Trip"]:
        with Clock(deadline) as clock:
            trip = _Trip(self, order, clock)
            try:
                yield trip
            except FetchError as error:
                raise trip.stamp(error) from None
            except _TROUBLE as error:
                raise trip.stamp(_explain(error, clock)) from error


class _Trip:
    """One fetch over all its hops."""

    def __init__(self, fetcher: Fetcher, order: _Order, clock: Clock) -> None:
        self._fetcher = fetcher
        self._order = order
        self._clock = clock
        self._url = order.url
        self._redirects: list[str] = []
        self._dialler = Dialler(fetcher.resolve, self._permit, clock, self._pay_for)

    def run(self) -> Page:
        while True:
            self._url = _fetchable(self._url)
            self._pay(urls.registrable(urls.host(self._url)))
            with self._ask() as response:
                _check_size(response)
                onward = _onward(response, self._order.method, self._url)
                if onward is None:
                    return self._page(response)
            self._follow(onward)

    def look_up(self) -> None:
        self._url = _fetchable(self._url)
        _, host, port = _origin(self._url)
        self._dialler.look_up(host, port)

    def stamp(self, error: FetchError) -> FetchError:
        """The error with what is known of the trip so far."""
        error.url, error.redirects = self._url, tuple(self._redirects)
        error.address, error.seconds = self._dialler.address, self._clock.spent
        return error

    def _permit(self, address: str, _port: int) -> bool:
        return self._fetcher.permits(_origin(self._url), address)

    def _pay(self, host: str) -> None:
        if self._fetcher.toll is not None:
            self._fetcher.toll(host)

    def _pay_for(self, address: str) -> None:
        if str(plain(address)) != urls.host(self._url):  # else it is paid already, under its name
            self._pay(network_of(address))

    def _follow(self, onward: str) -> None:
        most = self._order.max_redirects
        if len(self._redirects) >= most:
            raise FetchError(Outcome.REDIRECT_LOOP, f"The page redirects more than {most} times.")
        self._redirects.append(onward)
        self._url = onward

    @contextlib.contextmanager
    def _ask(self) -> Iterator[requests.Response]:
        own = {"User-Agent": self._fetcher.user_agent, "Accept": ACCEPT}
        fixed = {"Accept-Encoding": "gzip, deflate", "Connection": "close"}
        headers = {**own, **self._order.headers, **fixed}
        request = requests.Request(self._order.method, self._url, headers=headers, data=self._order.body)
        # Straight to the adapter: a Session reads the whole body of a redirect, and looks at the environment.
        adapter = DirectAdapter(self._dialler)
        with adapter.send(request.prepare(), stream=True, timeout=self._clock.left()) as response:
            yield response

    def _page(self, response: requests.Response) -> Page:
        body, truncated = (b"", False) if self._order.method == "HEAD" else self._read(response)
        return Page(
            url=self._url,
            status=response.status_code,
            headers=tuple(response.raw.headers.items()),
            body=body,
            truncated=truncated,
            redirects=tuple(self._redirects),
            address=self._dialler.address,
            seconds=self._clock.spent,
        )

    def _read(self, response: requests.Response) -> tuple[bytes, bool]:
        limit = self._order.max_bytes
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            body += chunk
            # The wire is capped too: compressed data can go on for ever and come to nothing.
            if len(body) > limit or response.raw.tell() > limit + MAX_HEADER_BYTES:
                return bytes(body[:limit]), True
        self._clock.left()
        return bytes(body), False


def _check_size(response: requests.Response) -> None:
    if sum(len(name) + len(value) for name, value in response.raw.headers.items()) > MAX_HEADER_BYTES:
        raise FetchError(Outcome.UNREACHABLE, "The headers of the server's answer are too long.")


def _fetchable(url: str) -> str:
    """The URL as it goes over the wire, its host in ASCII; raises FetchError where it may not go out."""
    try:
        parts = urlsplit(urls.clean(url))
        port = parts.port
    except ValueError:
        raise FetchError(Outcome.UNREACHABLE, "The address of the page is not a usable URL.") from None
    if parts.scheme not in _PORTS:
        raise FetchError(Outcome.FORBIDDEN, "Only http and https addresses are fetched.")
    if "@" in parts.netloc:
        raise FetchError(Outcome.FORBIDDEN, "An address with a user name in it is not fetched.")
    host = urls.host(url)
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    whole = parts._replace(
        netloc=netloc, path=_quoted(parts.path) or "/", query=_quoted(parts.query)
    ).geturl()
    if not urls.is_web(whole) or port == 0:
        raise FetchError(Outcome.UNREACHABLE, "The address of the page is not a usable URL.")
    return whole


def _quoted(text: str) -> str:
    return quote(text, safe="%/:=&?~+!$,;'@()*[]|")


def _onward(response: requests.Response, method: str, base: str) -> str | None:
    """Where a redirect leads, None where the answer is none; raises FetchError where it leaves the web."""
    if response.status_code not in (_KEEPS_METHOD if method == "POST" else _MOVED):
        return None
    values = response.raw.headers.getlist("Location")
    if not values:
        return None
    location = values[0].encode("latin-1", "replace").decode("utf-8", "replace")
    onward = urls.resolve(base, location)
    if onward is None:
        raise FetchError(
            Outcome.FORBIDDEN, "The page redirects to something that is not an http or https address."
        )
    return onward


def _origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme, urls.host(url), parts.port or _PORTS.get(parts.scheme, 0)


def _explain(error: BaseException, clock: Clock) -> FetchError:
    if clock.over:
        return clock.error()
    if _stands_behind(error, ssl.SSLError):
        return FetchError(Outcome.UNREACHABLE, "No secure connection to the server could be made.")
    if isinstance(error, requests.exceptions.InvalidURL):
        return FetchError(Outcome.UNREACHABLE, "The address of the page is not a usable URL.")
    return FetchError(Outcome.UNREACHABLE, "The server broke off or gave an answer that is not HTTP.")


def _stands_behind(error: BaseException | None, kind: type[BaseException]) -> bool:
    for _ in range(10):
        if error is None or isinstance(error, kind):
            break
        inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
        error = getattr(error, "reason", None) or inner or error.__cause__ or error.__context__
    return isinstance(error, kind)
