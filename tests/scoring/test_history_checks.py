"""The truth table of every check on what this blog has seen before."""

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
