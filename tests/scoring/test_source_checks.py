"""The truth table of every check on the linking page and site."""

from typing import Any

import pytest

from blog_linkbacks.scoring.checks import source
from blog_linkbacks.vocabulary import Evidence, Kind, Outcome, Response
from tests.scoring.cast import PAGE, honest, subject


def strength(check: Any, **changes: Any) -> float | None:
    result: float | None = check(subject(honest(**changes))).strength
    return result


@pytest.mark.parametrize(
    ("title", "low"),
    [
        ("Replica Rolex watches, cheap", 0.5),
        ("Viagra", 0.5),
        ("Buy cheap tents online", 0.4),
        ("出会い系サイト", 0.5),
    ],
)
def test_a_title_that_sells(title: str, low: float) -> None:
    found = strength(source.title, title=title)
    assert found is not None
    assert found >= low


@pytest.mark.parametrize(
    "title", ["My first loaf", "Casinova, a novel", "The best summer", "Why I buy flour"]
)
def test_an_ordinary_title(title: str) -> None:
    assert strength(source.title, title=title) is None


def test_links_that_sell_count_by_their_number_and_share() -> None:
    few = strength(source.anchors, anchors=("payday loans", *["bread"] * 30))
    many = strength(source.anchors, anchors=("payday loans", "replica bags", "casino", "bread"))
    assert strength(source.anchors, anchors=("bread", "flour")) is None
    assert few is not None
    assert few < 0.2
    assert many == 1.0


def test_links_to_sites_that_sell_by_their_names() -> None:
    found = strength(source.linked_sites, sites=("best-casino.example", "cheapbags.example", "mill.example"))
    assert found is not None
    assert found > 0.8
    assert strength(source.linked_sites, sites=("mill.example", "oven.example")) is None
    assert strength(source.linked_sites, sites=()) is None


def test_a_text_full_of_trades_sells_and_one_mention_in_a_long_text_does_not() -> None:
    selling = "Casino, porn and viagra without end; payday loans for everyone."
    found = strength(source.body, text=selling)
    assert found is not None
    assert found >= 0.5
    assert strength(source.body, text=PAGE * 8 + " My uncle lost his boat at poker.") is None


@pytest.mark.parametrize(
    ("url", "low"),
    [
        ("https://best-casino.example/", 0.5),
        ("https://luckyslotz.example/a", 0.5),
        ("https://crumbs.example/buy-cheap-tents-online", 0.4),
        ("https://tents-for-you-and-me.example/", 0.4),
        ("https://crumbs.example/2026/first-loaf", None),
        ("https://socialists.example/", None),
    ],
)
def test_the_words_in_the_address(url: str, low: float | None) -> None:
    found = strength(source.address_words, final_url=url)
    assert found is None if low is None else found is not None and found >= low


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
        (Kind.PINGBACK, "192.0.2.7", -0.15),
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
