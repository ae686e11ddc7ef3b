"""All that is told of a run, gathered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from blog_linkbacks import policy
from blog_linkbacks.evaluation.fitting import fitted_elsewhere
from blog_linkbacks.evaluation.hearing import Heard, hear
from blog_linkbacks.evaluation.judging import Judged
from blog_linkbacks.evaluation.lessons import Replay, replay, taught_elsewhere
from blog_linkbacks.evaluation.measure import (
    Bin,
    Family,
    Figures,
    Point,
    Times,
    auc,
    calibration_error,
    families,
    figures,
    reliability,
    times,
)
from blog_linkbacks.evaluation.withoutone import Without, leave_one_out


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to measure besides the run itself; `replays` are numbers of decisions."""

    leave_one_out: bool = False
    by_family: bool = False
    replays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """How fitted weights do on families that they were not fitted to.

    `ham_clear_spam`: ham with a score that would be clear spam. `spam_clear_ham`: spam with one that could be ham.
    """

    auc: float | None
    auc_verified: float | None
    caught: float | None
    ham_clear_spam: int
    spam_clear_ham: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Mean scores of one family: as it is, with a check taught on the other families, with fitted weights."""

    name: str
    label: str
    cases: int
    by_hand: float | None
    learned: float | None
    fitted: float | None
    fitted_learned: float | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Every family left out once."""

    learned: Figures
    fitted: Fitted
    fitted_learned: Fitted
    families: list[LeftOut]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers. `seconds` and `peak_mb` are those of the whole process; None where they are not known."""

    figures: Figures
    families: list[Family]
    reliability: list[Bin]
    calibration_error: float | None
    verify_ms: Times | None
    score_ms: Times | None
    without: list[Without]
    elsewhere: Elsewhere | None
    replays: list[Replay]
    cases: list[dict[str, Any]]
    seconds: float | None = None
    peak_mb: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return asdict(self)


def summarise(judged: Sequence[Judged], wishes: Wishes = Wishes()) -> Summary:
    """The figures of a run, and of what else is wished for."""
    points = [one.point for one in judged]
    heard = hear(judged) if wishes != Wishes() else []
    bins = reliability(points)
    return Summary(
        figures=figures(points),
        families=families(points),
        reliability=bins,
        calibration_error=calibration_error(bins),
        verify_ms=times([one.verify_ms for one in judged]),
        score_ms=times([one.score_ms for one in judged if one.score]),
        without=leave_one_out(heard) if wishes.leave_one_out else [],
        elsewhere=_elsewhere(heard) if wishes.by_family else None,
        replays=[replay(heard, number) for number in wishes.replays],
        cases=[_case(one) for one in judged],
    )


def _case(judged: Judged) -> dict[str, Any]:
    verdict = judged.verdict
    return {
        "id": judged.case.id,
        "label": "spam" if judged.case.spam else "ham",
        "family": judged.case.family,
        "score": judged.point.score,
        "status": verdict.status.value,
        "rule": verdict.rule,
        "reason": verdict.reason,
        "proof": judged.score.proof if judged.score else "",
    }


def _elsewhere(heard: Sequence[Heard]) -> Elsewhere:
    judged, taught = [one.judged for one in heard], taught_elsewhere(heard)
    runs = ([one.point for one in judged], [one.point for one in taught])
    fits = (fitted_elsewhere(judged), fitted_elsewhere(taught))
    return Elsewhere(
        learned=figures(runs[1]),
        fitted=_fitted(fits[0]),
        fitted_learned=_fitted(fits[1]),
        families=[_left_out(family, (*runs, *fits)) for family in families(runs[0])],
    )


def _fitted(points: Sequence[Point]) -> Fitted:
    limits = policy.Thresholds()
    ham = [p.ranked for p in points if not p.spam]
    spam = [p.score for p in points if p.spam and p.score is not None]
    return Fitted(
        auc=auc(points),
        auc_verified=auc(p for p in points if p.score is not None),
        caught=figures(points).caught,
        ham_clear_spam=sum(value >= limits.spam for value in ham),
        spam_clear_ham=sum(value <= (limits.ham or 0.0) for value in spam),
    )


def _left_out(family: Family, runs: Sequence[Sequence[Point]]) -> LeftOut:
    means = [_mean([p.score for p in run if p.family == family.name]) for run in runs]
    return LeftOut(family.name, family.label, family.cases, *means)


def _mean(scores: Sequence[float | None]) -> float | None:
    known = [value for value in scores if value is not None]
    return fmean(known) if known else None
