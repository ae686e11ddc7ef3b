"""flask users: people who sign in."""

import sys

import click
from flask.cli import AppGroup

from blog_linkbacks.accounts import first_run, people
from blog_linkbacks.accounts.people import MAX_PASSWORD
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.commands.tools import refusing, say

group = AppGroup("users", help="People who sign in.")


@group.command("create")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.ADMIN.value, show_default=True
)
def create(name: str, password_stdin: bool, role: str) -> None:  # noqa: ARG001 - the password has no other way in
    """Make a user; the password is the first line of standard input."""
    with refusing(ValueError):
        user = people.create_user(name, read_password(), Role(role))
    first_run.forget()
    say(f"Made {user.name}, {user.role}.")


@group.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def password(name: str, password_stdin: bool) -> None:  # noqa: ARG001 - the password has no other way in
    """Give a user another password and end their sessions."""
    user = people.find_user(name)
    if user is None:
        raise click.ClickException(f"There is no user named {name}.")
    with refusing(ValueError):
        people.change_password(user, read_password())
    say(f"{user.name} has a new password.")


def read_password() -> str:
    """The first line of standard input; ValueError where it is no text."""
    line = sys.stdin.buffer.readline(MAX_PASSWORD + 3)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("The password on standard input is not UTF-8 text.") from None
