"""What the queue shows: its filters, a page of rows by keyset, and single rows (DESIGN decision 14)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, literal_column, or_, select
from sqlalchemy.orm import QueryableAttribute, joinedload, lazyload, load_only

from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import URGENCY, Decision, Linkback
from blog_linkbacks.vocabulary import Kind, Status

PAGE = 50
POSTS = 200
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """Which part of the queue to show. `before` is the key of the last row already seen."""

    status: Status = Status.PENDING
    kind: Kind | None = None
    post: int | None = None
    q: str = ""
    before: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.post or self.q)

    def params(self, **changes: Any) -> dict[str, Any]:
        """The query string's parameters for these filters with some changed; empty ones are left out."""
        shown = replace(self, **changes)
        named = {name: getattr(shown, name) for name in ("status", "kind", "post", "q", "before")}
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is to be drawn: with the decision just made on it, or with a notice of a conflict."""

    linkback: Linkback
    decision: Decision | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Shown]
    older: str


def filters(args: Mapping[str, str]) -> Filters:
    """Filters from a query string; what makes no sense is left out."""
    post = args.get("post", "")
    return Filters(
        status=_member(Status, args.get("status"), Status.PENDING) or Status.PENDING,
        kind=_member(Kind, args.get("kind"), None),
        post=int(post) if _is_id(post) else None,
        q=args.get("q", "").replace("\0", "").strip()[:MAX_QUERY],
        before=args.get("before", ""),
    )


def page(chosen: Filters) -> Page:
    """At most PAGE rows, the most urgent first where they wait and the newest first elsewhere: one query."""
    found = db.session.scalars(page_of(chosen)).all()
    rows = found[:PAGE]
    return Page([Shown(row) for row in rows], _key(rows[-1], chosen.status) if len(found) > PAGE else "")


def page_of(chosen: Filters) -> Select[Linkback]:
    """The rows of a page, and one more where there are more."""
    statement = _rows().where(Linkback.status == chosen.status, *_matching(chosen))
    return _ordered(statement, chosen).limit(PAGE + 1)


def one(linkback_id: int) -> Linkback:
    """One row, fresh; LookupError where there is none."""
    statement = _rows().where(Linkback.id == linkback_id).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise LookupError(linkback_id)
    return found


def after(decision: Decision) -> Shown:
    """The row as a decision left it; one that an undo left is shown like any other."""
    linkback = one(decision.linkback_id)
    return Shown(linkback, None if decision.undoes_id else decision)


def after_batch(batch: str, ids: Collection[int]) -> list[Shown]:
    """Those of these rows that a batch decided, as it left them."""
    decisions = db.session.scalars(
        select(Decision).where(Decision.batch == batch, Decision.linkback_id.in_(ids))
    )
    by_row = {decision.linkback_id: decision for decision in decisions}
    return [Shown(row, None if by_row[row.id].undoes_id else by_row[row.id]) for row in some(list(by_row))]


def row_of(decision_id: int) -> int:
    """The linkback that a decision was about; LookupError where there is no such decision."""
    found = db.session.scalar(select(Decision.linkback_id).where(Decision.id == decision_id))
    if found is None:
        raise LookupError(decision_id)
    return found


def some(ids: Collection[int]) -> Sequence[Linkback]:
    """These rows, fresh."""
    statement = _rows().where(Linkback.id.in_(ids)).execution_options(populate_existing=True)
    return db.session.scalars(statement).all()


def posts(chosen: int | None) -> list[tuple[int, str]]:
    """Posts to filter by, id and title: the latest published ones, and the chosen one."""
    named = select(Post.id, Post.title)
    latest = named.where(Post.state == PostState.PUBLISHED).order_by(Post.published_at.desc(), Post.id.desc())
    found = [(row.id, row.title) for row in db.session.execute(latest.limit(POSTS))]
    if chosen and chosen not in dict(found):
        found += [(row.id, row.title) for row in db.session.execute(named.where(Post.id == chosen))]
    return found


def _rows() -> Select[Linkback]:
    """Rows with no more of their post than its name; the heavy columns stay where they are."""
    post = joinedload(Linkback.post, innerjoin=True)
    return select(Linkback).options(
        post.options(load_only(Post.title, Post.slug, Post.state), lazyload(Post.tags))
    )


_SEARCHED: tuple[QueryableAttribute[str], ...] = (
    Linkback.lifted_title,
    Linkback.title,
    Linkback.excerpt,
    Linkback.source_url,
    Linkback.lifted_author,
    Linkback.author,
    Linkback.site_name,
    Linkback.before,
    Linkback.anchor,
    Linkback.after,
)


def _matching(chosen: Filters) -> list[Any]:
    conditions: list[Any] = []
    if chosen.kind:
        conditions.append(Linkback.kind == chosen.kind)
    if chosen.post:
        conditions.append(Linkback.post_id == chosen.post)
    if chosen.q:
        conditions.append(or_(*(column.icontains(chosen.q, autoescape=True) for column in _SEARCHED)))
    return conditions


def _ordered(statement: Select[Linkback], chosen: Filters) -> Select[Linkback]:
    band, _, last = chosen.before.rpartition(".")
    if chosen.status is not Status.PENDING:
        seen = [Linkback.id < int(last)] if _is_id(last) else []
        return statement.where(*seen).order_by(Linkback.id.desc())
    urgency: Any = literal_column(URGENCY.replace("score", "linkbacks.score"))
    seen = []
    if band in ("0", "1", "2") and _is_id(last):
        seen = [
            urgency >= int(band),
            or_(urgency > int(band), and_(urgency == int(band), Linkback.id > int(last))),
        ]
    return statement.where(*seen).order_by(urgency, Linkback.id)


def _key(row: Linkback, status: Status) -> str:
    if status is not Status.PENDING:
        return str(row.id)
    score = 0.5 if row.score is None else row.score
    return f"{0 if score < 0.4 else 2 if score >= 0.75 else 1}.{row.id}"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _member(words: Any, text: str | None, default: Any) -> Any:
    return words(text) if text in set(words) else default
