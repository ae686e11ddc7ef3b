"""The truth table of every check on the link itself."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.scoring.checks import link
from blog_linkbacks.vocabulary import Evidence, NearMiss, Outcome, Placement, Response, Sentence
from tests.scoring.cast import honest, subject


@pytest.mark.parametrize(
    ("seen", "strength"),
    [
        (honest(), -0.05),
        (Evidence(Outcome.NO_LINK), 1.0),
        (Evidence(Outcome.NO_LINK, near_miss=NearMiss.NOTHING), 1.0),
        (Evidence(Outcome.NO_LINK, near_miss=NearMiss.TEXT_ONLY), 0.4),
        (Evidence(Outcome.NOT_FOUND), 0.8),
        (Evidence(Outcome.GONE), 0.8),
        (Evidence(Outcome.TIMEOUT), None),
        (Evidence(Outcome.SERVER_ERROR), None),
        (Evidence(Outcome.DNS_FAILURE), None),
    ],
)
def test_a_missing_link_speaks_for_spam_but_an_unreadable_page_says_nothing(
    seen: Evidence, strength: float | None
) -> None:
    assert link.present(subject(seen)).strength == strength


@pytest.mark.parametrize(
    ("place", "strength"),
    [
        (Placement.ARTICLE, -0.6),
        (Placement.PAGE, 0.0),
        (Placement.COMMENT, 0.3),
        (Placement.SIDEBAR, 0.8),
        (Placement.NAVIGATION, 0.8),
        (Placement.FOOTER, 1.0),
        (Placement.HIDDEN, None),
    ],
)
def test_the_nearer_to_the_article_the_more_honest(place: Placement, strength: float | None) -> None:
    assert link.placement(subject(honest(placement=place))).strength == strength


def test_a_link_inside_the_article_says_so_in_words() -> None:
    assert link.placement(subject()).detail == "The link stands inside the article."


def test_no_link_has_no_place() -> None:
    assert link.placement(subject(Evidence(Outcome.NO_LINK))).strength is None


def test_a_link_hidden_by_style_is_proof_and_says_how() -> None:
    view = link.hidden(subject(honest(placement=Placement.HIDDEN, hidden_by="display: none")))
    assert (view.strength, view.proof) == (1.0, True)
    assert view.detail == "Hidden from readers (display: none)."


@pytest.mark.parametrize("response", [Response.REPLY, Response.LIKE, Response.REPOST, Response.BOOKMARK])
def test_hidden_microformats_markup_is_no_proof(response: Response) -> None:
    view = link.hidden(subject(honest(placement=Placement.HIDDEN, hidden_by="hidden", response=response)))
    assert not view.proof
    assert view.strength == 0.1


def test_a_visible_link_gets_no_opinion_from_the_hidden_check() -> None:
    assert link.hidden(subject()).strength is None


@pytest.mark.parametrize(
    ("rel", "strength"),
    [
        ((), None),
        (("noopener",), None),
        (("nofollow",), 0.2),
        (("ugc",), 0.2),
        (("nofollow", "sponsored"), 1.0),
    ],
)
def test_rel_counts_most_when_the_link_is_paid_for(rel: tuple[str, ...], strength: float | None) -> None:
    assert link.rel(subject(honest(rel=rel))).strength == strength


@pytest.mark.parametrize(
    ("sites", "low", "high"), [(2, -0.1, -0.1), (40, 0.1, 0.4), (100, 0.6, 0.7), (900, 1, 1)]
)
def test_a_crowd_of_links_speaks_for_spam(sites: int, low: float, high: float) -> None:
    view = link.crowd(subject(honest(outgoing_links=sites + 1, outgoing_sites=sites)))
    assert view.strength is not None
    assert low <= view.strength <= high
    assert f"{sites:,} other sites" in view.detail


@pytest.mark.parametrize(
    ("sentence", "strength"),
    [
        (Sentence("Then I found ", "it", " about feeding the starter with rye."), -0.5),
        (Sentence("Reading ", "it", " once more"), -0.2),
        (Sentence("", "Sourdough in winter", ""), 0.4),
        (Sentence("- ", "Sourdough in winter", " ."), 0.4),
    ],
)
def test_words_around_the_link_speak_for_honesty(sentence: Sentence, strength: float) -> None:
    assert link.context(subject(honest(sentence=sentence, block_words=3))).strength == strength


def test_a_title_with_its_summary_beside_it_does_not_stand_alone() -> None:
    listed = honest(sentence=Sentence("", "Anna's notes", ""), block_words=20)
    assert link.context(subject(listed)).strength == -0.2


def test_a_title_alone_is_no_more_than_a_little_odd() -> None:
    listed = honest(
        anchor="Sourdough in winter", sentence=Sentence("", "Sourdough in winter", ""), block_words=3
    )
    assert link.context(subject(listed)).strength == 0.2


def test_a_crowd_with_words_for_each_says_less() -> None:
    bare, worded = (honest(outgoing_sites=50, prose_words=words) for words in (0, 400))
    assert (link.crowd(subject(bare)).strength or 0) > 2 * (link.crowd(subject(worded)).strength or 0) > 0


def test_a_like_needs_no_words_around_it() -> None:
    liked = honest(response=Response.LIKE, sentence=Sentence("", "x", ""))
    assert link.context(subject(liked)).strength is None


@pytest.mark.parametrize(
    ("changes", "strength"),
    [
        ({"anchor": "Anna's notes"}, -0.1),
        ({"anchor": "Click here"}, 0.2),
        ({"anchor": ""}, 0.2),
        ({"anchor": "."}, 0.8),
        ({"anchor": "best online casino"}, 1.0),
        ({"anchor": "casinova"}, -0.1),
        ({"anchor": "", "response": Response.LIKE}, None),
    ],
)
def test_the_words_of_the_link(changes: dict[str, Any], strength: float | None) -> None:
    assert link.anchor(subject(honest(**changes))).strength == strength


def test_a_trade_that_the_post_is_about_does_not_count() -> None:
    plain = subject(honest(anchor="how to win at online poker"))
    about = replace(plain, target=replace(plain.target, title="Online poker with my grandmother"))
    assert link.anchor(plain).strength == 1.0
    assert link.anchor(about).strength == -0.1


@pytest.mark.parametrize(
    ("others", "words", "strength"),
    [(2, 10, None), (9, 30, 0.75), (9, 12, 0.84), (9, 400, 0.0)],
)
def test_many_links_in_one_paragraph_with_little_text_between(
    others: int, words: int, strength: float | None
) -> None:
    view = link.company(subject(honest(block_links=others, block_words=words)))
    assert view.strength == (strength if strength is None else pytest.approx(strength))


@pytest.mark.parametrize(
    ("seen", "strength", "proof"), [(None, None, False), (True, -0.1, False), (False, 1.0, True)]
)
def test_a_link_shown_to_this_blog_only_is_proof(
    seen: bool | None, strength: float | None, proof: bool
) -> None:
    view = link.shown(subject(honest(seen_by_reader=seen)))
    assert (view.strength, view.proof) == (strength, proof)
