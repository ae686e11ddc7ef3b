"""How likely a verified linkback is spam: a row of small checks, each with a sentence, added up."""

from collections.abc import Mapping

from blog_linkbacks.scoring.akismet_client import AkismetClient
from blog_linkbacks.scoring.checks import (
    akismet,
    anchors,
    copy,
    history,
    link,
    profit,
    prose,
    selling,
    source,
    standing,
    text,
)
from blog_linkbacks.scoring.checks import learned as learned_check
from blog_linkbacks.scoring.checks import wordlist as word_checks
from blog_linkbacks.scoring.explain import explain
from blog_linkbacks.scoring.frame import Check, View
from blog_linkbacks.scoring.total import total
from blog_linkbacks.vocabulary import CheckState, Score, Subject

__all__ = ["CHECKS", "AkismetClient", "Check", "View", "explain", "score"]

CHECKS: tuple[Check, ...] = (
    *link.CHECKS,
    *source.CHECKS,
    *selling.CHECKS,
    *standing.CHECKS,
    *profit.CHECKS,
    *anchors.CHECKS,
    *copy.CHECKS,
    *text.CHECKS,
    *prose.CHECKS,
    *word_checks.CHECKS,
    *history.CHECKS,
    *learned_check.CHECKS,
    akismet.check(None),
)


def score(
    subject: Subject,
    *,
    akismet: AkismetClient | None = None,
    states: Mapping[str, CheckState] = {},
    weights: Mapping[str, float] = {},
) -> Score:
    """Judge a subject by every check that is not off; never raises, whatever a check or Akismet does.

    `states` and `weights` override those of the named checks; a weight below 0 or not finite is ignored.
    """
    return total(subject, _asking(akismet), states, weights)


def _asking(client: AkismetClient | None) -> tuple[Check, ...]:
    return (*CHECKS[:-1], akismet.check(client))
