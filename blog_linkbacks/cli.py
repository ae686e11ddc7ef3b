"""The command line: every command of the outside contract, each family from its own file."""

from flask import Flask

from blog_linkbacks.commands import evaluate, linkbacks, posts, rescore, sent, site, sites, users


def init_app(app: Flask) -> None:
    """Hang the commands under `flask`."""
    for command in (users.group, posts.group, linkbacks.group, sites.group, *site.COMMANDS):
        app.cli.add_command(command)
    linkbacks.group.add_command(sent.sent)
    linkbacks.group.add_command(evaluate.evaluate)
    linkbacks.group.add_command(rescore.rescore)
