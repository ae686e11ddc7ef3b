"""The blog's lists of words: entered, uploaded, downloaded, emptied, with what of them is left out; for admins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blog_linkbacks import web
from blog_linkbacks.scoring.wordlist import MAX_BYTES, MAX_LINES, Left, Why, WordListError, decode
from blog_linkbacks.settings import word_lists
from blog_linkbacks.settings.blueprint import blueprint
from blog_linkbacks.settings.word_lists import Shown, StaleError
from blog_linkbacks.vocabulary import Listing

PATH = "/judgement/words"
EDITED_AT_ONCE = 60_000  # characters; a longer list is put into the page only when asked for
LISTED = 50  # lines named under one reason

_MOST_SENT = 4 * MAX_BYTES  # so that what is somewhat too long is refused in its own words

TITLES: Mapping[Listing, tuple[str, str]] = {
    Listing.HOLD: (
        "Words that always wait for you",
        "Whatever has one of them is never published without you, however clean its score; only a site that you "
        "trust goes past. Clear spam still goes to spam.",
    ),
    Listing.SIGN: (
        "Words that count against it",
        "One of them is a clear sign of spam; with others it can be enough.",
    ),
    Listing.IMPORTED: (
        "An imported list",
        "A long list from elsewhere, such as WordPress’s disallowed comment keys. Such lists are eager, so one word "
        "is a mild sign, and only several different ones weigh. Words that your own post has do not count.",
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One list on the page: as it stands or as it was sent, with what was wrong; `open` says that it is edited."""

    shown: Shown
    title: str
    about: str
    text: str
    open: bool
    error: str = ""

    @property
    def left(self) -> Sequence[tuple[Why, list[Left]]]:
        """The lines that are left out by reason, the most frequent reason first."""
        by_reason = sorted(self.shown.words.left, key=lambda one: list(Why).index(one.why))
        groups = [(why, list(some)) for why, some in groupby(by_reason, key=lambda one: one.why)]
        return sorted(groups, key=lambda group: -len(group[1]))


@blueprint.url_value_preprocessor
def _take_long_lists(endpoint: str | None, _values: object) -> None:
    """Before anything reads the form: a list may be longer than what other pages take, for who is signed in."""
    if endpoint == "settings.save_words" and current_user.is_authenticated:
        request.max_content_length = request.max_form_memory_size = _MOST_SENT


@blueprint.get(PATH)
@web.needs()
def words() -> str:
    return _page()


@blueprint.post(f"{PATH}/<listing>")
@web.needs()
def save_words(listing: str) -> ResponseReturnValue:
    """Take what was typed, or the file that was sent, in the place of a list or added to it."""
    which = _listing(listing)
    typed = request.form.get("text", "")
    try:
        kept = word_lists.save(which, _sent(which), request.form.get("version"))
    except WordListError as error:
        return _page(which, typed, f"Nothing was saved. {error}"), 422
    except StaleError:
        changed = (
            "Nothing was saved: somebody changed this list meanwhile. Save again to put yours in its place."
        )
        return _page(which, typed, changed), 409
    flash(_said(kept))
    return redirect(url_for("settings.words", _anchor=f"list-{which}"), 303)


@blueprint.get(f"{PATH}/<listing>.txt")
@web.needs()
def words_file(listing: str) -> Response:
    """A list as it was entered, as a file."""
    return _file(word_lists.shown(_listing(listing)).text, f"words-{listing}.txt")


@blueprint.get(f"{PATH}/<listing>-left-out.txt")
@web.needs()
def words_left_out(listing: str) -> Response:
    """The lines that are left out, each with its number and why, as a file."""
    left = word_lists.shown(_listing(listing)).words.left
    return _file("\n".join(f"{one.line}\t{one.text}\t{one.why}" for one in left), f"left-out-{listing}.txt")


def _sent(listing: Listing) -> str:
    file = request.files.get("file")
    if request.form.get("action") == "empty":
        return ""
    if request.form.get("action") != "file":
        return request.form.get("text", "")
    if file is None or not file.filename:
        raise WordListError("Choose a file first.")
    data = file.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise WordListError(f"The file has more than {MAX_BYTES:,} bytes, the most that are taken.")
    before = word_lists.shown(listing).text if request.form.get("add") else ""
    return f"{before}\n{decode(data)}".lstrip("\n")


def _listing(name: str) -> Listing:
    if name not in set(Listing):
        abort(404)
    return Listing(name)


def _page(sent: Listing | None = None, typed: str = "", error: str = "") -> str:
    parts = [_part(listing) for listing in Listing]
    if sent:
        parts = [_again(part, typed, error) if part.shown.listing is sent else part for part in parts]
    return render_template(
        "settings/words.html", parts=parts, listed=LISTED, max_lines=MAX_LINES, max_bytes=MAX_BYTES
    )


def _part(listing: Listing) -> Part:
    shown = word_lists.shown(listing)
    short = len(shown.text) <= EDITED_AT_ONCE
    return Part(shown, *TITLES[listing], shown.text, short or request.args.get("edit") == listing.value)


def _again(part: Part, typed: str, error: str) -> Part:
    """With what was typed, which is not lost where something is wrong; a file has to be chosen again."""
    if request.form.get("action") in ("file", "empty"):
        return replace(part, error=error)
    return replace(part, text=typed, open=True, error=error)


def _said(kept: Shown) -> str:
    if not kept.text:
        return "The list is empty."
    number, left = kept.words.size, len(kept.words.left)
    some = f"{number:,} {'word or phrase' if number == 1 else 'words and phrases'}"
    rest = f" {left:,} {'line is' if left == 1 else 'lines are'} left out, as listed below." if left else ""
    return f"Saved: {some}.{rest} What comes from now on is looked up in it."


def _file(text: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(f"{text}\n" if text else "", mimetype="text/plain", headers=disposition)
