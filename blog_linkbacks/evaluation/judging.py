"""A case's way through the stations, as a linkback goes that has just come in from a stranger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import thread_time_ns
from typing import TypeVar

from blog_linkbacks import policy, scoring, verification
from blog_linkbacks.evaluation.cases import Case
from blog_linkbacks.evaluation.measure import Point
from blog_linkbacks.evaluation.serving import RecordedFetcher
from blog_linkbacks.scoring.wordlist import WordList, look_up
from blog_linkbacks.vocabulary import Listing, Outcome, Score, Subject, Verdict

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and what came of it; times are milliseconds of CPU. A source that does not link has no score."""

    case: Case
    subject: Subject
    score: Score | None
    verdict: Verdict
    verify_ms: float = 0.0
    score_ms: float = 0.0

    @property
    def point(self) -> Point:
        value = None if self.score is None else self.score.value
        return Point(self.case.spam, self.case.family, value, self.verdict.status)


def judge(case: Case, lists: Mapping[Listing, WordList] = {}) -> Judged:
    """Verify, score and decide with the settings of a new blog: no history, nothing learned, no Akismet.

    `lists` are the lists of words that it has.
    """
    evidence, verify_ms = _timed(lambda: verification.verify(case.claim, case.target, RecordedFetcher(case)))
    subject = Subject(case.claim, evidence, case.target, internal=case.internal)
    subject, listed_ms = _timed(lambda: replace(subject, listed=look_up(subject, lists)))
    score, score_ms = _timed(lambda: _scored(subject))
    score_ms += listed_ms
    # The pages are not needed again, and are most of what a case weighs.
    return Judged(replace(case, pages=()), subject, score, decided(subject, score), verify_ms, score_ms)


def rescored(judged: Judged, score: Score | None) -> Judged:
    """The same case with another score, decided anew."""
    return replace(judged, score=score, verdict=decided(judged.subject, score))


def decided(subject: Subject, score: Score | None) -> Verdict:
    """What policy says with its own thresholds."""
    return policy.decide(subject, score or Score(0.0))


def _scored(subject: Subject) -> Score | None:
    return scoring.score(subject) if subject.evidence.outcome is Outcome.LINKED else None


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    started = thread_time_ns()
    done = work()
    return done, (thread_time_ns() - started) / 1e6
