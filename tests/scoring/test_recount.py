"""A score made again from kept opinions is the score that the checks would give."""

from dataclasses import replace

import pytest

from blog_linkbacks.scoring import CHECKS, score
from blog_linkbacks.scoring.recount import PROVING, recount
from blog_linkbacks.vocabulary import CheckState, Evidence, Opinion, Placement, Response, Score, SiteHistory
from tests.scoring.cast import honest, subject

SEEN = (
    honest(),
    honest(placement=Placement.HIDDEN, hidden_by="display none"),
    honest(placement=Placement.HIDDEN, hidden_by="display none", response=Response.LIKE),
    honest(placement=Placement.SIDEBAR, rel=("sponsored",), outgoing_links=300, outgoing_sites=200),
    honest(seen_by_reader=False),
    honest(title="Buy cheap viagra online casino", text="Buy cheap viagra online casino pills now. " * 30),
)
SETTINGS: tuple[dict[str, float], ...] = (
    {},
    {"link.hidden": 0.0, "link.placement": 8.0},
    {check.name: 8.0 for check in CHECKS},
)


def same(one: Score, other: Score) -> bool:
    return (one.value, one.reason, one.proof) == (other.value, other.reason, other.proof)


@pytest.mark.parametrize("weights", SETTINGS)
@pytest.mark.parametrize("seen", SEEN)
def test_kept_opinions_under_other_weights_score_as_the_checks_do(
    seen: Evidence, weights: dict[str, float]
) -> None:
    judged = subject(seen, history=SiteHistory(spam=2, site_recently=12))
    kept = score(judged).opinions
    assert same(recount(judged, kept, weights=weights), score(judged, weights=weights))


@pytest.mark.parametrize("state", CheckState)
@pytest.mark.parametrize("name", ["link.placement", "link.hidden", "link.rel"])
@pytest.mark.parametrize("seen", SEEN)
def test_and_under_other_states(seen: Evidence, name: str, state: CheckState) -> None:
    judged, states = subject(seen), {name: state}
    assert same(recount(judged, score(judged).opinions, states), score(judged, states=states))


@pytest.mark.parametrize("seen", SEEN)
def test_only_the_checks_named_as_proving_prove(seen: Evidence) -> None:
    assert score(subject(seen)).proof in {"", *PROVING}


def test_the_whole_score_keeps_the_silent_ones() -> None:
    judged = subject()
    assert recount(judged, score(judged).opinions, whole=True) == score(judged)


def test_a_check_that_was_off_is_heard_now() -> None:
    judged = subject()
    kept = score(judged, states={"link.placement": CheckState.OFF}).opinions
    assert "link.placement" not in {opinion.name for opinion in kept}
    assert same(recount(judged, kept), score(judged))


def test_a_word_of_an_older_version_is_not_repeated() -> None:
    judged = subject()
    kept = [
        replace(o, version=0, strength=1.0) if o.name == "link.rel" else o for o in score(judged).opinions
    ]
    assert same(recount(judged, kept), score(judged))


def test_what_is_kept_of_a_check_that_is_no_more_does_not_count() -> None:
    judged = subject()
    gone = Opinion("link.colour", 1, "link", 4.0, 1.0, "The link is red.")
    assert same(recount(judged, [*score(judged).opinions, gone]), score(judged))


def test_an_unanswered_question_to_akismet_is_still_open() -> None:
    judged = subject()
    silent = Opinion("akismet", 1, "akismet", 6.0, None, "Akismet could not be asked.")
    kept = [silent if o.name == "akismet" else o for o in score(judged).opinions]
    assert recount(judged, kept, unanswered=True).ask_again == "akismet"
    assert recount(judged, kept).ask_again == ""
