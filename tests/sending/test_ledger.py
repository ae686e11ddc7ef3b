"""The ledger under repeats, cancelling, crashes and the passing of days."""

import threading
from datetime import timedelta

from blog_linkbacks import leases
from blog_linkbacks.config import process_name
from blog_linkbacks.db import now, writing
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, fixed, in_turn, receiver
from tests.support.web import Answer, Request, Web


def _change(row_id: int, **values: object) -> None:
    with writing() as session:
        row = session.get_one(Delivery, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_two_workers_send_once(blogger: Blogger, web: Web) -> None:
    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, fixed("", 202)))

    def work() -> None:
        with blogger.app.app_context():
            delivery.process(row_id)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(web.seen("/wm")) == 1


def test_a_killed_worker_costs_one_more_try(blogger: Blogger, web: Web) -> None:
    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, fixed("", 202)))
        assert leases.claim(Delivery, row_id)
        _change(row_id, lease_by="gone-host|1|1")
        delivery.process(row_id)
        assert web.requests == []
        _change(row_id, lease_by=f"{process_name().split('|')[0]}|999999999|1")
        leases.release_dead(Delivery)
        delivery.process(row_id)
        delivery.process(row_id)
    assert len(web.seen("/wm")) == 1
    assert (blogger.row().state, blogger.row().attempts) == ("delivered", 2)


def test_a_worker_that_lost_its_lease_writes_nothing(blogger: Blogger, web: Web) -> None:
    def lose(request: Request) -> Answer:
        with blogger.app.app_context():
            _change(row_id, lease_by="another|2|2|9")
        return Answer("", 202)

    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, lose))
        delivery.process(row_id)
    assert (blogger.row().state, blogger.row().lease_by) == ("queued", "another|2|2|9")


def test_it_gives_up_after_three_days(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("Down.", 503)))
    for _ in range(8):
        blogger.again()
    assert blogger.row().state == "retrying"
    with blogger.app.app_context():
        _change(blogger.row().id, first_try_at=now() - timedelta(days=3))
    blogger.again()
    assert (blogger.row().state, blogger.row().response) == ("failed", "503: Down.")
    assert blogger.row().due_at is None


def test_giving_up_by_hand_ends_it(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("Down.", 503)))
    with blogger.app.app_context():
        assert ledger.cancel(blogger.row().id)
        assert not ledger.cancel(blogger.row().id)
    blogger.again()
    assert len(web.seen("/wm")) == 1
    assert (blogger.row().state, blogger.row().response) == (
        "cancelled",
        "You gave up on it. Before: 503: Down.",
    )


def test_what_was_told_while_being_cancelled_says_so(blogger: Blogger, web: Web) -> None:
    def cancelled(request: Request) -> Answer:
        with blogger.app.app_context():
            assert ledger.cancel(row_id)
        return Answer("", 202)

    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, cancelled))
        delivery.process(row_id)
    assert blogger.states() == ["delivered"]


def test_a_failure_while_being_cancelled_stays_cancelled(blogger: Blogger, web: Web) -> None:
    def cancelled(request: Request) -> Answer:
        with blogger.app.app_context():
            assert ledger.cancel(row_id)
        return Answer("", 500)

    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, cancelled))
        delivery.process(row_id)
    assert (blogger.row().state, blogger.row().due_at) == ("cancelled", None)


def test_sending_again_is_a_row_of_its_own(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, in_turn(Answer("No.", 400), Answer("Yes.", 202))))
    with blogger.app.app_context():
        first = ledger.resend(blogger.row().id)
        assert ledger.resend(blogger.rows()[0].id).id == first.id
        delivery.process(first.id)
    assert [(row.state, row.response) for row in blogger.rows()] == [
        ("refused", "400: No."),
        ("delivered", "Yes."),
    ]


def test_a_newer_delivery_takes_over_from_a_failing_one(blogger: Blogger, web: Web) -> None:
    def changed(request: Request) -> Answer:
        if len(web.seen("/wm")) > 1:
            return Answer("", 202)
        blogger_two.write(page, words="Changed")
        return Answer("", 500)

    blogger_two = Blogger(blogger.app)
    page = receiver(web, changed)
    with blogger.app.app_context():
        delivery.process(blogger.plan(page))
    assert blogger.states() == ["cancelled", "queued"]
    blogger.again(later=False)
    assert blogger.states() == ["cancelled", "delivered"]


def test_the_ledger_pages_by_key(blogger: Blogger) -> None:
    with blogger.app.app_context(), writing() as session:
        post_id = 1
        for number in range(120):
            session.add(Delivery(post_id=post_id, source_url="s", target_url=f"http://a.example/{number}"))
    with blogger.app.app_context():
        first = ledger.page()
        second = ledger.page(before=first.older)
        third = ledger.page(before=second.older)
        sizes = [len(page.rows) for page in (first, second, third)]
        assert (sizes, third.older) == ([50, 50, 20], None)
        assert first.rows[0].target_url.endswith("/119")
        assert ledger.page("refused").rows == []
