"""The truth table of every check on what the sender says and how the page reads."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.scoring.checks import text
from blog_linkbacks.vocabulary import Evidence, Kind, Outcome, Response, Sentence, Subject
from tests.scoring.cast import PAGE, honest, subject


def trackback(evidence: Evidence | None = None, **said: Any) -> Subject:
    return subject(evidence, kind=Kind.TRACKBACK, **said)


def test_what_the_sender_says_stands_on_the_page() -> None:
    said = trackback(title="My first loaf", excerpt=PAGE[:200])
    assert text.claim_matches(said).strength == -0.2


def test_what_the_sender_says_stands_nowhere_on_the_page() -> None:
    view = text.claim_matches(trackback(title="Karin", excerpt="What a marvellous essay, I shall be back."))
    assert view.strength is not None
    assert view.strength > 0.7
    assert "of what the sender says stands on the page" in view.detail


def test_a_silent_sender_and_an_empty_page_are_not_compared() -> None:
    assert text.claim_matches(subject()).strength is None
    assert text.claim_matches(trackback(honest(text=""), title="My first loaf")).strength is None


@pytest.mark.parametrize(
    "phrase",
    [
        "Paula wrote an interesting post today on Sourdough in winter",
        "Here's a quick excerpt",
        "Read More: http://pills.example/",
        "[…] there you will find 85615 more Infos […]",
        "More Infos here: https://x.example",
    ],
)
def test_phrases_of_programs(phrase: str) -> None:
    view = text.stock_phrases(trackback(excerpt=phrase))
    assert view.strength is not None
    assert view.strength > 0.6
    assert "linking programs" in view.detail


@pytest.mark.parametrize("said", ["Anna wrote about bread today", "There is more to read in her notes", ""])
def test_ordinary_sentences_are_no_stock_phrases(said: str) -> None:
    assert text.stock_phrases(trackback(excerpt=said)).strength is None


@pytest.mark.parametrize(
    "said",
    [
        "Great article, thanks.",
        "Thank you so much for sharing",
        "I really love what you do",
        "Keep up the good work",
    ],
)
def test_praise_that_fits_any_post(said: str) -> None:
    view = text.praise(trackback(excerpt=said))
    assert view.strength is not None
    assert view.strength >= 0.6


def test_praise_in_a_reply_is_only_polite() -> None:
    assert (
        text.praise(trackback(honest(response=Response.REPLY), excerpt="Great article, thanks.")).strength
        is None
    )


def test_a_citation_without_flattery() -> None:
    assert text.praise(subject()).strength is None


def test_phrases_of_selling_in_the_claim_weigh_more_than_one_on_the_page() -> None:
    said = text.offers(trackback(excerpt="Save up to 40%, free shipping, order now"))
    page = text.offers(subject(honest(text="Order now. Free shipping. Money back guarantee.")))
    assert said.strength == 1.0
    assert page.strength is not None
    assert 0.3 < page.strength < 0.5
    assert text.offers(subject(honest(text=f"{PAGE} The mill offers free shipping."))).strength is None


def test_the_sender_s_words_sell() -> None:
    view = text.trades(trackback(title="Casino bonus", author="Online Poker Palace"))
    assert view.strength is not None
    assert view.strength >= 0.6
    assert "casino" in view.detail
    assert text.trades(trackback(title="My first loaf", author="Casinova")).strength is None


@pytest.mark.parametrize(
    ("excerpt", "strength"),
    [
        ("plain words", None),
        ("see http://a.example", 0.45),
        ('<a href="http://a.example">a</a>, [url=http://b.example]b[/url]', 1.0),
    ],
)
def test_links_in_the_sender_s_text(excerpt: str, strength: float | None) -> None:
    assert text.links_said(trackback(excerpt=excerpt)).strength == strength


@pytest.mark.parametrize(
    ("author", "title", "strength"),
    [
        ("Crumbs", "My first loaf", -0.1),
        ("my first loaf", "My first loaf", 0.6),
        ("bread, flour, ovens, mills", "My first loaf", 0.7),
        ("", "My first loaf", None),
    ],
)
def test_the_sender_s_name(author: str, title: str, strength: float | None) -> None:
    assert text.name(trackback(author=author, title=title)).strength == strength


def test_a_page_on_the_same_things_is_a_little_more_honest() -> None:
    post = " ".join(f"kilometre{n}" for n in range(40))
    other_order = " ".join(f"kilometre{n * 7 % 40}" for n in range(40))
    base = subject(honest(text=post))
    about = replace(base, target=replace(base.target, text=post))
    far = replace(about, evidence=honest(text=post.replace("kilo", "centi")))
    assert text.topic(about).strength is None
    assert text.topic(replace(about, evidence=honest(text=other_order))).strength == -0.6
    assert text.topic(far).strength == 0.3
    assert text.topic(subject(honest(text="Bread."))).strength is None


@pytest.mark.parametrize("check", [check.judge for check in text.CHECKS])
def test_every_check_stands_an_empty_page(check: Any) -> None:
    assert check(subject(Evidence(Outcome.TIMEOUT))).detail


def test_the_sentence_around_the_link_is_read_too() -> None:
    flattering = honest(sentence=Sentence("Your blog is wonderful, ", "here", " it is. Thanks for sharing."))
    assert text.praise(subject(flattering)).strength == 0.2
