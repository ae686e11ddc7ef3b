"""What a stranger's linkback needs to be published by itself, one missing ground a row."""

from dataclasses import replace
from typing import Any

import pytest

from blog_linkbacks.policy import Thresholds, decide
from blog_linkbacks.vocabulary import (
    Evidence,
    Opinion,
    Placement,
    Response,
    Score,
    Sentence,
    SiteHistory,
    Status,
    Subject,
)
from tests.scoring.cast import honest, subject

CLEAN = Score(0.04, reason="The link stands inside the article.")
STRONG = {"address": "93.184.216.34", "prose_words": 240}


def page(**changes: Any) -> Evidence:
    """A citation in a page at a public address."""
    return honest(**(STRONG | changes))


def status(one: Subject, score: Score = CLEAN) -> Status:
    return decide(one, score).status


def why_held(one: Subject, score: Score = CLEAN) -> str:
    verdict = decide(one, score)
    assert (verdict.status, verdict.rule) == (Status.PENDING, "hold")
    return verdict.reason


def against(name: str, contribution: float) -> Score:
    return replace(
        CLEAN, opinions=(Opinion(name, 1, name.partition(".")[0], contribution, 1.0, "It sells."),)
    )


def test_a_stranger_with_strong_evidence_is_published_and_the_verdict_says_why() -> None:
    verdict = decide(subject(page()), CLEAN)
    assert (verdict.status, verdict.rule) == (Status.APPROVED, "clear_ham")
    assert verdict.reason == (
        "The link stands among words of a text of 240 words; nothing speaks against it."
    )


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.1.4", "::1", "fe80::1", "", "nonsense"]
)
def test_more_of_a_text_is_asked_of_a_page_on_the_owners_own_network(address: str) -> None:
    assert why_held(subject(page(address=address, prose_words=149))) == (
        "The page has only 149 words of its own text, too few to judge by."
    )
    assert decide(subject(page(address=address, prose_words=150)), CLEAN).rule == "clear_ham"


def test_a_site_approved_before_is_no_stranger_only_at_a_public_address() -> None:
    known = SiteHistory(approved=3)
    short = {"prose_words": 5}
    assert decide(subject(page(**short), history=known), CLEAN).rule == "clear_ham"
    assert decide(subject(page(**short, address="10.1.2.3"), history=known), CLEAN).rule == "hold"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"prose_words": 12}, "The page has only 12 words of its own text, too few to judge by."),
        ({"prose_words": 39}, "The page has only 39 words of its own text, too few to judge by."),
        ({"placement": Placement.COMMENT}, "The link stands in the page's comments, not in its text."),
        ({"placement": Placement.SIDEBAR}, "The link stands in the page's sidebar, not in its text."),
        ({"placement": Placement.NAVIGATION}, "The link stands in the page's navigation, not in its text."),
        ({"placement": Placement.FOOTER}, "The link stands in the page's footer, not in its text."),
        ({"placement": Placement.HIDDEN}, "The link is hidden from readers."),
        ({"hidden_by": "display: none"}, "The link is hidden from readers."),
        ({"outgoing_sites": 80}, "The page links to 80 other sites."),
        (
            {"sentence": Sentence("", "Anna's notes", ""), "block_words": 2},
            "Hardly a word stands around the link.",
        ),
        ({"final_url": "https://elsewhere.test/x"}, "The address that was named leads to another site."),
    ],
)
def test_each_missing_ground_holds_and_says_so(changes: dict[str, Any], reason: str) -> None:
    assert why_held(subject(page(**changes))) == reason


def test_a_short_text_is_enough_only_around_a_whole_sentence_in_an_article() -> None:
    sentence = Sentence("Then I found, after a long search, ", "notes", " about feeding the starter.")
    assert status(subject(page(prose_words=45, sentence=sentence))) is Status.APPROVED
    assert (
        status(subject(page(prose_words=45, sentence=sentence, placement=Placement.PAGE))) is Status.PENDING
    )
    assert status(subject(page(prose_words=45, sentence=Sentence("So ", "it", " is")))) is Status.PENDING
    assert status(subject(page(prose_words=60, placement=Placement.PAGE))) is Status.APPROVED


def weighed(strength: float, *others: Opinion) -> Score:
    standing = Opinion("source.standing", 1, "source", 2.1, strength, "It has little for itself.")
    return replace(CLEAN, opinions=(standing, *others))


def test_where_a_check_weighed_what_the_page_has_a_few_words_may_do() -> None:
    assert status(subject(page(prose_words=5)), weighed(-0.2)) is Status.APPROVED
    assert status(subject(page(prose_words=4)), weighed(-0.2)) is Status.PENDING
    assert status(subject(page(prose_words=15, placement=Placement.PAGE)), weighed(-0.2)) is Status.APPROVED
    assert status(subject(page(prose_words=14, placement=Placement.PAGE)), weighed(-0.2)) is Status.PENDING
    assert status(subject(page(prose_words=90, address="10.1.2.3")), weighed(-0.2)) is Status.PENDING


ODD = Opinion("source.ending", 1, "source", 1.4, 0.1, "Its name costs nothing.")
ELSEWHERE = Opinion("text.topic", 1, "text", 1.4, 0.3, "It is about other things.")


@pytest.mark.parametrize(
    ("strength", "others", "expected"),
    [
        (0.40, (), Status.APPROVED),
        (0.45, (), Status.PENDING),
        (0.32, (ELSEWHERE,), Status.APPROVED),
        (0.40, (ELSEWHERE,), Status.PENDING),
        (0.25, (ODD,), Status.PENDING),
        (-0.1, (ODD,), Status.APPROVED),
    ],
)
def test_a_page_with_less_for_itself_is_published_only_where_nothing_is_odd(
    strength: float, others: tuple[Opinion, ...], expected: Status
) -> None:
    assert status(subject(page()), weighed(strength, *others)) is expected


def test_a_title_may_stand_alone_and_so_may_the_posts_own_however_short() -> None:
    alone = {"sentence": Sentence("", "x", ""), "block_words": 4}
    assert status(subject(page(**alone, anchor="Notes on a cold oven"))) is Status.APPROVED
    assert why_held(subject(page(**alone | {"block_words": 1}, anchor="here"))) == (
        "Hardly a word stands around the link."
    )
    named = subject(page(**alone | {"block_words": 1}, anchor="Silence"))
    assert status(named) is Status.PENDING
    assert status(replace(named, target=replace(named.target, title="Silence"))) is Status.APPROVED


def test_a_long_list_of_links_is_somebodys_where_it_says_something_of_each() -> None:
    assert status(subject(page(outgoing_sites=60, prose_words=480))) is Status.APPROVED
    assert why_held(subject(page(outgoing_sites=60, prose_words=479))) == "The page links to 60 other sites."
    assert status(subject(page(outgoing_sites=81, prose_words=2_000))) is Status.PENDING


@pytest.mark.parametrize(
    ("past", "reason"),
    [
        (SiteHistory(spam=1), "Linkbacks from this site were turned away here before."),
        (SiteHistory(rejected=1), "Linkbacks from this site were turned away here before."),
        (SiteHistory(undone=1), "Linkbacks from this site were turned away here before."),
        (SiteHistory(from_address_spam=1), "Spam has come from the sender's address before."),
        (SiteHistory(same_text_recently=1), "The same text has come with other linkbacks of late."),
        (SiteHistory(site_recently=9), "This site is sending many linkbacks at once."),
    ],
)
def test_a_past_that_speaks_against_the_site_holds(past: SiteHistory, reason: str) -> None:
    assert why_held(subject(page(), history=past)) == reason


@pytest.mark.parametrize(
    ("name", "contribution", "expected"),
    [
        ("link.rel", 0.2, Status.APPROVED),
        ("link.rel", 0.5, Status.PENDING),
        ("source.trades", 0.5, Status.PENDING),
        ("copy.text", 0.5, Status.PENDING),
        ("text.name", 0.8, Status.APPROVED),
        ("text.name", 1.2, Status.PENDING),
        ("learned.words", 1.2, Status.PENDING),
        ("source.voice", -3.0, Status.APPROVED),
    ],
)
def test_one_check_against_it_holds_whatever_the_sum(
    name: str, contribution: float, expected: Status
) -> None:
    assert status(subject(page()), against(name, contribution)) is expected


def test_what_speaks_against_it_is_the_reason() -> None:
    assert why_held(subject(page()), against("source.trades", 0.5)) == "It sells."


def test_a_score_above_the_threshold_holds_with_the_score_s_own_reason() -> None:
    doubtful = Score(0.4, reason="The link stands alone.")
    assert why_held(subject(page()), doubtful) == "The link stands alone."


def test_what_is_held_for_its_score_is_told_what_speaks_against_it() -> None:
    doubtful = replace(against("source.trades", 0.2), value=0.4)
    assert why_held(subject(page()), doubtful) == "It sells."


def test_clear_ham_turned_off_holds_everybody() -> None:
    assert decide(subject(page()), CLEAN, Thresholds(ham=None)).status is Status.PENDING


def test_an_unasked_service_holds_a_stranger_and_a_known_site() -> None:
    waiting = replace(CLEAN, ask_again="akismet")
    assert why_held(subject(page()), waiting) == "akismet could not be asked."
    assert (
        why_held(subject(page(), history=SiteHistory(approved=2)), waiting) == "akismet could not be asked."
    )


LIKE = page(
    response=Response.LIKE,
    entry=True,
    author="Tove",
    prose_words=0,
    page_words=3,
    excerpt="",
    outgoing_sites=1,
)


@pytest.mark.parametrize("response", [Response.LIKE, Response.REPOST, Response.BOOKMARK])
def test_a_signed_response_needs_no_words(response: Response) -> None:
    verdict = decide(subject(replace(LIKE, response=response)), CLEAN)
    assert verdict.status is Status.APPROVED
    assert verdict.reason == f"A marked-up {response} by Tove at a public address; nothing speaks against it."


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"author": ""}, "It is marked up as a response, but nobody's name is given."),
        ({"entry": False}, "It is a response, but not in a marked-up entry of its own."),
        ({"response": Response.REPLY}, "A reply without words."),
        ({"outgoing_sites": 30}, "A response, but its page links to 30 other sites."),
        ({"address": "127.0.0.1"}, "The page is not at a public address."),
    ],
)
def test_a_response_that_lacks_something_is_held(changes: dict[str, Any], reason: str) -> None:
    assert why_held(subject(replace(LIKE, **changes))) == reason


def test_a_reply_with_words_is_published() -> None:
    assert (
        status(subject(replace(LIKE, response=Response.REPLY, excerpt="I did the same"))) is Status.APPROVED
    )


NOTE = page(entry=True, author="Kit", prose_words=11, page_words=14, outgoing_sites=1)


def test_a_signed_note_may_be_short() -> None:
    assert decide(subject(NOTE), CLEAN).reason == (
        "A marked-up note by Kit at a public address; nothing speaks against it."
    )
    assert status(subject(replace(NOTE, author=""))) is Status.PENDING
    assert status(subject(replace(NOTE, outgoing_sites=9))) is Status.PENDING
    assert status(subject(replace(NOTE, sentence=Sentence("", "it", ""), block_words=1))) is Status.PENDING
