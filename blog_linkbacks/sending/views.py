"""The ledger of deliveries, the rules about whom to tell, and trackbacks by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from blog_linkbacks import tasks, urls, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.sending import answers, ledger, preflight, progress, rules, trackbacks, words
from blog_linkbacks.sending.forms import RuleForm, TrackbackForm
from blog_linkbacks.sending.tables import Rule, in_words
from blog_linkbacks.web import needs

blueprint = Blueprint("sending", __name__, url_prefix="/admin/sent")

_ID = f"<int(max={answers.MAX_ID}):delivery_id>"
_POST = f"<int(max={answers.MAX_ID}):post_id>"

blueprint.add_app_template_filter(words.in_short)
blueprint.add_app_template_test(words.by_hand)
blueprint.app_context_processor(
    lambda: {"delivery_words": words.WORDS, "delivery_word": words.of, "rule_words": words.RULES}
)


@blueprint.get("")
@needs(Role.AUTHOR)
def sent() -> str:
    kept = answers.filters()
    state, post_id, site = kept.get("state", ""), kept.get("post"), kept.get("site", "")
    page = ledger.page(state, post_id, answers.asked("before"), site)
    named = db.session.get(Post, post_id) if post_id else None
    shown = {
        "posts": ledger.posts_told_of(),
        "sites": ledger.hosts_told(),
        "watch": progress.watch(page.rows),
    }
    shown["may_trackback"] = named is not None and named.published
    return render_template("sending/sent.html", page=page, kept=kept, **shown)


@blueprint.get("/changes")
@needs(Role.AUTHOR)
def changes() -> tuple[str, int]:
    """The rows that are not as they were seen; asked again and again while something waits on the screen."""
    return answers.changes(*progress.changed(request.args.get("seen", "")))


@blueprint.get(f"/progress/{_POST}")
@needs(Role.AUTHOR)
def how_far(post_id: int) -> tuple[str, int]:
    """How the telling of a post goes, unless it is as it was seen."""
    now = progress.of(post_id)
    if now is not None and now.version == request.args.get("seen"):
        return "", 204
    return render_template("sending/_progress.html", telling=now, brief="brief" in request.args), 200


@blueprint.post(f"/{_ID}/resend")
@needs(Role.AUTHOR)
def resend(delivery_id: int) -> str | Response:
    try:
        row = ledger.resend(delivery_id)
    except LookupError:
        abort(404)
    except rules.RuleError as error:
        return answers.done(str(error), delivery_id, ledger.one(delivery_id), well=False)
    tasks.deliver_soon(row.id)
    return answers.done(f"{row.target_url} is told again.", delivery_id, ledger.one(row.id))


@blueprint.post(f"/{_ID}/cancel")
@needs(Role.AUTHOR)
def cancel(delivery_id: int) -> str | Response:
    try:
        stopped = ledger.cancel(delivery_id)
    except LookupError:
        abort(404)
    words = "Given up." if stopped else "It no longer waits; see what became of it."
    return answers.done(words, delivery_id, ledger.one(delivery_id), well=stopped)


@blueprint.route("/sites", methods=["GET", "POST"])
@needs(Role.AUTHOR)
def sites() -> str | Response | tuple[str, int]:
    """Whom to tell: the rules that were set, and a form for one more."""
    form = RuleForm(site=request.args.get("site", "")[:300])
    if form.validate_on_submit():
        rule = Rule(form.rule.data)
        name = rules.set_rule(form.site.data or "", rule, current_user.id, whole=bool(form.whole.data))
        flash(f"{words.RULES[rule]}: {in_words(name)}.")
        return redirect(url_for("sending.sites"), 303)
    page = render_template("sending/sites.html", form=form, rules=rules.all_rules())
    return page, 422 if form.errors else 200


@blueprint.post("/sites/forget")
@needs(Role.AUTHOR)
def forget() -> Response:
    """Take back the rule for one site or domain."""
    try:
        name = rules.forget(request.form.get("site", ""))
    except rules.RuleError as error:
        abort(400, str(error))
    flash(f"No rule of its own any more: {in_words(name)}.")
    return redirect(url_for("sending.sites"), 303)


@blueprint.route("/trackback", methods=["GET", "POST"])
@needs(Role.AUTHOR)
def trackback() -> str | Response | tuple[str, int]:
    post = db.session.get(Post, answers.asked("post") or 0)
    if post is None or not post.published:
        abort(404)
    page = request.args.get("url", "")[: urls.MAX_LENGTH]
    form = TrackbackForm(title=post.title, excerpt=trackbacks.opening(post.text), urls=page)
    if not form.validate_on_submit():
        return answers.trackback_form(post, form)
    doubts = [] if form.again.data else trackbacks.warnings(post.id, form.addresses)
    if doubts or not form.send.data or form.changed_since_preview:
        return answers.trackback_form(post, form, preview=True, doubts=doubts)
    return _send(post, form)


@blueprint.get("/trackback/reach")
@needs(Role.AUTHOR)
def ping_url() -> str:
    """Where a trackback to `url` would go, as a fragment: asked while its preview is read."""
    url = request.args.get("url", "")
    if not urls.is_web(url) or web.is_own(url):
        abort(400)
    return render_template("sending/_ping_url.html", forecast=preflight.ping_url(url))


def _send(post: Post, form: TrackbackForm) -> Response:
    ids = trackbacks.send_trackbacks(post.id, form.addresses, form.excerpt.data or "", form.title.data or "")
    tasks.deliver_soon(*ids)
    flash("1 trackback goes out." if len(ids) == 1 else f"{len(ids)} trackbacks go out.")
    return redirect(url_for("sending.sent", post=post.id), 303)
