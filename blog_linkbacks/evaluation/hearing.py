"""A case whose checks have been asked: scored again and again, under other conditions, without asking anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from blog_linkbacks import scoring
from blog_linkbacks.evaluation.judging import Judged, rescored
from blog_linkbacks.scoring.total import total
from blog_linkbacks.vocabulary import CheckState, Memory

LEARNED = "learned"


@dataclass(frozen=True, slots=True)
class Heard:
    """A judged case and its checks, which give the same view from now on; none where it has no score."""

    judged: Judged
    checks: tuple[scoring.Check, ...]

    def without(self, check: str) -> Judged:
        """The case as `scoring.score` would have it with this check off."""
        return self._again(self.judged, {check: CheckState.OFF}) if self.checks else self.judged

    def remembering(self, memory: Memory) -> Judged:
        """The case as a blog would judge it that has learned something; only the learned check looks at that."""
        if not self.checks:
            return self.judged
        return self._again(replace(self.judged, subject=replace(self.judged.subject, memory=memory)), {})

    def _again(self, judged: Judged, states: Mapping[str, CheckState]) -> Judged:
        return rescored(judged, total(judged.subject, self.checks, states, {}))


def hear(judged: Sequence[Judged]) -> list[Heard]:
    """Ask every check but the learned one once about every case that has a score."""
    return [
        Heard(one, tuple(_recorded(c, one) for c in scoring.CHECKS) if one.score else ()) for one in judged
    ]


def _recorded(check: scoring.Check, judged: Judged) -> scoring.Check:
    if check.group == LEARNED:
        return check
    try:
        view = check.judge(judged.subject)
    except Exception:
        return check  # fails again when asked, and then abstains
    return replace(check, judge=lambda _subject: view)
