"""The run again under other conditions: without a check, taught on other families, after so many decisions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blog_linkbacks import scoring
from blog_linkbacks.evaluation.hearing import LEARNED, Heard, hear
from blog_linkbacks.evaluation.lessons import replay, taught_elsewhere
from blog_linkbacks.evaluation.summary import Wishes, summarise
from blog_linkbacks.evaluation.withoutone import leave_one_out
from blog_linkbacks.scoring.learned import Learner, features
from blog_linkbacks.vocabulary import CheckState
from tests.evaluation.cases import judged

LESSONS = 40


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    return hear(judged())


@pytest.mark.parametrize("check", [check.name for check in scoring.CHECKS])
def test_a_check_left_out_is_a_check_switched_off(heard: list[Heard], check: str) -> None:
    for one in heard:
        if one.checks:
            off = scoring.score(one.judged.subject, states={check: CheckState.OFF})
            assert one.without(check).score == off


def test_what_was_learned_counts_as_in_a_score_of_the_product(heard: list[Heard]) -> None:
    learner = Learner()
    for place, one in enumerate(heard[:LESSONS]):
        found = features(one.judged.subject)
        for lesson in range(LESSONS):
            learner.learn((*found, f"word: {place} {lesson}"), "spam" if one.judged.case.spam else "ham")
    for one in heard:
        if one.checks:
            memory = learner.memory(features(one.judged.subject))
            expected = scoring.score(replace(one.judged.subject, memory=memory))
            assert one.remembering(memory).score == expected
            assert any(o.group == LEARNED and o.contribution for o in expected.opinions)


def test_only_checks_that_spoke_have_a_row(heard: list[Heard]) -> None:
    names = {row.name for row in leave_one_out(heard)}
    assert "link.hidden" in names
    assert "history.site" not in names
    assert all(row.for_spam + row.for_ham for row in leave_one_out(heard))


def test_a_family_left_out_teaches_nothing_of_itself(heard: list[Heard]) -> None:
    results = taught_elsewhere(heard)
    assert [one.case.id for one in results] == [one.case.id for one in judged()]
    lessons = {one.judged.case.id: one.judged.case.family for one in heard if one.judged.score}
    for one in results:
        if one.score:
            others = sum(family != one.case.family for family in lessons.values())
            assert one.subject.memory.ham + one.subject.memory.spam <= others


def test_decisions_are_learned_and_unlearned(heard: list[Heard]) -> None:
    after = replay(heard, 8)
    assert (after.lessons, after.ham, after.spam, after.rest) == (8, 7, 1, 7)
    assert after.features > 0
    assert after.undone


def test_more_decisions_than_there_are(heard: list[Heard]) -> None:
    after = replay(heard, 500)
    assert (after.lessons, after.rest, after.without.auc_verified) == (10, 5, None)


def test_decisions_come_in_the_order_of_arrival(heard: list[Heard]) -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    dated = [
        replace(
            one, judged=replace(one.judged, case=replace(one.judged.case, received=day - timedelta(place)))
        )
        for place, one in enumerate(heard)
    ]
    assert (replay(dated, 3).ham, replay(dated, 3).spam) == (0, 3)
    assert (replay(heard, 3).ham, replay(heard, 3).spam) == (3, 0)


def test_every_family_left_out_once() -> None:
    elsewhere = summarise(judged(), Wishes(by_family=True)).elsewhere
    assert elsewhere is not None
    assert len(elsewhere.families) == len({one.case.family for one in judged()})
    assert elsewhere.learned.cases == len(judged())
    assert elsewhere.fitted.auc is not None


def test_one_label_alone_is_measured_too() -> None:
    ham = [one for one in judged() if not one.case.spam]
    summary = summarise(ham, Wishes(leave_one_out=True, by_family=True, replays=(2,)))
    assert summary.figures.auc is None
    assert summary.elsewhere is not None
