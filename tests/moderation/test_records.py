"""Each check's record against people's decisions."""

import pytest
from flask import Flask

from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback, Signal
from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.records import Record, records
from tests.moderation.people import user
from tests.moderation.world import keep


def case(app: Flask, number: int, action: str, *said: tuple[str, int, float | None, str]) -> int:
    """A decided row with these signals: name, version, strength, state."""
    linkback_id = keep(app, f"http://site{number}.example/{number}")
    with app.app_context():
        with writing() as session:
            linkback = session.get_one(Linkback, linkback_id)
            linkback.signals = [
                Signal(
                    name=n, version=v, group="link", weight=1.0, strength=s, state=state, detail="It says so."
                )
                for n, v, s, state in said
            ]
        decisions.act(linkback_id, ACTIONS[action], user("mo"))
    return linkback_id


def record(app: Flask, name: str) -> Record:
    with app.app_context():
        return records().of(name)


def test_spam_and_rejected_are_one_side_and_approved_the_other(app: Flask) -> None:
    for number, (action, strength) in enumerate(
        [("spam", 0.5), ("reject", 0.5), ("approve", 0.5), ("approve", -0.5), ("spam", -0.5), ("spam", None)]
    ):
        case(app, number, action, ("link.rel", 1, strength, "on"))
    found = record(app, "link.rel")
    assert (found.spam_right, found.spam_wrong, found.honest_right, found.honest_wrong) == (2, 1, 1, 1)
    assert (found.heard, found.fired, found.agreed, found.disagreed, found.abstained) == (6, 5, 3, 2, 1)
    assert found.precision == pytest.approx(0.6)


def test_a_check_on_trial_keeps_its_record_too(app: Flask) -> None:
    case(app, 1, "spam", ("link.rel", 1, 0.8, "shadow"))
    assert record(app, "link.rel").agreed == 1


def test_a_word_that_takes_no_side_is_none(app: Flask) -> None:
    case(app, 1, "spam", ("link.rel", 1, 0.04, "on"))
    assert (record(app, "link.rel").fired, record(app, "link.rel").abstained) == (0, 1)


def test_the_record_of_an_older_version_is_not_this_ones(app: Flask) -> None:
    case(app, 1, "spam", ("link.rel", 0, 0.8, "on"))
    assert record(app, "link.rel") == Record()


def test_what_was_taken_back_does_not_count(app: Flask) -> None:
    linkback_id = case(app, 1, "spam", ("link.rel", 1, 0.8, "on"))
    with app.app_context():
        standing = decisions.standing_decision(linkback_id)
        assert standing is not None
        decisions.undo(standing.id, user("mo"))
        assert records().decisions == 0
        db.session.rollback()
    assert record(app, "link.rel").precision is None


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (Record(20, spam_right=3, spam_wrong=8, expected=5.5), True),
        (Record(20, spam_right=3, spam_wrong=6, expected=5.5), False),  # too few to tell
        (Record(20, spam_right=8, spam_wrong=3, expected=5.5), False),
        (
            Record(90, honest_right=30, honest_wrong=60, expected=30.0),
            False,
        ),  # no worse than chance on spammy blogs
    ],
)
def test_mostly_wrong_is_wrong_more_often_than_right_and_than_chance(found: Record, wrong: bool) -> None:
    assert found.mostly_wrong is wrong


def test_mostly_right_is_right_nine_times_of_ten() -> None:
    assert Record(20, spam_right=11, spam_wrong=1, expected=6.0).mostly_right
    assert not Record(20, spam_right=8, spam_wrong=2, expected=5.0).mostly_right
    assert not Record(20, honest_right=12, expected=12.0).mostly_right
