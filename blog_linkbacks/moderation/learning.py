"""What people's decisions teach: lessons and their exact counts in the database, learned and unlearned with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Index, String, Text, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks.db import BigId, Model, db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import learned_counts
from blog_linkbacks.moderation.learned_counts import BLIND, EVERY, LABELS, LearnedFeature, LearnedSize
from blog_linkbacks.scoring.learned import Label, digest, in_words, log_odds, wording
from blog_linkbacks.vocabulary import Memory

# Beyond either, the oldest lessons of the side that has more are unlearned whole.
MAX_FEATURES = 100_000
MAX_LESSONS = 20_000
FORGET_AT_ONCE = 100

T = TypeVar("T")

_CHUNK = 500
_CANDIDATES = 10


class Lesson(Model):
    """What was learned of one linkback: its features as they were then, so that they can be unlearned exactly.

    It outlives the linkback's row. Of lessons with the same label and wording only the one with the lowest digest
    counts; `id` is the order of learning.
    """

    __tablename__ = "lessons"
    __table_args__ = (Index("ix_lessons_wording", "wording", "label", "digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    linkback_id: Mapped[int] = mapped_column(BigId, unique=True)
    label: Mapped[str] = mapped_column(String(4))
    wording: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(32))
    features: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Size:
    """`ham` and `spam` are the lessons that count, each wording once; `lessons` all that were learned."""

    ham: int
    spam: int
    lessons: int
    features: int


@dataclass(frozen=True, slots=True)
class Telling:
    """A feature, how many lessons of each label had it, and what it says in log-odds toward spam."""

    feature: str
    words: str
    ham: int
    spam: int
    log_odds: float


# Rows are written as they are: the mapper would cost more than the database.
_TABLE_OF_LESSONS: Any = Lesson.__table__


def follow(session: Session, stances: Mapping[int, Label | None]) -> None:
    """Learn and unlearn until each linkback's lesson is what people's standing decision says, in the caller's write.

    A linkback without stored features teaches nothing.
    """
    old = {lesson.linkback_id: lesson for lesson in _lessons(session, Lesson.linkback_id, stances)}
    changed = {id: label for id, label in stances.items() if label != (old[id].label if id in old else None)}
    if not changed:
        return
    new = _fresh(session, {id: label for id, label in changed.items() if label})
    _replace(session, [old[id] for id in changed if id in old], new)
    _keep_small(session)


def recall(features: Sequence[str]) -> Memory:
    """What has been learned of these features, in one query."""
    table = LearnedFeature
    rows: dict[str, tuple[int, int]] = {}
    for names in _chunks([EVERY, *features]):
        found = db.session.execute(
            select(table.feature, table.ham, table.spam).where(table.feature.in_(names))
        )
        rows |= {row.feature: (row.ham, row.spam) for row in found}
    ham, spam = rows.pop(EVERY, (0, 0))
    return Memory(ham, spam, rows)


def reset() -> None:
    """Forget everything, lessons too; the decisions stand."""
    with writing() as session:
        for table in (Lesson, LearnedFeature, LearnedSize):
            session.execute(delete(table))


def size() -> Size:
    """How much has been learned so far."""
    memory, sizes = recall(()), learned_counts.sizes(db.session())
    return Size(memory.ham, memory.spam, sizes["lessons"], sizes["features"])


def telling(limit: int = 20) -> tuple[Telling, ...]:
    """The features that tell ham and spam apart best over all lessons, the best first: often met, mostly in one."""
    memory, table = recall(()), LearnedFeature
    apart = func.abs(table.spam * memory.ham - table.ham * memory.spam)
    rows = db.session.execute(
        select(table.feature, table.ham, table.spam)
        .where(table.feature != EVERY, apart > 0)
        .order_by(apart.desc(), table.feature)
        .limit(limit * _CANDIDATES)
    ).all()
    found = [_telling(memory, *row) for row in rows]
    return tuple(sorted(found, key=lambda t: -_apart(memory, t) * abs(t.log_odds))[:limit])


def _telling(memory: Memory, feature: str, ham: int, spam: int) -> Telling:
    return Telling(feature, in_words(feature), ham, spam, log_odds(ham, spam, memory.ham, memory.spam))


def _apart(memory: Memory, found: Telling) -> int:
    return abs(found.spam * memory.ham - found.ham * memory.spam)


def _lessons(session: Session, column: Any, values: Iterable[object]) -> Iterator[Any]:
    table = Lesson
    columns = (table.id, table.linkback_id, table.label, table.wording, table.digest, table.features)
    for some in _chunks(list(values)):
        yield from session.execute(select(*columns).where(column.in_(some)))


def _fresh(session: Session, labels: Mapping[int, Label]) -> list[dict[str, Any]]:
    """The lessons to learn, as rows, of those linkbacks whose features are known."""
    rows = []
    for ids in _chunks(list(labels)):
        found = session.execute(select(Linkback.id, Linkback.features).where(Linkback.id.in_(ids)))
        rows += [_row(id, labels[id], text) for id, text in found if text]
    return sorted(rows, key=lambda row: row["linkback_id"])


def _row(linkback_id: int, label: Label, text: str) -> dict[str, Any]:
    found = text.split("\n")
    return {
        "linkback_id": linkback_id,
        "label": label,
        "wording": wording(found),
        "digest": digest(found),
        "features": text,
    }


def _replace(session: Session, old: Sequence[Any], new: Sequence[dict[str, Any]]) -> None:
    """Put lessons in the place of others, and count the difference."""
    wordings = sorted({lesson.wording for lesson in old} | {row["wording"] for row in new})
    before = _counting(session, wordings)
    for ids in _chunks([lesson.id for lesson in old]):
        session.execute(delete(Lesson).where(Lesson.id.in_(ids)).execution_options(**BLIND))
    if new:
        session.execute(insert(_TABLE_OF_LESSONS), new)
    after = _counting(session, wordings)
    known = {lesson.digest: lesson.features for lesson in old} | {
        row["digest"]: row["features"] for row in new
    }
    gone, come = before - after, after - before
    known |= _texts(session, sorted(lesson for lesson in gone | come if lesson[2] not in known))
    steps: dict[Label, Counter[str]] = {label: Counter() for label in LABELS}
    for _, label, its_digest in come:
        steps[label].update((EVERY, *known[its_digest].split("\n")))
    for _, label, its_digest in gone:
        steps[label].subtract((EVERY, *known[its_digest].split("\n")))
    rows = learned_counts.count(session, steps)
    learned_counts.resize(session, lessons=len(new) - len(old), features=rows)


def _counting(session: Session, wordings: Sequence[str]) -> set[tuple[str, Label, str]]:
    """Wording, label and digest of the lessons that count among those of these wordings."""
    table = Lesson
    columns: Any = (table.wording, table.label, func.min(table.digest))
    lowest = select(*columns).group_by(table.wording, table.label)
    return {
        (row[0], row[1], row[2])
        for some in _chunks(wordings)
        for row in session.execute(lowest.where(table.wording.in_(some)))
    }


def _texts(session: Session, lessons: Sequence[tuple[str, Label, str]]) -> dict[str, str]:
    """The features of lessons that are named by wording, label and digest, by digest."""
    table = Lesson
    found: dict[str, str] = {}
    for some in _chunks(lessons):
        which = (table.wording.in_({w for w, _, _ in some}), table.digest.in_({d for _, _, d in some}))
        rows = session.execute(select(table.digest, table.features).where(*which))
        found |= {row.digest: row.features for row in rows}
    return found


def _keep_small(session: Session) -> None:
    """Forget the oldest lessons of the side that has more, until the bounds hold; the rest counts on exactly."""
    sizes = learned_counts.sizes(session)
    while sizes["features"] > MAX_FEATURES or sizes["lessons"] > MAX_LESSONS:
        # By lessons, not by those that count: a flood in the same wording must not drive the other side out.
        label = session.scalar(
            select(Lesson.label)
            .group_by(Lesson.label)
            .order_by(func.count().desc(), Lesson.label.desc())
            .limit(1)
        )
        oldest = select(Lesson.id).where(Lesson.label == label).order_by(Lesson.id).limit(FORGET_AT_ONCE)
        _replace(session, list(_lessons(session, Lesson.id, session.scalars(oldest).all())), [])
        sizes = learned_counts.sizes(session)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
