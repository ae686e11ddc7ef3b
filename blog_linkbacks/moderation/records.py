"""Checks that keep score of themselves: how often each spoke, and how often people decided the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import case, func, select

from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Signal
from blog_linkbacks.moderation.cases import standing_decisions
from blog_linkbacks.scoring import CHECKS
from blog_linkbacks.vocabulary import Status

DECISIONS = 2_000  # the latest standing decisions by people
ENOUGH = 10  # firings below which nothing is proposed
SPEAKS = 0.05  # a strength of no more than this, either way, takes no side
GOOD = 0.9  # precision from which a check on trial may count

_Tally = dict[tuple[int, bool], int]


@dataclass(frozen=True, slots=True)
class Record:
    """How a check has done against people's decisions, spam and rejected being the one side, approved the other.

    `expected` is how often it would have been right by chance, speaking as often for either side as it does.
    """

    heard: int = 0
    spam_right: int = 0
    spam_wrong: int = 0
    honest_right: int = 0
    honest_wrong: int = 0
    expected: float = 0.0

    @property
    def fired(self) -> int:
        return self.agreed + self.disagreed

    @property
    def agreed(self) -> int:
        return self.spam_right + self.honest_right

    @property
    def disagreed(self) -> int:
        return self.spam_wrong + self.honest_wrong

    @property
    def abstained(self) -> int:
        return self.heard - self.fired

    @property
    def precision(self) -> float | None:
        """The share of its firings that people agreed with; None where it never fired."""
        return self.agreed / self.fired if self.fired else None

    @property
    def mostly_wrong(self) -> bool:
        """Wrong more often than right, and than chance: a mild sign of honesty on a blog full of spam is not."""
        return self.fired >= ENOUGH and self.agreed < self.disagreed and self.agreed < self.expected

    @property
    def mostly_right(self) -> bool:
        return self.fired >= ENOUGH and self.agreed >= GOOD * self.fired and self.agreed > self.expected


@dataclass(frozen=True, slots=True)
class Records:
    """The records by the checks' names, and how many decisions they were held against."""

    decisions: int = 0
    spam: int = 0
    by_check: Mapping[str, Record] = field(default_factory=dict)

    def of(self, name: str) -> Record:
        return self.by_check.get(name, Record())


def records() -> Records:
    """Each check's record in its present version, on trial or not, over the latest decisions: two queries."""
    standing = db.session.execute(standing_decisions(DECISIONS)).all()
    spam = {linkback_id for _, linkback_id, to in standing if to != Status.APPROVED}
    everything = [linkback_id for _, linkback_id, _to in standing]
    share = len(spam) / len(standing) if standing else 0.0
    tallies = _tallies(everything, spam)
    by_check = {check.name: _record(tallies.get((check.name, check.version), {}), share) for check in CHECKS}
    return Records(len(standing), len(spam), by_check)


def _tallies(everything: Collection[int], spam: Collection[int]) -> Mapping[tuple[str, int], _Tally]:
    """By check and version: how often it spoke for spam (1), honesty (-1) or not (0), by what people call it."""
    said = case((Signal.strength > SPEAKS, 1), (Signal.strength < -SPEAKS, -1), else_=0)
    called_spam = case((Signal.linkback_id.in_(spam), 1), else_=0)
    rows = db.session.execute(
        select(Signal.name, Signal.version, said.label("said"), called_spam.label("spam"), func.count())
        .where(Signal.linkback_id.in_(everything))
        .group_by(Signal.name, Signal.version, "said", "spam")
    )
    tallies: dict[tuple[str, int], _Tally] = {}
    for name, version, side, is_spam, number in rows:
        tallies.setdefault((name, version), {})[(side, bool(is_spam))] = number
    return tallies


def _record(tally: _Tally, share: float) -> Record:
    spam_right, spam_wrong = tally.get((1, True), 0), tally.get((1, False), 0)
    honest_right, honest_wrong = tally.get((-1, False), 0), tally.get((-1, True), 0)
    expected = (spam_right + spam_wrong) * share + (honest_right + honest_wrong) * (1 - share)
    return Record(sum(tally.values()), spam_right, spam_wrong, honest_right, honest_wrong, expected)
