"""flask linkbacks sent: the ledger of deliveries."""

from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from blog_linkbacks.commands.tools import moment, print_json, print_table
from blog_linkbacks.db import db
from blog_linkbacks.sending.tables import Delivery

_COLUMNS = (("ID", 7), ("STATE", 11), ("PROTOCOL", 10), ("TRIES", 5), ("POST", 24), ("TARGET", 0))
_BATCH = 200


@click.command("sent")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@with_appcontext
def sent(as_json: bool) -> None:
    """List the deliveries to other sites, the newest first."""
    if as_json:
        print_json(_as_json(delivery) for delivery in _found())
    else:
        print_table(_COLUMNS, (_as_row(delivery) for delivery in _found()))


def _found() -> Iterator[Delivery]:
    rows = select(Delivery).options(joinedload(Delivery.post)).order_by(Delivery.id.desc())
    yield from db.session.scalars(rows.execution_options(yield_per=_BATCH))


def _as_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "post": delivery.post.slug,
        "target_url": delivery.target_url,
        "protocol": delivery.protocol or None,
        "endpoint": delivery.endpoint or None,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "response": delivery.response,
        "next_try_at": moment(delivery.due_at),
    }


def _as_row(delivery: Delivery) -> tuple[object, ...]:
    slug, target = delivery.post.slug, delivery.target_url
    return delivery.id, delivery.state, delivery.protocol or "–", delivery.attempts, slug, target
