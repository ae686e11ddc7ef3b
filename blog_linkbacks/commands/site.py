"""flask worker, backup, restore, demo: the site as a whole."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from blog_linkbacks import backup, demo, tasks, web
from blog_linkbacks.accounts import first_run, people
from blog_linkbacks.commands.tools import refusing, say
from blog_linkbacks.commands.users import read_password

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run background tasks until stopped; SIGTERM finishes the task in hand."""
    tasks.run_worker(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command("backup")
@click.argument("file", type=_FILE)
@with_appcontext
def save(file: Path) -> None:
    """Write a consistent copy of the database and the pictures to FILE, also while the site runs."""
    with refusing(backup.BackupError):
        backup.save(file)
    say(f"Saved to {file}.")


@click.command("restore")
@click.argument("file", type=_FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Put a copy made by `backup` back in place of the present database, its pictures too."""
    with refusing(backup.BackupError):
        kept = backup.restore(file)
    say(f"Restored from {file}. What was there before is in {kept}.")


@click.command("demo")
@click.option(
    "--admin", metavar="NAME", help="Also make an admin of this name, who takes part in the decisions."
)
@click.option("--password-stdin", is_flag=True, help="Read the admin's password from standard input.")
@with_appcontext
def fill(admin: str | None, password_stdin: bool) -> None:
    """Fill an empty database with posts and a lively queue."""
    if bool(admin) != password_stdin:
        raise click.UsageError("--admin and --password-stdin go together.")
    with refusing(demo.NotEmptyError, ValueError):
        demo.check_empty()
        user = people.create_user(admin, read_password()) if admin else people.first_admin()
        posts, linkbacks = demo.fill(user)
    say(f"Made {posts} posts and {linkbacks} linkbacks.")
    say(f"Queue: {web.absolute('/admin/linkbacks')}")
    if not first_run.set_up():
        say("Start the blog with `flask run`: its console shows where to make your admin.")


COMMANDS = (worker, save, restore, fill)
