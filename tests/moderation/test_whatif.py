"""What other settings would have decided, from what was kept of each linkback when it came."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import cases, decisions, whatif
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.whatif import Preview, Tally, Terms
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import CheckState
from tests.moderation.people import publicly, user
from tests.moderation.world import arrive
from tests.support.statements import counting
from tests.support.web import Web

OTHERS = {"excerpt": "My beds rest under compost, and the worms do the digging"}


def decide(app: Flask, linkback_id: int, action: str) -> int:
    with app.app_context():
        return decisions.act(linkback_id, ACTIONS[action], user("mo")).id


def terms(**limits: float | None) -> Terms:
    present = Terms.of(preferences.site())
    return replace(present, limits=replace(present.limits, **limits))  # type: ignore[arg-type]


def preview(app: Flask, **limits: float | None) -> Preview:
    with app.test_request_context():
        return whatif.preview(terms(**limits))


@pytest.fixture
def held(app: Flask) -> None:
    """Every stranger waits for a person."""
    with app.app_context():
        preferences.save(clear_ham=None)


@pytest.mark.usefixtures("held")
def test_a_lower_bar_would_have_approved_what_was_marked_as_spam(app: Flask, web: Web) -> None:
    decide(app, arrive(app, web, "/one"), "approve")
    second = publicly(app, arrive(app, web, "/two", said=OTHERS))
    decide(app, second, "spam")
    seen = preview(app, ham=0.49)
    assert seen.looked_at == 2
    assert (seen.now, seen.then) == (Tally(held=2), Tally(held=1, differ=1))
    [group] = seen.groups
    assert (group.number, group.against, group.fresh) == (1, True, 1)
    assert group.sentence == "would have been approved, and you marked as spam"
    assert [linkback.id for linkback in group.linkbacks] == [second]


@pytest.mark.usefixtures("held")
def test_what_was_known_later_is_not_held_against_it(app: Flask, web: Web) -> None:
    """Nothing was known against the site when the first two came; the third came after the second was spam."""
    decide(app, publicly(app, arrive(app, web, "/one")), "approve")
    decide(app, publicly(app, arrive(app, web, "/two", said=OTHERS)), "spam")
    decide(
        app, publicly(app, arrive(app, web, "/three", said={"excerpt": "Soil at rest under compost"})), "spam"
    )
    assert preview(app, ham=0.49).then == Tally(agree=1, held=1, differ=1)


@pytest.mark.usefixtures("held")
def test_what_waits_is_counted_by_what_would_become_of_it(app: Flask, web: Web) -> None:
    decide(app, arrive(app, web, "/one"), "approve")
    publicly(app, arrive(app, web, "/two", said=OTHERS))
    assert (preview(app).waiting, preview(app).approved) == (1, 0)
    assert (preview(app, ham=0.49).approved, preview(app, ham=0.49).spam) == (1, 0)


@pytest.mark.usefixtures("held")
def test_weights_and_states_count_as_they_would(app: Flask, web: Web) -> None:
    decide(app, arrive(app, web, said={"title": "x", "excerpt": "you will find 85615 more infos"}), "spam")
    with app.test_request_context():
        present = Terms.of(preferences.site())
        loud = replace(present, weights={"text.stock_phrases": 8.0, "text.claim_matches": 8.0})
        low = replace(loud, limits=replace(loud.limits, spam=0.5))
        quiet = replace(
            low, states={"text.stock_phrases": CheckState.OFF, "text.claim_matches": CheckState.OFF}
        )
        assert whatif.preview(low).then == Tally(agree=1)
        assert whatif.preview(quiet).then == Tally(held=1)


@pytest.mark.usefixtures("held")
def test_what_was_undone_or_decided_again_is_judged_by_what_stands(app: Flask, web: Web) -> None:
    first, second = arrive(app, web, "/one"), arrive(app, web, "/two", said=OTHERS)
    taken_back = decide(app, first, "spam")
    decide(app, second, "spam")
    decide(app, second, "approve")
    with app.app_context():
        decisions.undo(taken_back, user("mo"))
    assert preview(app).looked_at == 1
    with app.test_request_context():
        assert whatif.preview(replace(terms(), rule="block")).then == Tally(differ=1)


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("action", "then"), [("block", Tally(1, 0, 1)), ("trust", Tally(1, 0, 1)), ("", Tally(0, 2, 0))]
)
def test_a_rule_for_a_site_is_tried_on_its_own_linkbacks(
    app: Flask, web: Web, action: str, then: Tally
) -> None:
    decide(app, arrive(app, web, "/one"), "approve")
    decide(app, arrive(app, web, "/two", said=OTHERS), "reject")
    arrive(app, web, "/three")
    with app.test_request_context():
        seen = whatif.rule("127.0.0.2", action)
        assert seen.then == then
        assert (seen.waiting, seen.approved + seen.spam) == (1, 1 if action else 0)
        assert whatif.rule("elsewhere.example", action).looked_at == 0


@pytest.mark.usefixtures("held")
def test_nothing_is_changed_and_the_queries_do_not_grow(app: Flask, web: Web) -> None:
    def counted() -> int:
        with app.test_request_context(), counting(app) as statements:
            whatif.preview(terms(ham=0.49))
        assert all(one.lstrip().startswith(("SELECT", "BEGIN")) for one in statements)
        return len(statements)

    decide(app, arrive(app, web, "/0"), "approve")
    arrive(app, web, "/waits")
    few = counted()
    for number in range(1, 8):
        decide(app, arrive(app, web, f"/{number}"), "approve")
    assert counted() == few <= 20
    with app.app_context():
        assert len(db.session.scalars(select(Decision).where(Decision.user_id.is_not(None))).all()) == 8
        assert db.session.scalars(select(Linkback.status).where(Linkback.status == "pending")).all() == [
            "pending"
        ]


@pytest.mark.usefixtures("held")
def test_a_linkback_looked_at_again_does_not_know_its_own_decision(app: Flask, web: Web) -> None:
    one = publicly(app, arrive(app, web, "/one"))
    decide(app, one, "approve")
    with app.app_context():
        with writing() as session:
            session.get_one(Linkback, one).checked_at = now()
        [case] = cases.decided(10)
        assert case.subject.history.approved == 0


@pytest.mark.sqlite_only("reads SQLite's query plan")
def test_decisions_by_rules_are_not_walked_to_find_those_of_people(app: Flask) -> None:
    with app.app_context():
        found = cases.standing_decisions(10).compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {found}")]
        assert plan[0].startswith("SEARCH decisions USING INDEX ix_decisions_people")
        assert not [step for step in plan if "undoes_id=? AND rowid>?" in step]
