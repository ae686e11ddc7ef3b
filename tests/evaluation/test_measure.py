"""The figures, on points set by hand."""

import pytest

from blog_linkbacks.evaluation.fitting import fit_rows
from blog_linkbacks.evaluation.measure import (
    Point,
    auc,
    calibration_error,
    families,
    figures,
    reliability,
    times,
)
from blog_linkbacks.vocabulary import Status


def _ham(score: float | None, status: Status = Status.PENDING, family: str = "notes") -> Point:
    return Point(False, family, score, status)


def _spam(score: float | None, status: Status = Status.SPAM, family: str = "farms") -> Point:
    return Point(True, family, score, status)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([_ham(0.1), _spam(0.9)], 1.0),
        ([_ham(0.9), _spam(0.1)], 0.0),
        ([_ham(0.5), _spam(0.5)], 0.5),
        ([_ham(0.1), _ham(0.6), _spam(0.5), _spam(0.9)], 0.75),
        ([_ham(0.99), _spam(None)], 1.0),
        ([_ham(0.1)], None),
        ([], None),
    ],
)
def test_auc(points: list[Point], expected: float | None) -> None:
    assert auc(points) == expected


def test_what_a_run_comes_to() -> None:
    run = figures(
        [
            _ham(0.1, Status.APPROVED),
            _ham(0.4),
            _ham(None, Status.UNVERIFIED),
            _spam(0.3, Status.APPROVED),
            _spam(0.97),
            _spam(None, Status.UNVERIFIED),
        ]
    )
    assert (run.cases, run.ham, run.spam) == (6, 3, 3)
    assert (run.ham_lost, run.spam_approved, run.pending) == (1, 1, 1)
    assert run.human == pytest.approx(1 / 6)
    assert run.auc_verified == 0.75


def test_spam_is_caught_where_it_scores_higher_than_every_ham() -> None:
    assert figures([_ham(0.4), _spam(0.4), _spam(0.41), _spam(0.9)]).caught == pytest.approx(2 / 3)
    assert figures([_spam(0.4)]).caught == 1.0
    assert figures([_ham(0.4)]).caught is None


def test_no_points_make_no_figures() -> None:
    run = figures([])
    assert (run.auc, run.caught, run.human, run.cases) == (None, None, None, 0)


def test_families_of_one_label_and_of_both() -> None:
    rows = families(
        [
            _spam(0.9),
            _ham(0.2),
            _ham(None, Status.UNVERIFIED),
            _spam(0.8, family="notes"),
            _ham(0.1, family="a"),
        ]
    )
    assert [(r.name, r.label, r.cases) for r in rows] == [
        ("a", "ham", 1),
        ("notes", "mixed", 3),
        ("farms", "spam", 1),
    ]
    assert (rows[1].low, rows[1].high, rows[1].unverified) == (0.2, 0.8, 1)


def test_ten_bins_of_predicted_and_true() -> None:
    bins = reliability([_ham(0.0), _ham(0.05), _spam(0.95), _spam(1.0), _spam(None)])
    assert [b.cases for b in bins] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].true, bins[9].true, bins[5].predicted) == (0.0, 1.0, None)
    assert calibration_error(bins) == pytest.approx(0.025)
    assert calibration_error(reliability([])) is None


def test_times() -> None:
    spent = times([1.0, 2.0, 9.0])
    assert spent is not None
    assert (spent.mean, spent.median, spent.most) == (4.0, 2.0, 9.0)
    assert times([]) is None


def test_a_fit_leans_the_way_of_its_rows() -> None:
    rows = [(((0, 1.0), (1, 1.0)), True), (((0, 1.0), (1, -1.0)), False)] * 20
    base, weight = fit_rows(rows, 2)
    assert weight > 2
    assert base == pytest.approx(0.0, abs=1e-6)
