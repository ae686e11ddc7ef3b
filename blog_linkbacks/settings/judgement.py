"""How linkbacks are judged: thresholds, checks with their records, what was learned, and a look before saving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog_linkbacks import web
from blog_linkbacks.moderation import learning, whatif
from blog_linkbacks.moderation.records import Record, Records, records
from blog_linkbacks.moderation.whatif import Preview, Terms
from blog_linkbacks.scoring import CHECKS, Check
from blog_linkbacks.settings import judgement_form, preferences, word_lists
from blog_linkbacks.settings.check_words import FAMILIES, sentence
from blog_linkbacks.settings.judgement_form import MAX_WEIGHT, Entered, Judgement
from blog_linkbacks.vocabulary import CheckState, Listing

blueprint = Blueprint("judgement", __name__, url_prefix="/admin/settings/judgement")

TELLING = 12

STATES = {CheckState.ON: "On", CheckState.SHADOW: "On trial", CheckState.OFF: "Off"}
_LISTS = {
    Listing.HOLD: "that always wait for you",
    Listing.SIGN: "that count against it",
    Listing.IMPORTED: "imported",
}
_BY_NAME = {check.name: check for check in CHECKS}


@dataclass(frozen=True, slots=True)
class Line:
    """A check as the page shows it; `proposal` is the state that its record speaks for, None where none other."""

    check: Check
    sentence: str
    record: Record
    proposal: CheckState | None
    because: str
    changed: bool


@blueprint.get("")
@web.needs()
def show() -> ResponseReturnValue:
    return _page(judgement_form.shown(_present()))


@blueprint.post("")
@web.needs()
def save() -> ResponseReturnValue:
    entered = judgement_form.read(request.form, _present())
    if entered.judgement is None:
        return _page(entered), 422
    preferences.save(**entered.judgement.kept)
    flash(
        "Saved. What comes from now on is judged by it; what is here keeps its score until it is scored anew."
    )
    return _back()


@blueprint.post("/preview")
@web.needs()
def preview() -> ResponseReturnValue:
    """What the settings as entered would have decided; nothing is changed."""
    entered = judgement_form.read(request.form, _present())
    made = entered.judgement
    found = whatif.preview(Terms(made.limits, made.states, made.weights)) if made else None
    if web.wants_fragment():
        return render_template("settings/_judgement_preview.html", preview=found, entered=entered)
    return _page(entered, found), 200 if made else 422


@blueprint.post("/reset")
@web.needs()
def reset() -> ResponseReturnValue:
    preferences.save(**judgement_form.standard().kept)
    flash("Every threshold and every check is as it was at first.")
    return _back()


@blueprint.post("/state")
@web.needs()
def state() -> ResponseReturnValue:
    """Take up a proposal: put one check on trial, or let it count."""
    name, _, wanted = request.form.get("check", "").partition("=")
    if name not in _BY_NAME or wanted not in set(CheckState):
        abort(400, "The form names no check, or no state that a check can have.")
    present = _present()
    states = {**present.states, name: CheckState(wanted)}
    preferences.save(**replace(present, states=states).kept)
    flash(f"“{sentence(name)}” is {STATES[CheckState(wanted)].lower()} now.")
    return _back("checks")


@blueprint.post("/learned/reset")
@web.needs()
def forget() -> ResponseReturnValue:
    learning.reset()
    flash("All that was learned is forgotten. Your decisions stand, and new ones teach from the beginning.")
    return _back("learned")


def _present() -> Judgement:
    return Judgement.of(preferences.site())


def _back(anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("judgement.show", _anchor=anchor), 303)


def _page(entered: Entered, preview: Preview | None = None) -> str:
    found, present = records(), _present()
    lines = [_line(check, found, present) for check in CHECKS]
    return render_template(
        "settings/judgement.html",
        entered=entered,
        preview=preview,
        families=_families(lines),
        records=found,
        present=present,
        standard=judgement_form.standard(),
        states=STATES,
        max_weight=MAX_WEIGHT,
        proposals=[line for line in lines if line.proposal],
        learned=learning.size(),
        telling=learning.telling(TELLING),
        words=_words(),
    )


def _words() -> list[str]:
    """How many words each list has."""
    lists = word_lists.of(preferences.site())
    return [f"{lists[one].size:,} {_LISTS[one]}" for one in Listing if one in lists]


def _families(lines: Sequence[Line]) -> list[tuple[str, str, str, list[Line]]]:
    groups = groupby(lines, key=lambda line: line.check.group)
    return [(group, *FAMILIES.get(group, (group.capitalize(), "")), list(some)) for group, some in groups]


def _line(check: Check, found: Records, present: Judgement) -> Line:
    record = found.of(check.name)
    proposal = _proposal(record, present.states[check.name])
    because = f"Right {record.agreed:,} of {record.fired:,} times"
    changed = (present.weights[check.name], present.states[check.name]) != (check.weight, check.state)
    return Line(check, sentence(check.name), record, proposal, because, changed)


def _proposal(record: Record, state: CheckState) -> CheckState | None:
    if state is CheckState.ON and record.mostly_wrong:
        return CheckState.SHADOW
    if state is CheckState.SHADOW and record.mostly_right:
        return CheckState.ON
    return None
