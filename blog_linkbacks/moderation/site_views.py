"""Linking sites over HTTP: the list, one site's dossier, and its rules with what they would do before they do it."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import tasks, urls, web
from blog_linkbacks.accounts.tables import Role, User
from blog_linkbacks.db import now
from blog_linkbacks.jobs import Job
from blog_linkbacks.moderation import (
    answers,
    bulk,
    filtering,
    forms,
    queue,
    ruled,
    rules,
    sites,
    whatif,
    words,
)
from blog_linkbacks.moderation.answers import Change, answer, fragment, watch
from blog_linkbacks.moderation.decisions import ConflictError
from blog_linkbacks.moderation.dossier import dossier as dossier_of
from blog_linkbacks.moderation.log import RuleChange
from blog_linkbacks.moderation.rules import Applied
from blog_linkbacks.vocabulary import Status

blueprint = Blueprint("sites", __name__, url_prefix="/admin")
blueprint.context_processor(answers.shared)
blueprint.add_app_template_filter(words.readable, "readable")
blueprint.add_app_template_filter(words.last_day, "last_day")

_MODERATORS = web.needs(Role.MODERATOR)
_LONGEST = timedelta(days=3660)


@blueprint.get("/sites")
@_MODERATORS
def index() -> str:
    q = request.args.get("q", "").strip()[: queue.MAX_QUERY]
    asked = request.args.get("sort", "")
    order = sites.Order(asked) if asked in set(sites.Order) else sites.Order.NAME
    listed, more = sites.listing(request.args.get("after", ""), words.as_kept(q), order)
    return render_template(
        "moderation/sites.html",
        sites=listed,
        more=more,
        q=q,
        order=order,
        rules=rules.listing(),
        ended=rules.ended(),
        now=now(),
        done=session.pop("done", None),
    )


@blueprint.get("/sites/<host>")
@_MODERATORS
def dossier(host: str) -> ResponseReturnValue:
    site = urls.registrable(_host(host))
    if site != host:
        return redirect(url_for("sites.dossier", host=site), 302)
    status = request.args.get("status", "")
    chosen = Status(status) if status in set(Status) else None
    try:
        found = dossier_of(site, chosen, filtering.number(request.args.get("before", "")))
    except LookupError:
        abort(404)
    decide_all = url_for("bulk.all", status=Status.PENDING.value, site=site, group="off")
    shown = {"status": chosen, "now": now(), "decide_all": decide_all, "done": session.pop("done", None)}
    return render_template("moderation/dossier.html", found=found, **shown)


@blueprint.get("/sites/<host>/rules")
@_MODERATORS
def ask(host: str) -> str:
    """What a rule for this host would do, for each of its scopes, and the form that makes it."""
    host, action = _host(host), request.args.get("action", "")
    if action not in ruled.DECIDES:
        abort(400, "A site can be trusted or blocked.")
    scopes = rules.scopes(host)
    return web.page_or_fragment(
        "moderation/rule.html",
        "moderation/_rule_form.html",
        host=host,
        action=action,
        scopes=[(scope, words.would(action, ruled.forecast(scope))) for scope in scopes],
        chosen=scopes[-1] if host.startswith("www.") else host,
        past=whatif.rule(scopes[-1], action),
        today=now().date(),
        next=forms.way_back(request.args.get("next", "")),
    )


@blueprint.post("/sites/<host>/rules")
@_MODERATORS
def rule(host: str) -> ResponseReturnValue:
    """Trust, block or clear: what the form's field `action` says of this host or of its domain."""
    host, action, user = _host(host), request.form.get("action", ""), current_user._get_current_object()
    scope = _host(request.form.get("scope") or host)
    if scope not in rules.scopes(host):
        abort(400, "The rule is for another site than the form.")
    if action == rules.CLEAR:
        return _answer(_cleared(scope, rules.clear_rule(scope, user)))
    try:
        applied = rules.set_rule(scope, action, user, _until())
    except ValueError as error:
        abort(400, str(error))
    return _answer(_applied(applied), applied.job)


@blueprint.post("/rules/<int(max=9223372036854775807):change_id>/undo")
@_MODERATORS
def undo(change_id: int) -> ResponseReturnValue:
    """Give a site the rule it had before, and take back what the undone one decided."""
    user = current_user._get_current_object()
    try:
        change = rules.undo(change_id, user)
    except ConflictError as error:
        return answer(Change(str(error), [], tone="warn", code=409))
    except LookupError:
        abort(404)
    return _answer(*_taken_back(change, user))


def _answer(change: Change, job: Job | None = None) -> ResponseReturnValue:
    """As the queue answers; to htmx with what became of the site in the place of the form, and the job at work."""
    if job is not None:
        tasks.work_soon(job)
    if not web.wants_fragment():
        answered = answer(change)
        return watch(job) if job is not None else answered
    return render_template("moderation/_ruled.html", change=change, job=job) + fragment(change), change.code


def _applied(applied: Applied) -> Change:
    rows = queue.after_batch(applied.report.batch, forms.on_the_page())
    undo = url_for("sites.undo", change_id=applied.change_id)
    return Change(words.ruled(applied), rows, undo)


def _cleared(host: str, change_id: int | None) -> Change:
    name = words.readable(host)
    if change_id is None:
        return Change(f"{name} had no rule.", [])
    return Change(f"{name} has no rule any more.", [], url_for("sites.undo", change_id=change_id))


def _taken_back(change: RuleChange, user: User) -> tuple[Change, Job | None]:
    before = words.rule_state(change.was_action, change.was_until)
    sentence = f"{words.readable(change.host)} is {before} again."
    try:
        made = bulk.undo(change.batch, user)
    except LookupError:
        return Change(sentence, []), None
    if isinstance(made, Job):
        return Change(sentence, []), made
    rows = queue.after_batch(made.batch, made.done[: forms.MAX_SELECTION])
    return Change(f"{sentence} {words.reported('Taken back:', made)}", rows), None


def _host(text: str) -> str:
    try:
        return rules.host_of(text)
    except ValueError as error:
        abort(400, str(error))


def _until() -> datetime | None:
    """The end of the day that the form names (UTC)."""
    given = request.form.get("until", "").strip()
    if not given:
        return None
    try:
        end = datetime.combine(date.fromisoformat(given), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        abort(400, "The form names no day, such as 2027-03-31.")
    if not now() < end < now() + _LONGEST:
        abort(400, "A rule can end today or within ten years.")
    return end
