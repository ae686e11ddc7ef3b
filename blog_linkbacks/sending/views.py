"""The ledger of deliveries, and trackbacks by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog_linkbacks import tasks
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.sending import ledger, trackbacks
from blog_linkbacks.sending.forms import TrackbackForm
from blog_linkbacks.sending.tables import DeliveryState
from blog_linkbacks.web import needs

blueprint = Blueprint("sending", __name__, url_prefix="/admin/sent")

_MAX_ID = 2**63 - 1
_ID = f"<int(max={_MAX_ID}):delivery_id>"

WORDS = {
    DeliveryState.QUEUED: ("Waiting", ""),
    DeliveryState.DELIVERED: ("Told", "is-good"),
    DeliveryState.REFUSED: ("Refused", "is-bad"),
    DeliveryState.RETRYING: ("Trying again", "is-warn"),
    DeliveryState.FAILED: ("Failed", "is-bad"),
    DeliveryState.NO_ENDPOINT: ("Takes none", ""),
    DeliveryState.SILENT: ("Kept silent", ""),
    DeliveryState.CANCELLED: ("Given up", ""),
}


@blueprint.get("")
@needs(Role.AUTHOR)
def sent() -> str:
    state, post = request.args.get("state", ""), _asked("post")
    page = ledger.page(state if state in WORDS else "", post, _asked("before"))
    named = db.session.get(Post, post) if post else None
    shown = {"state": state, "post": post, "may_trackback": named is not None and named.published}
    return render_template("sending/sent.html", page=page, posts=ledger.posts_told_of(), words=WORDS, **shown)


@blueprint.post(f"/{_ID}/resend")
@needs(Role.AUTHOR)
def resend(delivery_id: int) -> Response:
    try:
        row = ledger.resend(delivery_id)
    except LookupError:
        abort(404)
    tasks.deliver_soon(row.id)
    flash(f"{row.target_url} is told again.")
    return _back()


@blueprint.post(f"/{_ID}/cancel")
@needs(Role.AUTHOR)
def cancel(delivery_id: int) -> Response:
    try:
        stopped = ledger.cancel(delivery_id)
    except LookupError:
        abort(404)
    flash(*(("Given up.", "good") if stopped else ("It no longer waits; see what became of it.", "error")))
    return _back()


@blueprint.route("/trackback", methods=["GET", "POST"])
@needs(Role.AUTHOR)
def trackback() -> str | Response | tuple[str, int]:
    post = db.session.get(Post, _asked("post") or 0)
    if post is None or not post.published:
        abort(404)
    form = TrackbackForm(title=post.title, excerpt=trackbacks.opening(post.text))
    if not form.validate_on_submit():
        return _form(post, form, [], 422 if form.errors else 200)
    doubts = [] if form.again.data else trackbacks.warnings(post.id, form.addresses)
    return _form(post, form, doubts, 422) if doubts else _send(post, form)


def _asked(name: str) -> int | None:
    """The number in the query, where it can be an id."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= _MAX_ID else None


def _form(post: Post, form: TrackbackForm, doubts: list[str], status: int) -> tuple[str, int]:
    page = render_template(
        "sending/trackback.html", post=post, form=form, doubts=doubts, limit=trackbacks.MAX_EXCERPT
    )
    return page, status


def _send(post: Post, form: TrackbackForm) -> Response:
    ids = trackbacks.send_trackbacks(post.id, form.addresses, form.excerpt.data or "", form.title.data or "")
    tasks.deliver_soon(*ids)
    flash("1 trackback goes out." if len(ids) == 1 else f"{len(ids)} trackbacks go out.")
    return redirect(url_for("sending.sent", post=post.id), 303)


def _back() -> Response:
    """To the ledger, filtered as it was."""
    kept = {name: request.form[name] for name in ("state", "post") if request.form.get(name)}
    return redirect(url_for("sending.sent", **kept), 303)  # type: ignore[arg-type]
