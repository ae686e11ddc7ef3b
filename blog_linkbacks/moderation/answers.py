"""What a change in the queue answers: fragments to htmx, a redirect or a page to a plain form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from blog_linkbacks import jobs, tasks, web
from blog_linkbacks.filters import ago
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import Linkback, status_counts
from blog_linkbacks.moderation import forms, queue, words
from blog_linkbacks.moderation.actions import offered
from blog_linkbacks.moderation.queue import Shown


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, in a sentence; the rows as they are now; the form that takes it back; the status."""

    message: str
    rows: Sequence[Shown]
    undo: str = ""
    undo_fields: Mapping[str, str] = field(default_factory=dict)
    tone: str = "good"
    code: int = 200


def shared() -> dict[str, Any]:
    """The words that every template of the queue needs."""
    words_for_rows = {"statuses": words.STATUSES, "standing": words.standing, "who": words.who}
    return {"offered": offered, "counts": status_counts(), "counted": words.counted} | words_for_rows


def answer(change: Change) -> tuple[str, int] | Response:
    """To htmx the changed rows, counts and a toast; to a plain form 303, or the fresh row if it was stale."""
    if web.wants_fragment():
        return fragment(change), change.code
    if change.code >= 400:
        return render_template("moderation/conflict.html", change=change, next=forms.way_back()), change.code
    session["done"] = {
        "message": change.message,
        "tone": change.tone,
        "undo": change.undo,
        "fields": dict(change.undo_fields),
    }
    return redirect(forms.way_back(), 303)


def fragment(change: Change) -> str:
    """What htmx is answered: the changed rows, the counts and a toast."""
    if not forms.folds():  # on its page every row stands for itself, also what leads a campaign elsewhere
        change = replace(
            change, rows=[one if one.decision else replace(one, campaign=None) for one in change.rows]
        )
    return render_template("moderation/_changed.html", change=change)


def started(job: Job) -> str | Response:
    """Work that goes on in the background: to htmx its bar, to a plain form the way to its own page."""
    tasks.work_soon(job)
    if web.wants_fragment():
        return render_template("moderation/_bulk_started.html", job=job)
    return watch(job)


def under_way(token: str) -> tuple[str, int] | Response:
    """What somebody asks for that a job does already: to htmx how far it is, to a plain form the way to it."""
    job = jobs.by_token(token)
    if not web.wants_fragment():
        return watch(job)
    so_far = f"{job.done + job.left:,} of {job.total:,} so far"
    return answer(Change(f"That is being taken back already: {so_far}.", [], tone="warn", code=409))


def watch(job: Job) -> Response:
    """The way to a job's own page, where its progress is."""
    return redirect(url_for("jobs.show", token=job.token), 303)


def conflict(linkback_id: int) -> Change:
    """The fresh row with who changed it and when; LookupError where there is none."""
    shown = stale(queue.one(linkback_id))
    return Change(shown.notice, [shown], tone="warn", code=409)


def stale(linkback: Linkback) -> Shown:
    """A row that somebody else decided, saying who and when: “Already approved by Ana, 10 s ago.”"""
    done = words.standing(linkback)
    notice = f"Already {done[:1].lower()}{done[1:]}, {ago(linkback.decided_at) or 'meanwhile'}."
    return Shown(linkback, notice=notice)
