"""The people who work on the blog; for admins."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.accounts import people as accounts
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.settings.blueprint import blueprint
from blog_linkbacks.settings.forms import PersonForm, RoleForm


@blueprint.get("/people")
@web.needs()
def people() -> ResponseReturnValue:
    return _page()


@blueprint.post("/people")
@web.needs()
def add_person() -> ResponseReturnValue:
    form = PersonForm(prefix="person-")
    if not form.validate_on_submit() or not _added(form):
        return _page(form), 422
    flash(f"{form.name.data.strip()} can sign in now.")
    return redirect(url_for("settings.people"), 303)


@blueprint.post("/people/<int:user_id>/role")
@web.needs()
def change_role(user_id: int) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(), 422
    try:
        user = accounts.change_role(user_id, Role(form.role.data))
        flash(f"{user.name} is {user.role} now.")
    except ValueError as error:
        flash(str(error), "error")
    except LookupError:
        abort(404)
    return redirect(url_for("settings.people"), 303)


def _page(form: PersonForm | None = None) -> str:
    everyone = accounts.everyone()
    return render_template(
        "settings/people.html",
        person_form=form or PersonForm(None, prefix="person-"),
        role_forms={user.id: RoleForm(None, role=user.role) for user in everyone},
        people=everyone,
        me=current_user.id,
    )


def _added(form: PersonForm) -> bool:
    try:
        accounts.create_user(form.name.data, form.password.data, Role(form.role.data))
    except ValueError as error:
        form.name.errors = [str(error)]
        return False
    return True
