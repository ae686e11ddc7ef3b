"""What the check that learns says, and when it keeps silent."""

from dataclasses import replace

import pytest

from blog_linkbacks import scoring
from blog_linkbacks.scoring.checks.learned import ENOUGH, FEWEST, words
from blog_linkbacks.scoring.frame import View
from blog_linkbacks.scoring.learned import LOUDEST, in_words, log_odds
from blog_linkbacks.vocabulary import Evidence, Memory, Subject
from tests.scoring.cast import honest
from tests.scoring.cast import subject as cast_subject

SOLD = {"word: casino": (0, 30), "word: bonus": (1, 25)}
GROWN = {"word: rye": (30, 0), "title: loaf": (25, 1)}


def subject(evidence: Evidence | None = None, *, memory: Memory) -> Subject:
    return replace(cast_subject(evidence), memory=memory)


def view(memory: Memory) -> View:
    return words(subject(memory=memory))


@pytest.mark.parametrize(
    ("memory", "detail"),
    [
        (Memory(), "Too few decisions so far to have learned from: 0 approved, 0 spam."),
        (Memory(9, 90, SOLD), "Too few decisions so far to have learned from: 9 approved, 90 spam."),
        (Memory(90, 9, GROWN), "Too few decisions so far to have learned from: 90 approved, 9 spam."),
        (Memory(90, 90, {}), "Nothing in it was telling in earlier decisions."),
        (Memory(90, 90, {"word: the": (60, 58)}), "Nothing in it was telling in earlier decisions."),
    ],
)
def test_it_keeps_silent_where_it_knows_too_little(memory: Memory, detail: str) -> None:
    assert view(memory) == View(None, detail)


@pytest.mark.parametrize(
    ("seen", "detail"),
    [
        (SOLD, "Learned here: “casino”, “bonus” speak for spam."),
        ({"word: casino": (0, 30)}, "Learned here: “casino” speaks for spam."),
        (GROWN, "Learned here: “rye”, “loaf” in the page's title speak for an honest linkback."),
        (SOLD | {"word: rye": (5, 0)}, "Learned here: “casino”, “bonus” speak for spam."),
    ],
)
def test_it_names_what_it_goes_by(seen: dict[str, tuple[int, int]], detail: str) -> None:
    assert view(Memory(50, 50, seen)).detail == detail


def strength(memory: Memory) -> float:
    said = view(memory).strength
    assert said is not None
    return said


def test_its_voice_grows_with_the_lessons_of_the_rarer_side() -> None:
    few, more, enough = (strength(Memory(n, n, {"word: casino": (0, 10)})) for n in (FEWEST, 30, ENOUGH))
    assert 0 < few < more < enough < 1
    assert strength(Memory(FEWEST, 500, SOLD)) < strength(Memory(500, 500, SOLD))


def test_ham_and_spam_are_judged_alike() -> None:
    mirrored = {feature: (spam, ham) for feature, (ham, spam) in SOLD.items()}
    assert strength(Memory(60, 60, SOLD)) == pytest.approx(-strength(Memory(60, 60, mirrored)))


def test_both_sides_at_once_say_little() -> None:
    assert abs(strength(Memory(60, 60, SOLD | GROWN))) < 0.05


def test_a_thousand_features_shout_no_louder_than_the_weight() -> None:
    seen = {f"word: w{n}": (0, 900) for n in range(1000)}
    opinions = scoring.score(subject(memory=Memory(1000, 1000, seen))).opinions
    said = next(o for o in opinions if o.name == "learned.words")
    assert 1.8 < said.contribution <= 2.0


def test_it_does_not_outweigh_proof() -> None:
    hidden = honest(hidden_by="display: none")
    praised = Memory(500, 500, {f"word: w{n}": (400, 0) for n in range(30)})
    assert scoring.score(subject(hidden, memory=praised)).value > 0.95


@pytest.mark.parametrize(
    ("ham", "spam", "hams", "spams", "low", "high"),
    [
        (0, 0, 50, 50, 0.0, 0.0),
        (5, 5, 50, 50, 0.0, 0.0),
        (9, 81, 100, 900, 0.0, 0.0),
        (0, 1, 50, 50, 0.6, 0.8),
        (1, 0, 50, 50, -0.8, -0.6),
        (0, 1, 100, 900, 0.0, 0.5),
        (0, 900, 100, 900, LOUDEST, LOUDEST),
        (5, 5, 0, 50, 0.0, 0.0),
    ],
)
def test_what_one_feature_says(ham: int, spam: int, hams: int, spams: int, low: float, high: float) -> None:
    assert low - 1e-9 <= log_odds(ham, spam, hams, spams) <= high + 1e-9


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ("word: casino", "“casino”"),
        ("link: viagra", "“viagra” in the page's other links"),
        ("host ends: .top", "a site name that ends in .top"),
        ("links: 60 to 199", "60 to 199 links on the page"),
        ("moved: to another site", "moved to another site"),
        ("unheard of: {x}", "unheard of: {x}"),
    ],
)
def test_features_are_put_in_words(feature: str, sentence: str) -> None:
    assert in_words(feature) == sentence
