"""The score as a whole: it adds up, it is capped, it says why, it stands anything."""

import time
from collections.abc import Iterable
from dataclasses import replace
from math import isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog_linkbacks.scoring import CHECKS, explain, score
from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.scoring.total import GROUP_CAPS, LACKING, PLAIN, PROOF_TOTAL, SPOKEN_OF, TOTAL_CAP, total
from blog_linkbacks.vocabulary import (
    CheckState,
    Evidence,
    Opinion,
    Outcome,
    Placement,
    Score,
    Sentence,
    SiteHistory,
    Subject,
)
from tests.scoring.cast import honest, subject

views = st.builds(
    View,
    strength=st.none() | st.floats(-1, 1, allow_nan=False),
    detail=st.just("A sentence."),
    proof=st.booleans(),
    ask_again=st.booleans(),
)
checks = st.lists(
    st.tuples(st.sampled_from([*GROUP_CAPS, "else"]), st.floats(0, 50), st.sampled_from(CheckState), views),
    max_size=12,
)


def made(parts: Iterable[tuple[str, float, CheckState, View]]) -> list[Check]:
    return [
        Check(f"c{n}", group, weight, lambda _s, view=view: view, state=state)  # type: ignore[misc]
        for n, (group, weight, state, view) in enumerate(parts)
    ]


def adds_up(found: Score) -> bool:
    together = sum(opinion.contribution for opinion in found.opinions)
    return isclose(log(found.value / (1 - found.value)), together, rel_tol=1e-9, abs_tol=1e-9)


def heard(**strengths: float) -> Score:
    """Checks named `group__name`, each with its strength at weight 4."""
    named = {name.replace("__", "."): strength for name, strength in strengths.items()}
    asked = [
        Check(name, name.partition(".")[0], 4.0, lambda _s, strength=strength: says(strength, "It is so."))  # type: ignore[misc]
        for name, strength in named.items()
    ]
    return total(subject(), asked, {}, {})


def contribution(found: Score, name: str) -> float:
    return next(o.contribution for o in found.opinions if o.name == name)


def test_what_a_page_lacks_makes_no_spam_of_it() -> None:
    bare = heard(source__standing=1.0, source__thin=1.0, link__context=1.0, text__claim_matches=1.0)
    assert sum(o.contribution for o in bare.opinions[1:]) == pytest.approx(LACKING)
    assert bare.value < 0.7


def test_what_a_page_speaks_of_is_proof_only_where_its_links_lead_there() -> None:
    spoken = {"source__title": 1.0, "source__body": 1.0, "text__trades": 1.0}
    assert sum(o.contribution for o in heard(**spoken).opinions[1:]) == pytest.approx(SPOKEN_OF)
    assert heard(**spoken).value < 0.95
    assert heard(**spoken, source__anchors=0.2).value > 0.99


def test_what_anybody_can_arrange_says_less_the_more_speaks_for_spam() -> None:
    honest_signs = {"link__placement": -0.5, "source__voice": -0.5, "history__site": -0.5}
    found = heard(**honest_signs, copy__text=1.5, text__filler=0.75)
    share = PLAIN / (4.0 + 3.0)
    assert contribution(found, "link.placement") == pytest.approx(-2.0 * share)
    assert contribution(found, "source.voice") == pytest.approx(-2.0 * share)
    assert contribution(found, "history.site") == -2.0
    assert adds_up(found)
    assert contribution(heard(**honest_signs, copy__text=0.5), "link.placement") == -2.0


@given(checks)
def test_the_opinions_always_add_up_to_the_score(parts: list[tuple[str, float, CheckState, View]]) -> None:
    found = total(subject(), made(parts), {}, {})
    assert adds_up(found)
    assert 0 < found.value < 1
    assert found.opinions[0].name == "prior"


@given(checks)
def test_a_proof_is_never_averaged_away(parts: list[tuple[str, float, CheckState, View]]) -> None:
    found = total(subject(), made(parts), {}, {})
    if found.proof:
        assert found.value >= 0.98
        assert found.reason == next(o.detail for o in found.opinions if o.name == found.proof)


@given(checks)
def test_no_group_and_no_sum_goes_past_its_cap(parts: list[tuple[str, float, CheckState, View]]) -> None:
    found = total(subject(), made(parts), {}, {})
    if not found.proof:
        for group, cap in GROUP_CAPS.items():
            assert abs(sum(o.contribution for o in found.opinions if o.group == group)) <= cap + 1e-9
    assert abs(sum(o.contribution for o in found.opinions[1:])) <= max(TOTAL_CAP, PROOF_TOTAL) + 1e-9


words = st.text(max_size=80)


pages = st.builds(
    Evidence,
    outcome=st.sampled_from(Outcome),
    title=words,
    text=words,
    anchor=words,
    anchors=st.lists(words, max_size=5).map(tuple),
    sites=st.lists(words, max_size=5).map(tuple),
    placement=st.sampled_from(Placement),
    outgoing_links=st.integers(0, 10**6),
    outgoing_sites=st.integers(0, 10**6),
    page_words=st.integers(0, 10**6),
)


@given(pages, words, words)
def test_any_evidence_can_be_scored(seen: Evidence, said: str, title: str) -> None:
    found = score(subject(seen, title=title, excerpt=said, author=said))
    assert adds_up(found)
    assert not any("failed" in opinion.detail for opinion in found.opinions)


def test_the_same_subject_gets_the_same_score() -> None:
    assert score(subject()) == score(subject())


def test_an_honest_citation_is_clean_and_says_why() -> None:
    found = score(subject())
    assert found.value < 0.1
    assert found.reason == "The link stands inside the article."


def test_a_hidden_link_is_proof_on_the_best_of_pages_from_a_known_site() -> None:
    hidden = honest(placement=Placement.HIDDEN, hidden_by="font-size: 0")
    found = score(subject(hidden, history=SiteHistory(approved=30)))
    assert found.proof == "link.hidden"
    assert found.value >= 0.98
    assert found.reason == "Hidden from readers (font-size: 0)."


def test_a_shop_page_is_clear_spam() -> None:
    shop = honest(
        title="Cheap replica Rolex, buy online",
        final_url="https://replica-watches.example/buy",
        anchors=("replica watches", "cheap handbags", "casino"),
        sentence=Sentence("", "link", ""),
        anchor="link",
        placement=Placement.PAGE,
        text="Replica Rolex at low prices. Free shipping. Order now. Save up to 80%. Casino bonus.",
    )
    assert score(subject(shop)).value > 0.95


def broken(_subject: Subject) -> View:
    raise KeyError("secret")


def test_a_check_that_raises_abstains_with_a_reason() -> None:
    found = total(subject(), [Check("bad", "link", 3.0, broken)], {}, {})
    bad = found.opinions[1]
    assert bad.strength is None
    assert bad.detail == "This check failed (KeyError) and does not count."
    assert len(found.opinions) == 2


def test_a_check_on_trial_speaks_but_does_not_count() -> None:
    on = score(subject())
    trial = score(subject(), states={"link.placement": CheckState.SHADOW})
    spoken = next(o for o in trial.opinions if o.name == "link.placement")
    assert spoken.strength == -0.6
    assert spoken.contribution == 0
    assert trial.value > on.value


def test_a_check_that_is_off_is_not_asked() -> None:
    found = score(subject(), states={"link.placement": CheckState.OFF})
    assert "link.placement" not in {o.name for o in found.opinions}


def test_a_proof_on_trial_proves_nothing() -> None:
    hidden = honest(placement=Placement.HIDDEN, hidden_by="display: none")
    assert score(subject(hidden), states={"link.hidden": CheckState.SHADOW}).proof == ""


def test_weights_may_be_set_and_nonsense_is_ignored() -> None:
    plain, heavy = score(subject()), score(subject(), weights={"link.placement": 3.0})
    assert heavy.value < plain.value
    assert score(subject(), weights={"link.placement": float("nan")}) == plain
    assert score(subject(), weights={"link.placement": -4.0}) == plain


def test_without_a_key_akismet_says_that_it_is_not_configured() -> None:
    opinion = score(subject()).opinions[-1]
    assert (opinion.name, opinion.strength, opinion.detail) == ("akismet", None, "Akismet is not configured.")
    assert score(subject()).ask_again == ""


def test_names_are_distinct_and_every_check_has_a_known_group() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert {check.group for check in CHECKS} <= set(GROUP_CAPS)
    assert all(check.name.split(".")[0] == check.group for check in CHECKS)


def test_every_detail_is_a_sentence() -> None:
    for evidence in (honest(), Evidence(Outcome.NO_LINK), honest(placement=Placement.HIDDEN)):
        for opinion in score(subject(evidence, title="Buy", excerpt="Order now", author="x")).opinions:
            assert opinion.detail[0].isupper() or opinion.detail[0].isdigit()
            assert opinion.detail.endswith(".")


def test_the_explanation_prints_the_sum() -> None:
    found = score(subject(), states={"link.rel": CheckState.SHADOW})
    printed = explain(found)
    assert printed.startswith(f"Score {found.value:.2f}: ")
    assert "The link stands inside the article." in printed
    assert "Akismet is not configured." in printed
    assert f"{sum(o.contribution for o in found.opinions):+.2f}" in printed


def test_stored_opinions_explain_as_the_score_does() -> None:
    found = score(subject())
    assert explain(found.opinions) == explain(found)


def test_opinions_on_trial_are_listed_apart() -> None:
    trial = Opinion("x", 1, "link", 2.0, 0.5, "On trial this one is.", CheckState.SHADOW)
    assert "On trial, not counted:\n  On trial this one is." in explain([trial])


def test_an_endless_hostile_text_is_scored_in_a_moment() -> None:
    nasty = (
        "no " + "a-" * 60_000 + "buy " * 30_000 + "your " * 30_000 + "the post " * 20_000 + "domain " * 30_000
    )
    seen = honest(text=nasty, anchor=nasty, sentence=Sentence(nasty, nasty, nasty), title=nasty)
    start = time.monotonic()
    score(subject(seen, title=nasty, excerpt=nasty, author=nasty))
    assert time.monotonic() - start < 5


def test_sentences_count_in_plain_words() -> None:
    assert counted(1, "link") == "1 link"
    assert counted(1200, "link") == "1,200 links"
    assert counted(2, "entry", "entries") == "2 entries"


def test_a_strength_is_held_to_its_range() -> None:
    assert says(7, "x").strength == 1
    assert says(-7, "x").strength == -1
    assert abstains("x").strength is None


def test_an_internal_subject_scores_like_any_other() -> None:
    assert score(replace(subject(), internal=True)).value == score(subject()).value


def test_the_numbers_stand_in_one_column_however_long_the_sentence() -> None:
    long = Opinion("x", 1, "text", 1.0, 1.0, "A sentence that says a lot of things about the page. " * 4)
    lines = explain([long, replace(long, detail="Short.")]).splitlines()
    numbers = [line for line in lines if line.endswith(("+1.00", "+2.00"))]
    assert len(numbers) == 3
    assert {len(line) for line in numbers} == {85}
    assert max(map(len, lines)) == 85
