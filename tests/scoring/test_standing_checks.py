"""What a page has for itself besides its link."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.scoring.checks import standing
from blog_linkbacks.vocabulary import Evidence, Outcome, Placement, Response, Sentence
from tests.scoring.cast import PAGE, honest, subject

MATTER = "A starter wants patience, rye at a lukewarm windowsill each morning, and a cellar overnight at some degrees."
JAPANESE = "今日はパンを焼いたけれど、うまくふくらまなかったので明日また焼く。"
BARE = {
    "text": "Bread, rolls, buns.",
    "sentence": Sentence("", "it", ""),
    "anchor": "it",
    "block_words": 1,
    "prose_words": 3,
}


def view(**changes: Any) -> Any:
    return standing.standing(subject(honest(**changes)))


def test_a_page_with_a_voice_a_matter_in_common_and_a_sentence_has_enough() -> None:
    found = view(prose_words=90, text=PAGE + MATTER)
    assert found.strength is not None
    assert found.strength < 0
    assert found.detail == (
        "The page has something for itself: somebody speaks of themselves, it is about the post's matter, "
        "10 words around the link, 90 words of text."
    )


def test_a_page_with_nothing_says_so() -> None:
    found = view(**BARE)
    assert found.strength == pytest.approx(0.625)
    assert found.detail == "The page has little for itself: nothing found."


@pytest.mark.parametrize(
    ("changes", "merit"),
    [
        ({"text": "I bake."}, "somebody speaks of themselves"),
        (
            {"text": JAPANESE},
            "a script in which that cannot be told",
        ),
        ({"text": MATTER}, "it is about the post's matter"),
        (
            {"sentence": Sentence("Nobody has ever said it as plainly as ", "it", " does.")},
            "9 words around the link",
        ),
        ({"sentence": Sentence("Reading ", "it", " once more")}, "some words around the link"),
        ({"anchor": "Sourdough in winter"}, "the post's title as the words of the link"),
        ({"prose_words": 30}, "30 words of text"),
        ({"author": "Tove"}, "a name or the marks of an entry"),
        ({"published": "2026-03-01"}, "a date"),
    ],
)
def test_each_merit_is_named(changes: dict[str, Any], merit: str) -> None:
    found = view(**(BARE | changes))
    assert merit in found.detail
    assert found.strength < view(**BARE).strength


def test_the_writer_in_the_posts_own_title_is_nobody_here() -> None:
    assert "themselves" not in view(**(BARE | {"text": "My bread\nRolls.", "anchor": "My bread"})).detail


def test_a_link_in_the_footer_is_not_among_words() -> None:
    sentence = Sentence("Nobody has ever said it as plainly as ", "it", " does.")
    below = BARE | {"sentence": sentence, "placement": Placement.FOOTER}
    assert "around the link" not in view(**below).detail


def test_responses_signed_notes_and_pages_without_a_link_are_not_asked() -> None:
    assert view(**(BARE | {"response": Response.LIKE})).strength is None
    assert (
        view(**(BARE | {"entry": True, "author": "Kit", "page_words": 9, "outgoing_sites": 1})).strength
        is None
    )
    gone = replace(subject(), evidence=Evidence(Outcome.TIMEOUT))
    assert standing.standing(gone).strength is None
