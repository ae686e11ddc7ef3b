"""Words about a linkback over HTTP: its texts edited and put back, reasons for turning it away, the blog's reasons."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import now
from blog_linkbacks.moderation import answers, editing, filtering, forms, queue, reasons, words
from blog_linkbacks.moderation.answers import Change, answer, conflict, fragment
from blog_linkbacks.moderation.briefs import Brief
from blog_linkbacks.moderation.decisions import ConflictError, NotOfferedError
from blog_linkbacks.moderation.log import TextEdit
from blog_linkbacks.moderation.panel import panel
from blog_linkbacks.moderation.queue import Shown

blueprint = Blueprint("texts", __name__, url_prefix="/admin")
blueprint.context_processor(answers.shared)
blueprint.add_app_template_global(reasons.offered, "reasons_offered")
blueprint.add_app_template_global(reasons.takes, "takes_reason")
blueprint.add_app_template_filter(words.remembered, "remembered")

_MODERATORS = web.needs(Role.MODERATOR)
_ID = "<int(max=9223372036854775807):{}>"


@blueprint.post(f"/linkbacks/{_ID.format('linkback_id')}/text")
@_MODERATORS
def edit(linkback_id: int) -> ResponseReturnValue:
    """Put the form's texts in the place of the original, or with `action` original the original back."""
    user, seen = current_user._get_current_object(), request.form.get("seen", "")
    try:
        if request.form.get("action") == "original":
            made = editing.back_to_original(linkback_id, user, seen)
        else:
            made = editing.edit(linkback_id, request.form, user, seen)
    except ConflictError as error:
        return _with_panel(Change(str(error), [], tone="warn", code=409), linkback_id)
    except NotOfferedError:
        abort(
            400,
            "Its texts are not to be edited: it was not looked at yet, or is one of the blog's own pages.",
        )
    except LookupError:
        abort(404)
    return _with_panel(_edited(linkback_id, made), linkback_id)


@blueprint.post(f"/edits/{_ID.format('edit_id')}/undo")
@_MODERATORS
def undo(edit_id: int) -> ResponseReturnValue:
    try:
        made = editing.undo(edit_id, current_user._get_current_object())
    except ConflictError as error:
        return answer(Change(str(error), [], tone="warn", code=409))
    except LookupError:
        abort(404)
    row = queue.one(made.linkback_id)
    return answer(Change(f"“{row.shown_name}”: the edit is taken back.", [Shown(row)]))


@blueprint.post(f"/decisions/{_ID.format('decision_id')}/reason")
@_MODERATORS
def give(decision_id: int) -> ResponseReturnValue:
    """Attach the reason under the form's `number`, or its own words in `reason`, to a rejection."""
    reason = _reason()
    try:
        decision = reasons.give(decision_id, reason)
    except NotOfferedError:
        abort(400, "Only what a person rejected or marked as spam takes a reason.")
    except ConflictError:
        return answer(conflict(queue.row_of(decision_id)))
    except LookupError:
        abort(404)
    row = queue.one(decision.linkback_id)
    return answer(Change(_kept(reason), [Shown(row, decision)]))


@blueprint.post("/batches/<batch>/reason")
@_MODERATORS
def give_all(batch: str) -> ResponseReturnValue:
    """As `give`, for all that a batch turned away."""
    reason = _reason()
    try:
        number = reasons.give_all(batch, reason)
    except LookupError:
        abort(404)
    whole = Brief(0, "", number, "", now())
    shown = queue.after_batch(batch, [forms.row()])
    rows = [replace(row, campaign=whole) if row.decision else row for row in shown]
    return answer(Change(f"{_kept(reason)} For {number:,}.", rows))


@blueprint.get("/settings/reasons", endpoint="reasons")
@web.needs()
def show_reasons() -> str:
    return render_template("moderation/reasons.html", reasons=reasons.offered(), error="")


@blueprint.post("/settings/reasons", endpoint="save_reasons")
@web.needs()
def save_reasons() -> ResponseReturnValue:
    wanted = request.form.getlist("reason")
    try:
        reasons.save(wanted)
    except ValueError as error:
        return render_template("moderation/reasons.html", reasons=wanted, error=str(error)), 422
    flash("Saved.")
    return redirect(url_for("texts.reasons"), 303)


def _edited(linkback_id: int, made: TextEdit | None) -> Change:
    row = queue.one(linkback_id)
    if made is None:
        return Change("Nothing was changed.", [Shown(row)])
    undo = url_for("texts.undo", edit_id=made.id)
    what = "shows the original again" if not made.after else f"{editing.named(made)} edited"
    return Change(f"“{row.shown_name}”: {what}.", [Shown(row)], undo)


def _with_panel(change: Change, linkback_id: int) -> ResponseReturnValue:
    """As the queue answers; to htmx with the evidence anew in the place of the form."""
    if not web.wants_fragment():
        return answer(change)
    fresh = render_template("moderation/_evidence.html", panel=panel(linkback_id))
    return fresh + fragment(change), change.code


def _reason() -> str:
    if "number" not in request.form:
        return forms.reason()
    try:
        return reasons.numbered(filtering.number(request.form["number"]) or 0)
    except LookupError:
        abort(400, "There is no reason under that number.")


def _kept(reason: str) -> str:
    return f"Reason: {reason.rstrip('.')}." if reason else "The reason is taken away."
