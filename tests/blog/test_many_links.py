"""The editor lists the links of a long post: all up to a generous bound, and how many more there are."""

from collections.abc import Callable

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import outlinks
from tests.pages.pages import token

Login = Callable[[str], FlaskClient]
MANY = outlinks.SHOWN + 3


def _preview(client: FlaskClient, number: int) -> LexborHTMLParser:
    body = " ".join(f"[x](http://h{place}.example/)" for place in range(number))
    fields = {"csrf_token": token(client.get("/admin/posts/new")), "body": body}
    return LexborHTMLParser(client.post("/admin/posts/preview", data=fields).text)


def test_two_hundred_links_are_all_listed(login: Login) -> None:
    page = _preview(login("ida"), 200)
    assert (len(page.css(".outlink")), page.css("#outlinks > .hint")) == (200, [])
    assert len(page.css("input[name=tell]")) == 200


def test_beyond_the_bound_the_rest_is_counted(login: Login) -> None:
    page = _preview(login("ida"), MANY)
    assert len(page.css(".outlink")) == outlinks.SHOWN
    assert page.css("#outlinks > .hint")[0].text().startswith("And 3 more")


def test_only_the_first_are_asked_while_the_author_writes(login: Login) -> None:
    page = _preview(login("ida"), 200)
    assert len(page.css(".outlink [hx-get]")) == outlinks.ASKED
