"""The own screen over HTTP: what happened meanwhile, and what a person sets for it."""

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.moderation import live, preferences
from blog_linkbacks.moderation.filtering import filters, number

blueprint = Blueprint("screen", __name__, url_prefix="/admin")


@blueprint.app_template_filter("spell")
def spell(length: timedelta) -> str:
    """A length of time in one unit, such as “14 min”."""
    number = length.total_seconds()
    for seconds, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if number >= 2 * seconds or (unit == "min" and number >= 60):
            return f"{number / seconds:.0f} {unit}"
    return f"{number:.0f} s"


@blueprint.app_context_processor
def _colours() -> dict[str, Any]:
    """The theme a signed-in person chose, for every page of the admin; readers get the system's."""
    known = request and request.path.startswith("/admin") and current_user and current_user.is_authenticated
    return {"theme": preferences.of(current_user).theme if known else "system"}


@blueprint.get("/linkbacks/news")
@web.needs(Role.MODERATOR)
def news() -> ResponseReturnValue:
    """204 where nothing happened since; else the counts, how many came and which rows others decided."""
    chosen, since = filters(request.args), _count("since")
    found = live.news(chosen, drawn=_count("drawn"), since=since, user=current_user)
    if found is None:
        return "", 204
    shown = url_for("moderation.queue", **cast("dict[str, Any]", chosen.params(before="", seen=0)))
    return render_template("moderation/_news.html", news=found, shown=shown, counts=status_counts())


@blueprint.get("/preferences", endpoint="preferences")
@web.needs(*Role)
def show() -> str:
    return _page(preferences.of(current_user))


@blueprint.post("/preferences")
@web.needs(*Role)
def save() -> ResponseReturnValue:
    try:
        wanted = preferences.read(request.form)
    except ValueError as error:
        return _page(preferences.of(current_user), error=str(error)), 422
    preferences.save(current_user.id, wanted)
    flash("Saved.")
    return redirect(url_for("screen.preferences", saved="1"), 303)


def _page(mine: preferences.Preferences, error: str = "") -> str:
    return render_template(
        "moderation/preferences.html",
        mine=mine,
        error=error,
        saved="saved" in request.args,
        rows=preferences.ROWS,
        densities=preferences.DENSITIES,
        themes=preferences.THEMES,
    )


def _count(name: str) -> int:
    return number(request.args.get(name, "")) or 0
