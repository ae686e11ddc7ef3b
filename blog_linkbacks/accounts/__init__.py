"""People, roles, sign-in and the first run."""

import click
from flask import Flask, redirect, request, url_for
from flask_login import LoginManager
from werkzeug.wrappers import Response

from blog_linkbacks import web
from blog_linkbacks.accounts import first_run, sessions
from blog_linkbacks.accounts.cookies import Sessions


def init_app(app: Flask) -> None:
    """Sessions by their token, the way to the login page, and to the first run while there is no user."""
    app.session_interface = Sessions()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(sessions.person)
    manager.unauthorized_handler(_to_login)
    app.before_request(_to_first_run)


def say_first_run(root: str) -> None:
    """Tell the console where to go: to the first run with its one-time word, or to the blog and its queue."""
    if first_run.set_up():
        first_run.forget()
        click.echo(f"Blog: {root}/    Queue: {root}/admin/linkbacks", err=True)
        return
    click.echo(f"First run: open {root}/first-run?token={first_run.token()} to make your admin", err=True)


def _to_login() -> Response:
    here = request.script_root + request.full_path.rstrip("?")
    wanted = here if request.method == "GET" and not web.wants_fragment() else None
    address = url_for("accounts.login", next=wanted)
    if web.wants_fragment():
        return Response("Sign in first.", 401, {"HX-Redirect": address})
    return redirect(address, 303)


def _to_first_run() -> Response | None:
    return redirect(url_for("accounts.first_run"), 303) if first_run.wanted_instead() else None
