"""How long spam and unverified linkbacks are kept, what a number would delete, what was deleted last; for admins."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog_linkbacks import web
from blog_linkbacks.moderation import retention
from blog_linkbacks.settings import preferences
from blog_linkbacks.settings.blueprint import blueprint
from blog_linkbacks.settings.forms import KeepingForm
from blog_linkbacks.settings.preferences import Site
from blog_linkbacks.vocabulary import Status

PATH = "/keeping"

# Which preference keeps what is in a tab of the queue.
KEPT_BY: Mapping[str, str] = {Status.SPAM: "keep_spam", Status.UNVERIFIED: "keep_unverified"}


@blueprint.app_context_processor
def _shared() -> dict[str, object]:
    """For the queue's tabs, which say how long what they list is kept."""
    return {"kept_days": kept_days, "deletion": retention}


def kept_days(status: str) -> int | None:
    """For how many days linkbacks of a status are kept; 0 for ever, None where none of them is ever deleted."""
    name = KEPT_BY.get(status)
    return None if name is None else getattr(preferences.site(), name)


@blueprint.get(PATH)
@web.needs()
def keeping() -> str:
    return _page(KeepingForm(None, data=asdict(preferences.site())), preferences.site())


@blueprint.post(PATH)
@web.needs()
def save_keeping() -> ResponseReturnValue:
    form = KeepingForm()
    if not form.validate_on_submit():
        return _page(form, None), 422
    preferences.save(**form.kept)
    flash("Saved. What is older is deleted within some minutes.")
    return redirect(url_for("settings.keeping"), 303)


@blueprint.post(f"{PATH}/preview")
@web.needs()
def preview_keeping() -> ResponseReturnValue:
    """How many linkbacks these numbers would delete; nothing is changed."""
    form = KeepingForm()
    valid = form.validate_on_submit()
    wanted = replace(preferences.site(), **form.kept) if valid else None
    if web.wants_fragment():
        return render_template("settings/_keeping.html", **_going(wanted))
    return _page(form, wanted), 200 if valid else 422


def _page(form: KeepingForm, wanted: Site | None) -> str:
    return render_template("settings/keeping.html", form=form, **_going(wanted))


def _going(wanted: Site | None) -> dict[str, object]:
    """What the wanted settings would delete; None where they make no sense."""
    going = retention.would_go(wanted) if wanted else None
    changed = wanted is not None and request.method == "POST"
    return {"going": going, "wanted": wanted, "changed": changed, "counted": retention.COUNTED}
