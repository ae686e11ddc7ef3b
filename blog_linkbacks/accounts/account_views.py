"""The own account: password, the second step, sessions, and the record of sign-ins."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import limits, web
from blog_linkbacks.accounts import attempts, entrance, people, sessions, two_step
from blog_linkbacks.accounts.blueprint import blueprint
from blog_linkbacks.accounts.forms import CodeForm, ConfirmForm, PasswordForm
from blog_linkbacks.accounts.tables import Outcome, Role
from blog_linkbacks.settings import preferences

ROLES = {
    Role.ADMIN: "writes, moderates, and changes the settings",
    Role.MODERATOR: "decides which linkbacks appear",
    Role.AUTHOR: "writes posts",
}
OUTCOMES = {
    Outcome.SIGNED_IN: ("Signed in", "good"),
    Outcome.RECOVERY_CODE: ("Signed in with a recovery code", "warn"),
    Outcome.HALF: ("Right password, no code", "warn"),
    Outcome.WRONG_PASSWORD: ("Wrong password", "bad"),
    Outcome.WRONG_CODE: ("Wrong code", "bad"),
    Outcome.THROTTLED: ("Closed after too many tries", "bad"),
}
_SHOWN = 5  # tries on the account's own page


@blueprint.route("/admin/account", methods=["GET", "POST"])
@web.needs(*Role)
@limits.sign_in
def account() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit() and _password_changed(form):
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("accounts.account"), 303)
    return _account(form)


@blueprint.post("/admin/account/sign-out-everywhere")
@web.needs(*Role)
def sign_out_everywhere() -> ResponseReturnValue:
    sessions.end_all(current_user.id)
    entrance.leave()
    flash("You are signed out everywhere.")
    return redirect(url_for("accounts.login", next=url_for("accounts.account")), 303)


@blueprint.post("/admin/account/sessions/<int(max=9223372036854775807):session_id>/end")
@web.needs(*Role)
def end_session(session_id: int) -> ResponseReturnValue:
    sessions.end_one(current_user.id, session_id)
    flash("That browser is signed out.")
    return redirect(url_for("accounts.account") + "#sessions", 303)


@blueprint.get("/admin/account/sign-ins")
@web.needs(*Role)
def own_sign_ins() -> ResponseReturnValue:
    return _sign_ins(current_user.id)


@blueprint.get("/admin/settings/people/sign-ins")
@web.needs()
def sign_ins() -> ResponseReturnValue:
    return _sign_ins(None)


@blueprint.post("/admin/account/two-step")
@web.needs(*Role)
@limits.sign_in
def start_two_step() -> ResponseReturnValue:
    form = ConfirmForm(prefix="two-step-")
    if not _confirmed(form):
        return _account(PasswordForm(None), form)
    if not current_user.two_step:
        two_step.offer(current_user.id)
    return redirect(url_for("accounts.set_up_two_step"), 303)


@blueprint.get("/admin/account/two-step")
@web.needs(*Role)
def set_up_two_step() -> ResponseReturnValue:
    return _offered(CodeForm(None)) if current_user.totp_offered else _back()


@blueprint.post("/admin/account/two-step/on")
@web.needs(*Role)
@limits.sign_in
def confirm_two_step() -> ResponseReturnValue:
    form, user_id = CodeForm(), current_user.id
    if not current_user.totp_offered:
        return _back()
    codes = two_step.confirm(user_id, form.code.data) if form.validate_on_submit() else None
    if codes is None:
        form.code.errors = form.code.errors or ["That code is not right. Is the phone's clock right?"]
        return _offered(form)
    entrance.begin_session(people.by_id(user_id))
    return render_template("accounts/recovery_codes.html", codes=codes, turned_on=True)


@blueprint.post("/admin/account/two-step/codes")
@web.needs(*Role)
@limits.sign_in
def renew_codes() -> ResponseReturnValue:
    form = ConfirmForm(prefix="two-step-")
    if not current_user.two_step:
        return _back()
    if not _confirmed(form):
        return _account(PasswordForm(None), form)
    return render_template("accounts/recovery_codes.html", codes=two_step.renew_codes(current_user.id))


@blueprint.post("/admin/account/two-step/off")
@web.needs(*Role)
@limits.sign_in
def stop_two_step() -> ResponseReturnValue:
    form, user_id = ConfirmForm(prefix="two-step-"), current_user.id
    if not _confirmed(form):
        return _account(PasswordForm(None), form)
    two_step.turn_off(user_id)
    entrance.begin_session(people.by_id(user_id))
    flash("Signing in takes the password alone. You are signed out everywhere else.")
    return _back()


def _account(form: PasswordForm, confirm: ConfirmForm | None = None) -> ResponseReturnValue:
    confirm = confirm or ConfirmForm(None, prefix="two-step-")
    page = render_template(
        "accounts/account.html",
        form=form,
        confirm=confirm,
        role_text=ROLES[Role(current_user.role)],
        codes_left=two_step.codes_left(current_user.id),
        sessions=sessions.of(current_user.id),
        here=sessions.id_of(entrance.token()),
        tries=attempts.listed(current_user.id, most=_SHOWN),
        outcomes=OUTCOMES,
    )
    return page, 422 if form.errors or confirm.errors else 200


def _offered(form: CodeForm) -> ResponseReturnValue:
    size, path = two_step.drawing(two_step.address(current_user, preferences.site().name))
    secret = current_user.totp_offered
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    page = render_template("accounts/two_step.html", form=form, size=size, path=path, secret=groups)
    return page, 422 if form.errors else 200


def _sign_ins(user_id: int | None) -> str:
    before = request.args.get("before", type=int)
    before = before if before and 0 < before < 2**63 else None
    tries = attempts.listed(user_id, before, attempts.PAGE + 1)
    older = tries[attempts.PAGE - 1][0].id if len(tries) > attempts.PAGE else None
    return render_template(
        "accounts/sign_ins.html",
        tries=tries[: attempts.PAGE],
        everyone=user_id is None,
        before=before,
        older=older,
        outcomes=OUTCOMES,
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("accounts.account"), 303)


def _confirmed(form: ConfirmForm) -> bool:
    if not form.validate_on_submit():
        return False
    if not entrance.is_own_password(current_user, form.password.data):
        form.password.errors = ["That is not your present password."]
        return False
    return True


def _password_changed(form: PasswordForm) -> bool:
    user_id = current_user.id
    if not entrance.is_own_password(current_user, form.old.data):
        form.old.errors = ["That is not your present password."]
        return False
    try:
        people.change_password(people.by_id(user_id), form.new.data)
    except ValueError as error:
        form.new.errors = [str(error)]
        return False
    entrance.begin_session(people.by_id(user_id))
    return True
