"""A plain logistic fit of the checks' strengths, to compare with the weights set by hand.

Newton's method with a ridge, written out: there are some thirty unknowns and a few thousand cases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp

from blog_linkbacks.evaluation.judging import Judged
from blog_linkbacks.evaluation.measure import Point

RIDGE = 1.0
STEPS = 12
NEAR = 1e-4
_FAR = 30.0

Row = tuple[tuple[tuple[int, float], ...], bool]
Matrix = list[list[float]]


def fitted_elsewhere(judged: Sequence[Judged]) -> list[Point]:
    """Every case as scored by a fit of the other families; statuses are those of the hand-set weights."""
    columns, rows = _table(judged)
    start = fit_rows(rows, columns)
    scored = [place for place, one in enumerate(judged) if one.score]
    points = [one.point for one in judged]
    for family in {one.case.family for one in judged}:
        others = [row for row, p in zip(rows, scored, strict=True) if points[p].family != family]
        weights = _newton(others, start)
        for row, place in zip(rows, scored, strict=True):
            if points[place].family == family:
                points[place] = replace(points[place], score=_value(row, weights))
    return points


def fit_rows(rows: Sequence[Row], columns: int) -> list[float]:
    """The weight of each column that makes the rows likeliest, with a ridge on all but the base rate, column 0."""
    return _newton(rows, [0.0] * columns)


def _table(judged: Sequence[Judged]) -> tuple[int, list[Row]]:
    """How many columns there are, the base rate among them, and one row for each case that has a score."""
    said = [(_strengths(one), one.case.spam) for one in judged if one.score]
    names = ("base rate", *sorted({name for strengths, _ in said for name in strengths}))
    column = {name: place for place, name in enumerate(names)}
    rows = [
        (((0, 1.0), *((column[name], strength) for name, strength in strengths.items())), spam)
        for strengths, spam in said
    ]
    return len(names), rows


def _strengths(judged: Judged) -> dict[str, float]:
    opinions = judged.score.opinions if judged.score else ()
    return {o.name: o.strength for o in opinions if o.group != "prior" and o.strength}


def _newton(rows: Sequence[Row], start: Sequence[float]) -> list[float]:
    weights = list(start)
    for _ in range(STEPS):
        slope, bend = _slope_and_bend(rows, weights)
        change = _solved(bend, slope)
        weights = [w + step for w, step in zip(weights, change, strict=True)]
        if max(map(abs, change), default=0.0) < NEAR:
            break
    return weights


def _slope_and_bend(rows: Iterable[Row], weights: Sequence[float]) -> tuple[list[float], Matrix]:
    slope = [0.0] + [-RIDGE * w for w in weights[1:]]
    bend = [[0.0] * len(weights) for _ in weights]
    for place, line in enumerate(bend):
        line[place] = RIDGE if place else 1e-9
    for row in rows:
        value = _value(row, weights)
        miss, share = row[1] - value, value * (1.0 - value)
        for place, strength in row[0]:
            slope[place] += miss * strength
            line, part = bend[place], share * strength
            for other, its in row[0]:
                line[other] += part * its
    return slope, bend


def _value(row: Row, weights: Sequence[float]) -> float:
    odds = sum(weights[place] * strength for place, strength in row[0])
    return 1.0 / (1.0 + exp(-max(-_FAR, min(_FAR, odds))))


def _solved(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """Gauss elimination; the matrix is positive definite, so no pivot is near zero."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for place, pivot in enumerate(rows):
        for below in rows[place + 1 :]:
            if factor := below[place] / pivot[place]:
                below[place:] = [b - factor * p for b, p in zip(below[place:], pivot[place:], strict=True)]
    found = [0.0] * len(rows)
    for place in reversed(range(len(rows))):
        known = sum(rows[place][other] * found[other] for other in range(place + 1, len(rows)))
        found[place] = (rows[place][-1] - known) / rows[place][place]
    return found
