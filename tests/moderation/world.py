"""Linkbacks for the queue's tests: real arrivals from pages on the `web` server, or rows decided by rule."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from blog_linkbacks import intake, pipeline
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import queue
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Status
from tests.support.web import Web

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
POST = "http://blog.example/posts/no-dig-beds"
OTHER_POST = "http://blog.example/posts/compost-basics"


def page(target: str) -> str:
    """An honest page that links to a post."""
    filler = "My beds rest under compost, and the worms do the digging for me all winter long. " * 4
    return (
        "<!doctype html><html lang=en><title>Soil at rest</title>"
        f"<body><article><h1>Soil at rest</h1><p>{filler}</p>"
        f'<p>The clearest account of soil I know is in <a href="{target}">this piece on no-dig beds</a>, '
        "which convinced me to stop turning the earth.</p></article>"
    )


def arrive(
    app: Flask,
    web: Web,
    path: str = "/soil",
    target: str = POST,
    *,
    kind: Kind = Kind.PINGBACK,
    said: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """A linkback from a page that links to a post, taken in and checked; its id."""
    source = web.route(path, page(target))
    with app.app_context():
        claim = Claim(kind, source, target, sender_ip="192.0.2.7", user_agent="Gardenlog/1", **said)
        receipt = intake.receive(claim)
        assert isinstance(receipt, Receipt)
        pipeline.process(receipt.linkback_id)
    return receipt.linkback_id


def keep(
    app: Flask, source: str, score: float | None = 0.2, status: Status = Status.PENDING, **fields: str
) -> int:
    """A row with a score, as the worker would have left it, without a page behind it; its id."""
    with app.app_context():
        target = fields.pop("target", POST)
        receipt = intake.receive(Claim(Kind(fields.pop("kind", "pingback")), source, target))
        assert isinstance(receipt, Receipt)
        with writing() as session:
            linkback = session.get_one(Linkback, receipt.linkback_id)
            linkback.score, linkback.due_at = score, None
            for name, value in fields.items():
                setattr(linkback, name, value)
            record(session, linkback, status, By(rule="hold"), reason="No rule was sure.")
        return receipt.linkback_id


def read(app: Flask, linkback_id: int) -> Linkback:
    with app.app_context():
        return queue.one(linkback_id)


def status(app: Flask, linkback_id: int) -> str:
    return read(app, linkback_id).status


def token(client: FlaskClient) -> str:
    """The CSRF token of this session, as a page carries it."""
    html = client.get("/admin/linkbacks").text
    return html.partition('name="csrf-token" content="')[2].partition('"')[0]


def send(client: FlaskClient, path: str, *, htmx: bool = False, **fields: object) -> TestResponse:
    """Send a form as the queue does."""
    data = {"csrf_token": token(client), **fields}
    return client.post(path, data=data, headers=HTMX if htmx else {})


def latest(app: Flask, linkback_id: int) -> int:
    """The id of the last decision on a linkback."""
    with app.app_context():
        return (
            db.session.scalars(
                select(Decision.id).where(Decision.linkback_id == linkback_id).order_by(Decision.id.desc())
            ).first()
            or 0
        )
