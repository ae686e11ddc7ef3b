"""The truth table of every check on whose words the page uses."""

from typing import Any

import pytest

from blog_linkbacks.scoring.checks import copy
from blog_linkbacks.vocabulary import Response
from tests.scoring.cast import PAGE, POST, honest, subject

LONG_POST = " ".join(
    f"Batch {n} rose {n + 7} hours at {n + 12} degrees beside oven {n * 3}." for n in range(40)
)


def strength(check: Any, **changes: Any) -> float | None:
    result: float | None = check(subject(honest(**changes))).strength
    return result


def test_a_copy_is_measured_both_ways() -> None:
    one = subject(honest(text=LONG_POST))
    post = one.target.__class__(one.target.urls, "Sourdough in winter", LONG_POST)
    whole = copy.text(one.__class__(one.claim, honest(text=LONG_POST), post))
    quote = copy.text(one.__class__(one.claim, honest(text=PAGE * 3 + LONG_POST[:120]), post))
    excerpt = copy.text(one.__class__(one.claim, honest(text=LONG_POST[:400]), post))
    assert whole.strength == 1.0
    assert "100% of the page is text of this post" in whole.detail
    assert quote.strength is None
    assert excerpt.strength is not None
    assert 0.5 < excerpt.strength < 1.0


OWN = "Every spring the mill floods, and every spring somebody carries the sacks upstairs and swears at the river. "


def test_a_long_quotation_among_many_words_of_ones_own_is_none_the_worse() -> None:
    quoted = f"{POST} {OWN * 3} {PAGE} Afterwards we went home, and nobody spoke of bread for a week."
    long_enough = {"text": quoted, "prose_words": len(quoted.split())}
    assert strength(copy.text, **long_enough) is None
    excerpt_in_a_list = {"text_links": tuple((f"title {n}", f"https://{n}.example/") for n in range(9))}
    assert strength(copy.text, **long_enough, **excerpt_in_a_list) is not None
    assert strength(copy.text, text=quoted, prose_words=40) is not None


def test_a_signed_note_may_quote_a_sentence() -> None:
    one = {"text": f"{' '.join(POST.split()[:30])} Quite so, and well said by somebody who bakes."}
    assert strength(copy.text, **one, author="Tove") == 0.04
    assert strength(copy.text, **one) != 0.04


def exchanged(text: str) -> str:
    """Every seventh word for another, as programs do that rewrite what they steal."""
    return " ".join("utilize" if n % 7 == 6 else word for n, word in enumerate(text.split()))


@pytest.mark.parametrize(
    ("text", "found"),
    [(exchanged(LONG_POST), True), (LONG_POST, False), (PAGE * 3, False), ("Bread.", False)],
)
def test_the_post_with_words_exchanged(text: str, *, found: bool) -> None:
    one = subject(honest(text=text))
    post = one.target.__class__(one.target.urls, "Sourdough in winter", LONG_POST)
    view = copy.reworded(one.__class__(one.claim, one.evidence, post))
    assert (view.strength is not None) is found
    assert not found or (view.strength or 0.0) > 0.3


def test_a_repost_may_copy() -> None:
    assert strength(copy.text, text=POST, response=Response.REPOST) is None


def test_a_short_post_cannot_be_copied() -> None:
    assert strength(copy.text, text="Bread.") is None


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Sourdough in winter | Crumbs", POST, 0.7),
        ("Sourdough in winter | Crumbs", PAGE, 0.4),
        ("My first loaf", POST, None),
        ("Re: Sourdough in winter", POST, None),
    ],
)
def test_a_page_that_bears_our_title(title: str, text: str, expected: float | None) -> None:
    assert strength(copy.title, title=title, text=text) == expected


def test_a_page_whose_text_is_from_elsewhere() -> None:
    own_line = f"{PAGE}\nOriginally published on Anna's blog."
    assert copy.reprint(subject(honest(text=own_line))).strength == 0.8
    in_passing = f"{PAGE} {PAGE.strip()} The recipe, first published in 1911, is older than my oven.".replace(
        "\n", " "
    )
    assert copy.reprint(subject(honest(text=in_passing))).strength == 0.25
    assert copy.reprint(subject(honest(text=f"{PAGE}\nSource: Anna"))).strength == 0.3
    assert copy.reprint(subject(honest(anchor="Continue reading"))).strength == 0.8
    assert copy.reprint(subject()).strength is None
