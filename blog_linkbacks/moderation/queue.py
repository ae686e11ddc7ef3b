"""What the queue shows: its filters, a page of rows by keyset, and single rows (DESIGN decision 14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, lazyload, load_only

from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback, status_counts
from blog_linkbacks.moderation import ordering
from blog_linkbacks.moderation.briefs import Brief, briefs
from blog_linkbacks.moderation.filtering import MAX_QUERY, Filters, Sort, at, conditions, filters

__all__ = ["COUNTED", "MAX_QUERY", "Filters", "Sort", "at", "conditions", "filters"]

COUNTED = 10_000
PAGE = 50
POSTS = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is to be drawn: with the decision just made on it, or with a notice of a conflict."""

    linkback: Linkback
    decision: Decision | None = None
    notice: str = ""
    campaign: Brief | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the key of the page after them, and how many rows there are: at most COUNTED + 1 where they must
    be counted."""

    rows: Sequence[Shown]
    older: str
    first: int = 1
    total: int = 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page(chosen: Filters, size: int = PAGE) -> Page:
    """At most `size` rows in the order of the filters: one query, and one to count where no counter knows."""
    total = _total(chosen)
    found = db.session.scalars(page_of(chosen, size, few=chosen.narrowed and total <= COUNTED)).all()
    rows = found[:size]
    older = ordering.key(rows[-1], chosen.order) if len(found) > size else ""
    if chosen.before == "" and not older:
        total = len(rows)
    led = briefs(rows) if chosen.folds else {}
    shown = [Shown(row, campaign=led.get(row.id)) for row in rows]
    return Page(shown, older, chosen.seen + 1 if chosen.before else 1, total)


def page_of(chosen: Filters, size: int = PAGE, *, few: bool = False) -> Select[Linkback]:
    """The rows of a page, and one more where there are more."""
    found = ordering.first(select(Linkback.id).where(*_shown(chosen)), chosen, size + 1, few=few)
    return ordering.in_order(_rows().where(Linkback.id.in_(found)), chosen.order).limit(size + 1)


def counted(chosen: Filters, *, most: int = COUNTED) -> int:
    """How many rows there are, but at most one more than `most`."""
    some = select(Linkback.id).where(*_shown(chosen)).limit(most + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


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
    if decision.undoes_id:
        return Shown(linkback, campaign=briefs([linkback]).get(linkback.id))
    return Shown(linkback, decision)


def after_batch(batch: str, ids: Collection[int]) -> list[Shown]:
    """Those of these rows that a batch decided, as it left them, or as they are where somebody decided since."""
    decisions = db.session.scalars(
        select(Decision).where(Decision.batch == batch, Decision.linkback_id.in_(ids))
    )
    by_row = {decision.linkback_id: decision for decision in decisions}
    rows = some(list(by_row))
    led = briefs(rows)
    return [
        Shown(row, by_row[row.id]) if _left(row, by_row[row.id]) else Shown(row, campaign=led.get(row.id))
        for row in rows
    ]


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


def _left(row: Linkback, decision: Decision) -> bool:
    """Whether a row is as this decision left it, which is no undo."""
    return decision.undoes_id is None and row.status == decision.to_status


def _rows() -> Select[Linkback]:
    """Rows with no more of their post than its name; the heavy columns stay where they are."""
    post = joinedload(Linkback.post, innerjoin=True)
    return select(Linkback).options(
        post.options(load_only(Post.title, Post.slug, Post.state), lazyload(Post.tags))
    )


def _shown(chosen: Filters) -> list[ColumnElement[bool]]:
    """The rows that have a line of their own: of a campaign, one."""
    return conditions(chosen) + ([Linkback.folded.is_(False)] if chosen.folds else [])


def _total(chosen: Filters) -> int:
    if not chosen.narrowed and not chosen.folds:
        return status_counts()[chosen.status]
    return counted(chosen)
