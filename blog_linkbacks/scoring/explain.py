"""A score in words: the sum of sentences it is."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from blog_linkbacks.scoring.total import logistic
from blog_linkbacks.vocabulary import CheckState, Opinion, Score

_WIDTH = 76


def explain(scored: Score | Sequence[Opinion]) -> str:
    """The score, or its stored opinions, as lines of plain text that add up; plus speaks for spam."""
    opinions = scored.opinions if isinstance(scored, Score) else tuple(scored)
    log_odds = sum(o.contribution for o in opinions)
    counted = [o for o in opinions if o.state is CheckState.ON and o.strength is not None]
    lines = [f"Score {logistic(log_odds):.2f}: {_words(logistic(log_odds))}.", ""]
    lines += [_row(o.detail, f"{o.contribution:+.2f}") for o in sorted(counted, key=_order)]
    lines += [_row("Together", f"{log_odds:+.2f}")]
    lines += ["", "Plus speaks for spam, minus against; a sum of 0 is a score of 0.50."]
    lines += _listed("Said nothing:", (o for o in opinions if o.strength is None))
    trial = (o for o in opinions if o.state is CheckState.SHADOW and o.strength is not None)
    lines += _listed("On trial, not counted:", trial)
    return "\n".join(lines)


def _order(opinion: Opinion) -> tuple[bool, float]:
    return opinion.group != "prior", -abs(opinion.contribution)


def _words(value: float) -> str:
    names = ((0.05, "clean"), (0.3, "probably honest"), (0.7, "could be either"), (0.95, "probably spam"))
    return next((name for limit, name in names if value < limit), "spam")


def _row(text: str, number: str) -> str:
    """A long sentence goes on below, indented; its number stands in the column, at its first line."""
    first, *rest = wrap(text, _WIDTH) or [""]
    return "\n".join([f"  {first:<{_WIDTH}} {number:>6}".rstrip(), *(f"    {line}" for line in rest)])


def _listed(heading: str, opinions: Iterable[Opinion]) -> list[str]:
    rows = [_row(o.detail, "") for o in opinions]
    return ["", heading, *rows] if rows else []
