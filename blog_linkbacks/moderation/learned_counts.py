"""How many lessons have each feature: exact counts in the database, raised and lowered in few statements."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, String, Subquery, Text, cast, delete, func, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks.db import Model, insert_into
from blog_linkbacks.scoring.learned import Label

LABELS: tuple[Label, ...] = ("ham", "spam")
EVERY = ""  # the feature that every lesson has: its counts are the numbers of lessons
BLIND: Mapping[str, Any] = {"synchronize_session": False}  # nothing of it is loaded as objects
_FEW = 1_000


class LearnedFeature(Model):
    """How many lessons of either label had a feature; a row that would count none is deleted."""

    __tablename__ = "learned_features"
    __table_args__ = ({"sqlite_with_rowid": False},)

    feature: Mapped[str] = mapped_column(Text, primary_key=True)
    ham: Mapped[int] = mapped_column(BigInteger)
    spam: Mapped[int] = mapped_column(BigInteger)


class LearnedSize(Model):
    """The numbers of rows of the two tables, kept so that no decision counts rows."""

    __tablename__ = "learned_sizes"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


def count(session: Session, steps: Mapping[Label, Counter[str]]) -> int:
    """Add to the counts of features, by label; returns how many more features are known."""
    more = 0
    for label, by in steps.items():
        changed = {feature: step for feature, step in by.items() if step}
        if changed:
            listed = _listed(session, changed)
            more += len(changed.keys() - {EVERY}) - _known(session, listed)
            _add(session, label, listed)
            some = listed if len(changed) < _FEW else None
            more -= _forget_unmet(session, some) if min(changed.values()) < 0 else 0
    return more


def resize(session: Session, **steps: int) -> None:
    """Add to the numbers of rows that are kept count of."""
    statement = insert_into(LearnedSize, session.get_bind().dialect.name)
    new = {"number": LearnedSize.number + statement.excluded.number}
    rows = [{"name": name, "number": step} for name, step in steps.items()]
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=new), rows)


def sizes(session: Session) -> dict[str, int]:
    """The numbers of lessons and of features that are met."""
    rows = session.execute(select(LearnedSize.name, LearnedSize.number))
    return {"lessons": 0, "features": 0} | {row.name: row.number for row in rows}


def _known(session: Session, listed: Subquery) -> int:
    """How many of these features are met already."""
    table = LearnedFeature
    both = select(func.count()).select_from(listed).join(table, table.feature == listed.c.feature)
    return session.scalar(both.where(listed.c.feature != EVERY)) or 0


def _add(session: Session, label: Label, listed: Subquery) -> None:
    """Raise the counts of these features, whether they have a row or not: one statement, however many."""
    table = LearnedFeature
    counts = (listed.c.step if name == label else literal(0) for name in LABELS)
    # SQLite reads the ON of an ON CONFLICT as that of a join, where the SELECT before it has no WHERE.
    rows = select(listed.c.feature, *counts).where(listed.c.feature.is_not(None)).order_by(listed.c.feature)
    statement = insert_into(table.__table__, session.get_bind().dialect.name).from_select(
        ("feature", *LABELS), rows
    )
    raised = {label: getattr(table, label) + statement.excluded[label]}
    session.execute(statement.on_conflict_do_update(index_elements=["feature"], set_=raised))


def _forget_unmet(session: Session, listed: Subquery | None) -> int:
    """Delete the rows of features that no lesson has any more, which are among those listed where there are few; to
    look through all is quicker than to look many up. Returns how many were features."""
    table = LearnedFeature
    unmet = delete(table).where(table.ham == 0, table.spam == 0).execution_options(**BLIND)
    session.execute(unmet.where(table.feature == EVERY))
    if listed is not None:
        unmet = unmet.where(table.feature.in_(select(listed.c.feature)))
    gone: Any = session.execute(unmet)
    return int(gone.rowcount)


def _listed(session: Session, steps: Mapping[str, int]) -> Subquery:
    """Features with a number each, as a table to select from: one parameter or two, however many there are."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(json.dumps(steps, ensure_ascii=False)).table_valued("key", "value")
        return select(each.c.key.label("feature"), each.c.value.label("step")).subquery()
    features = func.unnest(cast(list(steps), postgresql.ARRAY(Text)))
    numbers = func.unnest(cast(list(steps.values()), postgresql.ARRAY(BigInteger)))
    return select(features.label("feature"), numbers.label("step")).subquery()
