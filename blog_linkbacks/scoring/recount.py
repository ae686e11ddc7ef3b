"""A score made again from opinions that were kept: under other weights and states, without hearing what was heard."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from blog_linkbacks.scoring import CHECKS
from blog_linkbacks.scoring.frame import Check, View
from blog_linkbacks.scoring.total import total
from blog_linkbacks.vocabulary import CheckState, Opinion, Score, Subject

# What these see is proof, but for their mild words: a link hidden in a marked-up response.
PROVING = frozenset({"link.hidden", "link.shown", "akismet"})
_PROOF = 0.5


def recount(
    subject: Subject,
    kept: Iterable[Opinion],
    states: Mapping[str, CheckState] = {},
    weights: Mapping[str, float] = {},
    *,
    unanswered: bool = False,
    whole: bool = False,
) -> Score:
    """What `scoring.score` would say of the subject if every check said again what is `kept` of it.

    A check of which nothing is kept in its present version is heard now, and what is kept of a check that is no more
    does not count; kept abstentions are left out, unless the `whole` score is wanted. `unanswered` says that Akismet
    is still to be asked.
    """
    said = {opinion.name: opinion for opinion in kept}
    return total(subject, _again(said, unanswered, whole), states, weights)


def _again(said: Mapping[str, Opinion], unanswered: bool, whole: bool) -> Iterator[Check]:
    for check in CHECKS:
        opinion = said.get(check.name)
        ask_again = unanswered and check.name == "akismet"
        if opinion is None or opinion.version != check.version:
            yield check
        elif opinion.strength is not None or ask_again or whole:
            yield replace(check, judge=_repeat(opinion, ask_again))


def _repeat(opinion: Opinion, ask_again: bool) -> Callable[[Subject], View]:
    strength = opinion.strength
    proof = opinion.name in PROVING and strength is not None and strength >= _PROOF
    view = View(strength, opinion.detail, proof=proof, ask_again=ask_again and strength is None)
    return lambda _subject: view
