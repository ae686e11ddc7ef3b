"""One function decides; every decision is a row; undo is a decision too."""

from collections.abc import Iterator

import pytest
from flask import Flask

from blog_linkbacks import intake
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback, status_counts
from blog_linkbacks.moderation import actions, decisions, rules
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Status
from tests.conftest import BASE


@pytest.fixture
def ana(app: Flask) -> Iterator[User]:
    with app.app_context():
        found = find_user("ana")
        assert found is not None
        yield found


@pytest.fixture
def linkback_id(ana: User) -> int:
    receipt = intake.receive(Claim(Kind.PINGBACK, "https://garden.example/x", f"{BASE}/posts/no-dig-beds"))
    assert isinstance(receipt, Receipt)
    return receipt.linkback_id


def linkback(linkback_id: int) -> Linkback:
    return db.session.get_one(Linkback, linkback_id, populate_existing=True)


def test_a_decision_says_from_to_who_and_why(ana: User, linkback_id: int) -> None:
    decision = decisions.act(linkback_id, actions.SPAM, ana, reason="advertising")
    assert (decision.from_status, decision.to_status, decision.by, decision.reason) == (
        "received", "spam", "ana", "advertising",
    )  # fmt: skip
    row = linkback(linkback_id)
    assert (row.status, row.decided_by, row.decided_at) == ("spam", "ana", decision.created_at)


def test_a_stale_form_changes_nothing(ana: User, linkback_id: int) -> None:
    version = linkback(linkback_id).version
    decisions.act(linkback_id, actions.SPAM, ana, version=version)
    with pytest.raises(decisions.ConflictError):
        decisions.act(linkback_id, actions.APPROVE, ana, version=version)
    assert linkback(linkback_id).status == "spam"


def test_only_offered_actions_are_permitted(ana: User, linkback_id: int) -> None:
    with pytest.raises(decisions.NotOfferedError):
        decisions.act(linkback_id, actions.APPROVE, ana)
    for status in Status:
        assert all(action.to != status for action in actions.offered(status))


def test_an_unknown_linkback_is_a_lookup_error(ana: User) -> None:
    with pytest.raises(LookupError):
        decisions.act(4711, actions.SPAM, ana)


def test_undo_walks_back_through_the_standing_decisions(ana: User, linkback_id: int) -> None:
    spam = decisions.act(linkback_id, actions.SPAM, ana)
    reject = decisions.act(linkback_id, actions.REJECT, ana)
    with pytest.raises(decisions.ConflictError):
        decisions.undo(spam.id, ana)
    decisions.undo(reject.id, ana)
    assert linkback(linkback_id).status == "spam"
    decisions.undo(spam.id, ana)
    assert linkback(linkback_id).status == "pending"


def test_a_second_undo_is_no_decision(ana: User, linkback_id: int) -> None:
    spam = decisions.act(linkback_id, actions.SPAM, ana)
    undone = decisions.undo(spam.id, ana)
    for decision_id in (spam.id, undone.id):
        with pytest.raises(decisions.ConflictError):
            decisions.undo(decision_id, ana)
    assert db.session.query(Decision).count() == 2
    assert status_counts()["spam"] == 0


def test_what_was_blocked_unseen_is_looked_at_when_it_comes_back(ana: User) -> None:
    rules.set_rule("spam.example", "block", ana)
    intake.receive(Claim(Kind.WEBMENTION, "https://spam.example/x", f"{BASE}/posts/no-dig-beds"))
    blocked = db.session.query(Decision).filter_by(rule="blocked").one()
    assert linkback(blocked.linkback_id).due_at is None
    decisions.undo(blocked.id, ana)
    row = linkback(blocked.linkback_id)
    assert (row.status, row.due_at is not None) == ("pending", True)
