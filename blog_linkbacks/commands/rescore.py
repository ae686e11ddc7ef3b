"""flask linkbacks rescore: scores made anew from what was kept, without a request."""

from collections.abc import Iterator, Sequence

import click
from flask.cli import with_appcontext

from blog_linkbacks.commands.tools import say
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import rescoring
from blog_linkbacks.moderation.rescoring import CHUNK, Rescored


@click.command("rescore")
@click.argument("ids", type=click.IntRange(1, 2**63 - 1), nargs=-1, metavar="[ID...]")
@click.option("--waiting", is_flag=True, help="Score anew all that wait.")
@with_appcontext
def rescore(ids: tuple[int, ...], waiting: bool) -> None:
    """Score linkbacks anew from what was seen of their pages, and say what each came to."""
    if bool(ids) == waiting:
        raise click.UsageError("Give either IDs or --waiting.")
    for some in _waiting() if waiting else _named(sorted(set(ids))):
        with writing() as session:
            done = rescoring.rescore(session, some)
        for linkback_id in some:
            say(f"{linkback_id}: {_in_words(linkback_id, done)}")


def _waiting() -> Iterator[Sequence[int]]:
    last = 0
    while some := rescoring.waiting(last, CHUNK):
        yield some
        last = some[-1]


def _named(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for linkback_id in ids:
        if db.session.get(Linkback, linkback_id) is None:
            raise click.ClickException(f"There is no linkback {linkback_id}.")
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _in_words(linkback_id: int, done: Sequence[Rescored]) -> str:
    one = next((one for one in done if one.linkback_id == linkback_id), None)
    if one is None:
        return "left alone, it is being checked just now"
    if one.after is None:
        return f"{one.status}, not scored: no page that links here is known of it"
    before = "no score" if one.before is None else f"{one.before:.2f}"
    again = ", to be looked at again" if one.due else ""
    return f"{one.status}, {before} -> {one.after:.2f}{again}"
