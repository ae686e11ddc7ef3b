"""`python -m tests.scale.bench_scoring [FILE] [--posts FILE] [--lessons N]`: what judging a linkback costs.

Prints milliseconds of CPU for one case without fetching: reading the page, scoring it, the slowest checks by name.
Then how the learned check grows: features, memory and time for each lesson, and what a full memory adds to a score.
FILE holds labelled linkbacks as `flask linkbacks evaluate` takes them; without it, the tests' own few.
"""

import argparse
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean
from time import thread_time_ns

from blog_linkbacks import scoring
from blog_linkbacks.evaluation import Judged, judge, posts_beside, read_cases, read_posts
from blog_linkbacks.evaluation.measure import times
from blog_linkbacks.scoring.learned import Label, Learner, features
from tests.evaluation.cases import CASES

SLOWEST = 8
STEPS = 5


def main() -> None:
    arguments = _arguments()
    known = read_posts(arguments.posts or posts_beside(arguments.file))
    judged = [judge(case) for case in read_cases(arguments.file, known)]
    scored = [one for one in judged if one.score]
    print(f"{len(judged):,} cases, {len(scored):,} of them scored; milliseconds of CPU for one")
    _row("verify", [one.verify_ms for one in judged])
    _row("score", [one.score_ms for one in scored])
    _checks(scored)
    _learning(scored, arguments.lessons)


def _checks(scored: Sequence[Judged]) -> None:
    spent = {c.name: _each(scored, lambda one, c=c: c.judge(one.subject)) for c in scoring.CHECKS}  # type: ignore[misc]
    slowest = sorted(spent, key=lambda name: -fmean(spent[name]))[:SLOWEST]
    for name in slowest:
        _row(f"  {name}", spent[name])


def _learning(scored: Sequence[Judged], lessons: int) -> None:
    print(
        f"\nthe learned check, {lessons:,} lessons (cases again and again, each with a few words of its own)"
    )
    taught = [(features(one.subject), "spam" if one.case.spam else "ham") for one in scored]
    _row("features", _each(scored, lambda one: features(one.subject)))
    print(f"  {fmean(len(found) for found, _ in taught):.0f} features of a case on average")
    learner = _grown(taught, lessons)
    _row("score, blank", _each(scored, lambda one: scoring.score(one.subject)))
    _row("score, taught", _each(scored, lambda one: _remembering(one, learner)))


def _grown(taught: Sequence[tuple[tuple[str, ...], str]], lessons: int) -> Learner:
    learner, met = Learner(), set[str]()
    tracemalloc.start()
    for number, (found, label) in enumerate(islice(cycle(taught), lessons), 1):
        lesson = (*found, *(f"word: {number} {word}" for word in range(5))) if number > len(taught) else found
        before = thread_time_ns()
        learner.learn(lesson, _label(label))
        spent = (thread_time_ns() - before) / 1e6
        met.update(lesson)
        if number % max(1, lessons // STEPS) == 0:
            memory = tracemalloc.get_traced_memory()[0] / 1e6
            print(
                f"  after {number:,}: {len(met):,} features, {memory:.1f} MB, {spent:.2f} ms for the last lesson"
            )
    tracemalloc.stop()
    return learner


def _label(label: str) -> Label:
    return "spam" if label == "spam" else "ham"


def _remembering(one: Judged, learner: Learner) -> object:
    memory = learner.memory(features(one.subject))
    return scoring.score(replace(one.subject, memory=memory))


def _each(scored: Sequence[Judged], work: Callable[[Judged], object]) -> list[float]:
    spent = []
    for one in scored:
        before = thread_time_ns()
        work(one)
        spent.append((thread_time_ns() - before) / 1e6)
    return spent


def _row(name: str, spent: Sequence[float]) -> None:
    if told := times(spent):
        print(
            f"{name:<28} mean {told.mean:6.2f}  median {told.median:6.2f}  95 % {told.p95:6.2f}  most {told.most:7.2f}"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=CASES)
    parser.add_argument("--posts", type=Path)
    parser.add_argument("--lessons", type=int, default=5_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
