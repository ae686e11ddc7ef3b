"""A small real web server on a loopback address, for tests that need another site."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One request as it came in; `path` with its query, header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The first value of every field of a form body."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


@dataclass(frozen=True)
class Answer:
    """One answer; `delay` is in seconds and ends early when the server stops."""

    body: str | bytes = b""
    status: int = 200
    headers: Headers = field(default_factory=dict)
    delay: float = 0.0


Dynamic = Callable[[Request], Answer]
Raw = Callable[[socket.socket, Request], None]


class Web:
    """A context manager that serves its routes on `address`, on a free port unless one is given.

    A path without a route answers 404. A route is looked up with its query first, then without.
    """

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self.address = address
        self.port = port
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._routes: dict[str, Dynamic | None] = {}
        self._raw: dict[str, Raw] = {}
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((self.address, self.port))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        _shut(self._listener)
        with self._lock:
            for connection in self._open:
                _shut(connection)
        for thread in self._threads:
            thread.join(timeout=5)

    def url(self, path: str = "/", host: str = "") -> str:
        """The absolute URL of a path; `host` takes the place of the address, the port stays."""
        name = host or (f"[{self.address}]" if ":" in self.address else self.address)
        return f"http://{name}:{self.port}{path}"

    def route(
        self, path: str, body: str | bytes = b"", status: int = 200, headers: Headers = (), delay: float = 0.0
    ) -> str:
        """Answers `path` like this from now on; gives the path's URL."""
        answer = Answer(body, status, tuple(_pairs(headers)), delay)
        return self.answer(path, lambda request: answer)

    def answer(self, path: str, make: Dynamic) -> str:
        """Answers `path` with what `make(request)` gives."""
        self._routes[path] = make
        self._raw.pop(path, None)
        return self.url(path)

    def raw(self, path: str, handler: Raw) -> str:
        """Hands the connection for `path` to `handler(socket, request)`, which writes what it likes."""
        self._raw[path] = handler
        self._routes.pop(path, None)
        return self.url(path)

    def seen(self, path: str, method: str = "") -> list[Request]:
        """The requests so far for a path, with or without query."""
        return [r for r in self.requests if path in (r.path, _bare(r.path)) and method in ("", r.method)]

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            connection.settimeout(30)
            request = _read_request(connection)
            if request is not None:
                self.requests.append(request)
                self._respond(connection, request)
        with self._lock:
            self._open.discard(connection)
        _shut(connection)

    def _respond(self, connection: socket.socket, request: Request) -> None:
        handler = self._raw.get(request.path) or self._raw.get(_bare(request.path))
        if handler is not None:
            handler(connection, request)
            return
        make = self._routes.get(request.path) or self._routes.get(_bare(request.path))
        answer = make(request) if make is not None else Answer("Not here.", 404)
        if answer.delay:
            self.stopping.wait(answer.delay)
        connection.sendall(_wire(answer, with_body=request.method != "HEAD"))


def _bare(path: str) -> str:
    return urlsplit(path).path


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _read_request(connection: socket.socket) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    method, path, *_ = first.split(" ")
    return Request(method, path, headers, _read_body(connection, body, int(headers.get("content-length", 0))))


def _read_body(connection: socket.socket, body: bytes, length: int) -> bytes:
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:
            break
        body += chunk
    return body


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return list(headers.items() if isinstance(headers, Mapping) else headers)


def _wire(answer: Answer, with_body: bool) -> bytes:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    given = _pairs(answer.headers)
    names = {name.lower() for name, _ in given}
    extra = [("Content-Type", HTML), ("Content-Length", str(len(body))), ("Connection", "close")]
    pairs = given + [(name, value) for name, value in extra if name.lower() not in names]
    lines = "".join(f"{name}: {value}\r\n" for name, value in pairs if value)
    head = f"HTTP/1.1 {answer.status} {_reason(answer.status)}\r\n{lines}\r\n".encode("latin-1")
    return head + (body if with_body else b"")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Odd"
