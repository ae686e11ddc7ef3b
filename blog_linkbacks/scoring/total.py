"""From opinions to one score: caps on groups, a cap on the whole, and rows that add up."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import exp, isfinite

from blog_linkbacks.scoring.frame import Check, View, abstains
from blog_linkbacks.vocabulary import CheckState, Opinion, Score, Subject

# Calibrated on about 2,100 verified linkbacks, four in ten of them spam, some of kinds that were made to be hard: among
# what scores 0.3, at most three in ten are spam. Most of what reaches an open endpoint is worse than that, but most of
# it is never verified and so never scored.
BASE_RATE = 1.0
GROUP_CAPS: Mapping[str, float] = {
    "link": 6.0,
    "source": 7.0,
    "profit": 6.5,
    "copy": 7.0,
    "text": 6.5,
    "history": 5.0,
    "learned": 2.0,
    "akismet": 6.0,
}
OTHER_GROUP_CAP = 4.0
TOTAL_CAP = 8.0
# Where so much speaks for spam, what speaks against it says less: a spammer arranges that too.
PLAIN = 3.0
# So much less is needed for that where a link of the page leads to what is sold: honest pages have none such.
PLAIN_WHERE_LED, LED = 1.2, 1.2
# What a page speaks of makes no spam of it while none of its links leads to such things: honest people write of them.
SPOKEN_OF = 3.5
# Nor does all that it lacks: short, plain and careless pages are honest too.
LACKING = 1.6
PROOF_TOTAL = 4.0
PROOF_STRENGTH = 0.1

_SPEAKS = frozenset(
    {
        "source.title", "source.body", "source.matter", "source.named", "source.address_words", "text.offers",
        "text.trades", "text.stuffing",
    }
)  # fmt: skip
_LEADS = frozenset(
    {
        "source.anchors",
        "source.linked_sites",
        "source.trades",
        "source.money_links",
        "text.links_said",
        "profit.calls",
        "profit.label",
        "profit.lures",
        "profit.paid",
        "profit.resold",
    }
)
_LACKS = frozenset(
    {
        "source.standing", "source.thin", "source.ending", "link.context", "link.anchor", "link.rel",
        "text.claim_matches", "text.topic", "text.person", "text.sentences", "text.name", "text.script",
    }
)  # fmt: skip
_LEADS_SOMEWHERE = 0.4
_ARRANGED = frozenset({"link", "source", "text", "profit"})

_PRIOR = "Of linkbacks whose link is really there, somewhat more are honest than spam."

logger = logging.getLogger(__name__)


def total(
    subject: Subject, checks: Iterable[Check], states: Mapping[str, CheckState], weights: Mapping[str, float]
) -> Score:
    """Ask every check that is not off and add the answers up; the first opinion is the base rate."""
    asked = [_set(check, states, weights) for check in checks]
    heard = [(check, _hear(check, subject)) for check in asked if check.state is not CheckState.OFF]
    opinions = _capped(_limited([_opinion(check, view) for check, view in heard]))
    opinions = [_base_rate(), *opinions]
    proof = next((check.name for check, view in heard if _proves(check, view)), "")
    if proof:
        opinions = _raised(opinions, proof)
    waiting = next((c.name for c, view in heard if view.ask_again and c.state is CheckState.ON), "")
    value = logistic(sum(o.contribution for o in opinions))
    return Score(
        value,
        tuple(opinions),
        _most_telling(opinions, value, proof),
        proof,
        waiting,
        again_after=max((view.again_after for _, view in heard), default=0.0),
        asked=next((view.asked for _, view in heard if view.asked), None),
    )


def logistic(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-log_odds))


def _set(check: Check, states: Mapping[str, CheckState], weights: Mapping[str, float]) -> Check:
    if check.name not in states and check.name not in weights:
        return check
    weight = weights.get(check.name, check.weight)
    if not isfinite(weight) or weight < 0:
        weight = check.weight
    return replace(check, state=states.get(check.name, check.state), weight=weight)


def _hear(check: Check, subject: Subject) -> View:
    try:
        return check.judge(subject)
    except Exception as error:
        logger.exception("check %s failed", check.name)
        return abstains(f"This check failed ({type(error).__name__}) and does not count.")


def _opinion(check: Check, view: View) -> Opinion:
    return Opinion(
        check.name, check.version, check.group, check.weight, view.strength, view.detail, check.state
    )


def _base_rate() -> Opinion:
    return Opinion("prior", 3, "prior", BASE_RATE, -1.0, _PRIOR)


def _capped(opinions: list[Opinion]) -> list[Opinion]:
    for group in sorted({o.group for o in opinions}):
        members = [o for o in opinions if o.group == group]
        factor = _factor(members, GROUP_CAPS.get(group, OTHER_GROUP_CAP))
        opinions = [_scaled(o, factor) if o.group == group else o for o in opinions]
    opinions = _outweighed(opinions)
    factor = _factor(opinions, TOTAL_CAP)
    return [_scaled(o, factor) for o in opinions]


def _limited(opinions: list[Opinion]) -> list[Opinion]:
    """With less weight for what is missing, and for what a page speaks of where nothing it leads to is for sale."""
    leads = sum(o.contribution for o in opinions if o.name in _LEADS and o.contribution > 0)
    opinions = _held_to(LACKING, _LACKS, opinions)
    return opinions if leads > _LEADS_SOMEWHERE else _held_to(SPOKEN_OF, _SPEAKS, opinions)


def _held_to(most: float, names: frozenset[str], opinions: list[Opinion]) -> list[Opinion]:
    """The opinions of these checks that speak for spam, held to so much together."""
    factor = _factor([o for o in opinions if o.name in names and o.contribution > 0], most)
    return [_scaled(o, factor) if o.name in names and o.contribution > 0 else o for o in opinions]


def _outweighed(opinions: list[Opinion]) -> list[Opinion]:
    """Honest signs with less weight the more speaks for spam; what people decided here before keeps its own."""
    against = sum(o.contribution for o in opinions if o.contribution > 0)
    leads = sum(o.contribution for o in opinions if o.name in _LEADS and o.contribution > 0)
    plain = PLAIN_WHERE_LED if leads > LED else PLAIN
    if against <= plain:
        return opinions
    factor = plain / against
    return [_scaled(o, factor) if o.contribution < 0 and o.group in _ARRANGED else o for o in opinions]


def _factor(opinions: list[Opinion], cap: float) -> float:
    size = abs(sum(o.contribution for o in opinions))
    return cap / size if size > cap else 1.0


def _scaled(opinion: Opinion, factor: float) -> Opinion:
    return opinion if factor == 1.0 else replace(opinion, weight=opinion.weight * factor)


def _proves(check: Check, view: View) -> bool:
    strong = (view.strength or 0.0) >= PROOF_STRENGTH
    return view.proof and strong and check.state is CheckState.ON and check.weight > 0


def _raised(opinions: list[Opinion], proof: str) -> list[Opinion]:
    missing = PROOF_TOTAL - sum(o.contribution for o in opinions)
    if missing <= 0:
        return opinions
    return [
        replace(o, weight=o.weight + missing / o.strength) if o.name == proof and o.strength else o
        for o in opinions
    ]


def _most_telling(opinions: list[Opinion], value: float, proof: str) -> str:
    side = 1 if value >= 0.5 else -1
    spoken = [o for o in opinions if o.group != "prior" and o.contribution * side > 0]
    proved = [o for o in opinions if o.name == proof]
    ranked = proved or sorted(spoken, key=lambda o: -abs(o.contribution))
    return ranked[0].detail if ranked else opinions[0].detail
