"""Who profits by a page: its buttons, labels, lures, paid links and advertising."""

from typing import Any

import pytest

from blog_linkbacks.scoring.checks import profit
from blog_linkbacks.vocabulary import Response
from tests.scoring.cast import PAGE, honest, subject

ADVERT = (("advert", "adsbygoogle"),)


def strength(check: Any, **changes: Any) -> float | None:
    found = check(subject(honest(**changes))).strength
    return None if found is None else round(found, 3)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Add to cart", 0.35),
        ("Order now", 0.35),
        ("Jetzt kaufen", 0.35),
        ("Subscribe", None),
        ("Buy me a coffee", None),
        ("Contact us", None),
    ],
)
def test_what_buttons_ask_for(words: str, expected: float | None) -> None:
    assert strength(profit.calls, gains=(("button", words),)) == expected


def test_prices_in_lines_of_their_own() -> None:
    assert strength(profit.prices, text="Small\n$5\nLarge\n$9\nHuge\n$12") == 0.3
    assert strength(profit.prices, text=f"{PAGE} It cost $5.") is None


@pytest.mark.parametrize(
    ("line", "expected"), [("ADVERTORIAL Health", 0.9), ("Anzeige", 0.9), ("Sponsored by the mill", None)]
)
def test_labels_at_the_head_of_a_line(line: str, expected: float | None) -> None:
    assert strength(profit.label, text=f"{line}\n{PAGE}") == expected


def test_lures() -> None:
    assert strength(profit.lures, text="1080p, seeds 40", gains=(("lure", "magnet"),)) == 0.45
    assert strength(profit.lures, text=f"{PAGE} We saw a full movie.") is None


def test_paid_links() -> None:
    assert strength(profit.paid, gains=(("paid", "https://a.example/go/1"),)) == 0.18
    assert strength(profit.paid, gains=()) is None


def test_advertising_around_the_text_of_others() -> None:
    elsewhere = f"{PAGE}\nOriginally published at mill.example"
    assert strength(profit.resold, text=elsewhere, gains=ADVERT) == 1.0
    assert strength(profit.resold, text=elsewhere, gains=()) is None
    assert strength(profit.resold, gains=ADVERT) is None
    assert strength(profit.resold, text=elsewhere, gains=ADVERT, response=Response.LIKE) is None


@pytest.mark.parametrize(
    ("gains", "expected"), [((), -0.5), ((("button", "Subscribe"),), -0.5), (ADVERT, None), (None, None)]
)
def test_nobody_is_seen_to_earn(gains: Any, expected: float | None) -> None:
    assert strength(profit.nobody, gains=gains) == expected
