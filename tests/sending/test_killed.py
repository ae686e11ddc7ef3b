"""A worker is killed while the remote has the notice and has not answered."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from blog_linkbacks import leases
from blog_linkbacks.sending import delivery
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, in_turn, receiver
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


def _wait_until_told(web: Web) -> None:
    end = time.monotonic() + 30
    while not web.seen("/wm") and time.monotonic() < end:
        time.sleep(0.05)
    assert web.seen("/wm")
