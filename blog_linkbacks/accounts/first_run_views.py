"""The first run, step by step on one page."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import limits, web
from blog_linkbacks.accounts import entrance, starter
from blog_linkbacks.accounts import first_run as run
from blog_linkbacks.accounts.blueprint import blueprint
from blog_linkbacks.accounts.forms import AdminForm, BlogForm
from blog_linkbacks.settings import preferences


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


def _admin_made(form: AdminForm) -> bool:
    try:
        entrance.begin_session(run.make_admin(form.name.data, form.password.data))
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


def _unkept(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
