"""One post, nine remotes, nine true and different rows in the ledger."""

from tests.sending.nine import tell_nine
from tests.sending.world import Blogger
from tests.support.web import Web

TRUTH = {
    "202": ("webmention", "delivered", "Taken (202); it checks the link in its own time."),
    "201": ("webmention", "delivered", "Taken (201); its status page says what comes of it."),
    "tb": ("trackback", "refused", "No trackbacks from you"),
    "fault-17": ("pingback", "refused", "Fault 17: The source does not link here"),
    "fault-48": ("pingback", "delivered", "Fault 48: Known already"),
    "500-then-200": ("webmention", "delivered", "Taken now"),
    "no-endpoint": ("", "no_endpoint", "The page takes neither webmentions nor pingbacks."),
    "endless": (
        "",
        "no_endpoint",
        "The first 1,000,000 bytes of the page announce neither webmentions nor pingbacks.",
    ),
    "refused-address": (
        "webmention",
        "failed",
        "The address of 10.0.0.1, port 80, is not one that may be fetched.",
    ),
}


def test_nine_remotes_make_nine_true_rows(blogger: Blogger, web: Web) -> None:
    rows = tell_nine(blogger, web)
    last = {name: (after.protocol, after.state, after.response) for name, (_, after) in rows.items()}
    assert last == TRUTH
    assert len(set(last.values())) == 9
    assert rows["201"][1].status_url == web.url("/status/1")
    before, after = rows["500-then-200"]
    assert (before.state, before.attempts, before.response) == ("retrying", 1, "500: Out of memory")
    assert after.attempts == 2
