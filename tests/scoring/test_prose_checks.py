"""The truth table of every check on how a page's text is made."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.scoring.checks import prose
from blog_linkbacks.vocabulary import Evidence, Outcome, Response
from tests.scoring.cast import PAGE, honest, subject


def strength(check: Any, **changes: Any) -> float | None:
    result: float | None = check(subject(honest(**changes))).strength
    return result


LINE = PAGE.replace("\n", " ")
SALAD = (
    "flour cheap mill oven best rye online crumb deal loaf price dough hot yeast now salt buy pan top steel "
    * 4
)
SPARSE = (
    "The mill grinds rye, wheat, barley, oats, spelt daily; ovens heat quickly; children buy bread, buns, cake. "
    * 5
)
GERMAN = (
    "Das Brot ist noch warm und die Kinder stehen schon in der Tür, weil es so gut riecht wie sonst nie. " * 4
)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [(LINE, -0.3, -0.3), (GERMAN, -0.3, -0.3), (SALAD, 0.6, 0.7), (SPARSE, 0.3, 0.7)],
)
def test_rows_of_words_are_no_sentences(text: str, low: float, high: float) -> None:
    found = strength(prose.sentences, text=text)
    assert found is not None
    assert low <= found <= high


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Bread."},
        {"text": "パンを焼くのは楽しいですが、時間がかかります。" * 20},
        {"text": SALAD, "response": Response.LIKE},
        {"text": "\n".join(SALAD.split())},
    ],
)
def test_what_is_not_written_in_long_lines_is_not_read_as_sentences(changes: dict[str, Any]) -> None:
    assert strength(prose.sentences, **changes) is None


DOORS = tuple(f"Oven Repair {town}" for town in ("Ash", "Beck", "Cale", "Dene", "Eyre"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Oven Repair Ash", "own_anchors": DOORS}, 0.325),
        ({"title": "Oven Repair Ash", "own_anchors": DOORS[:4]}, None),
        ({"title": "My first loaf", "own_anchors": DOORS}, None),
        ({"title": "Oven Repair Ash", "own_anchors": DOORS, "site_name": "The Oven Book"}, None),
        ({"title": "Part 3", "own_anchors": tuple(f"Part {n}" for n in range(9))}, None),
    ],
)
def test_one_page_for_each_town(changes: dict[str, Any], expected: float | None) -> None:
    assert strength(prose.doorways, **changes) == expected


def test_languages_are_told_apart_by_their_small_words() -> None:
    assert prose.tongue_of(LINE) == prose.tongue_of(YOURS)
    assert prose.tongue_of(GERMAN) not in (prose.tongue_of(LINE), -1)
    assert prose.tongue_of(SALAD) == prose.tongue_of("") == -1


def test_a_text_in_two_scripts_is_not_read_as_sentences() -> None:
    mixed = " ".join(f"{word} を使ってみた" for word in SALAD.split())
    assert strength(prose.sentences, text=mixed) is None


def test_a_reader_mentioned_now_and_then_is_not_addressed() -> None:
    long_text = (
        "The mill stands by the river and grinds rye in winter, as it has for two hundred years. " * 15
    )
    assert strength(prose.person, text=f"{long_text} You may visit it, and your dog may come.") is None


YOURS = (
    "You need bread, and your oven needs a stone. Order the stone that bakers like, and your crust will sing. "
    * 3
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LINE, -0.2),
        (YOURS, 0.4),
        (f"{YOURS} My own is cracked.", -0.2),
        (
            "The mill stands by the river and grinds rye in winter, as it has for two hundred years, says the miller. "
            * 2,
            None,
        ),
        ("Your bread.", None),
    ],
)
def test_whether_anybody_speaks_of_themselves(text: str, expected: float | None) -> None:
    assert strength(prose.person, text=text) == expected


YARD = """
In today's fast-paced world, bread plays a crucial role. Whether you're a seasoned baker or not, look no further:
our dedicated team offers a wide range of loaves. In conclusion, unlock your oven.
"""


def test_text_by_the_yard() -> None:
    found = strength(prose.filler, text=YARD)
    assert found is not None
    assert found >= 0.7
    assert strength(prose.filler, text=f"{LINE} In conclusion, bake.") is None


def test_one_phrase_over_and_over() -> None:
    stuffed = "You will find bread ovens here because bread ovens are what we know about when we think of bread ovens. "
    found = strength(prose.stuffing, text=stuffed * 6)
    assert found is not None
    assert found > 0.5
    assert strength(prose.stuffing, text=LINE * 2) is None


def test_a_phrase_of_the_post_may_be_repeated() -> None:
    stuffed = "You will find bread ovens here because bread ovens are what we know about when we think of bread ovens. "
    one = subject(honest(text=stuffed * 6))
    about = replace(one, target=replace(one.target, text="On bread ovens"))
    assert prose.stuffing(about).strength is None


@pytest.mark.parametrize(
    ("said", "page", "expected"),
    [
        ("Купить шины недорого и быстро", LINE, 0.6),
        ("A word about winter bread and its ovens", LINE, None),
        ("Хлеб на закваске зимой и летом", "Хлеб на закваске пекут долго, но он того стоит." * 3, None),
        ("Да", LINE, None),
    ],
)
def test_a_script_foreign_to_the_page_and_to_the_post(said: str, page: str, expected: float | None) -> None:
    evidence = honest(text=page, anchor="", sentence=honest().sentence.__class__())
    assert prose.script(subject(evidence, title=said)).strength == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plain English words", "Latin"),
        ("schöne Grüße aus Köln", "Latin"),
        ("несколько русских слов", "Cyrillic"),
        ("これは日本語で書いた文章であるから", "East Asian"),
        ("abc", ""),
        ("", ""),
    ],
)
def test_the_script_of_a_text(text: str, name: str) -> None:
    assert prose.script_of(text) == name


@pytest.mark.parametrize("check", [check.judge for check in prose.CHECKS])
def test_every_check_stands_an_empty_page(check: Any) -> None:
    assert check(subject(Evidence(Outcome.NO_LINK))).detail
