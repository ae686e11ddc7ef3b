"""Lists of words: what is taken of a text, and what is found where."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog_linkbacks import policy, scoring
from blog_linkbacks.scoring.wordlist import (
    MAX_BYTES,
    MAX_LINES,
    Why,
    WordListError,
    decode,
    look_up,
    parse,
    tokens,
)
from blog_linkbacks.vocabulary import Claim, Kind, Listed, Listing, Score, Subject, Target
from tests.scoring.cast import honest


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("casino", "The CASINO at night"),
        ("casino", "casino-bonus"),
        ("cheap bags", "cheap, bags!"),
        ("cheap-bags", "Cheap bags"),
        ("ставки", "СТАВКИ на спорт"),
        ("straße", "Eine STRASSE"),
        ("激安", "今日は激安セール"),
        ("カジノ", "ｶｼﾞﾉ入門"),
        ("카지노", "온라인카지노추천"),
        ("คาสิโน", "เล่นคาสิโนออนไลน์"),
        ("काम", "मेरा काम है"),
        ("bonus", "bo\u200bnus"),
        ("café", "cafe\u0301"),
    ],
)
def test_what_is_found(entry: str, text: str) -> None:
    assert len(parse(entry).found(text)) == 1


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("casino", "casinos"),
        ("casino", "occasino"),
        ("cheap bags", "cheap\nbags"),
        ("cheap bags", "cheap | bags"),
        ("cheap bags", "cheap red bags"),
        ("काम", "कामना"),
        ("café", "cafe"),
        ("slots", "slots\u0301"),
    ],
)
def test_what_is_not_found(entry: str, text: str) -> None:
    assert parse(entry).found(text) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x", Why.SHORT),
        ("bx", Why.SHORT),
        ("激", Why.SHORT),
        ("!?", Why.SHORT),
        ("the", Why.EVERYDAY),
        ("for your website", Why.EVERYDAY),
        ("und", Why.EVERYDAY),
        ("[a-z]+casino", Why.PATTERN),
        ("casi(no)?", Why.PATTERN),
        (".*pills", Why.PATTERN),
        ("<a href", Why.PATTERN),
        ("-casino", Why.PIECE),
        ("casino.", Why.PIECE),
        ("_pill", Why.PIECE),
        ("example.com", Why.PIECE),
        ("casino/bonus", Why.PIECE),
        ("12345", Why.NUMBER),
        ("192.0.2.7", Why.NUMBER),
        ("c" * 101, Why.LONG),
    ],
)
def test_lines_that_are_left_out_say_why(line: str, why: Why) -> None:
    read = parse(f"slots\n{line}")
    assert read.size == 1
    assert [(one.line, one.text, one.why) for one in read.left] == [(2, line[:100], why)]


def test_a_word_there_already_is_left_out_and_notes_and_empty_lines_are_nothing() -> None:
    read = parse("# my words\n\nSlots\n  slots\ncheap bags\nCHEAP-BAGS")
    assert read.size == 2
    assert [(one.line, one.why) for one in read.left] == [(4, Why.TWICE), (6, Why.TWICE)]
    assert read.reasons == {Why.TWICE: 2}


def test_the_blog_s_own_words_are_believed_where_a_list_from_elsewhere_is_not() -> None:
    assert parse("insurance").left[0].why is Why.EVERYDAY
    assert parse("insurance", Listing.SIGN).size == 1
    assert parse("the", Listing.HOLD).size == 0


def test_bounds_are_named() -> None:
    with pytest.raises(WordListError, match=f"50,001 lines; at most {MAX_LINES:,}"):
        parse("a\n" * (MAX_LINES + 1))
    with pytest.raises(WordListError, match=f"at most {MAX_BYTES:,}"):
        parse("a" * (MAX_BYTES + 1))
    with pytest.raises(WordListError, match="NUL"):
        parse("a\0b")
    with pytest.raises(WordListError, match="line 2 is not"):
        decode(b"fine\n\xff\xfe")
    assert decode(b"\xef\xbb\xbfslots") == "slots"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_list_and_any_text_do(entry: str, text: str) -> None:
    read = parse(entry.replace("\0", ""))
    assert read.size + len(read.left) <= len(entry.splitlines())
    found = read.found(f"{text}\n{entry}")
    assert len(found) == len(set(found)) <= read.size


@given(st.lists(st.sampled_from(["slots", "gala", "vip", "a b", "激安", "çok"]), max_size=6))
def test_each_word_is_found_where_it_stands(said: list[str]) -> None:
    assert set(parse("slots\ngala").found(" ".join(said))) == {"slots", "gala"} & set(said)


def subject(*, title: str = "", links: tuple[str, ...] = (), said: str = "", post: str = "") -> Subject:
    claim = Claim(Kind.TRACKBACK, "https://crumbs.example/", "https://blog.example/p", excerpt=said)
    return Subject(
        claim, honest(title=title, anchors=links), Target(("https://blog.example/p",), "Bread", post)
    )


def test_the_title_the_links_and_the_sender_s_words_are_read_and_not_the_page_s_text() -> None:
    seen = subject(title="Slots tonight", links=("Home", "Gala bonus"), said="roulette table")
    lists = {Listing.IMPORTED: parse("slots\ngala\nroulette\nstarter")}
    assert look_up(seen, lists) == (
        Listed("slots", "in the page's title", Listing.IMPORTED),
        Listed("gala", "in a link of the page", Listing.IMPORTED),
        Listed("roulette", "in what the sender says", Listing.IMPORTED),
    )
    assert look_up(seen, {}) == ()


def test_a_phrase_does_not_span_two_links() -> None:
    lists = {Listing.SIGN: parse("gala bonus")}
    assert look_up(subject(links=("Gala", "bonus")), lists) == ()


def test_words_of_the_post_do_not_count_except_those_to_hold_by() -> None:
    seen = subject(title="Poker nights", post="We play poker. " * 20)
    words = parse("poker")
    assert look_up(seen, {Listing.IMPORTED: words, Listing.SIGN: words}) == ()
    assert [one.listing for one in look_up(seen, {Listing.HOLD: words})] == [Listing.HOLD]


def with_words(listing: Listing, *words: str) -> Subject:
    return replace(subject(), listed=tuple(Listed(w, "in the page's title", listing) for w in words))


def said(score: Score, name: str) -> tuple[float, str]:
    found = next(o for o in score.opinions if o.name == name)
    return found.contribution, found.detail


def test_one_imported_word_is_a_mild_sign_and_more_weigh_more_up_to_a_limit() -> None:
    one = said(scoring.score(with_words(Listing.IMPORTED, "slots")), "text.imported_words")
    many = said(scoring.score(with_words(Listing.IMPORTED, *"abcdefgh")), "text.imported_words")
    assert 0 < one[0] < 0.5
    assert one[1] == "Of the imported word list: “slots” in the page's title."
    assert 1.0 < many[0] <= 2.0
    assert many[1].endswith("and 5 more.")


def test_the_checks_abstain_without_a_word() -> None:
    score = scoring.score(subject())
    assert all(
        o.strength is None for o in score.opinions if o.name in ("text.own_words", "text.imported_words")
    )


def test_own_words_weigh_more() -> None:
    own = said(scoring.score(with_words(Listing.SIGN, "slots")), "text.own_words")
    assert own[0] == pytest.approx(2.52)
    assert own[1] == "Of your own words: “slots” in the page's title."


def test_a_word_to_hold_by_holds_whatever_the_score_and_the_weight() -> None:
    clean = Score(0.0)
    held = policy.decide(with_words(Listing.HOLD, "slots"), clean)
    assert (held.status, held.rule) == ("pending", "hold")
    assert held.reason == "You hold what has “slots” in the page's title."
    assert policy.decide(with_words(Listing.SIGN, "slots"), clean).reason != held.reason


def test_looking_up_costs_little_however_long_the_list() -> None:
    lists = {
        Listing.IMPORTED: parse(
            "\n".join(f"w{n:x}q casino{n}" if n % 2 else f"z{n:x}y" for n in range(40_000))
        )
    }
    seen = subject(
        title="A title of eight words or so, in all", links=("Some link text",) * 40, said="words " * 40
    )
    look_up(seen, lists)
    started = time.thread_time()
    for _ in range(100):
        look_up(seen, lists)
    assert (time.thread_time() - started) / 100 < 0.001


def test_words_are_cut_alike_in_ascii_and_beyond() -> None:
    assert tokens("One two, three-four's 5") == tokens("One two, three-four's 5 é")[:-1]
