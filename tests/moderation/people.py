"""The cast as users, and pages that stand where readers can reach them."""

from flask import Flask

from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import writing
from blog_linkbacks.linkbacks import Linkback


def user(name: str) -> User:
    found = people.find_user(name)
    assert found is not None
    return found


def publicly(app: Flask, linkback_id: int) -> int:
    """The same linkback as if its page had been at a public address and of some length: nothing is lacking then."""
    with app.app_context(), writing() as session:
        row = session.get_one(Linkback, linkback_id)
        assert row.evidence is not None
        row.evidence = {**row.evidence, "address": "93.184.216.34", "prose_words": 240}
    return linkback_id
