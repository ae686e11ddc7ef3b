"""Mangled bodies for the three endpoints: nothing may answer 5xx, nothing may leave half a row.

`python -m tests.security.fuzz 20000` sends so many and prints what came of them. Nothing but loopback is connected to.
"""

import logging
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback, status_counts
from blog_linkbacks.vocabulary import Kind, Status

BASE = "http://blog.example"
TARGET = f"{BASE}/posts/no-dig-beds"
SOURCE = "http://127.0.0.2:1/a"
ENVIRON = {"LINKBACKS_BASE_URL": BASE, "LINKBACKS_RATE_LIMIT": ""}

_CALL = f"""<?xml version="1.0"?><methodCall><methodName>pingback.ping</methodName><params>
<param><value><string>{SOURCE}</string></value></param><param><value><string>{TARGET}</string></value></param>
</params></methodCall>"""
_FORM = "application/x-www-form-urlencoded"
SEEDS: tuple[tuple[str, bytes, str], ...] = (
    ("/xmlrpc", _CALL.encode(), "text/xml"),
    ("/webmention", f"source={SOURCE}&target={TARGET}".encode(), _FORM),
    ("/posts/no-dig-beds/trackback", f"url={SOURCE}&title=a&excerpt=b&blog_name=c".encode(), _FORM),
)
JUNK = (
    b"\0 \xff\xfe %00 %ff <!DOCTYPE^a^[<!ENTITY^b^'c'>]> &b; <![CDATA[ ]]> %F0%9F &#0; &#xD800; \xed\xa0\x80 "
    b"<i4>99999999999999</i4> <double>nan</double> <dateTime.iso8601>x</dateTime.iso8601> <base64>!!</base64> "
    b"<boolean>7</boolean> http://[:: http://a:99999/ http://\xc3\xa9/ javascript: \r\nX:^y <!--^--> %u0041 +++ "
    b"&&& ==="
)
JUNK_PIECES = tuple(piece.replace(b"^", b"\t") for piece in JUNK.split(b" "))
LONG = (b"<value>" * 500, b"A" * 5000, b"&x=" * 2000, b'<?xml version="1.0" encoding="utf-16"?>', b"[" * 3000)
TYPES = (
    "text/xml",
    _FORM,
    f"{_FORM}; charset=utf-16",
    f"{_FORM}; charset=nonsense",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "",
    "text/xml; charset=utf-7",
    "text/plain; charset=idna",
    "\xe9/\xff",
)


@dataclass
class Tally:
    """What came of it all."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[tuple[str, str, bytes, int]] = field(default_factory=list)
    slowest: float = 0.0


def assail(client: FlaskClient, number: int, seed: int = 7) -> Tally:
    """Send so many mangled bodies, the same ones for the same seed."""
    chance, tally = random.Random(seed), Tally()
    for _ in range(number):
        path, body, content_type = mangled(chance)
        begun = time.perf_counter()
        answer = client.post(path, data=body, content_type=content_type)
        tally.slowest = max(tally.slowest, time.perf_counter() - begun)
        tally.statuses[path, answer.status_code] += 1
        if answer.status_code >= 500:
            tally.failures.append((path, content_type, body, answer.status_code))
    return tally


def mangled(chance: random.Random) -> tuple[str, bytes, str]:
    """A path, a body with up to six things wrong in it, and a content type that may not be its own."""
    path, whole, content_type = chance.choice(SEEDS)
    body = bytearray(whole)
    for _ in range(chance.randint(0, 6)):
        place, sort = chance.randrange(len(body) + 1), chance.random()
        if sort < 0.5:
            body[place:place] = chance.choice(JUNK_PIECES if sort < 0.45 else LONG)
        elif sort < 0.8:
            del body[place : place + chance.randint(1, 20)]
        else:
            body[place : place + 1] = bytes([chance.randrange(256)])
    return path, bytes(body), content_type if chance.random() < 0.6 else chance.choice(TYPES)


def half_rows(app: Flask) -> list[str]:
    """What is wrong with the rows that are kept; empty where all are whole."""
    with app.app_context():
        wrong = [f"row {row.id}" for row in db.session.scalars(select(Linkback)) if not _is_whole(row)]
        counted: Mapping[str, int] = dict(
            db.session.execute(select(Linkback.status, func.count()).group_by(Linkback.status)).all()
        )
        kept = {status: number for status, number in status_counts().items() if number}
        if kept != counted:
            wrong.append(f"counts {kept}, rows {counted}")
        sound = db.session.scalar(text("PRAGMA integrity_check"))
        return wrong if sound == "ok" else [*wrong, f"integrity {sound}"]


def _is_whole(row: Linkback) -> bool:
    named = row.kind in set(Kind) and row.status in set(Status) and bool(row.token)
    return named and bool(row.source_url and row.source_key and row.source_host and row.target_url)


def only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: a mangled address may be anybody's."""
    asked = ""
    if event == "socket.getaddrinfo":
        asked = str(arguments[0])
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        asked = str(arguments[1][0])
    if asked and not asked.startswith("127."):
        raise socket.gaierror(f"{asked} is not loopback")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    sys.addaudithook(only_loopback)
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(ENVIRON, Path(folder))
        with app.app_context():
            posts.save(posts.Draft(title="No-dig beds", body="Words."), publish=True)
        begun = time.perf_counter()
        tally = assail(app.test_client(), number)
        print(f"{number} bodies in {time.perf_counter() - begun:.0f} s, the slowest {tally.slowest:.2f} s")
        for (path, status), times in sorted(tally.statuses.items()):
            print(f"{path:32} {status} {times:6}")
        with app.app_context():
            print("rows", db.session.scalar(select(func.count()).select_from(Linkback)))
        print("5xx", len(tally.failures), tally.failures[:3], "half rows", half_rows(app) or "none")


if __name__ == "__main__":
    main()
