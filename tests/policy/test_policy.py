"""The order of the rules, one test a rule, and what each says."""

from dataclasses import replace

import pytest

from blog_linkbacks.policy import RULES, Thresholds, decide
from blog_linkbacks.vocabulary import Evidence, Opinion, Outcome, Score, SiteHistory, Status, Subject
from tests.scoring.cast import honest, subject

DEFAULT = Thresholds()
CLEAN = Score(0.02, reason="The link stands inside the article.")
DOUBT = Score(0.6, reason="The link stands alone.")
SPAM = Score(0.97, reason="The page's title sells: viagra.")
PROVED = Score(0.98, reason="Hidden from readers (display: none).", proof="link.hidden")


def known(**past: int | str) -> Subject:
    return subject(honest(address="93.184.216.34"), history=SiteHistory(**past))  # type: ignore[arg-type]


def said(one: Subject, score: Score, thresholds: Thresholds = DEFAULT) -> tuple[Status, str]:
    verdict = decide(one, score, thresholds)
    assert verdict.reason.endswith(".")
    return verdict.status, verdict.rule


def test_the_rules_stand_in_this_order() -> None:
    names = [rule.__name__ for rule in RULES]
    assert names == ["unverified", "internal", "blocked", "trusted", "clear_spam", "clear_ham", "hold"]


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.LINKED])
def test_nothing_is_decided_before_the_link_is_verified(outcome: Outcome) -> None:
    bare = replace(known(rule="trust"), evidence=Evidence(outcome), internal=True)
    assert said(bare, PROVED) == (Status.UNVERIFIED, "unverified")


def test_the_reason_of_an_unverified_one_is_what_verification_saw() -> None:
    missing = subject(Evidence(Outcome.NOT_FOUND, detail="The page answered 404."))
    assert decide(missing, CLEAN).reason == "The page answered 404."


def test_our_own_posts_come_before_any_rule_about_sites() -> None:
    own = replace(known(rule="block"), internal=True)
    assert said(own, PROVED) == (Status.APPROVED, "internal")


def test_a_blocked_site_is_spam_however_clean() -> None:
    assert said(known(rule="block", approved=9), CLEAN) == (Status.SPAM, "blocked")


def test_a_trusted_site_is_approved_whatever_the_score() -> None:
    assert said(known(rule="trust"), PROVED) == (Status.APPROVED, "trusted")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.95, (Status.SPAM, "clear_spam")),
        (0.999, (Status.SPAM, "clear_spam")),
        (0.9499, (Status.PENDING, "hold")),
    ],
)
def test_clear_spam_begins_at_the_threshold(value: float, expected: tuple[Status, str]) -> None:
    assert said(subject(), Score(value, reason="Because.")) == expected


def test_the_threshold_may_be_moved() -> None:
    assert said(subject(), DOUBT, Thresholds(spam=0.5)) == (Status.SPAM, "clear_spam")
    assert said(subject(), SPAM, Thresholds(spam=0.99)) == (Status.PENDING, "hold")


def test_a_proof_is_enough_whatever_the_threshold() -> None:
    assert said(subject(), PROVED, Thresholds(spam=1.0)) == (Status.SPAM, "clear_spam")
    assert decide(subject(), PROVED).reason == PROVED.reason


def test_a_known_site_is_approved_when_clean_unless_clear_ham_is_turned_off() -> None:
    assert said(known(approved=3), CLEAN) == (Status.APPROVED, "clear_ham")
    assert said(known(approved=3), CLEAN, Thresholds(ham=None)) == (Status.PENDING, "hold")
    assert decide(known(approved=3), CLEAN).reason.endswith(
        "A site approved before, with nothing against it."
    )


def test_a_known_site_that_readers_cannot_reach_is_held() -> None:
    at_home = subject(honest(address="127.0.0.1"), history=SiteHistory(approved=3))
    assert said(at_home, CLEAN) == (Status.PENDING, "hold")


@pytest.mark.parametrize("past", [{"approved": 3, "spam": 1}, {"approved": 3, "rejected": 1}])
def test_clear_ham_wants_a_spotless_past(past: dict[str, int]) -> None:
    assert said(known(**past), CLEAN, Thresholds(ham=0.5)) == (Status.PENDING, "hold")


def test_clear_ham_wants_a_low_score_and_every_answer() -> None:
    on = Thresholds(ham=0.05)
    assert said(known(approved=3), DOUBT, on) == (Status.PENDING, "hold")
    assert said(known(approved=3), replace(CLEAN, ask_again="akismet"), on) == (Status.PENDING, "hold")


def test_holding_says_the_most_telling_reason() -> None:
    assert decide(subject(), DOUBT).reason == DOUBT.reason


def test_holding_for_an_unasked_service_says_so() -> None:
    silent = Opinion("akismet", 1, "akismet", 6.0, None, "Akismet could not be asked: no answer in 5 s.")
    waiting = Score(0.3, (silent,), "The link stands alone.", ask_again="akismet")
    assert decide(subject(), waiting).reason == silent.detail
