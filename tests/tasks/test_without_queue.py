"""The queue is a hint: while Redis cannot be reached, the sweep does the work itself."""

from pathlib import Path

from blog_linkbacks import create_app, intake, tasks
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Claim, Kind
from tests.conftest import BASE, publish
from tests.support.pages import article
from tests.support.web import Web


def test_a_lost_redis_delays_but_loses_nothing(root: Path, environ: dict[str, str], web: Web) -> None:
    app = create_app({**environ, "LINKBACKS_REDIS_URL": "redis://127.0.0.1:1/0"}, root)
    publish(app, "No-dig beds", "Words.")
    target = f"{BASE}/posts/no-dig-beds"
    with app.app_context():
        intake.receive(Claim(Kind.WEBMENTION, web.route("/a", article(target)), target))
        tasks.current().sweep()
        assert db.session.query(Linkback).one().status == "pending"
        assert tasks.worker_is_alive()
        db.engine.dispose()
