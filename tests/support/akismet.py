"""An Akismet-compatible service on loopback that answers as it is told and remembers what it was asked.

Alone: `python -m tests.support.akismet --port 8099 --answer spam`.
"""

import argparse
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qsl, urlsplit

Answer = Literal[
    "ham",
    "spam",
    "discard",
    "recheck",
    "warning",
    "invalid",
    "error",
    "slow",
    "garbage",
    "limit",
    "suspended",
    "expired",
]

ANSWERS: tuple[Answer, ...] = get_args(Answer)
WARNING = {
    "X-akismet-alert-code": "10011",
    "X-akismet-alert-msg": "Your site asks more than its plan allows.",
}
SUSPENDED = {
    "X-akismet-alert-code": "10009",
    "X-akismet-alert-msg": "Your account was suspended for overuse.",
}
FIXED: dict[str, tuple[int, str, dict[str, str]]] = {
    "error": (500, "Internal Server Error", {}),
    "garbage": (200, "<html>Welcome to our hotel's network</html>", {}),
    "limit": (429, "Too many requests", {"Retry-After": "900"}),
    "suspended": (200, "false", SUSPENDED),
    "expired": (200, "invalid", SUSPENDED),
}
THANKS = "Thanks for making the web a better place."


@dataclass(frozen=True)
class Asked:
    """One request: the last part of its path (`comment-check`, ...), its fields, its User-Agent."""

    method: str
    fields: dict[str, str]
    user_agent: str


@dataclass
class AkismetServer:
    """`with AkismetServer() as server:` serves at `server.url`; `server.answer` may change at any time.

    `key` is the one it takes ("" takes any); `pause` is how many seconds a slow answer waits, `recheck` after how
    many it wants to be asked again; `plan` is what it says of the plan's usage.
    """

    answer: Answer = "ham"
    key: str = ""
    pause: float = 30.0
    recheck: int = 120
    plan: dict[str, Any] = field(
        default_factory=lambda: {"limit": 50000, "usage": 1234, "percentage": "2.47", "throttled": False}
    )
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def heard(self, method: str) -> list[dict[str, str]]:
        """The fields of every request for `method`, oldest first."""
        return [asked.fields for asked in self.asked if asked.method == method]

    def reply(self, asked: Asked) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers for a request."""
        if self.answer == "slow":
            self.stopping.wait(self.pause)
        if self.answer in FIXED:
            return FIXED[self.answer]
        given = asked.fields.get("api_key") or asked.fields.get("key", "")
        if self.answer == "invalid" or not given or (self.key and given != self.key):
            return 200, "invalid", {"X-akismet-debug-help": "We were unable to parse your blog URI"}
        return 200, *self._said(asked.method)

    def _said(self, method: str) -> tuple[str, dict[str, str]]:
        if method == "verify-key":
            return "valid", {}
        if method in ("submit-spam", "submit-ham"):
            return THANKS, {}
        if method == "usage-limit":
            return json.dumps(self.plan), {}
        verdict = "true" if self.answer in ("spam", "discard") else "false"
        return verdict, {"X-akismet-guid": f"guid-{len(self.asked)}", **self._more()}

    def _more(self) -> dict[str, str]:
        if self.answer == "recheck":
            return {"X-akismet-recheck-after": str(self.recheck)}
        if self.answer == "discard":
            return {"X-akismet-pro-tip": "discard"}
        return WARNING if self.answer == "warning" else {}


def _handler(server: AkismetServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def _answer(self, form: str) -> None:
            fields = dict(parse_qsl(form, keep_blank_values=True))
            method = urlsplit(self.path).path.rsplit("/", 1)[-1]
            asked = Asked(method, fields, self.headers.get("User-Agent", ""))
            server.asked.append(asked)
            status, text, headers = server.reply(asked)
            self._send(status, text.encode(), headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Silence: what was asked is in `server.asked`."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description="An Akismet-compatible service on loopback.")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--answer", choices=ANSWERS, default="ham")
    parser.add_argument("--key", default="", help="the key it takes; any when left out")
    options = parser.parse_args()
    with AkismetServer(answer=options.answer, key=options.key, port=options.port) as server:
        print(server.url, flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
