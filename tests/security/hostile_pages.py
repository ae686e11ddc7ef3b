"""Pages made to cost their reader time or memory; `python -m tests.security.hostile_pages` prints what they cost.

Each is fetched over real HTTP by the product's own fetcher and verified.
"""

import gzip
import resource
import socket
import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_network
from time import perf_counter, process_time

from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.verification import verify
from blog_linkbacks.vocabulary import Claim, Evidence, Kind, Target
from tests.support.web import Request, Web

POST = "http://blog.example/posts/a"
LINK = f'<a href="{POST}">t</a>'
HTML = {"Content-Type": "text/html"}
ALLOW = [ip_network("127.0.0.0/8")]


def _many(text: Callable[[int], str], number: int) -> str:
    return "".join(map(text, range(number)))


PAGES: Mapping[str, str] = {
    "100,000 nested elements": "<div>" * 100_000 + LINK,
    "300,000 nested formatting elements": "<b>" * 300_000,
    "9,000 nested links": f'<a href="{POST}">' * 9_000,
    "60,000 nested tables": "<table><tr><td>" * 60_000,
    "svg in svg": "<svg>" * 190_000,
    "one tag, 120,000 attributes": "<p " + _many(lambda n: f"a{n}=1 ", 120_000) + ">" + LINK,
    "one tag, 120,000 attributes, never ended": "<p " + _many(lambda n: f"a{n}=1 ", 120_000),
    "400 tags of 399 attributes": ("<p " + _many(lambda n: f"a{n}=1 ", 399) + ">") * 400,
    "24,000 links to other sites": _many(lambda n: f'<a href="http://x{n}.example/">l</a>', 24_000) + LINK,
    "50,000 links within the site": _many(lambda n: f'<a href="/p{n}">l</a>', 50_000),
    "24,000 links to names in umlauts": _many(lambda n: f'<a href="//ü{n}.example/">l</a>', 24_000),
    "20,000 links to other posts": _many(lambda n: f'<a href="http://blog.example/{n}">l</a>', 20_000),
    "40,000 embedded pictures": _many(lambda n: f'<img src="/p{n}">', 40_000),
    "a million less-than signs": "<" * 1_000_000,
    "250,000 character references": "&amp;" * 190_000 + LINK,
    "240,000 line breaks": "<br>" * 240_000 + LINK,
    "240,000 comments begun": "<!--" * 240_000,
    "18,000 cards in entries": '<div class="h-entry"><div class="p-author h-card">' * 18_000 + LINK,
    "6,000 rules of style": "<style>" + ".a{display:none}" * 6_000 + "</style>" + LINK,
    "900,000 brackets": "[" * 900_000,
    "900,000 NULs": "\0" * 900_000,
}


def long_attribute(size: int) -> Callable[[socket.socket, Request], None]:
    """An answer whose one attribute has so many bytes, sent as it goes."""

    def answer(connection: socket.socket, _: Request) -> None:
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p title="')
        for _piece in range(size // 65_536):
            connection.sendall(b"x" * 65_536)
        connection.sendall(f'">{LINK}'.encode())

    return answer


def drip(web: Web) -> Callable[[socket.socket, Request], None]:
    """An answer that sends a byte every tenth of a second for ever."""

    def answer(connection: socket.socket, _: Request) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not web.stopping.wait(0.1):
            connection.sendall(b"x")

    return answer


def bombs() -> Mapping[str, tuple[bytes, str]]:
    """Bodies that unpack to 200 MB, and how they are packed."""
    once = gzip.compress(bytes(200_000_000))
    return {
        "gzip of 200 MB": (once, "gzip"),
        "gzip in gzip of 200 MB": (gzip.compress(once), "gzip, gzip"),
    }


def serve(web: Web) -> dict[str, str]:
    """Every hostile page's address by its name."""
    found = {}
    for number, (name, body) in enumerate(PAGES.items()):
        kind = "application/json" if name.endswith("brackets") else "text/html"
        found[name] = web.route(f"/page{number}", body, headers={"Content-Type": kind})
    for number, (name, (packed, coding)) in enumerate(bombs().items()):
        found[name] = web.route(f"/bomb{number}", packed, headers=HTML | {"Content-Encoding": coding})
    found["an attribute of 50 MB"] = web.raw("/attribute", long_attribute(50_000_000))
    headers = {f"X-{n}": "a" * 60_000 for n in range(90)}
    found["5 MB of headers"] = web.route("/headers", "x", headers=headers)
    found["5 MB of headers on a redirect"] = web.route("/moved", "", 302, headers | {"Location": "/x"})
    found["a byte every tenth of a second"] = web.raw("/drip", drip(web))
    return found


def look(url: str) -> Evidence:
    return verify(Claim(Kind.WEBMENTION, url, POST), Target((POST,)), Fetcher(ALLOW))


def main() -> None:
    print("| page | outcome | seconds | of them CPU | MB in Python |\n| --- | --- | --- | --- | --- |")
    with Web("127.0.0.2") as web, suppress(KeyboardInterrupt):
        for name, url in serve(web).items():
            begun, used = perf_counter(), process_time()
            seen = look(url)
            took, used = perf_counter() - begun, process_time() - used
            tracemalloc.start()
            peak = "" if "tenth" in name else f"{_peak(url):.1f}"
            tracemalloc.stop()
            print(f"| {name} | {seen.outcome} | {took:.2f} | {used:.2f} | {peak} |", flush=True)
    print(
        f"\nmost memory of the process, pages included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )


def _peak(url: str) -> float:
    look(url)
    return tracemalloc.get_traced_memory()[1] / 1e6


if __name__ == "__main__":
    main()
