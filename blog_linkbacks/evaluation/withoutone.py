"""What each check is worth: the run once more without it."""

from collections.abc import Sequence
from dataclasses import dataclass

from blog_linkbacks import scoring
from blog_linkbacks.evaluation.hearing import Heard
from blog_linkbacks.evaluation.judging import Judged
from blog_linkbacks.evaluation.measure import Figures, figures


@dataclass(frozen=True, slots=True)
class Without:
    """The figures of a run without one check; `for_spam` and `for_ham` say how often it spoke for each."""

    name: str
    group: str
    for_spam: int
    for_ham: int
    figures: Figures


def leave_one_out(heard: Sequence[Heard]) -> list[Without]:
    """One row for each check that spoke at all, in the order of the checks."""
    return [row for check in scoring.CHECKS if (row := _without(check, heard))]


def _without(check: scoring.Check, heard: Sequence[Heard]) -> Without | None:
    added = [_added(one.judged, check.name) for one in heard]
    if not any(added):
        return None
    # A check that added nothing takes nothing away.
    results = [
        one.without(check.name) if much else one.judged for one, much in zip(heard, added, strict=True)
    ]
    spam, ham = sum(much > 0 for much in added), sum(much < 0 for much in added)
    return Without(check.name, check.group, spam, ham, figures([one.point for one in results]))


def _added(judged: Judged, name: str) -> float:
    opinions = judged.score.opinions if judged.score else ()
    return next((o.contribution for o in opinions if o.name == name), 0.0)
