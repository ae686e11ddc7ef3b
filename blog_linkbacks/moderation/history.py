"""What people and rules did, the newest first: single decisions, batches as one line, rules for sites, edits."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, select, true, union_all
from sqlalchemy.orm import aliased, joinedload, lazyload, load_only

from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback, no_undo
from blog_linkbacks.moderation.filtering import number
from blog_linkbacks.moderation.log import RuleChange, TextEdit
from blog_linkbacks.moderation.ruled import DECIDES
from blog_linkbacks.vocabulary import Status

LINES = 50
LOOKED_AT = 200  # decisions of a batch looked at, to see whether any can be undone
PEOPLE, RULES = "people", "rules"
HOLD = "hold"  # nobody's decision: left out unless asked for

Row = Decision | RuleChange | TextEdit
_Found = tuple[Row, bool]  # and whether it stands
_TABLES: Sequence[type[Row]] = (Decision, RuleChange, TextEdit)


@dataclass(frozen=True, slots=True)
class Filters:
    """`who` is a person's id, PEOPLE, RULES or empty; `before` names the last line of the page before."""

    who: str = ""
    rule: str = ""
    status: Status | None = None
    before: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.who or self.rule or self.status)

    @property
    def person(self) -> int | None:
        return number(self.who)

    def params(self, **changes: Any) -> dict[str, str]:
        """The query string's parameters for these filters with some changed; empty ones are left out."""
        shown = replace(self, **changes)
        named = {name: getattr(shown, name) for name in ("who", "rule", "status", "before")}
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One decision, batch, rule or edit. `number` counts a batch; `undoable` says whether it can be taken back."""

    row: Row
    number: int = 1
    undoable: bool = False

    @property
    def sort(self) -> str:
        if isinstance(self.row, Decision):
            return "batch" if self.row.batch and self.number > 1 else "decision"
        return "rule" if isinstance(self.row, RuleChange) else "edit"


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    older: str


def filters(args: Mapping[str, str]) -> Filters:
    """Filters from a query string; what makes no sense is left out."""
    who, status = args.get("who", ""), args.get("status", "")
    known = who in (PEOPLE, RULES) or number(who) is not None
    return Filters(
        who=who if known else "",
        rule=args.get("rule", "").replace("\0", "")[:60],
        status=Status(status) if status in set(Status) else None,
        before=args.get("before", ""),
    )


def page(chosen: Filters, size: int = LINES) -> Page:
    """A page of lines, each batch as one: five queries."""
    found, older = _merged(chosen, size, collapsed=True)
    batches = {row.batch for row, _ in found if isinstance(row, Decision | RuleChange) and row.batch}
    numbers, standing = _numbers(batches), _standing(batches)
    return Page([_line(row, stands, numbers, standing) for row, stands in found], older)


def rows_of(chosen: Filters, size: int) -> tuple[list[Row], str]:
    """The next rows of all three kinds by their time, no batch folded, and the key after the last: three queries."""
    found, older = _merged(chosen, size, collapsed=False)
    return [row for row, _ in found], older


def _merged(chosen: Filters, size: int, *, collapsed: bool) -> tuple[list[_Found], str]:
    seen = _read(chosen.before)
    decisions = [*_decisions(chosen), *(_leads(chosen) if collapsed else [])]
    kinds = (
        _some(Decision, decisions, seen[0], size),
        _some(RuleChange, _changes(chosen), seen[1], size),
        _some(TextEdit, _edits(chosen), seen[2], size),
    )
    merged = list(heapq.merge(*kinds, key=lambda found: found[0].created_at, reverse=True))
    last = list(seen)
    for row, _ in merged[:size]:
        last[_TABLES.index(type(row))] = row.id
    older = "-".join(str(key or 0) for key in last) if len(merged) > size else ""
    return merged[:size], older


def _line(row: Row, stands: bool, numbers: Mapping[str, int], standing: set[str]) -> Line:
    if isinstance(row, TextEdit):
        return Line(row, undoable=row.undone_at is None and (row.linkback.edited or {}) == row.after)
    if isinstance(row, RuleChange):
        return Line(row, numbers.get(row.batch, 0), row.undone_at is None and stands)
    if row.batch and numbers[row.batch] > 1:
        return Line(row, numbers[row.batch], row.batch in standing)
    fits = row.undoes_id is None and row.linkback.status == row.to_status
    began = row.from_status == Status.RECEIVED and row.to_status == Status.PENDING
    return Line(row, 1, stands and fits and not began)


def _some(
    table: type[Row], conditions: Sequence[ColumnElement[bool]], before: int | None, size: int
) -> list[_Found]:
    stands = {Decision: _stands, RuleChange: _last_change}.get(table, true)()
    which: Any = select(table, stands).where(*conditions)
    if before is not None:
        which = which.where(table.id < before)
    found = db.session.execute(_with(table, which).order_by(table.id.desc()).limit(size + 1))
    return [(row, bool(standing)) for row, standing in found]


def _with(table: type[Row], which: Select[Any]) -> Select[Any]:
    """With the linkback's name and the post's, and no more of them."""
    if table is RuleChange:
        return which
    subject = joinedload(getattr(table, "linkback"), innerjoin=True)  # noqa: B009
    post = subject.joinedload(Linkback.post, innerjoin=True)
    return which.options(
        subject.load_only(*(getattr(Linkback, name) for name in _NAMED)),
        post.options(load_only(Post.title, Post.slug, Post.state), lazyload(Post.tags)),
    ).execution_options(populate_existing=True)


_NAMED = (
    "status", "kind", "source_url", "source_host", "source_site", "lifted_title", "title", "lifted_author",
    "site_name", "author", "edited", "post_id", "target_url",
)  # fmt: skip


def _decisions(chosen: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.rule != HOLD:
        found.append(Decision.rule != HOLD)
    if chosen.rule:
        found.append(Decision.rule == chosen.rule)
    if chosen.status:
        found.append(Decision.to_status == chosen.status)
    return found + _by(chosen, Decision)


def _leads(chosen: Filters) -> list[ColumnElement[bool]]:
    """Of a batch the first decision that the filters let through; of what a rule for a site decided, none."""
    earlier, change = aliased(Decision), aliased(RuleChange)
    before = [earlier.batch == Decision.batch, earlier.id < Decision.id]
    if chosen.status:
        before.append(earlier.to_status == chosen.status)
    led = ~exists().where(*before).correlate(Decision)
    return [
        Decision.batch.is_(None) | led,
        ~exists().where(change.batch == Decision.batch).correlate(Decision),
    ]


def _changes(chosen: Filters) -> list[ColumnElement[bool]]:
    fitting = [
        action
        for action, (to, by, _) in DECIDES.items()
        if chosen.status in (None, to) and chosen.rule in ("", by.rule)
    ]
    narrowed = chosen.status or chosen.rule
    return [*_by(chosen, RuleChange), *([RuleChange.action.in_(fitting)] if narrowed else [])]


def _edits(chosen: Filters) -> list[ColumnElement[bool]]:
    return [false()] if chosen.status or chosen.rule else _by(chosen, TextEdit)


def _by(chosen: Filters, table: type[Row]) -> list[ColumnElement[bool]]:
    if chosen.person is not None:
        return [table.user_id == chosen.person]
    if chosen.who == PEOPLE:
        return [table.user_id.is_not(None)]
    return [table.user_id.is_(None)] if chosen.who == RULES else []


def _stands() -> ColumnElement[bool]:
    """Whether a decision neither was undone nor has a later one above it that was not."""
    later = aliased(Decision)
    above = (later.linkback_id == Decision.linkback_id, later.id > Decision.id, no_undo(later))
    return ~_undone(Decision) & ~exists().where(*above, ~_undone(later)).correlate(Decision)


def _last_change() -> ColumnElement[bool]:
    """Whether a rule for a site was not changed since, but for what was undone."""
    later = aliased(RuleChange)
    since = (later.host == RuleChange.host, later.id > RuleChange.id, later.undone_at.is_(None))
    return ~exists().where(*since).correlate(RuleChange)


def _undone(decision: Any) -> ColumnElement[bool]:
    undo = aliased(Decision)
    return exists().where(undo.undoes_id == decision.id).correlate(decision)


def _numbers(batches: set[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Decision.batch, func.count()).where(Decision.batch.in_(batches)).group_by(Decision.batch)
    )
    return {batch: count for batch, count in rows if batch}


def _standing(batches: set[str]) -> set[str]:
    """The batches of which something can still be undone, seen from the first LOOKED_AT decisions of each."""
    if not batches:
        return set()
    return set(db.session.scalars(union_all(*(_one_standing(batch) for batch in sorted(batches)))))


def _one_standing(batch: str) -> Select[Any]:
    first = select(Decision.id).where(Decision.batch == batch, no_undo())
    some = first.order_by(Decision.id).limit(LOOKED_AT).subquery()
    there = (
        select(Decision.id)
        .join(Linkback, Linkback.id == Decision.linkback_id)
        .where(Decision.id.in_(select(some.c.id)), Linkback.status == Decision.to_status, _stands())
    )
    return select(literal(batch)).where(there.exists())


def _read(text: str) -> tuple[int | None, ...]:
    """The last ids seen of decisions, rules and edits; 0 where none was: nothing to begin after."""
    found = [number(part) or None for part in text.split("-")]
    return tuple(found) if len(found) == 3 else (None, None, None)
