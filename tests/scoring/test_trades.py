"""Hints at trades in short texts, names and longer texts."""

import time

import pytest

from blog_linkbacks.scoring.trades import hints, host_hints, subject_of, trades_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Online Casino", {"gambling"}),
        ("plumbers near me", {"local services"}),
        ("cheap essays", {"shopping", "essays"}),
        ("займы онлайн", {"loans"}),
        ("a day in the casino with my two old aunts", set()),
        ("Essex and Sussex", set()),
        ("specialist", set()),
        ("", set()),
    ],
)
def test_short_texts_hint_and_sentences_do_not(text: str, found: set[str]) -> None:
    assert trades_of(text) == found


def test_hints_are_gathered_by_trade() -> None:
    assert hints(("casino", "poker", "bread", "loans")) == {
        "gambling": {"casino", "poker"},
        "loans": {"loans"},
    }


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("best-casino24.example", {"gambling"}),
        ("mypokerclub.example", {"gambling"}),
        ("crumbs.example", set()),
        ("essexbread.example", set()),
    ],
)
def test_names_of_hosts(host: str, found: set[str]) -> None:
    assert host_hints(host) == found


def test_the_trade_that_a_text_speaks_of_most() -> None:
    text = "The casino has slots and poker, and a bonus on each deposit. A lawyer was there."
    assert subject_of(text) == ("gambling", 5, 5)
    assert subject_of(text, besides="my poker night") == ("local services", 1, 1)
    assert subject_of("bread and butter") == ("", 0, 0)


def test_a_word_of_any_length_is_read_in_no_time_and_not_remembered() -> None:
    started = time.thread_time()
    assert subject_of("casino" + "x" * 119_000) == ("gambling", 1, 1)
    assert trades_of("x" * 119_000) == frozenset()
    assert time.thread_time() - started < 0.2
