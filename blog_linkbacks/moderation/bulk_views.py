"""All that match, over HTTP: how many there are, what would happen, and doing it."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.jobs import Job
from blog_linkbacks.moderation import answers, bulk, filtering, forms, queue, words
from blog_linkbacks.moderation.actions import offered
from blog_linkbacks.moderation.answers import Change, answer, watch
from blog_linkbacks.moderation.bulk import Cut
from blog_linkbacks.moderation.decisions import NotOfferedError
from blog_linkbacks.moderation.queue import Filters
from blog_linkbacks.settings.check_words import sentence

blueprint = Blueprint("bulk", __name__, url_prefix="/admin/linkbacks")
blueprint.add_app_template_global(bulk.under_way, "bulk_under_way")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return answers.shared() | {"most": bulk.MANY, "capped": queue.COUNTED, "at_once": bulk.AT_ONCE}


@blueprint.get("/all", endpoint="all")
@web.needs(Role.MODERATOR)
def show() -> str:
    """What deciding on all that match would do; to htmx, how many they are and the buttons."""
    chosen, at = queue.filters(request.args), _cut(request.args.get("as_of", ""))
    return web.page_or_fragment(
        "moderation/bulk.html",
        "moderation/_bulk_all.html",
        filters=chosen,
        cut=at,
        number=bulk.matching(chosen, at),
        since=bulk.since(chosen, at),
        named=_named(chosen),
        actions=offered(chosen.status),
    )


@blueprint.post("/all", endpoint="decide_all")
@web.needs(Role.MODERATOR)
def decide() -> ResponseReturnValue:
    """Decide on all that match the form's filters as it stood at the form's moment."""
    chosen, at = queue.filters(request.form), _cut(request.form.get("as_of"))
    action, user = forms.action(), current_user._get_current_object()
    shown = min(filtering.number(request.form.get("number", "")) or 0, bulk.MANY)
    try:
        report = bulk.decide(chosen, at.moment, action, user, forms.reason(), at.last, shown)
    except NotOfferedError:
        abort(400, _not_offered(chosen))
    if isinstance(report, Job):
        return _begun(report)
    undo = url_for("moderation.undo_batch", batch=report.batch) if report.done else ""
    tone = "good" if report.done else "warn"
    return answer(Change(words.reported(action.done, report), [], undo, tone=tone))


def _begun(job: Job) -> Response:
    """Where to look on: the job's own page without a script, else the queue, which shows it as a bar."""
    if "watch" in request.form:
        return watch(job)
    return redirect(forms.way_back(), 303)


def _named(chosen: Filters) -> list[tuple[str, str]]:
    """The filters in words, but for the status: name and value."""
    given = chosen.params(before="", seen=0, sort=None, group=True)
    if chosen.post:
        given["post"] = f"“{dict(queue.posts(chosen.post)).get(chosen.post) or 'Untitled'}”"
    if chosen.campaign:
        given["campaign"] = "one campaign"
    if chosen.check:
        given["check"] = f"“{sentence(chosen.check)}”"
    return [(_NAMES.get(name, name), value) for name, value in given.items() if name != "status"]


_NAMES = {
    "q": "with the words", "low": "score from", "high": "score to", "since": "received from",
    "until": "received to", "check": "told by", "campaign": "only",
}  # fmt: skip


def _cut(text: str | None) -> Cut:
    """The moment that a form names; that of the request where a plain address names none."""
    if text == "":
        return bulk.cut()
    try:
        return bulk.read_cut(text or "")
    except (ValueError, OverflowError):
        abort(400, "The form does not say which moment it means.")


def _not_offered(chosen: Filters) -> str:
    return f"What is in “{words.STATUSES[chosen.status].tab}” does not take this decision."
