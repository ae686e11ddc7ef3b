"""The truth table of every check on what this blog has seen before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from blog_linkbacks.scoring.checks import history
from blog_linkbacks.vocabulary import SiteHistory
from tests.scoring.cast import subject


@pytest.mark.parametrize(
    ("past", "strength", "detail"),
    [
        (SiteHistory(), 0.0, "First time this site links here."),
        (SiteHistory(waiting=2), 0.0, "This site is new here."),
        (SiteHistory(approved=4), -0.8, "From this site so far: 4 approved."),
        (SiteHistory(spam=4), 0.8, "From this site so far: 4 spam."),
        (SiteHistory(rejected=1), 0.25, "From this site so far: 1 rejected."),
        (SiteHistory(approved=2, spam=2), 0.0, "From this site so far: 2 approved, 2 spam."),
        (SiteHistory(spam=1, undone=2), 0.25, "From this site so far: 1 spam, 2 taken back."),
    ],
)
def test_the_site_so_far(past: SiteHistory, strength: float, detail: str) -> None:
    view = history.site(subject(history=past))
    assert (view.strength, view.detail) == (strength, detail)


@pytest.mark.parametrize(
    ("bad", "good", "strength"), [(0, 0, None), (1, 0, 0.5), (9, 0, 0.9), (0, 1, -0.5), (1, 1, 0.0)]
)
def test_the_sender_s_address_so_far(bad: int, good: int, strength: float | None) -> None:
    past = SiteHistory(from_address_spam=bad, from_address_approved=good)
    assert history.address(subject(history=past)).strength == strength


def test_the_same_text_again_and_again() -> None:
    found = [
        history.same_text(subject(history=SiteHistory(same_text_recently=n))).strength for n in (0, 1, 3, 50)
    ]
    assert found[0] is None
    assert found[3] == 1.0
    assert found[1] is not None
    assert found[2] is not None
    assert found[1] < found[2] < 1.0


def test_a_burst_from_an_unknown_site_counts_and_an_old_friend_s_does_not() -> None:
    assert history.burst(subject(history=SiteHistory(site_recently=3))).strength is None
    assert history.burst(subject(history=SiteHistory(site_recently=20))).strength == 0.5
    assert history.burst(subject(history=SiteHistory(site_recently=20, approved=3))).strength is None


NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "approved", "recently", "strength"),
    [(400, 3, 1, -0.8), (5000, 3, 1, -1.0), (10, 3, 1, None), (400, 0, 1, None), (400, 3, 9, None)],
)
def test_a_site_that_has_linked_here_for_long_at_a_steady_pace(
    days: int, approved: int, recently: int, strength: float | None
) -> None:
    past = SiteHistory(approved=approved, site_recently=recently, first_seen=NOW - timedelta(days=days))
    assert history.age(replace(subject(history=past), received_at=NOW)).strength == strength


def test_without_dates_nothing_is_said_about_age() -> None:
    assert history.age(subject()).strength is None
