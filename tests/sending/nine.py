"""Nine remotes that each answer in their own way, told of one post; run as a program it prints the ledger."""

import contextlib
import socket
import sys
import tempfile
from pathlib import Path

from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.accounts.people import create_user
from blog_linkbacks.sending import delivery, trackbacks, words
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, fault, fixed, in_turn, pinged, receiver
from tests.support.web import Answer, Request, Web

ENVIRON = {"LINKBACKS_BASE_URL": "http://blog.example", "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8"}
FORBIDDEN = '<link rel="webmention" href="http://10.0.0.1/wm">'
REFUSAL = "<response><error>1</error><message>No trackbacks from you</message></response>"


def tell_nine(blogger: Blogger, web: Web) -> dict[str, list[Delivery]]:
    """Publish the post, send the trackback, try again what failed; the rows as they stood after each try, by remote."""
    post_id = blogger.write(*_pages(web))
    with blogger.app.app_context():
        web.answer("/tb", fixed(REFUSAL))
        delivery.process(*trackbacks.send_trackbacks(post_id, [web.url("/tb")], "Why soil lives."))
    first = blogger.rows()
    blogger.again()
    return {_name(row): [old, row] for old, row in zip(first, blogger.rows(), strict=True)}


def _pages(web: Web) -> list[str]:
    created = fixed("", 201, Location="/status/1")
    recovers = in_turn(Answer("Out of memory", 500), Answer("Taken now", 200))
    return [
        receiver(web, fixed("", 202), "/202", "/wm/202"),
        receiver(web, created, "/201", "/wm/201"),
        pinged(web, fault(17, "The source does not link here"), "/fault-17", "/rpc/17"),
        pinged(web, fault(48, "Known already"), "/fault-48", "/rpc/48"),
        receiver(web, recovers, "/500-then-200", "/wm/500"),
        web.route("/no-endpoint", "<p>Hello"),
        web.raw("/endless", _endless),
        web.route("/refused-address", FORBIDDEN),
    ]


def _endless(connection: socket.socket, request: Request) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    with contextlib.suppress(OSError):
        while request.method != "HEAD":
            connection.sendall(b"<p>And so on.</p>\n" * 1000)


def _name(row: Delivery) -> str:
    return row.target_url.rpartition("/")[2]


def _line(row: Delivery) -> str:
    word, _ = words.of(row)
    status = f" [status: {row.status_url}]" if row.status_url else ""
    return f"{_name(row):16} {row.protocol or '-':11} {row.state:12} {word:13} {row.attempts} {row.response}{status}"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Web("127.0.0.2") as web:
        app: Flask = create_app(ENVIRON, Path(folder))
        with app.app_context():
            create_user("ana", "correct horse battery")
        for before, after in tell_nine(Blogger(app), web).values():
            rows = [before, after] if before.state != after.state else [after]
            sys.stdout.write("".join(f"{_line(row)}\n" for row in rows))


if __name__ == "__main__":
    main()
