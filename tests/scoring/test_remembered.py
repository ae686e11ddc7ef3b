"""What was made of a text is made once, and never more is kept than was agreed."""

from blog_linkbacks.scoring import words as module
from blog_linkbacks.scoring.remembered import Remembered
from blog_linkbacks.scoring.words import MAX_CHARACTERS, runs, trade_words, words


def test_a_text_is_worked_on_once_and_others_apart() -> None:
    made: list[tuple[str, int]] = []

    def length(text: str, more: int) -> int:
        made.append((text[:1], more))
        return len(text) + more

    remembered = Remembered(length)
    assert [remembered("a" * 200, 1), remembered("a" * 200, 1), remembered("a" * 200, 2)] == [201, 201, 202]
    assert made == [("a", 1), ("a", 2)]


def test_the_oldest_texts_are_forgotten_when_there_are_too_many_characters() -> None:
    made: list[str] = []

    def first(text: str) -> str:
        made.append(text[:1])
        return text[:1]

    remembered = Remembered(first, budget=1_100)
    for letter in "abcab":
        remembered(letter * 300)
    assert made == ["a", "b", "c"]
    for letter in "dea":
        remembered(letter * 300)
    assert made == ["a", "b", "c", "d", "e", "a"]
    assert remembered.weight <= 1_100


def test_texts_as_long_as_they_may_be_do_not_pile_up() -> None:
    for n in range(20):
        text = f"{n} " + "字" * (MAX_CHARACTERS - 10)
        assert words(text)
        assert runs(text)
        assert trade_words(text) == ()
    assert max(m.weight for m in (module._words, module._runs, module._trades)) <= 250_000
