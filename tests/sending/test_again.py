"""Telling again by hand, and what a new telling of a row that waits begins with."""

from datetime import timedelta

import pytest

from blog_linkbacks.db import now, writing
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.rules import RuleError
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, fixed, in_turn, pinged, receiver
from tests.support.web import Answer, Web


def _resend(blogger: Blogger, place: int) -> None:
    with blogger.app.app_context():
        delivery.process(ledger.resend(blogger.rows()[place].id).id)


def test_an_old_row_sent_again_tells_the_post_as_it_is(blogger: Blogger, web: Web) -> None:
    page = receiver(web, fixed("", 202))
    blogger.write(page)
    blogger.write(page, words="Changed")
    _resend(blogger, 0)
    blogger.write(page, words="Changed")
    assert len(web.seen("/wm")) == 3


def test_a_removal_sent_again_is_not_told_a_third_time(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 202)))
    blogger.write(words="Gone")
    _resend(blogger, 0)
    blogger.write(words="Other")
    assert [row.linked for row in blogger.rows()] == [True, False, False]


def test_there_is_nothing_to_tell_of_a_link_that_is_gone_and_was_never_told(
    blogger: Blogger, web: Web
) -> None:
    blogger.write(pinged(web, fixed("", 500)))
    blogger.unpublish()
    with pytest.raises(RuleError, match="does not link there now"):
        _resend(blogger, 0)
    assert (blogger.states(), len(web.seen("/rpc"))) == (["cancelled"], 1)


def test_changed_text_has_its_own_three_days(blogger: Blogger, web: Web) -> None:
    page = receiver(web, in_turn(Answer("", 500)))
    blogger.write(page)
    with blogger.app.app_context(), writing() as session:
        row = session.get_one(Delivery, blogger.rows()[0].id)
        row.attempts, row.first_try_at = 11, now() - timedelta(days=3, hours=1)
    blogger.write(page, words="Changed")
    row = blogger.row()
    assert (row.state, row.attempts) == ("retrying", 1)
    assert row.due_at is not None
    assert row.due_at - now() < timedelta(minutes=3)
