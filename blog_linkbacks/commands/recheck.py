"""Looking at sources again from a command line, beside a worker that may do the same."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app
from sqlalchemy import update

from blog_linkbacks import leases, pipeline
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback

_AT_ONCE = 4
_PATIENCE = 30.0  # seconds for work that a worker has in hand


def these(ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Check these linkbacks now; each one's id and what its status is then."""
    with writing() as session:
        session.execute(update(Linkback).where(Linkback.id.in_(ids)).values(due_at=now(), attempts=0))
    yield from _checked(ids)


def due() -> Iterator[tuple[int, str]]:
    """Check all linkbacks that are due; each one's id and what its status is then."""
    tried: set[int] = set()
    while fresh := [one for one in leases.due(Linkback) if one not in tried]:
        tried.update(fresh)
        yield from _checked(fresh)


def _checked(ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(lambda one: _check(app, one), ids)


def _check(app: Flask, linkback_id: int) -> tuple[int, str]:
    with app.app_context():
        pipeline.process(linkback_id, asked_for=True)
        return linkback_id, _settled(linkback_id)


def _settled(linkback_id: int) -> str:
    """The status, once no worker has the linkback in hand."""
    until = time.monotonic() + _PATIENCE
    while True:
        linkback = db.session.get_one(Linkback, linkback_id, populate_existing=True)
        status, in_hand = linkback.status, linkback.lease_by is not None
        db.session.rollback()
        if not in_hand or time.monotonic() > until:
            return status
        time.sleep(0.1)
