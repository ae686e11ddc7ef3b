"""The truth table of every check on what a page and its address sell."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.scoring.checks import selling
from blog_linkbacks.vocabulary import Evidence, Outcome
from tests.scoring.cast import PAGE, honest, subject


def strength(check: Any, **changes: Any) -> float | None:
    result: float | None = check(subject(honest(**changes))).strength
    return result


@pytest.mark.parametrize(
    ("title", "low"),
    [
        ("Replica Rolex watches, cheap", 0.45),
        ("Viagra", 0.35),
        ("Buy cheap tents online", 0.4),
        ("出会い系サイト", 0.35),
    ],
)
def test_a_title_that_sells(title: str, low: float) -> None:
    found = strength(selling.title, title=title)
    assert found is not None
    assert found >= low


@pytest.mark.parametrize(
    "title", ["My first loaf", "Casinova, a novel", "The best summer", "Why I buy flour"]
)
def test_an_ordinary_title(title: str) -> None:
    assert strength(selling.title, title=title) is None


def test_links_that_sell_count_by_their_number_and_share() -> None:
    few = strength(selling.anchors, anchors=("payday loans", *["bread"] * 30))
    many = strength(selling.anchors, anchors=("payday loans", "replica bags", "casino", "bread"))
    assert strength(selling.anchors, anchors=("bread", "flour")) is None
    assert few is not None
    assert few < 0.2
    assert many == 1.0


def test_links_to_sites_that_sell_by_their_names() -> None:
    found = strength(selling.linked_sites, sites=("best-casino.example", "cheapbags.example", "mill.example"))
    assert found is not None
    assert found > 0.8
    assert strength(selling.linked_sites, sites=("mill.example", "oven.example")) is None
    assert strength(selling.linked_sites, sites=()) is None


def test_a_text_full_of_trades_sells_and_one_mention_in_a_long_text_does_not() -> None:
    offer = "Casino, porn and viagra without end; payday loans for everyone."
    found = strength(selling.body, text=offer)
    assert found is not None
    assert found >= 0.5
    assert strength(selling.body, text=PAGE * 8 + " My uncle lost his boat at poker.") is None


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
    found = strength(selling.address_words, final_url=url)
    assert found is None if low is None else found is not None and found >= low


def test_a_path_that_repeats_the_title_sells_no_more_than_the_title() -> None:
    url = "https://crumbs.example/viagra"
    assert strength(selling.address_words, final_url=url, title="Viagra") is None
    assert strength(selling.address_words, final_url=url, title="Bread") is not None


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        ({"anchors": ("bread", "the mill", "payday loans")}, None, None),
        ({"anchors": ("poker night", "slots", "bingo", "my garden")}, 0.3, 0.4),
        ({"anchors": ("cheap uggs", "payday loans", "essay help", "casino")}, 1.0, 1.0),
        ({"anchors": (), "own_anchors": ("viagra", "handbags", "torrent", "about us")}, 1.0, 1.0),
        ({"anchors": (), "keywords": ("seo", "escorts", "roofing", "bread")}, 1.0, 1.0),
        ({"anchors": ("Casino", "Loans", *[f"page {n}" for n in range(60)])}, None, None),
        (
            {
                "anchors": (
                    "An evening at the casino with my aunt Agatha",
                    "How I paid back my last loan in two years",
                )
            },
            None,
            None,
        ),
    ],
)
def test_links_for_many_trades_at_once(
    changes: dict[str, Any], low: float | None, high: float | None
) -> None:
    found = strength(selling.trades, sites=(), **changes)
    assert (found is None) == (low is None)
    assert found is None or (low is not None and high is not None and low <= found <= high)


def test_a_company_may_say_what_its_own_pages_are_about() -> None:
    own = ("SEO services", "Do backlinks matter?", "Prices")
    assert strength(selling.trades, anchors=("a", "b"), own_anchors=own, sites=("mill.example",)) == 0.05
    assert (strength(selling.trades, anchors=("backlinks", "seo"), own_anchors=own, sites=()) or 0) > 0.3


def test_names_of_sites_hint_at_trades_too() -> None:
    sites = ("bestcasino.example", "payday-loans.example", "replica-bags.example")
    found = strength(selling.trades, anchors=("a", "b", "c"), sites=sites)
    assert found == 1.0


@pytest.mark.parametrize(
    ("keywords", "low"),
    [
        (("sourdough", "rye flour", "starter"), -0.05),
        (("quantum", "trousers", "lighthouse", "giraffe"), 0.05),
        (("quantum", "trousers", "lighthouse", "giraffe", "tides", "ponds"), 0.5),
        (("sourdough", "rye", "online casino"), 0.7),
        (("bread",), None),
        ((), None),
    ],
)
def test_search_words_that_the_page_does_not_have(keywords: tuple[str, ...], low: float | None) -> None:
    found = strength(selling.keywords, keywords=keywords, text=f"{PAGE} sourdough")
    assert found == low


OFFER = """
Our casino doubles your first deposit. Claim your bonus today and spin the slots, or bet on roulette and poker.
Withdrawals are instant, and the jackpot is waiting for you, so sign up now.
"""
REPORT = """
The county wants to move casino licences to a board. Poker rooms and slot machines would pay more tax, and the
bookmakers complain. A roulette table stood in the hall when I was there, but nobody played for a deposit.
"""


def test_an_offer_urges_and_a_report_does_not() -> None:
    offer, report = strength(selling.matter, text=OFFER), strength(selling.matter, text=REPORT)
    assert offer is not None
    assert offer > 0.7
    assert report == pytest.approx(0.26)
    assert strength(selling.matter, text=PAGE) is None


def test_a_trade_that_the_post_is_about_is_no_matter_of_suspicion() -> None:
    one = subject(honest(text=REPORT))
    about = replace(one, target=replace(one.target, text="Poker, slots and roulette in my casino years"))
    assert selling.matter(about).strength is None


def test_urging_without_a_trade_counts_less_the_longer_the_text() -> None:
    pitch = "Add to cart. In stock. Free delivery. Order today."
    short, long = strength(selling.matter, text=pitch), strength(selling.matter, text=f"{pitch} {PAGE * 20}")
    assert short is not None
    assert long is not None
    assert long < 0.2 < short


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Loaves | Payday Loans Online"}, 0.45),
        ({"site_name": "Casino News"}, 0.45),
        ({"author": "Cheap SEO"}, 0.7),
        ({"final_url": "https://my-casino-blog.example/"}, 0.45),
        ({"title": "My first loaf | Crumbs"}, None),
    ],
)
def test_a_site_called_after_a_trade(changes: dict[str, Any], expected: float | None) -> None:
    found = strength(selling.named, **changes)
    assert found == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("check", [check.judge for check in selling.CHECKS])
def test_every_check_stands_an_empty_page(check: Any) -> None:
    assert check(subject(Evidence(Outcome.NO_LINK))).detail
