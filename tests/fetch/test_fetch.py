"""Fetching from servers that behave, and from servers that do not."""

import gzip
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import pytest

from blog_linkbacks.fetch import Fetcher, FetchError, Page
from blog_linkbacks.vocabulary import Outcome
from tests.support.web import Answer, Request, Web

LOOPBACK = [ip_network("127.0.0.0/8")]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(LOOPBACK)


def fails(outcome: Outcome, fetch: Callable[[], Page], seconds: float = 8.0) -> FetchError:
    begun = time.monotonic()
    with pytest.raises(FetchError) as caught:
        fetch()
    assert caught.value.outcome is outcome
    assert caught.value.detail.endswith(".")
    assert time.monotonic() - begun < seconds
    return caught.value


def test_page_has_what_came(web: Web, fetcher: Fetcher) -> None:
    page = fetcher.get(web.route("/a", "text", 203, [("Link", "<1>"), ("link", "<2>"), ("X-Pingback", "p")]))
    assert (page.url, page.status, page.body, page.truncated) == (web.url("/a"), 203, b"text", False)
    assert (page.all("LINK"), page.header("x-pingback"), page.header("None")) == (["<1>", "<2>"], "p", "")
    assert (page.address, page.redirects) == ("127.0.0.1", ())


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503, 304, 300])
def test_other_statuses_are_pages(web: Web, fetcher: Fetcher, status: int) -> None:
    assert fetcher.get(web.route("/a", "text", status)).status == status


def test_head_and_post(web: Web, fetcher: Fetcher) -> None:
    web.answer("/a", lambda request: Answer(request.form.get("x", ""), headers={"X-Method": request.method}))
    head = fetcher.head(web.url("/a"))
    assert (head.header("x-method"), head.body) == ("HEAD", b"")
    post = fetcher.post(web.url("/a"), b"x=%C3%A9", headers=FORM)
    assert (post.header("x-method"), post.body.decode()) == ("POST", "é")
    assert web.requests[1].headers["content-type"] == FORM["Content-Type"]


def test_request_headers(web: Web) -> None:
    Fetcher(LOOPBACK, user_agent="Test Webmention").get(web.route("/a"), headers={"Accept": "text/plain"})
    headers = web.requests[0].headers
    assert (headers["user-agent"], headers["accept"]) == ("Test Webmention", "text/plain")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["host"] == f"127.0.0.1:{web.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_follows_redirects(web: Web, fetcher: Fetcher, status: int) -> None:
    web.route("/b", "end")
    page = fetcher.get(web.route("/a/x", status=status, headers={"Location": "../b"}))
    assert (page.body, page.url, page.redirects) == (b"end", web.url("/b"), (web.url("/b"),))


def test_redirects_with_raw_utf8_and_spaces(web: Web, fetcher: Fetcher) -> None:
    web.route("/%C3%A9%20b", "end")
    web.raw("/a", lambda s, r: s.sendall("HTTP/1.1 302 x\r\nLocation: /é b\r\n\r\n".encode()))
    assert fetcher.get(web.url("/a")).body == b"end"


def test_twenty_five_redirects_work_and_one_more_is_refused(web: Web, fetcher: Fetcher) -> None:
    for n in range(26):
        web.route(f"/{n}", status=302, headers={"Location": f"/{n + 1}"})
    web.route("/26", "end")
    page = fetcher.get(web.url("/1"))
    assert (page.body, len(page.redirects)) == (b"end", 25)
    error = fails(Outcome.REDIRECT_LOOP, lambda: fetcher.get(web.url("/0")))
    assert len(error.redirects) == 25


def test_redirect_to_a_forbidden_address_is_refused(web: Web) -> None:
    with Web("127.0.0.2") as inner:
        url = web.route("/a", status=302, headers={"Location": inner.url("/secret")})
        error = fails(Outcome.FORBIDDEN, lambda: Fetcher([ip_network("127.0.0.1/32")]).get(url))
        assert (error.redirects, inner.requests) == ((inner.url("/secret"),), [])


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://x.example/", "gopher://x/", "javascript:1", "http://u:p@127.0.0.1/"],
)
def test_redirect_out_of_the_web_is_refused(web: Web, fetcher: Fetcher, location: str) -> None:
    url = web.route("/a", status=302, headers={"Location": location})
    fails(Outcome.FORBIDDEN, lambda: fetcher.get(url))


def test_body_of_a_redirect_is_not_read(web: Web, fetcher: Fetcher) -> None:
    web.route("/b", "end")

    def endless(connection: socket.socket, _: Request) -> None:
        connection.sendall(b"HTTP/1.1 302 x\r\nLocation: /b\r\nContent-Length: 300000000\r\n\r\n")
        while not web.stopping.is_set():
            connection.sendall(b"x" * 65536)

    begun = time.monotonic()
    assert fetcher.get(web.raw("/a", endless)).body == b"end"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("status", [307, 308])
def test_post_is_posted_again_where_told_so(web: Web, fetcher: Fetcher, status: int) -> None:
    web.answer("/b", lambda request: Answer(request.method + request.form["x"]))
    url = web.route("/a", status=status, headers={"Location": "/b"})
    assert fetcher.post(url, b"x=1", headers=FORM).body == b"POST1"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_post_does_not_follow_other_redirects(web: Web, fetcher: Fetcher, status: int) -> None:
    url = web.route("/a", status=status, headers={"Location": "/b"})
    assert fetcher.post(url, b"x=1", headers=FORM).status == status


def test_long_page_is_cut(web: Web, fetcher: Fetcher) -> None:
    page = fetcher.get(web.route("/a", b"x" * 1_500_000))
    assert (len(page.body), page.truncated) == (1_000_000, True)
    page = fetcher.get(web.route("/b", b"x" * 1_000_000))
    assert (len(page.body), page.truncated) == (1_000_000, False)


def packed(body: bytes, coding: str) -> bytes:
    for name in coding.split(", "):
        body = zlib.compress(body) if name == "deflate" else gzip.compress(body)
    return body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
def test_compressed_pages(web: Web, fetcher: Fetcher, coding: str) -> None:
    page = fetcher.get(web.route("/a", packed(b"hello", coding), headers={"Content-Encoding": coding}))
    assert page.body == b"hello"
    bomb = web.route("/bomb", packed(bytes(50_000_000), coding), headers={"Content-Encoding": coding})
    page = fetcher.get(bomb)
    assert (len(page.body), page.truncated) == (1_000_000, True)


def test_endless_body_is_cut_at_the_cap(web: Web, fetcher: Fetcher) -> None:
    def endless(connection: socket.socket, _: Request) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not web.stopping.is_set():
            connection.sendall(b"x" * 65536)

    assert fetcher.get(web.raw("/a", endless)).truncated


DRIPS = {
    "status line": b"HTTP/1.1 200 OK\r\n\r\n" * 20,
    "headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
    "body": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000,
    "redirect": b"HTTP/1.1 302 OK\r\nLocation: /x\r\n" + b"X: y\r\n" * 500,
}


@pytest.mark.parametrize("name", DRIPS)
def test_slow_server_meets_the_deadline(web: Web, fetcher: Fetcher, name: str) -> None:
    quick = DRIPS[name].index(b"\r\n\r\n") + 4 if name == "body" else 0

    def drip(connection: socket.socket, _: Request) -> None:
        connection.sendall(DRIPS[name][:quick])
        for byte in DRIPS[name][quick:]:
            if web.stopping.wait(0.05):
                return
            connection.sendall(bytes([byte]))

    fails(Outcome.TIMEOUT, lambda: fetcher.get(web.raw("/a", drip), deadline=0.5), 1.0)


def test_silent_server_meets_the_deadline(web: Web, fetcher: Fetcher) -> None:
    url = web.route("/a", delay=10)
    fails(Outcome.TIMEOUT, lambda: fetcher.get(url, deadline=0.3), 0.8)
    fails(Outcome.TIMEOUT, lambda: fetcher.get(url.replace("http:", "https:"), deadline=0.3), 0.8)


def test_deadline_counts_over_all_redirects(web: Web, fetcher: Fetcher) -> None:
    url = web.route("/a", status=302, headers={"Location": "/a"}, delay=0.1)
    fails(Outcome.TIMEOUT, lambda: fetcher.get(url, deadline=0.5), 1.0)


def test_endless_interim_answers_are_refused(web: Web, fetcher: Fetcher) -> None:
    def again(connection: socket.socket, _: Request) -> None:
        while not web.stopping.is_set():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    fails(Outcome.UNREACHABLE, lambda: fetcher.get(web.raw("/a", again), deadline=3), 1.0)


MANGLED = {
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "nothing": b"",
    "short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxx",
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
    "bad gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
    "long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    "long headers": b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 30_000 + b"\r\n") * 10 + b"\r\n",
    "bad status": b"HTTP/1.1 abc OK\r\n\r\n",
}


@pytest.mark.parametrize("name", MANGLED)
def test_mangled_answers(web: Web, fetcher: Fetcher, name: str) -> None:
    url = web.raw("/a", lambda connection, request: connection.sendall(MANGLED[name]))
    fails(Outcome.UNREACHABLE, lambda: fetcher.get(url, deadline=3))


def test_long_headers_of_a_redirect_are_refused(web: Web, fetcher: Fetcher) -> None:
    headers = {"Location": "/b"} | {f"X-{n}": "y" * 30_000 for n in range(10)}
    url = web.route("/a", status=302, headers=headers)
    fails(Outcome.UNREACHABLE, lambda: fetcher.get(url, deadline=3))
    assert web.seen("/b") == []


def test_toll_is_told_of_every_request_and_may_end_it(web: Web) -> None:
    class TooOftenError(Exception):
        pass

    paid: list[str] = []

    def toll(host: str) -> None:
        paid.append(host)
        if len(paid) == 3:
            raise TooOftenError

    web.route("/a", status=302, headers={"Location": web.url("/b", host="other.test")})
    with pytest.raises(TooOftenError):
        Fetcher(LOOPBACK, resolve=answers("127.0.0.1"), toll=toll).get(web.url("/a", host="a.site.test"))
    assert paid == ["site.test", "127.0.0.1", "other.test"]
    assert len(web.requests) == 1


def test_server_without_tls_is_no_secure_server(web: Web, fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        error = fails(
            Outcome.UNREACHABLE, lambda: fetcher.get(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        )
    assert "secure" in error.detail


def test_certificate_that_nobody_vouches_for_is_refused(fetcher: Fetcher) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("localhost.pem"))
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                received.append(secure.recv(100))

        server = threading.Thread(target=answer, daemon=True)
        server.start()
        url = f"https://localhost:{listener.getsockname()[1]}/"
        error = fails(Outcome.UNREACHABLE, lambda: fetcher.get(url))
        server.join(2)
    assert "secure" in error.detail
    assert received in ([], [b""])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://x.example/",
        "data:,x",
        "//x.example/",
        "http://u@127.0.0.1/",
        "http://u:p@127.0.0.1/",
        "http://x\\@y/",
    ],
)
def test_other_schemes_and_user_names_are_refused(fetcher: Fetcher, url: str) -> None:
    fails(Outcome.FORBIDDEN, lambda: fetcher.get(url))


@pytest.mark.parametrize(
    "url",
    ["http://", "http://127.0.0.1:99999/", "http://127.0.0.1:0/", "http://a b/", "http://[::1/", "http://*/"],
)
def test_unusable_urls(fetcher: Fetcher, url: str) -> None:
    fails(Outcome.UNREACHABLE, lambda: fetcher.get(url))


def test_unknown_host(fetcher: Fetcher) -> None:
    fails(Outcome.DNS_FAILURE, lambda: fetcher.get("http://no-such-host.invalid/", deadline=5), 6)


def test_proxies_of_the_environment_are_ignored(web: Web, fetcher: Fetcher) -> None:
    before = os.environ.get("http_proxy")
    os.environ["http_proxy"] = "http://127.0.0.1:1/"
    try:
        assert fetcher.get(web.route("/a", "direct")).body == b"direct"
    finally:
        os.environ.pop("http_proxy") if before is None else os.environ.update(http_proxy=before)


def answers(*addresses: str) -> Callable[..., list[tuple[object, ...]]]:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


def test_every_address_of_a_name_must_be_permitted(web: Web) -> None:
    allow = [ip_network("127.0.0.1/32")]
    url = web.url("/a", host="mixed.example")
    web.route("/a", "yes")
    assert Fetcher(allow, resolve=answers("127.0.0.1")).get(url).body == b"yes"
    for mixed in (("127.0.0.1", "10.0.0.1"), ("10.0.0.1", "127.0.0.1")):
        fails(Outcome.FORBIDDEN, partial(Fetcher(allow, resolve=answers(*mixed)).get, url))


def test_name_is_looked_up_once_and_that_address_dialled(web: Web) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, **options: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return answers("127.0.0.1" if len(asked) == 1 else "127.0.0.3")(host, port)

    page = Fetcher(LOOPBACK, resolve=rebinding).get(web.url("/a", host="rebind.example"))
    assert (asked, page.address, web.requests[0].headers["host"]) == (
        ["rebind.example"],
        "127.0.0.1",
        f"rebind.example:{web.port}",
    )


def test_next_address_is_tried_where_one_does_not_answer(web: Web) -> None:
    page = Fetcher(LOOPBACK, resolve=answers("127.0.0.9", "127.0.0.1")).get(web.url("/a", host="two.example"))
    assert page.address == "127.0.0.1"


def test_hanging_resolver_meets_the_deadline() -> None:
    hang = threading.Event()

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        hang.wait(10)
        return []

    fails(Outcome.DNS_FAILURE, lambda: Fetcher(resolve=resolve).get("http://x.example/", deadline=0.3), 0.8)
    hang.set()


def test_threads_share_a_fetcher(web: Web, fetcher: Fetcher) -> None:
    web.answer("/n", lambda request: Answer(request.path))
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda n: fetcher.get(web.url(f"/n?{n}")), range(40)))
    assert [page.body.decode() for page in pages] == [f"/n?{n}" for n in range(40)]
