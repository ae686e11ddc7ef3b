"""What the page on judgement says, read from its form: whole, or with what makes no sense named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from blog_linkbacks.policy import Thresholds
from blog_linkbacks.scoring import CHECKS, Check
from blog_linkbacks.settings.preferences import Site
from blog_linkbacks.vocabulary import CheckState

MAX_WEIGHT = 8.0
SPAM_FROM, SPAM_TO = 50, 100
HAM_FROM, HAM_TO = 0, 49


@dataclass(frozen=True, slots=True)
class Judgement:
    """The settings by which linkbacks are judged; scores of 100, `ham` None where every stranger is held.

    `weights` and `states` name every check.
    """

    spam: int
    ham: int | None
    weights: Mapping[str, float]
    states: Mapping[str, CheckState]

    @classmethod
    def of(cls, site: Site) -> "Judgement":
        """As they stand."""
        return cls(
            round(site.clear_spam * 100),
            None if site.clear_ham is None else round(site.clear_ham * 100),
            {check.name: site.check_weights.get(check.name, check.weight) for check in CHECKS},
            {check.name: site.states.get(check.name, check.state) for check in CHECKS},
        )

    @property
    def limits(self) -> Thresholds:
        return Thresholds(spam=self.spam / 100, ham=None if self.ham is None else self.ham / 100)

    @property
    def kept(self) -> dict[str, object]:
        """As preferences: only what differs from the checks' own is kept, so that a better default takes effect."""
        return {
            "clear_spam": self.limits.spam,
            "clear_ham": self.limits.ham,
            "check_weights": {
                c.name: self.weights[c.name] for c in CHECKS if self.weights[c.name] != c.weight
            },
            "check_states": {
                c.name: self.states[c.name].value for c in CHECKS if self.states[c.name] != c.state
            },
        }


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent: texts by field, the settings where they make sense, and what to say of those that do not."""

    texts: Mapping[str, str]
    judgement: Judgement | None
    errors: Mapping[str, str] = field(default_factory=dict)


def read(form: Mapping[str, str], present: Judgement) -> Entered:
    """Read a sent form; a check that it does not name stays as it is."""
    errors: dict[str, str] = {}
    spam = _score(form, "clear_spam", (SPAM_FROM, SPAM_TO), errors)
    ham = _score(form, "clear_ham", (HAM_FROM, HAM_TO), errors) if form.get("approve") else None
    weights = {check.name: _weight(form, check, present, errors) for check in CHECKS}
    states = {check.name: _state(form, check, present, errors) for check in CHECKS}
    made = None if errors else Judgement(spam, ham, weights, states)
    return Entered(dict(form), made, errors)


def standard() -> Judgement:
    """The settings of a new blog."""
    return Judgement.of(Site())


def shown(judgement: Judgement) -> Entered:
    """The settings as the form shows them; where strangers are held, the score that would be usual."""
    ham = standard().ham if judgement.ham is None else judgement.ham
    texts = {"clear_spam": str(judgement.spam), "clear_ham": "" if ham is None else str(ham)}
    texts |= {"approve": "y"} if judgement.ham is not None else {}
    texts |= {f"weight-{name}": f"{weight:g}" for name, weight in judgement.weights.items()}
    texts |= {f"state-{name}": state.value for name, state in judgement.states.items()}
    return Entered(texts, judgement)


def _score(form: Mapping[str, str], name: str, bounds: tuple[int, int], errors: dict[str, str]) -> int:
    text = form.get(name, "").strip()
    low, high = bounds
    if text.isascii() and text.isdigit() and len(text) < 4 and low <= int(text) <= high:
        return int(text)
    errors[name] = f"A whole number between {low} and {high} is needed."
    return low


def _weight(form: Mapping[str, str], check: Check, present: Judgement, errors: dict[str, str]) -> float:
    name = f"weight-{check.name}"
    if name not in form:
        return present.weights[check.name]
    try:
        weight = float(form[name])
    except ValueError:
        weight = -1.0
    if isfinite(weight) and 0.0 <= weight <= MAX_WEIGHT:
        return round(weight, 2)
    errors[name] = f"A number between 0 and {MAX_WEIGHT:g} is needed."
    return check.weight


def _state(form: Mapping[str, str], check: Check, present: Judgement, errors: dict[str, str]) -> CheckState:
    name = f"state-{check.name}"
    if name not in form:
        return present.states[check.name]
    try:
        return CheckState(form[name])
    except ValueError:
        errors[name] = "A check is on, on trial or off."
        return check.state
