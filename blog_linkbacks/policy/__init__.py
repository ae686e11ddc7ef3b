"""From a subject and its score to a status: an ordered row of small rules; the first that speaks wins."""

from collections.abc import Callable
from dataclasses import dataclass

from blog_linkbacks.policy.grounds import against, lacking, standing
from blog_linkbacks.vocabulary import Outcome, Score, Status, Subject, Verdict

TRUST = "trust"
BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From `spam` up is clear spam. Up to `ham` it may be clear ham; None holds whatever no rule names."""

    spam: float = 0.95
    ham: float | None = 0.25


Rule = Callable[[Subject, Score, Thresholds], Verdict | None]


def decide(subject: Subject, score: Score, thresholds: Thresholds = Thresholds()) -> Verdict:
    """What the first rule that speaks says; the last one always does."""
    verdicts = (rule(subject, score, thresholds) for rule in RULES)
    return next(verdict for verdict in verdicts if verdict is not None)


def unverified(subject: Subject, _score: Score, _limits: Thresholds) -> Verdict | None:
    if subject.evidence.outcome is Outcome.LINKED:
        return None
    reason = subject.evidence.detail or "The page could not be shown to link here."
    return Verdict(Status.UNVERIFIED, "unverified", reason)


def internal(subject: Subject, _score: Score, _limits: Thresholds) -> Verdict | None:
    if not subject.internal:
        return None
    return Verdict(Status.APPROVED, "internal", "One of this blog's own posts links to another.")


def blocked(subject: Subject, _score: Score, _limits: Thresholds) -> Verdict | None:
    if subject.history.rule != BLOCK:
        return None
    return Verdict(Status.SPAM, "blocked", "This site is blocked here.")


def trusted(subject: Subject, _score: Score, _limits: Thresholds) -> Verdict | None:
    if subject.history.rule != TRUST:
        return None
    return Verdict(Status.APPROVED, "trusted", "This site is trusted here.")


def clear_spam(_subject: Subject, score: Score, limits: Thresholds) -> Verdict | None:
    if not score.proof and score.value < limits.spam:
        return None
    return Verdict(Status.SPAM, "clear_spam", score.reason)


def clear_ham(subject: Subject, score: Score, limits: Thresholds) -> Verdict | None:
    if limits.ham is None or score.value > limits.ham or lacking(subject, score):
        return None
    return Verdict(Status.APPROVED, "clear_ham", standing(subject, score))


def hold(subject: Subject, score: Score, limits: Thresholds) -> Verdict:
    if score.ask_again:
        unasked = next((o.detail for o in score.opinions if o.name == score.ask_again), "")
        return Verdict(Status.PENDING, "hold", unasked or f"{score.ask_again} could not be asked.")
    clean = limits.ham is not None and score.value <= limits.ham
    return Verdict(
        Status.PENDING, "hold", (clean and lacking(subject, score)) or against(score) or score.reason
    )


RULES: tuple[Rule, ...] = (unverified, internal, blocked, trusted, clear_spam, clear_ham, hold)
