"""Scoring anew over HTTP: one linkback at once, several or all that wait in the background."""

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from blog_linkbacks import tasks, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.moderation import forms, rescoring
from blog_linkbacks.moderation.rescoring import Rescored

blueprint = Blueprint("rescoring", __name__, url_prefix="/admin/linkbacks")


@blueprint.post("/rescore")
@web.needs(Role.MODERATOR)
def rescore() -> str | Response:
    """What the form names: the linkbacks `ids`, or all that wait."""
    user = current_user._get_current_object()
    if request.form.get("waiting"):
        return _follow(rescoring.rescore_waiting_later(user))
    ids = list(forms.selection())
    if not ids:
        abort(400, "The form names no linkback to score anew.")
    return _follow(rescoring.rescore_later(ids, user))


@blueprint.post("/<int(max=9223372036854775807):linkback_id>/rescore")
@web.needs(Role.MODERATOR)
def rescore_one(linkback_id: int) -> Response:
    with writing() as db_session:
        done = rescoring.rescore(db_session, [linkback_id])
    if not web.wants_fragment():
        tone = "good" if done else "warn"
        session["done"] = {"message": _in_words(done), "tone": tone, "undo": "", "fields": {}}
    return redirect(url_for("moderation.evidence", linkback_id=linkback_id), 303)


def _follow(job: Job) -> str | Response:
    tasks.work_soon(job)
    if web.wants_fragment():
        return render_template("moderation/_rescoring.html", job=job)
    return redirect(url_for("jobs.show", token=job.token), 303)


def _in_words(done: list[Rescored]) -> str:
    if not done:
        return "It is being checked just now, so its score is new anyway."
    one = done[0]
    if one.after is None:
        return "No page that links here is known of it, so there is nothing to score."
    before = "" if one.before is None else f", before it was {one.before * 100:.0f}"
    if one.status != one.was:
        return f"The score is {one.after * 100:.0f} now{before}: that is clear spam."
    looked = " Its page is looked at again before it is published." if one.due else ""
    return f"The score is {one.after * 100:.0f} now{before}.{looked}"
