"""What the ledger answers: fragments to htmx, in place; a redirect or a page to a plain form."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blog_linkbacks import web
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.sending import progress, trackbacks, words
from blog_linkbacks.sending.forms import TrackbackForm
from blog_linkbacks.sending.progress import Watch
from blog_linkbacks.sending.tables import Delivery, host_of

MAX_ID = 2**63 - 1


def asked(name: str) -> int | None:
    """The number in the query or form, where it can be an id."""
    number = request.values.get(name, type=int)
    return number if number is not None and 0 < number <= MAX_ID else None


def filters() -> dict[str, Any]:
    """What the ledger is narrowed to: state, post, site."""
    state, site = request.values.get("state", ""), request.values.get("site", "").strip()[:300]
    named = host_of(site if "://" in site else f"http://{site}") if site else ""
    kept = {"state": state if state in words.WORDS else "", "post": asked("post"), "site": named or site}
    return {name: value for name, value in kept.items() if value}


def look() -> dict[str, Any]:
    """How rows are shown: as rows of the ledger, or as badges beside the links in the editor."""
    return {"look": "badge"} if request.values.get("look") == "badge" else {}


def back() -> Response:
    """To the ledger, filtered as it was."""
    return redirect(url_for("sending.sent", **filters()), 303)


def changes(rows: Sequence[Delivery], watch: Watch) -> tuple[str, int]:
    """The rows that are not as they were shown, and when to look again; 204 where nothing changed."""
    if not rows:
        return "", 204
    page = render_template("sending/_changes.html", rows=rows, watch=watch, kept=filters(), **look())
    return page, 200


def done(message: str, pressed: int, row: Delivery, *, well: bool = True) -> str | Response:
    """After a button of one row: the row as it is now, and the new one above it where one was made."""
    if not web.wants_fragment():
        flash(message, "good" if well else "error")
        return back()
    known = request.form.get("seen", "").split(".")
    _, watch = progress.changed(".".join([progress.token(row), *known]))
    shown = {"rows": [row], "watch": watch, "instead": pressed, "said": message, "well": well}
    return render_template("sending/_changes.html", kept=filters(), **look(), **shown)


def trackback_form(
    post: Post, form: TrackbackForm, *, preview: bool = False, doubts: Sequence[str] = ()
) -> tuple[str, int]:
    """The form, below what would be sent where that is asked for; 422 where something is wrong with it."""
    shown = {"limit": trackbacks.MAX_EXCERPT, "doubts": doubts}
    if preview:
        shown["draft"] = trackbacks.draft(
            post, form.addresses, form.excerpt.data or "", form.title.data or ""
        )
    page = render_template("sending/trackback.html", post=post, form=form, **shown)
    return page, 422 if form.errors or doubts else 200
