"""The summary of a run as lines of text for a terminal."""

from collections.abc import Iterator, Sequence

from blog_linkbacks.evaluation.measure import Figures, Times
from blog_linkbacks.evaluation.summary import Elsewhere, Fitted, Summary

_WIDEST = 44

Cells = Sequence[object]


def report(summary: Summary) -> Iterator[str]:
    """The whole summary but for the single cases, section by section."""
    yield from _overall(summary.figures)
    yield from _families(summary)
    yield from _reliability(summary)
    yield from _without(summary)
    if summary.elsewhere:
        yield from _elsewhere(summary.figures, summary.elsewhere)
    yield from _replays(summary)
    yield from _cost(summary)


def case_lines(summary: Summary) -> Iterator[str]:
    """One line for each case, tabs between: id, label, family, score, status, rule, reason."""
    for case in summary.cases:
        score = "-" if case["score"] is None else f"{case['score']:.3f}"
        cells = (
            case["id"],
            case["label"],
            case["family"],
            score,
            case["status"],
            case["rule"],
            case["reason"],
        )
        yield "\t".join(_printable(cell) for cell in cells)


def _overall(run: Figures) -> Iterator[str]:
    yield f"{run.cases:,} cases: {run.ham:,} ham, {run.spam:,} spam"
    yield f"AUC                          {_four(run.auc)}   (verified only: {_four(run.auc_verified)})"
    yield f"spam caught at zero ham lost {_percent(run.caught)}"
    yield f"ham lost                     {_of(run.ham_lost, run.ham)}"
    yield f"spam approved                {_of(run.spam_approved, run.spam)}"
    yield f"left to a person             {_of(run.pending, run.cases)}"


def _families(summary: Summary) -> Iterator[str]:
    head = ("FAMILY", "LABEL", "CASES", "APPROVED", "HELD", "SPAM", "UNVERIFIED", "LOWEST", "HIGHEST")
    rows = [
        (f.name, f.label, f.cases, f.approved, f.pending, f.spam, f.unverified, _three(f.low), _three(f.high))
        for f in summary.families
    ]
    yield from _section("What was decided, family by family", head, rows)


def _reliability(summary: Summary) -> Iterator[str]:
    rows = [
        (f"{b.low:.1f}-{b.high:.1f}", b.cases, _three(b.predicted), _three(b.true))
        for b in summary.reliability
    ]
    yield from _section("Is a score what it says?", ("SCORE", "CASES", "PREDICTED", "TRUE"), rows)
    yield f"expected calibration error   {_three(summary.calibration_error)}"


def _without(summary: Summary) -> Iterator[str]:
    if not summary.without:
        return
    whole = summary.figures
    rows = [
        (
            w.name,
            w.for_spam,
            w.for_ham,
            _change(w.figures.auc, whole.auc),
            _change(w.figures.auc_verified, whole.auc_verified),
            w.figures.ham_lost,
            w.figures.spam_approved,
            _percent(w.figures.human),
        )
        for w in summary.without
    ]
    head = (
        "WITHOUT",
        "FOR SPAM",
        "FOR HAM",
        "AUC",
        "AUC VERIFIED",
        "HAM LOST",
        "SPAM APPROVED",
        "TO A PERSON",
    )
    yield from _section("Each check left out (AUC: what changes)", head, rows)


def _elsewhere(whole: Figures, other: Elsewhere) -> Iterator[str]:
    head: Cells = ("", "AUC", "AUC VERIFIED", "CAUGHT", "HAM LOST", "SPAM APPROVED", "TO A PERSON")
    rows: list[Cells] = [
        ("as it is", *_run(whole)),
        ("learned check taught on the others", *_run(other.learned)),
    ]
    yield from _section("Every family left out once", head, rows)
    head = ("", "AUC", "AUC VERIFIED", "CAUGHT", "HAM LIKE CLEAR SPAM", "SPAM LIKE CLEAR HAM")
    rows = [
        ("weights fitted to the others", *_fit(other.fitted)),
        ("the same with the learned check", *_fit(other.fitted_learned)),
    ]
    yield from _section("For comparison, a plain logistic fit (without caps and proofs)", head, rows)
    rows = [
        (f.name, f.label, f.cases, *map(_three, (f.by_hand, f.learned, f.fitted, f.fitted_learned)))
        for f in other.families
    ]
    head = ("FAMILY", "LABEL", "CASES", "AS IT IS", "LEARNED", "FITTED", "FITTED, LEARNED")
    yield from _section("Mean score of the family left out", head, rows)


def _replays(summary: Summary) -> Iterator[str]:
    rows = [
        (
            f"{r.lessons} ({r.ham} ham, {r.spam} spam)",
            r.features,
            r.rest,
            f"{_four(r.without.auc_verified)} > {_four(r.learned.auc_verified)}",
            f"{_percent(r.without.human)} > {_percent(r.learned.human)}",
            f"{r.without.ham_lost} > {r.learned.ham_lost}",
            f"{r.without.spam_approved} > {r.learned.spam_approved}",
            "as before" if r.undone else "NOT as before",
        )
        for r in summary.replays
    ]
    head = (
        "DECISIONS", "FEATURES", "REST", "AUC VERIFIED", "TO A PERSON", "HAM LOST", "SPAM APPROVED", "ALL UNDONE"
    )  # fmt: skip
    if rows:
        yield from _section("Decisions learned, then the rest judged (without > with)", head, rows)


def _cost(summary: Summary) -> Iterator[str]:
    rows = [
        (name, *(f"{value:.2f}" for value in (spent.mean, spent.median, spent.p95, spent.most)))
        for name, spent in (("verify", summary.verify_ms), ("score", summary.score_ms))
        if isinstance(spent, Times)
    ]
    yield from _section("Milliseconds of CPU for one case", ("", "MEAN", "MEDIAN", "95 %", "MOST"), rows)
    if summary.seconds is not None:
        memory = "" if summary.peak_mb is None else f", {summary.peak_mb:.0f} MB at most"
        yield f"the whole run: {summary.seconds:.1f} s{memory}"


def _run(run: Figures) -> Cells:
    shares = (_four(run.auc), _four(run.auc_verified), _percent(run.caught))
    return (*shares, run.ham_lost, run.spam_approved, _percent(run.human))


def _fit(fit: Fitted) -> Cells:
    shares = (_four(fit.auc), _four(fit.auc_verified), _percent(fit.caught))
    return (*shares, fit.ham_clear_spam, fit.spam_clear_ham)


def _section(title: str, head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    """A heading and a table: the first column to the left, the others to the right, each as wide as it must be."""
    table = [[_printable(cell)[:_WIDEST] for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    yield f"\n{title}"
    for first, *others in table:
        numbers = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *numbers)).rstrip()


def _printable(cell: object) -> str:
    return "".join(c if c.isprintable() else " " for c in str(cell))


def _of(number: int, whole: int) -> str:
    return f"{number:,} of {whole:,}" + (f" ({_percent(number / whole)})" if whole else "")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}".replace("%", " %")


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _four(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _change(value: float | None, before: float | None) -> str:
    return "-" if value is None or before is None else f"{value - before:+.4f}"
