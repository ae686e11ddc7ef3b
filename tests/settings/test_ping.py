"""The test ping: a real one, over HTTP, from the blog's own test page to its newest post."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from blog_linkbacks.blog import posts
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.settings import ping, preferences
from blog_linkbacks.vocabulary import Kind
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD, Live, running

PAGE = "/admin/settings/linkbacks"
SEND = "/admin/settings/linkbacks/ping#ping"


@pytest.fixture
def blog(environ: dict[str, str], root: Path) -> Iterator[Live]:
    with running(environ, root, worker=False) as served:
        yield served


def ana(blog: Live) -> Browser:
    client = blog.app.test_client()
    browser = Browser(client).open("/login").send("/login", name="ana", password=PASSWORD)
    return browser.open(PAGE)


def _rows(blog: Live) -> list[tuple[str, str]]:
    with blog.app.app_context():
        return [(row.kind, row.status) for row in db.session.scalars(select(Linkback))]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("pingback", "Pingback from {}/linkback-test/"),
        ("trackback", "Taken."),
        ("webmention", "Thank you. The linking page will be read"),
    ],
)
def test_the_exact_answer_is_shown_and_nothing_of_it_stays_public(blog: Live, kind: str, words: str) -> None:
    browser = ana(blog).send(SEND, kind=kind)
    assert browser.page.status_code == 200
    assert words.format(blog.url) in browser.text
    assert "The endpoint works." in browser.text
    assert _rows(blog) == [(kind, "rejected")]
    with blog.app.app_context():
        reasons = db.session.scalars(select(Decision.reason).where(Decision.to_status == "rejected")).all()
    assert reasons == ["A test ping of this blog to itself."]
    assert 'id="response-' not in requests.get(f"{blog.url}/posts/compost-basics", timeout=10).text


def test_it_can_be_sent_again(blog: Live) -> None:
    browser = ana(blog)
    for _ in range(2):
        assert "The endpoint works." in browser.send(SEND, kind="pingback").text
    assert _rows(blog) == [("pingback", "rejected")] * 2


@pytest.mark.parametrize("kind", list(Kind))
def test_a_closed_blog_answers_so_and_that_is_right(blog: Live, kind: Kind) -> None:
    with blog.app.app_context():
        preferences.save(accept_linkbacks=False)
    text = ana(blog).send(SEND, kind=kind.value).text
    assert "This post takes no linkbacks." in text
    assert "That is right: by your settings" in text
    assert _rows(blog) == []


def test_a_blog_without_posts_says_what_is_missing(blog: Live) -> None:
    with blog.app.app_context():
        for slug in ("no-dig-beds", "compost-basics"):
            posts.unpublish(slug)
    text = ana(blog).send(SEND).text
    assert "Nothing was sent. Publish a post first" in text


def test_a_blog_that_cannot_reach_itself_says_so(app, login) -> None:  # type: ignore[no-untyped-def]
    text = Browser(login("ana")).open(PAGE).send(SEND).text
    assert "could not reach itself" in text


def test_a_forged_or_foreign_test_page_is_not_found(blog: Live) -> None:
    assert requests.get(f"{blog.url}/linkback-test/forged", timeout=10).status_code == 404


def test_the_test_page_links_to_the_post_and_takes_no_linkbacks_itself(blog: Live) -> None:
    with blog.app.test_request_context():
        post = ping.newest()
        assert post is not None
        token = ping._serializer().dumps([post.id, 0])
    page = requests.get(f"{blog.url}/linkback-test/{token}", timeout=10)
    assert page.status_code == 200
    assert re.search(rf'<a href="{re.escape(blog.url)}/posts/compost-basics">', page.text)
    assert "X-Pingback" not in page.headers
