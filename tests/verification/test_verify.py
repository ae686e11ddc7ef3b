"""A claim verified over HTTP."""

import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.verification import verify
from blog_linkbacks.vocabulary import Claim, Evidence, Kind, NearMiss, Outcome, Target
from tests.support.web import Request, Web
from tests.verification.pages import POST, TARGET

LINK = f'<p>I read <a href="{POST}">this</a>.</p>'


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


def check(url: str, kind: Kind = Kind.PINGBACK) -> Evidence:
    return verify(Claim(kind, url, POST), TARGET, Fetcher([ip_network("127.0.0.0/8")]))


def test_link_is_found_with_what_is_known_of_the_fetch(web: Web) -> None:
    seen = check(web.route("/linked", LINK))
    assert (seen.outcome, seen.status, seen.address) == (Outcome.LINKED, 200, "127.0.0.1")
    assert (seen.final_url, seen.content_type) == (web.url("/linked"), "text/html; charset=utf-8")
    assert seen.size == len(LINK)
    assert seen.seconds > 0


@pytest.mark.parametrize(
    ("status", "outcome", "miss"),
    [
        (404, Outcome.NOT_FOUND, None),
        (410, Outcome.GONE, None),
        (400, Outcome.CLIENT_ERROR, None),
        (401, Outcome.CLIENT_ERROR, NearMiss.WALL),
        (403, Outcome.CLIENT_ERROR, NearMiss.WALL),
        (429, Outcome.CLIENT_ERROR, NearMiss.WALL),
        (451, Outcome.CLIENT_ERROR, None),
        (500, Outcome.SERVER_ERROR, None),
        (503, Outcome.SERVER_ERROR, None),
        (304, Outcome.CLIENT_ERROR, None),
    ],
)
def test_statuses(web: Web, status: int, outcome: Outcome, miss: NearMiss | None) -> None:
    seen = check(web.route(f"/status/{status}", LINK, status))
    assert (seen.outcome, seen.near_miss, seen.status) == (outcome, miss, status)
    assert str(status) in seen.detail


def test_links_resolve_where_redirects_end(web: Web) -> None:
    web.route("/deep/end", f'<a href="x">y</a>{LINK}')
    seen = check(web.route("/start", status=302, headers={"Location": "/deep/end"}))
    assert (seen.outcome, seen.redirects, seen.final_url) == (
        Outcome.LINKED,
        (web.url("/deep/end"),),
        web.url("/deep/end"),
    )


def test_redirect_to_a_page_without_the_link(web: Web) -> None:
    web.route("/home", "<p>Welcome.</p>")
    seen = check(web.route("/moved", status=301, headers={"Location": "/home"}))
    assert (seen.outcome, seen.near_miss) == (Outcome.NO_LINK, NearMiss.REDIRECTED)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_address_that_redirects_to_the_post_is_no_page_that_links_to_it(web: Web, kind: Kind) -> None:
    post = web.route("/post", '<a href="/post#responses">Responses</a>')
    short = web.route("/short", status=302, headers={"Location": "/post/?a=b"})
    web.route("/post/", '<a href="/post#responses">Responses</a>')
    seen = verify(Claim(kind, short, post), Target((post,)), Fetcher([ip_network("127.0.0.0/8")]))
    assert (seen.outcome, seen.near_miss) == (Outcome.NO_LINK, NearMiss.REDIRECTED)
    assert seen.detail == "The page redirects to the post itself."


def test_link_before_the_cap_is_found_and_one_after_it_is_not(web: Web) -> None:
    assert check(web.route("/early", "<p>x</p>" * 112_000 + LINK + "<p>" * 100_000)).outcome is Outcome.LINKED
    late = check(web.route("/late", "<p>x</p>" * 130_000 + LINK))
    assert (late.outcome, late.near_miss) == (Outcome.NO_LINK, NearMiss.TRUNCATED)


def test_picture_is_no_text(web: Web) -> None:
    assert (
        check(web.route("/p.png", b"\x89PNG", headers={"Content-Type": "image/png"})).outcome
        is Outcome.NOT_TEXT
    )


def test_forbidden_address_is_not_fetched(web: Web) -> None:
    url = web.route("/private", LINK)
    seen = verify(Claim(Kind.PINGBACK, url, POST), TARGET, Fetcher())
    assert seen.outcome is Outcome.FORBIDDEN
    assert web.seen("/private") == []


def test_endless_redirect_and_refused_connection(web: Web) -> None:
    loop = check(web.route("/loop", status=302, headers={"Location": "/loop"}))
    assert (loop.outcome, loop.near_miss) == (Outcome.REDIRECT_LOOP, NearMiss.REDIRECTED)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert check(f"http://127.0.0.1:{closed.getsockname()[1]}/").outcome is Outcome.UNREACHABLE


def test_content_type_may_be_missing(web: Web) -> None:
    def bare(connection: socket.socket, _: Request) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + LINK.encode())

    assert check(web.raw("/bare", bare)).outcome is Outcome.LINKED


def test_every_failure_has_a_sentence(web: Web) -> None:
    for url in (web.url("/nowhere"), "http://host.invalid/", "ftp://x.example/", "http://", "http://a b/"):
        seen = check(url)
        assert seen.outcome is not Outcome.LINKED
        assert seen.detail.endswith(".")
