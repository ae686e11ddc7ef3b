"""The history as CSV and JSON, one row for each decision, rule and edit, in a stream that never holds it whole."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.db import db
from blog_linkbacks.filters import iso
from blog_linkbacks.linkbacks import Decision
from blog_linkbacks.moderation import editing, history
from blog_linkbacks.moderation.history import Filters, Row
from blog_linkbacks.moderation.log import RuleChange, TextEdit

CHUNK = 500
COLUMNS = (
    "at", "id", "what", "by", "from", "to", "site", "source_url", "target_url", "linkback", "reason", "score",
    "batch", "undoes", "undone_at",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(chosen: Filters) -> Iterator[str]:
    """A table with its head, lines ended as RFC 4180 has them."""
    yield _csv_line(COLUMNS)
    for entry in _entries(chosen):
        yield _csv_line([_harmless(entry[name]) for name in COLUMNS])


def as_json(chosen: Filters) -> Iterator[str]:
    """An array of objects; a score is a number, what is not known is null."""
    yield "["
    comma = "\n"
    for entry in _entries(chosen):
        yield comma + json.dumps({name: value if value != "" else None for name, value in entry.items()})
        comma = ",\n"
    yield "\n]\n"


def _entries(chosen: Filters) -> Iterator[dict[str, Any]]:
    before = chosen.before
    while True:
        rows, before = history.rows_of(replace(chosen, before=before), CHUNK)
        yield from [dict.fromkeys(COLUMNS, "") | _entry(row) for row in rows]
        db.session.rollback()  # no read stays open while the reader is slow
        db.session.expunge_all()
        if not before:
            return


def _entry(row: Row) -> dict[str, Any]:
    if isinstance(row, Decision):
        return _decision(row)
    return _rule(row) if isinstance(row, RuleChange) else _edit(row)


def _decision(row: Decision) -> dict[str, Any]:
    return _on_linkback(row) | {
        "id": row.id,
        "what": "undo" if row.undoes_id else "decision",
        "by": row.by,
        "from": row.from_status,
        "to": row.to_status,
        "reason": row.reason,
        "score": "" if row.score is None else row.score,
        "batch": row.batch or "",
        "undoes": row.undoes_id or "",
    }


def _rule(row: RuleChange) -> dict[str, Any]:
    return {
        "at": iso(row.created_at),
        "id": row.id,
        "what": "rule",
        "by": row.by,
        "from": row.was_action,
        "to": row.action,
        "site": row.host,
        "reason": f"until {iso(row.until)}" if row.until else "",
        "batch": row.batch,
        "undone_at": iso(row.undone_at),
    }


def _edit(row: TextEdit) -> dict[str, Any]:
    return _on_linkback(row) | {
        "id": row.id,
        "what": "edit",
        "by": row.by,
        "reason": editing.named(row),
        "undone_at": iso(row.undone_at),
    }


def _on_linkback(row: Decision | TextEdit) -> dict[str, Any]:
    return {
        "at": iso(row.created_at),
        "site": row.linkback.source_site,
        "source_url": row.linkback.source_url,
        "target_url": post_url(row.linkback.post),
        "linkback": row.linkback_id,
    }


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def _csv_line(values: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
