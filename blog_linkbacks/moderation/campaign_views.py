"""Campaigns over HTTP: one decision for all that wait of one, and a look inside."""

from dataclasses import replace

from flask import Blueprint, abort, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from blog_linkbacks import tasks, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.jobs import Job
from blog_linkbacks.moderation import answers, briefs, bulk, campaigns, forms, queue
from blog_linkbacks.moderation.answers import Change, answer, conflict
from blog_linkbacks.moderation.batches import Report
from blog_linkbacks.moderation.briefs import Brief
from blog_linkbacks.moderation.decisions import NotOfferedError
from blog_linkbacks.moderation.queue import Filters, Shown

blueprint = Blueprint("campaigns", __name__, url_prefix="/admin/campaigns")
blueprint.context_processor(answers.shared)

Page = str | tuple[str, int] | Response

_MODERATORS = web.needs(Role.MODERATOR)
_ID = "<int(max=9223372036854775807):{}>"


@blueprint.get(f"/{_ID.format('campaign_id')}")
@_MODERATORS
def members(campaign_id: int) -> str:
    """Those of a campaign that wait, the most genuine first: a page to decide on each alone, or a glance beside."""
    chosen = Filters(campaign=campaign_id, before=request.args.get("before", ""))
    try:
        lead = campaigns.lead_of(campaign_id)
    except LookupError:
        abort(404)
    return web.page_or_fragment(
        "moderation/campaign.html",
        "moderation/_campaign.html",
        shown=_led(lead) if lead else None,
        campaign_id=campaign_id,
        listed=queue.page(chosen),
        filters=chosen,
        done=None if web.wants_fragment() else session.pop("done", None),
    )


@blueprint.post(f"/{_ID.format('campaign_id')}/decisions")
@_MODERATORS
def decide(campaign_id: int) -> Page:
    """Decide on all members that waited as of the moment shown; what came since is left alone, and named."""
    action, row, number = forms.action(), forms.row(), forms.count()
    user, chosen = current_user._get_current_object(), Filters(campaign=campaign_id)
    try:
        made = bulk.decide(chosen, forms.as_of(), action, user, forms.reason(), shown=number)
    except NotOfferedError:
        abort(400, "What waits can be approved, rejected or marked as spam.")
    return answer(_decided(action.done, made, row, number))


@blueprint.post(f"/members/{_ID.format('linkback_id')}")
@_MODERATORS
def member(linkback_id: int) -> Page:
    """Take a member out, so that it stands alone in the queue, or put it back: the form's `action` says which."""
    out = request.form.get("action") != "in"
    try:
        moved = campaigns.take_out(linkback_id) if out else campaigns.put_back(linkback_id)
    except LookupError:
        abort(404)
    if not moved:
        return answer(conflict(linkback_id))
    row = queue.one(linkback_id)
    if not out:
        return answer(Change(f"“{row.shown_name}” is back among its like.", [Shown(row)]))
    notice = Shown(row, notice="Taken out: it stands alone in the queue now.")
    undo = url_for("campaigns.member", linkback_id=linkback_id)
    return answer(Change(f"“{row.shown_name}” stands alone now.", [notice], undo, {"action": "in"}))


def _decided(done: str, made: Report | Job, row: int, number: int) -> Change:
    """The row that stood for all, with what became of them; where none was left to decide, as it is now."""
    if isinstance(made, Job):
        tasks.work_soon(made)
        notice = f"{made.label}: under way in the background."
        return Change(notice, [Shown(queue.one(row), notice=notice)])
    sentence = bulk.said(done, len(made.done), max(0, number - len(made.done)), made.since)
    if not made.done:
        return Change(sentence, [_led(row)], tone="warn", code=409)
    whole = Brief(0, "", len(made.done), "", forms.as_of())
    shown = queue.after_batch(made.batch, [row])
    rows = [replace(one, campaign=whole) if one.decision else one for one in shown]
    undo = url_for("moderation.undo_batch", batch=made.batch)
    return Change(sentence, rows, undo, {"row": str(row)})


def _led(row: int) -> Shown:
    linkback = queue.one(row)
    return Shown(linkback, campaign=briefs.briefs([linkback]).get(linkback.id))
