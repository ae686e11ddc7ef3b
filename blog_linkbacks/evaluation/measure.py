"""Figures of a run: how well scores part spam from ham, what was decided, and whether a score means what it says."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from blog_linkbacks.vocabulary import Status

BINS = 10
_LOST = {Status.SPAM, Status.REJECTED, Status.UNVERIFIED}


@dataclass(frozen=True, slots=True)
class Point:
    """One case as the figures see it. `score` is None where the source was not shown to link."""

    spam: bool
    family: str
    score: float | None
    status: Status

    @property
    def ranked(self) -> float:
        """The score by which it is ranked: what does not link counts as certain spam."""
        return 1.0 if self.score is None else self.score


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run comes to. Shares are from 0 to 1, and None where there is nothing to divide by.

    `ham_lost`: ham that ends as spam, rejected or unverified. `human`: cases that wait for a person.
    `caught`: the share of spam that scores higher than every ham.
    """

    cases: int
    ham: int
    spam: int
    auc: float | None
    auc_verified: float | None
    caught: float | None
    ham_lost: int
    spam_approved: int
    pending: int
    human: float | None


@dataclass(frozen=True, slots=True)
class Family:
    """What became of the cases of one family. `low` and `high` are scores, None where none has one."""

    name: str
    label: str
    cases: int
    approved: int
    pending: int
    spam: int
    unverified: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases with a score between `low` and `high`: what was predicted of them and what is true."""

    low: float
    high: float
    cases: int
    predicted: float | None
    true: float | None


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of CPU for one case."""

    mean: float
    median: float
    p95: float
    most: float


def figures(points: Sequence[Point]) -> Figures:
    """The whole run in numbers."""
    pending = _count(points, {Status.PENDING})
    spam = [p for p in points if p.spam]
    ham = [p for p in points if not p.spam]
    return Figures(
        cases=len(points),
        ham=len(ham),
        spam=len(spam),
        auc=auc(points),
        auc_verified=auc([p for p in points if p.score is not None]),
        caught=_caught([p.ranked for p in ham], [p.ranked for p in spam]),
        ham_lost=_count(ham, _LOST),
        spam_approved=_count(spam, {Status.APPROVED}),
        pending=pending,
        human=pending / len(points) if points else None,
    )


def auc(points: Iterable[Point]) -> float | None:
    """How often a spam case scores higher than a ham case, ties as half; None where either is missing."""
    ranked = [(p.ranked, p.spam) for p in points]
    ham = sorted(value for value, spam in ranked if not spam)
    spam = [value for value, is_spam in ranked if is_spam]
    if not ham or not spam:
        return None
    wins = sum(bisect_left(ham, value) + bisect_right(ham, value) for value in spam)
    return wins / (2 * len(ham) * len(spam))


def families(points: Iterable[Point]) -> list[Family]:
    """One row for each family, ham before mixed before spam, each by name."""
    members: dict[str, list[Point]] = {}
    for point in points:
        members.setdefault(point.family, []).append(point)
    rows = [_family(name, some) for name, some in members.items()]
    return sorted(rows, key=lambda row: (("ham", "mixed", "spam").index(row.label), row.name))


def reliability(points: Iterable[Point]) -> list[Bin]:
    """Ten bins of equal width over the cases that have a score."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for point in points:
        if point.score is not None:
            held[min(int(point.score * BINS), BINS - 1)].append((point.score, point.spam))
    return [_bin(number, some) for number, some in enumerate(held)]


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """The expected calibration error: the distance of predicted from true, averaged over the cases."""
    filled = [b for b in bins if b.predicted is not None and b.true is not None]
    cases = sum(b.cases for b in filled)
    off = sum(b.cases * abs((b.predicted or 0.0) - (b.true or 0.0)) for b in filled)
    return off / cases if cases else None


def times(spent: Sequence[float]) -> Times | None:
    """Of milliseconds; None for none."""
    if not spent:
        return None
    ranked = sorted(spent)
    return Times(fmean(ranked), median(ranked), ranked[int(0.95 * (len(ranked) - 1))], ranked[-1])


def _caught(ham: list[float], spam: list[float]) -> float | None:
    if not spam:
        return None
    highest = max(ham, default=-1.0)
    return sum(value > highest for value in spam) / len(spam)


def _count(points: Iterable[Point], statuses: set[Status]) -> int:
    return sum(p.status in statuses for p in points)


def _family(name: str, members: list[Point]) -> Family:
    labels = {p.spam for p in members}
    scores = [p.score for p in members if p.score is not None]
    return Family(
        name=name,
        label="mixed" if len(labels) > 1 else "spam" if True in labels else "ham",
        cases=len(members),
        approved=_count(members, {Status.APPROVED}),
        pending=_count(members, {Status.PENDING}),
        spam=_count(members, {Status.SPAM, Status.REJECTED}),
        unverified=_count(members, {Status.UNVERIFIED}),
        low=min(scores, default=None),
        high=max(scores, default=None),
    )


def _bin(number: int, members: list[tuple[float, bool]]) -> Bin:
    low, high = number / BINS, (number + 1) / BINS
    if not members:
        return Bin(low, high, 0, None, None)
    return Bin(low, high, len(members), fmean(s for s, _ in members), fmean(spam for _, spam in members))
