"""Sign in, sign out, the own account and the first run."""

import re

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from blog_linkbacks import limits, web
from blog_linkbacks.accounts import first_run as run
from blog_linkbacks.accounts import people, starter
from blog_linkbacks.accounts.forms import AdminForm, BlogForm, LoginForm, PasswordForm
from blog_linkbacks.accounts.tables import Role, User
from blog_linkbacks.settings import preferences

blueprint = Blueprint("accounts", __name__)

ROLES = {
    Role.ADMIN: "writes, moderates, and changes the settings",
    Role.MODERATOR: "decides which linkbacks appear",
    Role.AUTHOR: "writes posts",
}

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@blueprint.route("/login", methods=["GET", "POST"])
@limits.sign_in
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_home(current_user), 303)
    form = LoginForm(request.form, next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _unkept(render_template("accounts/login.html", form=form), 422 if form.errors else 200)
    user = people.check_password(form.name.data, form.password.data)
    if user is None:
        form.password.errors = ["That name and that password do not belong together."]
        return _unkept(render_template("accounts/login.html", form=form), 422)
    _begin_session(user)
    return redirect(_own_path(form.next.data) or _home(user), 303)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    logout_user()
    session.clear()
    return redirect(url_for("blog.index"), 303)


@blueprint.route("/admin/account", methods=["GET", "POST"])
@web.needs(*Role)
@limits.sign_in
def account() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit() and _password_changed(form):
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("accounts.account"), 303)
    shown = render_template("accounts/account.html", form=form, role_text=ROLES[Role(current_user.role)])
    return shown, 422 if form.errors else 200


@blueprint.get("/first-run")
def first_run() -> ResponseReturnValue:
    if run.set_up():
        return _further_steps()
    given = request.args.get("token", "")
    return _step_one(AdminForm(token=given)) if run.matches(given) else _ask_for_token(given)


@blueprint.post("/first-run")
@limits.sign_in
def make_admin() -> ResponseReturnValue:
    form = AdminForm()
    if run.set_up():
        return redirect(url_for("accounts.first_run"), 303)
    if not run.matches(form.token.data or ""):
        return _ask_for_token(form.token.data or "")
    if not form.validate_on_submit() or not _admin_made(form):
        return _step_one(form)
    return redirect(url_for("accounts.first_run"), 303)


@blueprint.post("/first-run/blog")
@web.needs()
def name_blog() -> ResponseReturnValue:
    form = BlogForm()
    if not form.validate_on_submit():
        return _further_steps(form)
    preferences.save(name=form.name.data.strip(), tagline=(form.tagline.data or "").strip())
    flash("The blog has its name.")
    return redirect(url_for("accounts.first_run"), 303)


@blueprint.post("/first-run/pingback")
@web.needs()
def test_pingback() -> ResponseReturnValue:
    try:
        trial = starter.send_test_pingback(current_user.id)
    except starter.StarterError as error:
        flash(str(error), "error")
        return redirect(url_for("accounts.first_run"), 303)
    flash(f"The blog answered the pingback: {trial.answer}")
    return redirect(url_for("accounts.first_run"), 303)


def _begin_session(user: User) -> None:
    session.clear()
    session.permanent = True
    login_user(user)


def _own_path(path: str | None) -> str:
    return path if path and _OWN_PATH.fullmatch(path) else ""


def _home(user: User) -> str:
    return url_for("desk.posts" if user.role == Role.AUTHOR else "moderation.queue")


def _unkept(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _password_changed(form: PasswordForm) -> bool:
    if people.check_password(current_user.name, form.old.data) is None:
        form.old.errors = ["That is not your present password."]
        return False
    try:
        people.change_password(user := people.by_id(current_user.id), form.new.data)
    except ValueError as error:
        form.new.errors = [str(error)]
        return False
    _begin_session(user)
    return True


def _admin_made(form: AdminForm) -> bool:
    try:
        _begin_session(run.make_admin(form.name.data, form.password.data))
    except run.TakenError:
        return True
    except ValueError as error:
        form.name.errors = [str(error)]
        return False
    return True


def _ask_for_token(given: str) -> Response:
    return _unkept(render_template("accounts/first_run_token.html", given=given), 403 if given else 200)


def _step_one(form: AdminForm) -> Response:
    page = render_template("accounts/first_run.html", step=1, admin_form=form)
    return _unkept(page, 422 if form.errors else 200)


@web.needs()
def _further_steps(form: BlogForm | None = None) -> ResponseReturnValue:
    site, trial = preferences.site(), starter.last_trial()
    named = site.name != preferences.Site().name
    form = form or BlogForm(name=site.name if named else "", tagline=site.tagline)
    step = 2 if not named else 3 if trial is None else 4
    page = render_template("accounts/first_run.html", step=step, blog_form=form, trial=trial)
    return _unkept(page, 422 if form.errors else 200)
