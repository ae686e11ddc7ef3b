"""Opens connections: looks a name up, refuses, dials the very address it checked, and ends in time."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from typing import Any, Self
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from blog_linkbacks.fetch.answers import FetchError
from blog_linkbacks.vocabulary import Outcome

LOOKUP_SECONDS = 5.0

Found = tuple[Any, ...]
Resolver = Callable[..., Sequence[Found]]
Permit = Callable[[str, int], bool]
_MAX_ADDRESSES = 8
_MAX_INTERIM = 10
_lookups = threading.BoundedSemaphore(64)


class Clock:
    """An overall deadline: when it strikes, every guarded socket is shut, whatever its owner waits for."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._struck = False
        self._begun = time.monotonic()
        self._handles: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for handle in self._handles:
                handle.close()

    @property
    def spent(self) -> float:
        return time.monotonic() - self._begun

    @property
    def over(self) -> bool:
        return self._struck or self.spent >= self.seconds

    def left(self) -> float:
        """The seconds left; raises FetchError where there are none."""
        if self.over:
            raise self.error()
        return max(self.seconds - self.spent, 0.001)

    def error(self) -> FetchError:
        return FetchError(Outcome.TIMEOUT, f"The server took longer than {self.seconds:g} seconds.")

    def guard(self, connection: socket.socket) -> None:
        # A duplicate of the plain socket outlives its wrapping in TLS and may be shut from another thread.
        with self._lock:
            self._handles.append(connection.dup())
        if self._struck:
            self._strike()

    def _strike(self) -> None:
        self._struck = True
        with self._lock:
            for handle in self._handles:
                with contextlib.suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)


class Dialler:
    """Opens one connection at a time; `address` is the one last connected to.

    `toll` is told of an address before it is dialled, and what it raises is passed on.
    """

    def __init__(self, resolve: Resolver, permit: Permit, clock: Clock, toll: Callable[[str], None]) -> None:
        self.address = ""
        self._resolve = resolve
        self._permit = permit
        self._clock = clock
        self._toll = toll

    def dial(self, host: str, port: int) -> socket.socket:
        """A connection to an address of `host`, all of whose addresses are permitted; raises FetchError."""
        found = self.look_up(host, port)[:_MAX_ADDRESSES]
        for position, info in enumerate(found):
            self._toll(str(info[4][0]))
            with contextlib.suppress(OSError):
                return self._connect(info, host, port, self._clock.left() / (len(found) - position))
        self._clock.left()
        raise FetchError(Outcome.UNREACHABLE, f"No connection to {host} on port {port} could be made.")

    def look_up(self, host: str, port: int) -> list[Found]:
        """The addresses of `host`, all of them permitted; connects to none; raises FetchError."""
        found = self._resolved(host, port)
        for info in found:
            self._check(info[4][0], host, port)
        return found

    def _check(self, address: str, host: str, port: int) -> None:
        if not self._permit(address, port):
            what = f"The address of {host}, port {port}, is not one that may be fetched."
            raise FetchError(Outcome.FORBIDDEN, what)

    def _connect(self, info: Found, host: str, port: int, seconds: float) -> socket.socket:
        connection = socket.socket(info[0], socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            self._clock.guard(connection)
            connection.connect(info[4])
            self.address = str(connection.getpeername()[0])
            self._check(self.address, host, port)
        except BaseException:
            connection.close()
            raise
        return connection

    def _resolved(self, host: str, port: int) -> list[Found]:
        """Asks in a thread of its own, because the system's resolver knows no deadline."""
        seconds = min(LOOKUP_SECONDS, self._clock.left())
        answers: SimpleQueue[Sequence[Found]] = SimpleQueue()
        if _lookups.acquire(timeout=seconds):
            arguments = (self._resolve, host, port, answers)
            threading.Thread(target=_ask_resolver, args=arguments, daemon=True).start()
        try:
            found = answers.get(timeout=seconds)
        except Empty:
            raise FetchError(
                Outcome.DNS_FAILURE, f"The host name {host} could not be looked up in time."
            ) from None
        if not found:
            raise FetchError(Outcome.DNS_FAILURE, f"The host name {host} has no address.")
        return list(found)


def _ask_resolver(resolve: Resolver, host: str, port: int, answers: SimpleQueue[Sequence[Found]]) -> None:
    try:
        answers.put(resolve(host, port, type=socket.SOCK_STREAM))
    except (OSError, ValueError):
        answers.put([])
    finally:
        _lookups.release()


class DirectAdapter(HTTPAdapter):
    """A requests adapter whose every connection is opened by a Dialler; it knows no proxies."""

    def __init__(self, dialler: Dialler) -> None:
        super().__init__()
        self._dialler = dialler

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *_: object, **__: object
    ) -> HTTPConnectionPool:
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        # With its port given, a host full of colons is not taken apart.
        if parts.scheme == "https":
            return _HttpsPool(host, parts.port or 443, dialler=self._dialler, ssl_context=_tls())
        return _HttpPool(host, parts.port or 80, dialler=self._dialler)

    def cert_verify(self, conn: Any, *_: object) -> None:
        """Nothing to set: the one TLS context demands a certificate that is valid for the host."""

    def proxy_manager_for(self, proxy: str, **_: object) -> Any:
        raise ValueError(f"no proxy is used, not {proxy}")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class _Answer(HTTPResponse):
    """Refuses an answer that never gets past its interim statuses (RFC 9110, 15.2)."""

    _heads = 0

    def _read_status(self) -> tuple[str, int, str]:
        self._heads += 1
        if self._heads > _MAX_INTERIM:
            raise HTTPException("too many interim answers")
        status: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
        return status


class _HttpConnection(HTTPConnection):
    response_class = _Answer

    def __init__(self, *arguments: Any, dialler: Dialler, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._dialler = dialler

    def _new_conn(self) -> socket.socket:
        return self._dialler.dial(self._dns_host, self.port)


class _HttpsConnection(HTTPSConnection):
    response_class = _Answer

    def __init__(self, *arguments: Any, dialler: Dialler, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._dialler = dialler

    def _new_conn(self) -> socket.socket:
        return self._dialler.dial(self._dns_host, self.port)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
