"""Sign in and sign out."""

import re
import time

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user

from blog_linkbacks import limits
from blog_linkbacks.accounts import account_views, entrance, first_run_views
from blog_linkbacks.accounts.attempts import ThrottledError
from blog_linkbacks.accounts.blueprint import blueprint
from blog_linkbacks.accounts.forms import CodeForm, LoginForm
from blog_linkbacks.accounts.tables import Role, User

__all__ = ["account_views", "blueprint", "first_run_views"]

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST_PATH = 1_500  # characters: it waits for the code in a cookie, which has room for about 4,000
_CLIMBS = re.compile(r"/(?:\.|%2e){2}(?:[/?#]|$)", re.IGNORECASE)


@blueprint.route("/login", methods=["GET", "POST"])
@entrance.by_address
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_home(current_user), 303)
    form = LoginForm(request.form, next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _page("login", form)
    entry = entrance.by_password(form.name.data, form.password.data)
    if entry is None:
        form.password.errors = ["That name and that password do not belong together."]
        return _page("login", form)
    wanted = own_path(form.next.data)
    if entry.user.two_step:
        entrance.go_half(entry, wanted)
        return redirect(url_for("accounts.code"), 303)
    entrance.finish(entry)
    return redirect(wanted or _home(entry.user), 303)


@blueprint.route("/login/code", methods=["GET", "POST"])
@entrance.by_address
def code() -> ResponseReturnValue:
    half = entrance.half()
    if half is None:
        if request.method == "POST":
            flash("That took too long. Sign in from the start, please.", "error")
        return redirect(url_for("accounts.login"), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        return _page("login_code", form)
    user = entrance.by_code(half, form.code.data)
    if user is None:
        form.code.errors = [
            "That code is not right, or was used before. The phone shows a new one twice a minute."
        ]
        return _page("login_code", form)
    entrance.begin_session(user)
    return redirect(own_path(half.wanted) or _home(user), 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    entrance.leave()
    return redirect(url_for("blog.index"), 303)


@blueprint.errorhandler(ThrottledError)
def throttled(error: ThrottledError) -> Response:
    """The name, or the second step, is closed for a while: whoever asks, and whether the name exists or not."""
    return _wait(f"Too many tries that failed. Try again in {_span(error.seconds)}.", error.seconds)


@blueprint.errorhandler(RateLimitExceeded)
def too_many(_error: RateLimitExceeded) -> Response:
    limit = limits.limiter.current_limit
    seconds = max(1, int(limit.reset_at - time.time()) + 1) if limit else 60
    return _wait(f"Too many tries from your address. Try again in {_span(seconds)}.", seconds)


def own_path(path: str | None) -> str:
    """The path, where it leads to a page of this site; else nothing."""
    own = path and len(path) <= _LONGEST_PATH and _OWN_PATH.fullmatch(path) and not _CLIMBS.search(path)
    return path if path and own and path.startswith(f"{request.script_root}/") else ""


def _home(user: User) -> str:
    return url_for("desk.posts" if user.role == Role.AUTHOR else "moderation.queue")


def _page(name: str, form: LoginForm | CodeForm) -> Response:
    response = make_response(render_template(f"accounts/{name}.html", form=form), 422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _wait(sentence: str, seconds: int) -> Response:
    current_app.logger.warning("sign-in throttled, request %s", g.request_id)
    page = render_template("errors/error.html", code=429, detail=sentence, request_id=g.request_id)
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def _span(seconds: int) -> str:
    if seconds <= 90:
        return f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes <= 90 else f"{-(-minutes // 60)} hours"
