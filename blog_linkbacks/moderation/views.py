"""The moderation queue over HTTP: thin views over `queue`, `decisions` and `batches`."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.moderation import batches, bulk, decisions, forms, queue, rules, words
from blog_linkbacks.moderation.actions import offered
from blog_linkbacks.moderation.answers import Change, answer, conflict, stale, started, under_way
from blog_linkbacks.moderation.panel import panel
from blog_linkbacks.moderation.screen import screen

blueprint = Blueprint("moderation", __name__, url_prefix="/admin")
blueprint.add_app_template_filter(words.source, "source")

Page = str | tuple[str, int] | Response

_MODERATORS = web.needs(Role.MODERATOR)
_ID = "<int(max=9223372036854775807):{}>"


@blueprint.context_processor
def _words() -> dict[str, Any]:
    shared = {"offered": offered, "statuses": words.STATUSES, "standing": words.standing, "who": words.who}
    return shared | {"counts": status_counts(), "counted": words.counted}


@blueprint.get("/")
@web.needs(Role.MODERATOR, Role.AUTHOR)
def start() -> Response:
    return redirect(url_for("moderation.queue" if current_user.may(Role.MODERATOR) else "desk.posts"))


@blueprint.get("/linkbacks", endpoint="queue")
@_MODERATORS
def show_queue() -> str:
    shown = screen(queue.filters(request.args), current_user._get_current_object())
    return render_template("moderation/queue.html", **shown, done=session.pop("done", None))


@blueprint.get(f"/linkbacks/{_ID.format('linkback_id')}")
@_MODERATORS
def evidence(linkback_id: int) -> str:
    """Why one linkback got its score: a page of its own, or the fragment beside the queue."""
    try:
        found = panel(linkback_id)
    except LookupError:
        abort(404)
    done = None if web.wants_fragment() else session.pop("done", None)
    return web.page_or_fragment(
        "moderation/evidence.html", "moderation/_evidence.html", panel=found, done=done
    )


@blueprint.post(f"/linkbacks/{_ID.format('linkback_id')}/decisions")
@_MODERATORS
def decide(linkback_id: int) -> Page:
    action, user = forms.action(), current_user._get_current_object()
    try:
        made = decisions.act(linkback_id, action, user, version=forms.version(), reason=forms.reason())
    except (decisions.ConflictError, decisions.NotOfferedError):
        return answer(conflict(linkback_id))
    except LookupError:
        abort(404)
    shown = queue.after(made)
    undo = url_for("moderation.undo", decision_id=made.id)
    return answer(Change(f"{action.done} “{shown.linkback.shown_name}”.", [shown], undo))


@blueprint.post("/linkbacks/decisions")
@_MODERATORS
def decide_many() -> Page:
    action, selection = forms.action(), forms.selection()
    report = batches.decide(selection, action, current_user._get_current_object(), reason=forms.reason())
    rows = queue.after_batch(report.batch, report.done) + [stale(row) for row in queue.some(report.left)]
    undo = url_for("moderation.undo_batch", batch=report.batch) if report.done else ""
    return answer(
        Change(words.reported(action.done, report), rows, undo, tone="good" if report.done else "warn")
    )


@blueprint.post(f"/decisions/{_ID.format('decision_id')}/undo")
@_MODERATORS
def undo(decision_id: int) -> Page:
    try:
        made = decisions.undo(decision_id, current_user._get_current_object())
    except decisions.ConflictError:
        return answer(conflict(queue.row_of(decision_id)))
    except LookupError:
        abort(404)
    shown = queue.after(made)
    return answer(Change(f"“{shown.linkback.shown_name}”: taken back.", [shown]))


@blueprint.post("/batches/<batch>/undo")
@_MODERATORS
def undo_batch(batch: str) -> Page:
    change = rules.by_batch(batch)
    if change is not None:  # what a rule for a site decided is taken back with the rule
        return redirect(url_for("sites.undo", change_id=change.id), 307)
    try:
        came = bulk.undo(batch, current_user._get_current_object())
    except bulk.UndoneError:
        return answer(Change("That was taken back already.", [], tone="warn", code=409))
    except bulk.UnderWayError as error:
        return under_way(error.token)
    except LookupError:
        abort(404)
    return started(came) if isinstance(came, Job) else answer(_taken_back(came))


def _taken_back(report: batches.Report) -> Change:
    if not report.done and not report.left:
        return Change("Stopped: nothing had been decided yet.", [])
    row = forms.row()
    rows = queue.after_batch(report.batch, [row] if row else report.done[: forms.MAX_SELECTION])
    stale = bool(report.left) and not report.done
    return Change(
        words.reported("Taken back:", report),
        rows,
        tone="warn" if stale else "good",
        code=409 if stale else 200,
    )
