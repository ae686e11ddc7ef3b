"""What the tests over HTTP ask of the blog behind the answers."""

import json
import time
import xmlrpc.client
from collections.abc import Callable
from typing import Any

import requests

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions, decisions
from tests.conftest import Live


def rows(live: Live) -> list[Linkback]:
    """All linkbacks, the oldest first, with their evidence."""
    with live.app.app_context():
        found = db.session.query(Linkback).order_by(Linkback.id).all()
        for linkback in found:
            _ = linkback.evidence, linkback.signals
        return found


def row(live: Live, source: str) -> Linkback:
    return next(linkback for linkback in rows(live) if linkback.source_url == source)


def until(check: Callable[[], Any], seconds: float = 15) -> None:
    """Wait until a condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.03)


def checked(live: Live, source: str, status: str = "") -> Linkback:
    """The linkback after the worker has read its source, with the given status where one is named."""
    until(lambda: row(live, source).status in ([status] if status else _CHECKED))
    return row(live, source)


_CHECKED = ("pending", "approved", "spam", "unverified", "rejected", "gone")


def decide(live: Live, linkback: Linkback, action: actions.Action) -> None:
    with live.app.app_context():
        ana = find_user("ana")
        assert ana is not None
        decisions.act(linkback.id, action, ana)


def listed(live: Live) -> list[dict[str, Any]]:
    """What `linkbacks list --json` prints."""
    done = live.app.test_cli_runner().invoke(args=["linkbacks", "list", "--json"])
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def ping(live: Live, source: str, target: str) -> tuple[int, str]:
    """A pingback's fault code, 0 for success, and the sentence of either."""
    body = xmlrpc.client.dumps((source, target), "pingback.ping").encode()
    answer = requests.post(f"{live.url}/xmlrpc", body, headers={"Content-Type": "text/xml"}, timeout=30)
    assert answer.status_code == 200
    try:
        (value,), _ = xmlrpc.client.loads(answer.content)
    except xmlrpc.client.Fault as fault:
        return fault.faultCode, fault.faultString
    return 0, str(value)
