"""flask linkbacks: list, decide, check again, explain."""

import secrets
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from blog_linkbacks import scoring
from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog.lookup import by_slug, post_url, slug_of
from blog_linkbacks.commands import recheck as again
from blog_linkbacks.commands.tools import moment, print_json, print_table, say
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback, Signal
from blog_linkbacks.moderation import actions
from blog_linkbacks.moderation.actions import Action
from blog_linkbacks.moderation.decisions import NotOfferedError, act
from blog_linkbacks.vocabulary import CheckState, Kind, Status

_COLUMNS = (
    ("ID", 7),
    ("STATUS", 10),
    ("KIND", 10),
    ("SCORE", 5),
    ("RECEIVED", 16),
    ("SOURCE", 50),
    ("POST", 0),
)
_BATCH = 200

group = AppGroup("linkbacks", help="See, decide and check linkbacks.")
_IDS = click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True, metavar="ID...")
_AS = click.option("--as", "name", metavar="NAME", help="Decide as this user; the oldest admin otherwise.")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.option(
    "--status", type=click.Choice([status.value for status in Status]), help="Only those of this status."
)
@click.option("--target", metavar="URL", help="Only those of the post at this address.")
def list_linkbacks(as_json: bool, status: str | None, target: str | None) -> None:
    """List linkbacks, the newest first."""
    found = _found(status, target)
    if as_json:
        print_json(_as_json(linkback) for linkback in found)
    else:
        print_table(_COLUMNS, (_as_row(linkback) for linkback in found))


@group.command("approve")
@_IDS
@_AS
def approve(ids: tuple[int, ...], name: str | None) -> None:
    """Approve linkbacks: they show on the post's page."""
    _decide(actions.APPROVE, ids, name)


@group.command("reject")
@_IDS
@_AS
def reject(ids: tuple[int, ...], name: str | None) -> None:
    """Reject linkbacks: not spam, but not shown either."""
    _decide(actions.REJECT, ids, name)


@group.command("spam")
@_IDS
@_AS
def spam(ids: tuple[int, ...], name: str | None) -> None:
    """Mark linkbacks as spam."""
    _decide(actions.SPAM, ids, name)


@group.command("recheck")
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, metavar="[ID...]")
@click.option("--due", is_flag=True, help="Check all that are due.")
def recheck(ids: tuple[int, ...], due: bool) -> None:
    """Look at the sources again now, and say what each came to."""
    if bool(ids) == due:
        raise click.UsageError("Give either IDs or --due.")
    for linkback_id, status in again.due() if due else again.these([_get(one).id for one in ids]):
        say(f"{linkback_id}: {status}")


@group.command("explain")
@click.argument("linkback_id", type=click.IntRange(1, 2**63 - 1), metavar="ID")
def explain(linkback_id: int) -> None:
    """Print the score as a sum of sentences."""
    linkback = _get(linkback_id)
    if not linkback.signals:
        raise click.ClickException(f"Linkback {linkback_id} has no score: {_unscored(linkback)}")
    click.echo(scoring.explain([signal.opinion for signal in linkback.signals]))


def _unscored(linkback: Linkback) -> str:
    if linkback.internal:
        return "a link of the blog's own: approved by rule, not scored."
    return linkback.reason or "not checked yet."


def _found(status: str | None, target: str | None) -> Iterator[Linkback]:
    rows = select(Linkback).options(selectinload(Linkback.signals)).order_by(Linkback.id.desc())
    if status:
        rows = rows.where(Linkback.status == status)
    if target:
        slug = slug_of(target)
        post = by_slug(slug) if slug else None
        rows = rows.where(Linkback.post_id == (post.id if post else 0))
    yield from db.session.scalars(rows.execution_options(yield_per=_BATCH))


def _as_json(linkback: Linkback) -> dict[str, Any]:
    most = 255 if linkback.kind == Kind.TRACKBACK else 1000
    return {
        "id": linkback.id,
        "kind": linkback.kind,
        "status": linkback.status,
        "source_url": linkback.source_url,
        "target_url": post_url(linkback.post),
        "title": linkback.edit("title") or linkback.title,
        "excerpt": linkback.shown_excerpt[:most],
        "author": linkback.edit("author") or linkback.author,
        "score": linkback.score,
        "signals": [_signal(signal) for signal in linkback.signals],
        "internal": linkback.internal,
        "received_at": moment(linkback.received_at),
        "decided_at": moment(linkback.decided_at),
        "decided_by": linkback.decided_by,
    }


def _signal(signal: Signal) -> dict[str, Any]:
    """`score` times `weight` is what went into the log-odds: nothing for a check that abstained."""
    counts = signal.state == CheckState.ON and signal.strength is not None
    score = signal.strength if counts else 0.0
    return {"name": signal.name, "score": score, "weight": signal.weight, "detail": signal.detail}


def _as_row(linkback: Linkback) -> tuple[object, ...]:
    score = "" if linkback.score is None else f"{linkback.score:.2f}"
    received = linkback.received_at.strftime("%Y-%m-%d %H:%M")
    source, slug = linkback.source_url, linkback.post.slug
    return linkback.id, linkback.status, linkback.kind, score, received, source, slug


def _decide(action: Action, ids: tuple[int, ...], name: str | None) -> None:
    """All of them or none; what is so already stays as it is."""
    user = _decider(name)
    batch = secrets.token_hex(16) if len(ids) > 1 else None
    with writing():
        for linkback_id in dict.fromkeys(ids):
            linkback = _get(linkback_id)
            if linkback.status == action.to:
                continue
            try:
                act(linkback_id, action, user, batch=batch)
            except NotOfferedError:
                raise click.ClickException(f"Linkback {linkback_id} is {linkback.status}.") from None
    say(f"{action.done}: {', '.join(str(one) for one in dict.fromkeys(ids))}.")


def _decider(name: str | None) -> User:
    user = people.find_user(name) if name else people.first_admin()
    if user is not None:
        return user
    missing = (
        f"There is no user named {name}." if name else "There is no admin to decide as: flask users create"
    )
    raise click.ClickException(missing)


def _get(linkback_id: int) -> Linkback:
    linkback = db.session.get(Linkback, linkback_id)
    if linkback is None:
        raise click.ClickException(f"There is no linkback {linkback_id}.")
    return linkback
