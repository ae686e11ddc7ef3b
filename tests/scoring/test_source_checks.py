"""The truth table of every check on the linking page and site."""

from typing import Any

import pytest

from blog_linkbacks.scoring.checks import source
from blog_linkbacks.vocabulary import Evidence, Kind, Outcome, Response
from tests.scoring.cast import honest, subject


def strength(check: Any, **changes: Any) -> float | None:
    result: float | None = check(subject(honest(**changes))).strength
    return result


def test_a_throwaway_ending_counts_a_little() -> None:
    assert strength(source.ending, final_url="https://crumbs.top/") == 0.5
    assert strength(source.ending, final_url="https://crumbs.example/") is None


@pytest.mark.parametrize(("amount", "expected"), [(10, 0.3), (100, 0.0), (600, -0.2)])
def test_a_thin_page(amount: int, expected: float) -> None:
    assert strength(source.thin, page_words=amount) == expected


def test_a_thin_like_is_as_it_should_be() -> None:
    assert strength(source.thin, page_words=5, response=Response.LIKE) is None


def test_a_page_of_links_is_a_farm_and_a_reading_list_with_words_is_not() -> None:
    anchors = tuple(f"some words {number}" for number in range(40))
    farm = strength(source.link_farm, anchors=anchors, outgoing_sites=40, page_words=130)
    assert farm is not None
    assert farm > 0.8
    assert strength(source.link_farm, anchors=anchors, outgoing_sites=40, page_words=1500) == -0.1
    assert strength(source.link_farm, anchors=anchors, outgoing_sites=5, page_words=130) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("crumbs.example", "This domain is for sale! Inquire about this domain."),
        ("crumbs.example is parked", "Related searches: bread, oven"),
        ("x", "Buy this domain."),
    ],
)
def test_a_parked_domain(title: str, text: str) -> None:
    assert strength(source.parked, title=title, text=text, page_words=20) == 1.0


def test_a_long_page_about_domains_is_not_parked() -> None:
    assert strength(source.parked, text="Buy this domain, they said.", page_words=900) is None
    assert strength(source.parked) is None


@pytest.mark.parametrize(
    "text", ["Please wait... Click here if you are not redirected.", "You are being redirected to our shop."]
)
def test_a_page_that_sends_its_readers_on(text: str) -> None:
    assert strength(source.moved, text=text) == 0.6


def test_a_signed_note_may_be_thin() -> None:
    note = {"page_words": 9, "entry": True, "outgoing_sites": 1}
    assert strength(source.thin, **note, author="Kit") is None
    assert strength(source.thin, **note) == 0.3


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("https://crumbs.example/x", None),
        ("https://www.crumbs.example/x", None),
        ("https://other.test/x", 0.5),
        ("", None),
    ],
)
def test_a_page_that_sends_readers_to_another_site(final: str, expected: float | None) -> None:
    assert strength(source.moved, final_url=final) == expected


@pytest.mark.parametrize(
    ("kind", "ip", "expected"),
    [
        (Kind.PINGBACK, "93.184.216.34", -0.15),
        (Kind.TRACKBACK, "198.51.100.9", 0.05),
        (Kind.WEBMENTION, "198.51.100.9", None),
        (Kind.PINGBACK, "", None),
    ],
)
def test_the_sender_s_address_says_next_to_nothing(kind: Kind, ip: str, expected: float | None) -> None:
    assert source.sender(subject(kind=kind, sender_ip=ip)).strength == expected


@pytest.mark.parametrize("check", [check.judge for check in source.CHECKS])
def test_every_check_stands_an_empty_page(check: Any) -> None:
    assert check(subject(Evidence(Outcome.NO_LINK))).detail


@pytest.mark.parametrize(
    ("title", "words", "expected"),
    [
        ("404 Not Found", 40, 0.7),
        ("Page not found | Crumbs", 40, 0.7),
        ("Seite nicht gefunden", 40, 0.7),
        ("404 ways to bake", 900, None),
        ("My first loaf", 40, None),
    ],
)
def test_a_page_that_calls_itself_missing(title: str, words: int, expected: float | None) -> None:
    assert strength(source.missing, title=title, page_words=words) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"prose_words": 200, "author": "Anna", "published": "2026-01-01"}, -0.6),
        ({"prose_words": 200, "author": "Anna"}, -0.6),
        ({"prose_words": 200}, -0.2),
        ({"prose_words": 20, "author": "Anna"}, None),
    ],
)
def test_a_signed_text_is_a_little_more_honest(changes: dict[str, Any], expected: float | None) -> None:
    assert strength(source.voice, **changes) == expected
