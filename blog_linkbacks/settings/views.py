"""The site's preferences, the Akismet key and the people: one page for admins."""

from dataclasses import asdict

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from blog_linkbacks import web
from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings import akismet, preferences
from blog_linkbacks.settings.forms import PersonForm, RoleForm, SiteForm

blueprint = Blueprint("settings", __name__, url_prefix="/admin/settings")

_PREVIEWED = 1000


@blueprint.get("")
@web.needs()
def general() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
@web.needs()
def save() -> ResponseReturnValue:
    form = SiteForm()
    if not form.validate_on_submit():
        return _page(site_form=form), 422
    preferences.save(
        name=form.name.data.strip(),
        tagline=(form.tagline.data or "").strip(),
        author=(form.author.data or "").strip(),
        language=form.language.data,
        posts_per_page=form.posts_per_page.data,
        accept_linkbacks=form.accept_linkbacks.data,
        clear_spam=form.clear_spam.data / 100,
        neighbours=form.neighbours.data,
    )
    flash("Saved.")
    return redirect(url_for("settings.general"), 303)


@blueprint.get("/threshold")
@web.needs()
def threshold() -> ResponseReturnValue:
    percent = request.args.get("clear_spam", type=int)
    if percent is None or not 50 <= percent <= 100:
        return "Between 50 and 100.", 422
    return _would_have(percent)


@blueprint.post("/akismet")
@web.needs()
def check_key() -> ResponseReturnValue:
    message, good = akismet.check()
    if web.wants_fragment():
        return render_template("settings/_akismet.html", akismet=akismet.panel(message, good))
    flash(message, "good" if good else "error")
    return redirect(url_for("settings.general", _anchor="akismet"), 303)


@blueprint.post("/people")
@web.needs()
def add_person() -> ResponseReturnValue:
    form = PersonForm(prefix="person-")
    if not form.validate_on_submit() or not _added(form):
        return _page(person_form=form), 422
    flash(f"{form.name.data.strip()} can sign in now.")
    return redirect(url_for("settings.general", _anchor="people"), 303)


@blueprint.post("/people/<int:user_id>/role")
@web.needs()
def change_role(user_id: int) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(), 422
    try:
        user = people.change_role(user_id, Role(form.role.data))
        flash(f"{user.name} is {user.role} now.")
    except ValueError as error:
        flash(str(error), "error")
    except LookupError:
        abort(404)
    return redirect(url_for("settings.general", _anchor="people"), 303)


def _page(site_form: SiteForm | None = None, person_form: PersonForm | None = None) -> str:
    site = preferences.site()
    percent = round(site.clear_spam * 100)
    return render_template(
        "settings/general.html",
        form=site_form or SiteForm(None, data={**asdict(site), "clear_spam": percent}),
        person_form=person_form or PersonForm(None, prefix="person-"),
        role_forms={user.id: RoleForm(None, role=user.role) for user in people.everyone()},
        people=people.everyone(),
        me=current_user.id,
        would_have=_would_have(percent),
        akismet=akismet.panel(),
    )


def _would_have(percent: int) -> str:
    latest = (
        select(Linkback.score)
        .where(Linkback.score.is_not(None), Linkback.internal.is_(False))
        .order_by(Linkback.id.desc())
        .limit(_PREVIEWED)
    )
    scores = [score for score in db.session.scalars(latest) if score is not None]
    caught = sum(score >= percent / 100 for score in scores)
    if not scores:
        return "Nothing has been scored yet, so there is nothing to compare with."
    return f"Of the latest {len(scores):,} scored linkbacks, {caught:,} would have gone to spam unseen."


def _added(form: PersonForm) -> bool:
    try:
        people.create_user(form.name.data, form.password.data, Role(form.role.data))
    except ValueError as error:
        form.name.errors = [str(error)]
        return False
    return True
