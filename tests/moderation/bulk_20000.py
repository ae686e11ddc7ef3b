"""Decide on 20,000 that wait while new ones arrive, kill it in the middle, and take it back: in numbers.

    python -m tests.moderation.bulk_20000 [number] [--kill]

A real blog (`flask run` with its worker, SQLite) in a process of its own, driven over HTTP alone; what came of it is
read from its database.
"""

import argparse
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote

import requests

from blog_linkbacks import create_app
from blog_linkbacks.accounts.people import create_user
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import db
from tests.conftest import PASSWORD, publish
from tests.moderation import crowd
from tests.moderation.world import page as article
from tests.support.served import Served
from tests.support.web import Web

ENVIRON = {"LINKBACKS_FETCH_ALLOW": "127.0.0.0/8", "LINKBACKS_RATE_LIMIT": ""}
PAUSE = 0.25


@dataclass
class Moderator:
    """Mo at his browser: signed in, with the queue's page and what its forms carry."""

    url: str
    http: requests.Session = field(default_factory=requests.Session)

    def sign_in(self) -> None:
        self.http.post(f"{self.url}/login", self._form("/login") | {"name": "mo", "password": PASSWORD})

    def queue(self, query: str = "") -> str:
        answer = self.http.get(f"{self.url}/admin/linkbacks{query}")
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def send(self, path: str, **fields: object) -> requests.Response:
        form = self._form("/admin/preferences") | fields
        return self.http.post(self.url + path, form, allow_redirects=False)

    def job(self, path: str) -> str:
        return self.http.get(self.url + path, headers={"HX-Request": "true"}).text

    def _form(self, path: str) -> dict[str, Any]:
        html = self.http.get(self.url + path).text
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"|name="csrf-token" content="([^"]+)"', html)
        assert found, html
        return {"csrf_token": found[1] or found[2]}


@dataclass
class Clock:
    """How long things took, by name, in milliseconds."""

    times: dict[str, list[float]] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.times.setdefault(name, []).append(1000 * (time.monotonic() - start))

    def say(self, when: str) -> None:
        for name, taken in self.times.items():
            print(
                f"  {name} {when}: {len(taken)} times, median {median(taken):.0f} ms, max {max(taken):.0f} ms"
            )
        self.times.clear()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=20_000)
    parser.add_argument("--kill", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Web(address="127.0.0.2") as web:
        root = Path(folder)
        _prepare(root, asked.number)
        with Served(root, ENVIRON) as served:
            _run(served, web, root / "instance" / "blog.db", asked.number, kill=asked.kill)


def _prepare(root: Path, number: int) -> None:
    app = create_app({"LINKBACKS_BASE_URL": "http://blog.example"}, root)
    with app.app_context():
        create_user("mo", PASSWORD, Role.MODERATOR)
    publish(app, "No-dig beds", "How to grow without a spade.")
    publish(app, "Compost basics", "Heaps, worms and patience.")
    start = time.monotonic()
    crowd.wait(app, number)
    print(f"{number:,} wait, written in {time.monotonic() - start:.0f} s")
    with app.app_context():
        db.engine.dispose()


def _run(served: Served, web: Web, file: Path, number: int, *, kill: bool) -> None:
    mo, clock = Moderator(served.url), Clock()
    mo.sign_in()
    for _ in range(5):
        with clock.of("queue page"):
            html = mo.queue()
    clock.say("at rest")
    as_of = _between(html, "as_of=", "&")
    before = _state(file)
    with _arrivals(served, web, clock) as arrived:
        _until(lambda: _count(file, "status = 'pending'") >= number + 5, 60)
        since = _count(file, "status = 'pending'") - number
        print(f"{since} came since the page was drawn")
        form = {"as_of": unquote(as_of), "status": "pending", "action": "spam", "number": number, "watch": 1}
        with clock.of("POST of the bulk decision"):
            answer = mo.send("/admin/linkbacks/all", **form)
        assert answer.status_code == 303, answer.text
        job = answer.headers["Location"].removeprefix(served.url)
        _follow(mo, served, job, clock, kill=kill)
    clock.say("while it worked")
    print(f"  {len(arrived)} arrived through the endpoint while it worked")
    print("  " + _said(mo.job(job)))
    _check_decided(file, number)
    batch = re.findall(r"/admin/batches/(\w+)/undo", mo.job(job))[0]
    answer = mo.send(f"/admin/batches/{batch}/undo")
    assert answer.status_code == 303, answer.text
    undoing = answer.headers["Location"].removeprefix(served.url)
    print("Undo")
    _follow(mo, served, undoing, clock, kill=kill)
    clock.say("during the undo")
    print("  " + _said(mo.job(undoing)))
    after = _state(file)
    for name, was in before.items():
        assert after[name] == was, f"{name} is not as before"
        print(f"  as before: {name}")
    again = mo.send(f"/admin/batches/{batch}/undo")
    print(f"  a second undo: {again.status_code}, {_between(again.text, '<p>', '<') or again.text[:80]}")


def _follow(mo: Moderator, served: Served, job: str, clock: Clock, *, kill: bool) -> None:
    """Look at the progress, the queue and single rows until the job has ended."""
    start, last, figures = time.monotonic(), -1, []
    while True:
        html = mo.job(job)
        if "hx-trigger" not in html:
            break
        done = int(_between(html, 'role="status">', " of").replace(",", ""))
        if done != last:
            figures.append(f"{time.monotonic() - start:.1f} s {done:,}")
            last = done
        if kill and done > 1_000:
            served.kill()
            print(f"  killed with -9 at {done:,}")
            served.start()
            kill = False
        with clock.of("queue page"):
            mo.queue()
        _decide_one(mo, clock)
        time.sleep(PAUSE)
    print(
        f"  ended after {time.monotonic() - start:.1f} s; progress: {', '.join(figures[:: max(1, len(figures) // 12)])}"
    )


def _decide_one(mo: Moderator, clock: Clock) -> None:
    """One that came since is approved, and that is taken back at once, so that all can be as before."""
    ids = re.findall(r'id="linkback-(\d+)"[^>]*data-version="(\d+)"', mo.queue("?sort=newest"))
    token = mo._form("/admin/preferences")
    path = f"{mo.url}/admin/linkbacks/{ids[0][0]}/decisions"
    with clock.of("single decision"):
        answer = mo.http.post(
            path, token | {"action": "approve", "version": ids[0][1]}, headers={"HX-Request": "true"}
        )
    undo = re.findall(r'action="(/admin/decisions/\d+/undo)"', answer.text)
    if undo:
        with clock.of("single undo"):
            mo.http.post(mo.url + undo[0], token, headers={"HX-Request": "true"})


@contextmanager
def _arrivals(served: Served, web: Web, clock: Clock) -> Iterator[list[int]]:
    """Webmentions through the real endpoint, about four a second, until the block ends."""
    done, arrived = threading.Event(), list[int]()

    def arrive() -> None:
        target = f"{served.url}/posts/no-dig-beds"
        while not done.wait(PAUSE):
            source = web.route(f"/new/{len(arrived)}", article(target))
            try:
                with clock.of("webmention taken in"):
                    answer = requests.post(
                        f"{served.url}/webmention", {"source": source, "target": target}, timeout=60
                    )
                assert answer.status_code == 201, answer.text
                arrived.append(1)
            except requests.ConnectionError:
                time.sleep(1)  # it was killed

    thread = threading.Thread(target=arrive)
    thread.start()
    try:
        yield arrived
    finally:
        done.set()
        thread.join()


def _check_decided(file: Path, number: int) -> None:
    decided = _rows(
        file, "SELECT count(*), count(DISTINCT linkback_id) FROM decisions WHERE batch IS NOT NULL"
    )
    crowd_spam = _count(file, "token LIKE 'crowd-%' AND status = 'spam'")
    new = _count(file, "token NOT LIKE 'crowd-%' AND status = 'spam'")
    waiting = _count(file, "status = 'pending'")
    counter = _rows(
        file, "SELECT number FROM status_counts WHERE status IN ('pending', 'spam') ORDER BY status"
    )
    assert decided == [(number, number)], decided
    assert (crowd_spam, new) == (number, 0), (crowd_spam, new)
    assert counter == [(waiting,), (number,)], counter
    print(f"  exact: {number:,} decided once each, none that came since; {waiting} wait; the counters agree")


def _state(file: Path) -> dict[str, object]:
    """What an undo must bring back: everything but the record of what was done."""
    mine = "FROM linkbacks WHERE token LIKE 'crowd-%' ORDER BY id"
    return {
        "statuses": _rows(file, f"SELECT id, status, due_at {mine}"),
        "campaigns and their folds": [
            *_rows(file, "SELECT id, waiting, lead_id FROM campaigns WHERE id <= 3 ORDER BY id"),
            *_rows(file, f"SELECT id, campaign_id, folded {mine}"),
        ],
        "lessons": _rows(file, "SELECT linkback_id, label FROM lessons ORDER BY linkback_id"),
        "learned counts": _rows(file, "SELECT * FROM learned_features ORDER BY feature"),
        "the counter of spam": _rows(file, "SELECT number FROM status_counts WHERE status = 'spam'"),
        "reports to Akismet due": _rows(file, "SELECT * FROM akismet_reports WHERE due_at IS NOT NULL"),
    }


def _rows(file: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def _count(file: Path, where: str) -> int:
    number: int = _rows(file, f"SELECT count(*) FROM linkbacks WHERE {where}")[0][0]
    return number


def _until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            sys.exit("It took too long.")
        time.sleep(PAUSE)


def _said(html: str) -> str:
    return _between(html, 'role="status">', "<")


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


if __name__ == "__main__":
    main()
