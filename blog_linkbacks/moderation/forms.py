"""What the queue's forms say: read from the request, refused with 400 where it makes no sense."""

from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import parse_qsl, urlsplit

from flask import abort, request, url_for

from blog_linkbacks import web
from blog_linkbacks.moderation.actions import ACTIONS, Action
from blog_linkbacks.moderation.filtering import filters

MAX_SELECTION = 500
MAX_REASON = 500
_MAX_ID = 2**63 - 1


def action() -> Action:
    """The queue's verb in the field `action`."""
    found = ACTIONS.get(request.form.get("action", ""))
    return found or _refuse("The form names no action of the queue: approve, reject, spam or wait.")


def reason() -> str:
    return request.form.get("reason", "").replace("\0", "").strip()[:MAX_REASON]


def version(linkback_id: int | None = None) -> int | None:
    """The version of the row that the form showed; None where the form does not say."""
    given = request.form.get("version" if linkback_id is None else f"version-{linkback_id}", "")
    return _number(given) if given else None


def selection() -> dict[int, int | None]:
    """The ticked rows, each with the version that was shown."""
    ids = [_number(text) for text in request.form.getlist("ids")]
    if len(ids) > MAX_SELECTION:
        _refuse(f"At most {MAX_SELECTION} rows can be decided at once.")
    return {linkback_id: version(linkback_id) for linkback_id in ids}


def on_the_page() -> list[int]:
    """The rows that the page shows, so that only these are drawn again."""
    named = (key.removeprefix("version-") for key in request.form if key.startswith("version-"))
    return [_number(text) for text in list(named)[:MAX_SELECTION]]


def row() -> int:
    """The one row that is to be drawn again, where many were decided through it; 0 where the form names none."""
    given = request.form.get("row", "")
    return _number(given) if given else 0


def count() -> int:
    """How many the form promised to decide; 0 where it does not say."""
    given = request.form.get("count", "")
    return _number(given) if given else 0


def as_of() -> datetime:
    """The moment that the form showed."""
    try:
        moment = datetime.fromisoformat(request.form.get("as_of", ""))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return _refuse("The form does not name the moment that it showed.")
    return moment if moment.tzinfo else _refuse("The form names a moment without its time zone.")


def way_back(given: str | None = None) -> str:
    """Where to go after a form without a script: a page of the admin that the form names, else the queue."""
    path, root = request.form.get("next", "") if given is None else given, request.script_root
    if not path.isprintable() or "\\" in path:
        return url_for("moderation.queue")
    if path.startswith(f"{root}/admin/"):
        return path
    return root + path if path.startswith("/admin/") else url_for("moderation.queue")


def folds() -> bool:
    """Whether the page that asks is one where one row stands for a campaign; taken for one where htmx does not say."""
    try:
        page = urlsplit(web.asked_from())
        asked = filters(dict(parse_qsl(page.query, max_num_fields=100)))
    except ValueError:
        return True
    return not page.path or (page.path == url_for("moderation.queue") and asked.folds)


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _MAX_ID:
        return int(text)
    return _refuse("The form names a row or a version that is no number.")


def _refuse(sentence: str) -> NoReturn:
    abort(400, sentence)
