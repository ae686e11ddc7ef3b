"""A post changes while one of its notices is on the way: nothing is lost, and one target hears one thing at a time."""

from collections.abc import Callable
from threading import Thread

from blog_linkbacks import leases
from blog_linkbacks.blog import posts
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.tables import Delivery
from tests.sending.world import Blogger, fixed, pinged, receiver, returns
from tests.support.web import Answer, Dynamic, Request, Web


def _during(change: Callable[[], object], answer: Dynamic) -> Dynamic:
    """An endpoint at which the author makes a change before it answers the first time."""
    changes = [change]

    def told(request: Request) -> Answer:
        if changes:
            author = Thread(target=changes.pop())
            author.start()
            author.join()
        return answer(request)

    return told


def _tell(blogger: Blogger, target: str) -> None:
    with blogger.app.app_context():
        delivery.process(blogger.plan(target))


def test_a_link_taken_out_while_it_is_told_is_told_as_gone(blogger: Blogger, web: Web) -> None:
    page = receiver(web, _during(lambda: _edit(blogger, ""), fixed("", 202)))
    _tell(blogger, page)
    blogger.again(later=False)
    assert [(row.state, row.linked) for row in blogger.rows()] == [("delivered", True), ("delivered", False)]
    blogger.write(words="Other")
    assert len(web.seen("/wm")) == 2


def test_a_change_waits_for_the_notice_on_the_way(blogger: Blogger, web: Web) -> None:
    page = web.url("/page")
    seen: list[list[str]] = []

    def change() -> None:
        blogger.write(page, words="Changed")
        seen.append(blogger.states())

    receiver(web, _during(change, fixed("", 202)))
    _tell(blogger, page)
    assert (seen, len(web.seen("/wm"))) == ([["queued", "queued"]], 1)
    blogger.again(later=False)
    assert (blogger.states(), len(web.seen("/wm"))) == (["delivered", "delivered"], 2)


def test_a_pingback_on_the_way_is_not_sent_a_second_time(blogger: Blogger, web: Web) -> None:
    page = pinged(web, returns("Ok"))
    web.answer("/rpc", _during(lambda: _edit(blogger, f"Anew [this]({page})"), returns("Ok")))
    _tell(blogger, page)
    blogger.again(later=False)
    assert (blogger.states(), len(web.seen("/rpc"))) == (["delivered", "cancelled"], 1)


def test_what_was_given_up_between_claim_and_telling_is_not_told(blogger: Blogger, web: Web) -> None:
    page = receiver(web, fixed("", 202))
    with blogger.app.app_context():
        row_id = blogger.plan(page)
        lease = leases.claim(Delivery, row_id)
        assert lease is not None
        ledger.cancel(row_id)
        delivery.carry_out(row_id, lease)
    row = blogger.row()
    assert (row.state, row.attempts, row.lease_by, web.requests) == ("cancelled", 0, None, [])


def _edit(blogger: Blogger, body: str) -> None:
    """Save the post and leave it to others to tell."""
    with blogger.app.app_context():
        posts.save(posts.Draft("Soil", body, slug="soil"), post_id=3, publish=True)
