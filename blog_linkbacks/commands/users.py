"""flask users: people who sign in."""

import sys

import click
from flask.cli import AppGroup

from blog_linkbacks.accounts import first_run, people, sessions, two_step
from blog_linkbacks.accounts.people import MAX_PASSWORD
from blog_linkbacks.accounts.tables import Role, User
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
    user = _named(name)
    with refusing(ValueError):
        people.change_password(user, read_password())
    say(f"{user.name} has a new password.")


@group.command("totp-off")
@click.argument("name")
def totp_off(name: str) -> None:
    """Let a user who lost phone and recovery codes sign in with the password alone; ends their sessions."""
    user = _named(name)
    if not user.two_step:
        raise click.ClickException(f"{user.name} signs in with the password alone already.")
    two_step.turn_off(user.id)
    say(f"{user.name} signs in with the password alone.")


@group.command("sign-out")
@click.argument("name")
def sign_out(name: str) -> None:
    """End every session of a user."""
    user = _named(name)
    sessions.end_all(user.id)
    say(f"{user.name} is signed out everywhere.")


def read_password() -> str:
    """The first line of standard input; ValueError where it is no text."""
    line = sys.stdin.buffer.readline(MAX_PASSWORD + 3)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("The password on standard input is not UTF-8 text.") from None


def _named(name: str) -> User:
    user = people.find_user(name)
    if user is None:
        raise click.ClickException(f"There is no user named {name}.")
    return user
