"""flask sites: trust or block a linking site."""

import click
from flask.cli import AppGroup

from blog_linkbacks.accounts import people
from blog_linkbacks.commands.tools import refusing, say
from blog_linkbacks.moderation import rules
from blog_linkbacks.policy import BLOCK, TRUST

group = AppGroup("sites", help="Rules for linking sites.")


@group.command("trust")
@click.argument("host")
def trust(host: str) -> None:
    """Approve what links from this site from now on."""
    with refusing(ValueError):
        rules.set_rule(host, TRUST, people.first_admin())
    say(f"{host} is trusted.")


@group.command("block")
@click.argument("host")
def block(host: str) -> None:
    """Take nothing from this site any more."""
    with refusing(ValueError):
        rules.set_rule(host, BLOCK, people.first_admin())
    say(f"{host} is blocked.")


@group.command("clear")
@click.argument("host")
def clear(host: str) -> None:
    """Forget the rule for this site."""
    with refusing(ValueError, LookupError):
        rules.clear_rule(host)
    say(f"{host} has no rule any more.")
