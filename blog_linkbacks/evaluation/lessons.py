"""The learned check at its lessons: taught on other families, and by decisions one after another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from blog_linkbacks.evaluation.hearing import Heard
from blog_linkbacks.evaluation.judging import Judged
from blog_linkbacks.evaluation.measure import Figures, figures
from blog_linkbacks.scoring.learned import Label, Learner, features
from blog_linkbacks.vocabulary import Memory

Lesson = tuple[tuple[str, ...], Label]


@dataclass(frozen=True, slots=True)
class Replay:
    """So many decisions learned, then the rest judged without and with what they taught.

    `features` is how many different ones are remembered. `undone` says that memory was as before once all were
    unlearned again.
    """

    lessons: int
    ham: int
    spam: int
    features: int
    rest: int
    without: Figures
    learned: Figures
    undone: bool


def taught_elsewhere(heard: Sequence[Heard]) -> list[Judged]:
    """Every case as judged by a blog that has learned the right answer for every case of the other families."""
    taught = {place: _lesson(one.judged) for place, one in enumerate(heard) if one.judged.score}
    learner = Learner()
    _teach(learner.learn, taught.values())
    results = [one.judged for one in heard]
    for family in {one.case.family for one in results}:
        places = [place for place in taught if results[place].case.family == family]
        _teach(learner.unlearn, (taught[place] for place in places))
        for place in places:
            results[place] = heard[place].remembering(learner.memory(taught[place][0]))
        _teach(learner.learn, (taught[place] for place in places))
    return results


def replay(heard: Sequence[Heard], number: int) -> Replay:
    """Learn the first `number` cases that have a score, in the order of arrival, and judge all the others."""
    ordered = _in_order(heard)
    places = [place for place, one in enumerate(ordered) if one.judged.score][:number]
    known = set(places)
    lessons = [_lesson(ordered[place].judged) for place in places]
    rest = [one for place, one in enumerate(ordered) if place not in known]
    every = sorted({feature for found, _ in lessons for feature in found})
    learner = Learner()
    _teach(learner.learn, lessons)
    taught = learner.memory(every)
    learned = [_with(learner, one).point for one in rest]
    _teach(learner.unlearn, lessons)
    return Replay(
        lessons=len(lessons),
        ham=sum(label == "ham" for _, label in lessons),
        spam=sum(label == "spam" for _, label in lessons),
        features=len(taught.seen),
        rest=len(rest),
        without=figures([one.judged.point for one in rest]),
        learned=figures(learned),
        undone=learner.memory(every) == Memory(),
    )


def _in_order(heard: Sequence[Heard]) -> list[Heard]:
    """By the time of receipt where every case has one, else as in the file."""
    moments = [one.judged.case.received for one in heard]
    timed = sorted((moment, place) for place, moment in enumerate(moments) if moment)
    return [heard[place] for _, place in timed] if len(timed) == len(heard) else list(heard)


def _lesson(judged: Judged) -> Lesson:
    return features(judged.subject), "spam" if judged.case.spam else "ham"


def _with(learner: Learner, one: Heard) -> Judged:
    return one.remembering(learner.memory(features(one.judged.subject))) if one.checks else one.judged


def _teach(tell: Callable[[Sequence[str], Label], None], lessons: Iterable[Lesson]) -> None:
    for found, label in lessons:
        tell(found, label)
