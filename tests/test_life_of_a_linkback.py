"""From discovery to the post page and back, over real HTTP: what the product is for."""

import time
from collections.abc import Callable

import requests

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import actions, decisions
from tests.conftest import Live
from tests.support import senders
from tests.support.pages import article, without_link
from tests.support.web import Web


def until(check: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until a condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def row(live: Live, source: str) -> Linkback:
    with live.app.app_context():
        found = db.session.query(Linkback).filter_by(source_url=source).one()
        _ = found.signals, found.evidence
        return found


def checked(live: Live, source: str) -> Linkback:
    until(lambda: row(live, source).status != "received")
    return row(live, source)


def decide(live: Live, linkback: Linkback, action: actions.Action) -> Decision:
    with live.app.app_context():
        ana = find_user("ana")
        assert ana is not None
        return decisions.act(linkback.id, action, ana)


def test_each_protocol_waits_with_its_score_and_is_shown_only_while_approved(live: Live, web: Web) -> None:
    post = f"{live.url}/posts/no-dig-beds"
    sources = [web.route(f"/{name}", article(post, title=name)) for name in ("ping", "track", "mention")]
    found = senders.discover(post)

    assert isinstance(senders.pingback(found.pingback, sources[0], post), str)
    assert senders.trackback(found.trackback, url=sources[1], title="track", blog_name="Park") == (0, "")
    answer = senders.webmention(found.webmention, sources[2], post)
    assert answer.status_code == 201
    assert requests.get(answer.headers["Location"], timeout=10).status_code == 200

    for kind, source in zip(("pingback", "trackback", "webmention"), sources, strict=True):
        linkback = checked(live, source)
        assert (linkback.kind, linkback.status, linkback.decided_by) == (kind, "pending", "policy:hold")
        assert linkback.score is not None
        assert linkback.signals
        assert linkback.anchor == "this piece"
        assert source not in requests.get(post, timeout=10).text

        approval = decide(live, linkback, actions.APPROVE)
        assert source in requests.get(post, timeout=10).text

        with live.app.app_context():
            ana = find_user("ana")
            assert ana is not None
            decisions.undo(approval.id, ana)
        assert source not in requests.get(post, timeout=10).text
        assert row(live, source).status == "pending"


def test_a_source_without_the_link_is_fault_17_and_unverified(live: Live, web: Web) -> None:
    post = f"{live.url}/posts/no-dig-beds"
    found = senders.discover(post)
    source = web.route("/ping", without_link(post))
    assert senders.pingback(found.pingback, source, post) == 17
    assert row(live, source).status == "unverified"

    source = web.route("/track", without_link(post))
    error, message = senders.trackback(found.trackback, url=source, title="Read More")
    assert error == 1
    assert "link" in message
    assert row(live, source).status == "unverified"


def test_links_between_posts_are_related_at_once_without_a_request(live: Live) -> None:
    first = live.post("First", "The second is at [its place](/posts/second).")
    second = live.post("Second", f"After [the first]({first}), this.")
    with live.app.app_context():
        rows = db.session.query(Linkback).all()
    assert [(r.kind, r.status, r.decided_by, r.internal) for r in rows] == [
        ("pingback", "approved", "policy:internal", True)
    ] * 2
    for page, other in ((first, "Second"), (second, "First")):
        html = requests.get(page, timeout=10).text
        related = html[html.index('id="related"') :]
        assert other in related
        assert 'id="responses"' in html


def test_a_same_domain_claim_that_does_not_link_is_never_approved(live: Live) -> None:
    target = f"{live.url}/posts/no-dig-beds"
    endpoint = senders.discover(target).pingback
    source = f"{live.url}/posts/compost-basics"
    assert senders.pingback(endpoint, source, target) == 17
    assert row(live, source).status == "unverified"


def test_a_same_domain_claim_cannot_put_words_into_the_blogs_mouth(live: Live) -> None:
    target = f"{live.url}/posts/no-dig-beds"
    source = live.post("Linking", f"See [beds]({target}).")
    error, _ = senders.trackback(f"{target}/trackback", url=source, title="Buy pills", excerpt="Cheap pills")
    assert error == 1
    assert "pills" not in requests.get(target, timeout=10).text


def test_one_row_for_a_page_in_any_spelling_and_protocol(live: Live, web: Web) -> None:
    post = f"{live.url}/posts/no-dig-beds"
    found = senders.discover(post)
    source = web.route("/a-page", article(post))
    assert isinstance(senders.pingback(found.pingback, source, post), str)
    assert senders.pingback(found.pingback, source, post) == 48
    assert senders.pingback(found.pingback, source + "/?utm_source=feed#top", post + "/") == 48
    error, message = senders.trackback(found.trackback, url=source)
    assert (error, "already registered" in message) == (1, True)
    assert (
        senders.webmention(found.webmention, source.replace("http:", "HTTP:"), post + "#x").status_code == 201
    )
    with live.app.app_context():
        assert db.session.query(Linkback).count() == 1
