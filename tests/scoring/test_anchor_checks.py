"""Links that are there for somebody who paid for them."""

from typing import Any

import pytest

from blog_linkbacks.scoring.checks import anchors
from blog_linkbacks.vocabulary import Evidence, Outcome, Response
from tests.scoring.cast import honest, subject

TEXT = "Many people in the north of the town rely on {} for their ovens, since the men come quickly and sweep after."


def found(anchor: str, address: str, **changes: Any) -> Any:
    seen = honest(text=TEXT.format(anchor), text_links=((anchor, address),), **changes)
    return anchors.money_links(subject(seen))


@pytest.mark.parametrize(
    ("anchor", "address", "speaks"),
    [
        ("payday loans online", "https://warmhands.example/", True),
        ("payday loans online", "https://warmhands.example/payday-loans", True),
        ("best oven 2026", "https://warmhands.example/", True),
        ("Best Oven 2026", "https://warmhands.example/", True),
        ("payday loans online", "https://warmhands.example/2019/04/my-debts", False),
        ("the payday loans online", "https://warmhands.example/", False),
        ("Warm Hands", "https://warmhands.example/", False),
        ("warm hands", "https://warmhands.example/", False),
        ("loans", "https://warmhands.example/", False),
        ("frozen peas", "https://warmhands.example/", False),
        ("buy me a coffee", "https://warmhands.example/", False),
        ("a piece about how ovens age in winter", "https://warmhands.example/", False),
    ],
)
def test_words_that_people_search_for_at_the_front_of_a_site(
    anchor: str, address: str, *, speaks: bool
) -> None:
    view = found(anchor, address)
    assert (view.strength is not None) is speaks
    assert not speaks or anchor in view.detail


def test_a_response_needs_no_such_links_at_all() -> None:
    liked = {"text": "payday loans online", "response": Response.LIKE}
    seen = honest(text_links=(("payday loans online", "https://warmhands.example/"),), **liked)
    assert (anchors.money_links(subject(seen)).strength or 0) > 0


def test_links_that_are_counted_for_somebody() -> None:
    counted = tuple((f"Pot {n}", f"https://pots.example/p/{n}?affid=77") for n in range(3))
    view = anchors.money_links(subject(honest(text_links=counted)))
    assert view.strength == pytest.approx(0.25)
    assert view.detail == "3 links in its text are counted for somebody."
    assert anchors.money_links(subject(honest(text_links=counted[:1]))).strength is None


def test_no_other_link_no_opinion() -> None:
    assert anchors.money_links(subject()).strength is None
    assert anchors.money_links(subject(Evidence(Outcome.TIMEOUT))).strength is None
