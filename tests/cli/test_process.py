"""The commands as separate processes, the way a person or a cron job starts them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blog_linkbacks import ROOT
from tests.conftest import PASSWORD


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout with nothing in its instance folder."""
    copy = tmp_path / "checkout"
    copy.mkdir()
    shutil.copy(ROOT / "app.py", copy)
    for folder in ("blog_linkbacks", "templates", "static"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _environ() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LINKBACKS_")}
    return {**own, "LINKBACKS_BASE_URL": "http://blog.example"}


def _flask(checkout: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *words]
    return subprocess.run(
        command,
        cwd=checkout,
        env=_environ(),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_from_nothing_to_a_published_post(checkout: Path) -> None:
    made = _flask(checkout, "users", "create", "ana", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    (checkout / "post.md").write_text("---\ntitle: Hello\n---\nWords.")
    published = _flask(checkout, "posts", "publish", "post.md")
    assert (published.returncode, published.stdout) == (0, "http://blog.example/posts/hello\n"), (
        published.stderr
    )
    assert json.loads(_flask(checkout, "linkbacks", "list", "--json").stdout) == []
    refused = _flask(checkout, "linkbacks", "approve", "7")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "Error: There is no linkback 7.\n"


def test_a_worker_stops_cleanly_when_told(checkout: Path) -> None:
    command = [sys.executable, "-m", "flask", "worker"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=checkout, env=_environ(), text=True, **pipes) as worker:  # type: ignore[call-overload]
        _wait_for_a_beat(checkout)
        worker.send_signal(signal.SIGTERM)
        _out, errors = worker.communicate(timeout=20)
    assert worker.returncode == 0, errors
    assert "Traceback" not in errors


def _wait_for_a_beat(checkout: Path) -> None:
    import sqlite3

    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with sqlite3.connect(checkout / "instance" / "blog.db") as database:
                if database.execute("SELECT count(*) FROM worker_beats").fetchone()[0]:
                    return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.2)
    pytest.fail("the worker showed no sign of life")
