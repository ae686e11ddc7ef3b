"""A success reply means the row is durable, and a killed process leaves no work in hand for ever."""

import json
import time
from pathlib import Path

import pytest

from tests.support import senders
from tests.support.pages import article
from tests.support.served import Served
from tests.support.web import Web

POST = "---\ntitle: No-dig beds\n---\nHow to grow without a spade.\n"


@pytest.fixture
def served(root: Path, environ: dict[str, str]) -> Served:
    return Served(root, {k: v for k, v in environ.items() if k != "LINKBACKS_BASE_URL"})


def publish(served: Served, tmp_path: Path) -> str:
    file = tmp_path / "beds.md"
    file.write_text(POST)
    created = served.run("users", "create", "ana", "--password-stdin", text="correct horse battery\n")
    assert created.returncode == 0, created.stderr
    published = served.run("posts", "publish", str(file))
    assert published.returncode == 0, published.stderr
    return published.stdout.strip()


def statuses(served: Served) -> list[str]:
    listed = served.run("linkbacks", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    return [item["status"] for item in json.loads(listed.stdout)]


def test_killed_between_the_reply_and_the_verification(served: Served, web: Web, tmp_path: Path) -> None:
    post = publish(served, tmp_path)
    source = web.route("/slow", article(post), delay=8)
    with served:
        assert senders.webmention(f"{served.url}/webmention", source, post).status_code == 201
        deadline = time.monotonic() + 10
        while not web.seen("/slow") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert web.seen("/slow"), "the verification had not begun"
        served.kill()
        assert statuses(served) == ["received"]

        web.route("/slow", article(post))
        served.start()
        deadline = time.monotonic() + 15
        while statuses(served) == ["received"] and time.monotonic() < deadline:
            time.sleep(0.2)
        assert statuses(served) == ["pending"]
