"""What other settings would have decided: people's decisions judged again from what was kept of them."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from blog_linkbacks import policy
from blog_linkbacks.linkbacks import Linkback, status_counts
from blog_linkbacks.moderation import cases
from blog_linkbacks.moderation.cases import Case
from blog_linkbacks.scoring.recount import recount
from blog_linkbacks.settings.preferences import Site, site
from blog_linkbacks.vocabulary import CheckState, Status

LOOKED_AT = 500  # decisions, and as many that wait
SECONDS = (
    0.8  # of CPU for judging the decisions, and as much for what waits; what is left then is not looked at
)
NAMED = 20  # linkbacks listed under one sentence

_SPAM_SIDE = (Status.SPAM, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a judgement depends on besides the linkback; `rule` is put in the place of the rule for its site."""

    limits: policy.Thresholds
    states: Mapping[str, CheckState]
    weights: Mapping[str, float]
    rule: str | None = None

    @classmethod
    def of(cls, kept: Site) -> "Terms":
        limits = policy.Thresholds(spam=kept.clear_spam, ham=kept.clear_ham)
        return cls(limits, kept.states, kept.check_weights)


@dataclass(frozen=True, slots=True)
class Tally:
    """How judgements compare with people's decisions: the same, held for a person, against them."""

    agree: int = 0
    held: int = 0
    differ: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Linkbacks of which one sentence is true; `against` where people decided otherwise.

    `fresh` is how many of them the present terms decide in another way; the few that are named begin with those.
    """

    sentence: str
    number: int
    linkbacks: Sequence[Linkback]
    against: bool
    fresh: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What the terms would have decided of the `looked_at` latest decisions, and would decide of what waits."""

    looked_at: int
    now: Tally
    then: Tally
    groups: Sequence[Group]
    waiting_looked_at: int
    waiting: int
    approved: int
    spam: int


@dataclass(frozen=True, slots=True)
class _Judged:
    case: Case
    now: Status
    then: Status


@dataclass(slots=True)
class _Clock:
    until: float = field(default_factory=lambda: time.thread_time() + SECONDS)

    def in_time(self, some: Iterable[Case]) -> Iterator[Case]:
        for case in some:
            if time.thread_time() > self.until:
                return
            yield case


def preview(terms: Terms) -> Preview:
    """What these terms would have decided of the latest standing decisions of people, and of what waits."""
    return _preview(terms, "")


def rule(host: str, action: str) -> Preview:
    """What a rule for a host or domain (`trust`, `block`, or empty for none) would have decided of its linkbacks."""
    return _preview(replace(Terms.of(site()), rule=action), host)


def _preview(terms: Terms, host: str) -> Preview:
    present = Terms.of(site())
    judged = [
        _Judged(case, _judge(case, present), _judge(case, terms))
        for case in _Clock().in_time(cases.decided(LOOKED_AT, host))
    ]
    waiting = [_judge(case, terms) for case in _Clock().in_time(cases.waiting(LOOKED_AT, host))]
    return Preview(
        looked_at=len(judged),
        now=_tally((one.case.decided, one.now) for one in judged),
        then=_tally((one.case.decided, one.then) for one in judged),
        groups=list(_groups(judged)),
        waiting_looked_at=len(waiting),
        waiting=len(waiting) if host else status_counts()[Status.PENDING],
        approved=waiting.count(Status.APPROVED),
        spam=waiting.count(Status.SPAM),
    )


def _judge(case: Case, terms: Terms) -> Status:
    subject = case.subject
    if terms.rule is not None:
        subject = replace(subject, history=replace(subject.history, rule=terms.rule))
    score = recount(subject, case.opinions, terms.states, terms.weights, unanswered=case.unanswered)
    return policy.decide(subject, score, terms.limits).status


def _tally(pairs: Iterable[tuple[Status | None, Status]]) -> Tally:
    found = [_compared(decided, status) for decided, status in pairs]
    return Tally(found.count("agree"), found.count("held"), found.count("differ"))


def _compared(decided: Status | None, status: Status) -> str:
    if status not in (Status.APPROVED, Status.SPAM):
        return "held"
    return "agree" if (status is Status.SPAM) == (decided in _SPAM_SIDE) else "differ"


def _groups(judged: Sequence[_Judged]) -> Iterator[Group]:
    """What goes against people first, then what would change for the better, then what would be held."""
    for then, decided, sentence in _AGAINST:
        yield from _group(sentence, [j for j in judged if (j.then, j.case.decided) == (then, decided)], True)
    changed = [j for j in judged if j.now is not j.then]
    for then, sides, sentence in _FOR:
        found = [j for j in changed if j.then is then and j.case.decided in sides]
        yield from _group(sentence, found, False)
    yield from _group("would be held for you", [j for j in changed if j.then is Status.PENDING], False)


_AGAINST = (
    (Status.APPROVED, Status.SPAM, "would have been approved, and you marked as spam"),
    (Status.APPROVED, Status.REJECTED, "would have been approved, and you rejected"),
    (Status.SPAM, Status.APPROVED, "would have gone to spam, and you approved"),
)
_FOR = (
    (Status.APPROVED, (Status.APPROVED,), "more would have been approved without you, as you did"),
    (Status.SPAM, _SPAM_SIDE, "more would have gone to spam without you, as you decided"),
)


def _group(sentence: str, found: Sequence[_Judged], against: bool) -> Iterator[Group]:
    if found:
        in_order = sorted(found, key=lambda one: one.now is one.then)
        fresh = sum(one.now is not one.then for one in found)
        named = [one.case.linkback for one in in_order[:NAMED]]
        yield Group(sentence, len(found), named, against, fresh)
