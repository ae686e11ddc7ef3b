"""A worker is killed while the remote has the notice and has not answered."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from blog_linkbacks import leases
from blog_linkbacks.blog import posts
from blog_linkbacks.sending import delivery
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, in_turn, receiver
from tests.support.served import Served
from tests.support.web import Answer, Web

WORKER = """
import json, sys
from pathlib import Path
from blog_linkbacks import create_app
from blog_linkbacks.sending import delivery
app = create_app(json.loads(sys.argv[1]), Path(sys.argv[2]))
with app.app_context():
    delivery.process(int(sys.argv[3]))
"""


def test_kill_9_in_the_middle_costs_one_repeat(
    app: Flask, blogger: Blogger, web: Web, environ: dict[str, str], root: Path
) -> None:
    page = receiver(web, in_turn(Answer("", 202, delay=15), Answer("", 202)))
    with app.app_context():
        row_id = blogger.plan(page)
    arguments = [sys.executable, "-c", WORKER, json.dumps(environ), str(root), str(row_id)]
    with subprocess.Popen(arguments, cwd=Path(__file__).parents[2]) as worker:
        _wait_until_told(web)
        os.kill(worker.pid, signal.SIGKILL)
    assert (blogger.row().state, blogger.row().attempts) == ("queued", 1)
    with app.app_context():
        delivery.process(row_id)
        leases.release_dead(Delivery)
        for _ in range(3):
            delivery.process(row_id)
    assert len(web.seen("/wm")) == 2
    assert (blogger.row().state, blogger.row().attempts) == ("delivered", 2)


AUTHOR = """
import json, os, signal, sys
from pathlib import Path
from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
app = create_app(json.loads(sys.argv[1]), Path(sys.argv[2]))
with app.app_context():
    posts.save(posts.Draft("Soil", f"[this]({sys.argv[3]})"), publish=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_post_saved_just_before_kill_9_is_told(
    app: Flask, blogger: Blogger, web: Web, environ: dict[str, str], root: Path
) -> None:
    page = receiver(web, in_turn(Answer("", 202)))
    arguments = [sys.executable, "-c", AUTHOR, json.dumps(environ), str(root), page]
    done = subprocess.run(arguments, cwd=Path(__file__).parents[2], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with app.app_context():
        for delivery_id in leases.due(Delivery):
            delivery.process(delivery_id)
    assert (blogger.row().state, len(web.seen("/wm"))) == ("delivered", 1)


def test_kill_9_of_a_running_worker_costs_one_repeat_at_most(
    app: Flask, blogger: Blogger, web: Web, environ: dict[str, str], root: Path
) -> None:
    count = 12
    pages = [receiver(web, in_turn(Answer("", 202, delay=0.3)), f"/{n}", f"/wm/{n}") for n in range(count)]
    with app.app_context():
        body = " ".join(f"[this]({page})" for page in pages)
        posts.save(posts.Draft("Soil", body), publish=True)
    with Served(root, environ, "worker") as worker:
        _until(lambda: len(_told(web)) >= 4)
        worker.kill(signal.SIGKILL)
    assert not _all_told(blogger)
    with Served(root, environ, "worker"):
        _until(lambda: _all_told(blogger))
    repeats = [_told(web).count(f"/wm/{n}") for n in range(count)]
    assert (min(repeats), max(repeats) <= 2, set(blogger.states())) == (1, True, {"delivered"})


def _told(web: Web) -> list[str]:
    return [request.path for request in web.requests if request.method == "POST"]


def _all_told(blogger: Blogger) -> bool:
    return set(blogger.states()) == {"delivered"}


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 40
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def _wait_until_told(web: Web) -> None:
    end = time.monotonic() + 30
    while not web.seen("/wm") and time.monotonic() < end:
        time.sleep(0.05)
    assert web.seen("/wm")
