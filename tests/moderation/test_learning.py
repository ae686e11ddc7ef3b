"""Decisions teach and undoing unteaches, exactly: lessons and their counts in the database."""

from collections.abc import Iterable

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import decisions, learning
from blog_linkbacks.moderation.actions import APPROVE, REJECT, SPAM
from blog_linkbacks.moderation.learned_counts import LearnedFeature
from blog_linkbacks.moderation.learning import (
    Lesson,
    Size,
    follow,
    recall,
    reset,
    size,
    telling,
)
from blog_linkbacks.scoring.learned import Label, Learner
from blog_linkbacks.vocabulary import Memory, Status
from tests.moderation.world import keep
from tests.support.statements import counting

NAMES = [f"word: w{n}" for n in range(10)]
# The third and fourth share their wording, the last two are the same throughout.
LESSONS = (
    ("place: footer", "word: w0", "word: w1"),
    ("word: w1", "word: w2"),
    ("host ends: .top", *NAMES[:7]),
    ("host ends: .xyz", *NAMES[:7]),
    ("word: w9",),
    ("word: w9",),
)
EVERY = sorted({feature for lesson in LESSONS for feature in lesson})


def kept(app: Flask, lessons: Iterable[Iterable[str]] = LESSONS) -> list[int]:
    """Linkbacks that wait, with features as a check has left them; their ids."""
    return [
        keep(app, f"https://page{n}.example/", features="\n".join(lesson)) for n, lesson in enumerate(lessons)
    ]


def teach(stances: dict[int, Label | None]) -> None:
    with writing() as session:
        follow(session, stances)


def learner(stances: dict[int, Label | None], ids: list[int]) -> Learner:
    """The same decisions, learned from scratch in memory."""
    made = Learner()
    for linkback_id, label in stances.items():
        if label:
            made.learn(LESSONS[ids.index(linkback_id)], label)
    return made


def consistent() -> None:
    """The numbers that are kept say what the tables hold, and no count is negative or empty."""
    rows = db.session.execute(select(LearnedFeature.feature, LearnedFeature.ham, LearnedFeature.spam)).all()
    assert size().features == len([r for r in rows if r.feature])
    assert size().lessons == len(db.session.scalars(select(Lesson.id)).all())
    assert all(r.ham >= 0 and r.spam >= 0 and r.ham + r.spam > 0 for r in rows)


def test_any_sequence_of_decisions_leaves_what_the_standing_ones_teach(app: Flask) -> None:
    ids = kept(app)
    stance: st.SearchStrategy[Label | None] = st.sampled_from(("ham", "spam", None))
    calls = st.lists(st.dictionaries(st.sampled_from(ids), stance, min_size=1), max_size=12)

    @settings(max_examples=60)
    @given(calls)
    def holds(sequence: list[dict[int, Label | None]]) -> None:
        reset()
        standing: dict[int, Label | None] = {}
        for stances in sequence:
            teach(stances)
            standing |= stances
        assert recall(EVERY) == learner(standing, ids).memory(EVERY)
        consistent()

    with app.app_context():
        holds()


def mo() -> User:
    user = find_user("mo")
    assert user is not None
    return user


def test_a_person_s_decision_teaches_and_its_undo_takes_it_back(app: Flask) -> None:
    ids = kept(app)
    with app.app_context():
        decisions.act(ids[1], APPROVE, mo())
        before = recall(EVERY)
        marked = decisions.act(ids[0], SPAM, mo())
        assert recall(EVERY) == Memory(
            1, 1, {"place: footer": (0, 1), "word: w0": (0, 1), "word: w1": (1, 1), "word: w2": (1, 0)}
        )
        decisions.undo(marked.id, mo())
        assert recall(EVERY) == before


def test_rejecting_and_what_a_rule_decides_teach_nothing(app: Flask) -> None:
    ids = kept(app)
    keep(app, "https://spam.example/", status=Status.SPAM, features="word: w1")
    with app.app_context():
        decisions.act(ids[0], REJECT, mo())
        assert size() == Size(0, 0, 0, 0)


def test_a_change_of_mind_moves_the_lesson(app: Flask) -> None:
    ids = kept(app)
    with app.app_context():
        teach({ids[0]: "ham"})
        teach({ids[0]: "spam"})
        assert recall(["word: w0"]) == Memory(0, 1, {"word: w0": (0, 1)})
        assert size() == Size(0, 1, 1, 3)


def test_what_was_learned_is_unlearned_though_the_linkback_reads_otherwise_now(app: Flask) -> None:
    ids = kept(app)
    with app.app_context():
        teach({ids[0]: "spam"})
        with writing() as session:
            session.get_one(Linkback, ids[0]).features = "word: other"
        teach({ids[0]: None})
        assert size() == Size(0, 0, 0, 0)
        consistent()


def test_a_linkback_that_was_never_read_teaches_nothing(app: Flask) -> None:
    unread = keep(app, "https://unread.example/")
    with app.app_context():
        teach({unread: "spam", 999_999: "ham"})
        assert size() == Size(0, 0, 0, 0)


def test_unlearning_after_a_reset_is_harmless(app: Flask) -> None:
    ids = kept(app)
    with app.app_context():
        teach(dict.fromkeys(ids, "spam"))
        reset()
        assert (recall(EVERY), size()) == (Memory(), Size(0, 0, 0, 0))
        teach({ids[0]: None, ids[1]: "ham"})
        assert size() == Size(1, 0, 1, 2)
        consistent()


def test_one_campaign_decided_at_once_is_one_lesson(app: Flask) -> None:
    words = [f"word: offer{n}" for n in range(8)]
    ids = kept(app, [(f"host ends: .x{n}", *words) for n in range(220)])
    with app.app_context():
        teach(dict.fromkeys(ids, "spam"))
        assert recall(words[:1]) == Memory(0, 1, {"word: offer0": (0, 1)})
        assert size() == Size(0, 1, 220, 9)
        teach(dict.fromkeys(ids[:219]))
        assert size() == Size(0, 1, 1, 9)
        teach({ids[219]: None})
        assert size() == Size(0, 0, 0, 0)


def test_beyond_the_bound_the_oldest_lessons_of_the_larger_side_go_whole(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MAX_FEATURES", 50)
    monkeypatch.setattr(learning, "FORGET_AT_ONCE", 2)
    ids = kept(app, [(f"word: a{n}", f"word: b{n}", "word: every") for n in range(40)])
    with app.app_context():
        teach(dict.fromkeys(ids[:4], "ham"))
        for linkback_id in ids[4:]:
            teach({linkback_id: "spam"})
            assert size().features <= 50
        assert recall(["word: a0", "word: a4", "word: a39"]).seen == {"word: a0": (1, 0), "word: a39": (0, 1)}
        consistent()
        teach(dict.fromkeys(ids))
        assert size() == Size(0, 0, 0, 0)


def test_the_most_telling_features_come_first(app: Flask) -> None:
    ids = kept(app, [("word: rye",)] * 3 + [("word: casino", f"word: x{n}") for n in range(3)])
    with app.app_context():
        teach(dict.fromkeys(ids[:3], "ham"))
        teach(dict.fromkeys(ids[3:], "spam"))
        first, second = telling(2)
        assert {first.words: (first.ham, first.spam), second.words: (second.ham, second.spam)} == {
            "“rye”": (1, 0),
            "“casino”": (0, 3),
        }
        assert {t.log_odds > 0 for t in telling(2)} == {True, False}
        assert telling(0) == ()


def test_five_hundred_decisions_at_once_are_learned_in_few_statements(app: Flask) -> None:
    ids = kept(app, [[f"word: w{n * 7 % 5000 + k * 13}" for k in range(80)] for n in range(500)])
    with app.app_context():
        with counting(app) as learned:
            teach(dict.fromkeys(ids, "spam"))
        with counting(app) as unlearned:
            teach(dict.fromkeys(ids))
        assert size() == Size(0, 0, 0, 0)
    assert len(learned) < 100
    assert len(unlearned) < 100


def test_a_flood_in_one_wording_does_not_drive_the_other_side_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "MAX_LESSONS", 8)
    monkeypatch.setattr(learning, "FORGET_AT_ONCE", 2)
    ids = kept(app, [(f"word: a{n}",) for n in range(3)] + [("word: casino",)] * 9)
    with app.app_context():
        teach(dict.fromkeys(ids[:3], "ham"))
        teach(dict.fromkeys(ids[3:], "spam"))
        assert size() == Size(3, 1, 8, 4)
        consistent()
