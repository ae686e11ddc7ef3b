"""What is foretold of a page is what then happens: the same addresses are refused, and trackbacks are by hand."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from tests.pages.pages import only, token, words
from tests.sending.world import Blogger, fixed, receiver
from tests.support.web import Web

Login = Callable[[str], FlaskClient]
CLOSED = ["http://10.0.0.1/wm", "http://[::ffff:10.0.0.1]/wm", "http://1.1.1.1:25/wm"]
RDF = '<!-- <rdf:RDF><rdf:Description dc:identifier="{}" trackback:ping="{}" /></rdf:RDF> --><p>Hello'


def _reach(client: FlaskClient, url: str, **more: object) -> LexborHTMLParser:
    return LexborHTMLParser(client.get("/admin/posts/reach", query_string={"url": url, **more}).text)


def _ping(client: FlaskClient, url: str) -> tuple[str, str]:
    page = LexborHTMLParser(client.get("/admin/sent/trackback/reach", query_string={"url": url}).text)
    return words(only(page, ".badge")), words(only(page, ".outlink-why"))


def _by_hand(web: Web) -> str:
    """A page that takes trackbacks alone."""
    url = web.url("/by-hand")
    return web.route("/by-hand", RDF.format(url, web.answer("/tb", fixed("", 405))))


@pytest.mark.parametrize("endpoint", CLOSED)
@pytest.mark.parametrize(
    "announced", ["<link rel='webmention' href='{}'>", '<link rel="pingback" href="{}">']
)
def test_an_endpoint_at_a_closed_address_cannot_be_told(
    login: Login, blogger: Blogger, web: Web, endpoint: str, announced: str
) -> None:
    target = web.route("/page", announced.format(endpoint))
    page = _reach(login("ida"), target)
    blogger.write(target)
    assert words(only(page, ".badge")) == "cannot be told"
    assert "its endpoint is at an address that may not be reached" in words(only(page, ".outlink-why"))
    assert blogger.row().state == "failed"


def test_an_endpoint_is_checked_without_being_asked(login: Login, web: Web) -> None:
    page = _reach(login("ida"), receiver(web, fixed("", 202)))
    assert (words(only(page, ".badge")), web.seen("/wm")) == ("webmention", [])


def test_the_ledger_does_not_blame_the_remote_for_what_this_side_refuses(
    login: Login, blogger: Blogger, web: Web
) -> None:
    blogger.write(web.route("/page", headers={"Link": "<http://10.0.0.1/wm>; rel=webmention"}))
    client = login("ida")
    page = LexborHTMLParser(client.get("/admin/sent?state=failed").text)
    assert words(only(page, ".delivery-state")) == "Cannot be told by webmention"
    assert "Nothing matches." in client.get("/admin/sent?state=refused").text


def test_a_page_that_takes_trackbacks_alone_leads_to_their_form(
    login: Login, blogger: Blogger, web: Web
) -> None:
    post_id, target, client = blogger.write(), _by_hand(web), login("ida")
    page = _reach(client, target, of=post_id)
    assert words(only(page, ".badge")) == "takes trackbacks"
    assert words(only(page, ".outlink-why")) == "It takes trackbacks, which are sent by hand. Send one"
    form = LexborHTMLParser(client.get(str(only(page, "a").attributes["href"])).text)
    assert words(only(form, "textarea[name=urls]")) == target
    assert not _reach(client, target).css("a")  # a draft cannot be told of
    fields = {"csrf_token": token(client.get(f"/admin/posts/{post_id}")), "body": f"[x]({target})"}
    preview = client.post(f"/admin/posts/preview?post_id={post_id}", data=fields).text
    assert words(only(LexborHTMLParser(preview), ".outlink-why a")) == "Send one"


def test_the_ledger_leads_there_too(login: Login, blogger: Blogger, web: Web) -> None:
    post_id, client = blogger.write(_by_hand(web)), login("ida")
    assert blogger.row().response == "It takes trackbacks, which are sent by hand."
    for path, badge in (("/admin/sent", "Takes none"), (f"/admin/posts/{post_id}", "takes trackbacks")):
        page = LexborHTMLParser(client.get(path).text)
        assert badge in [words(node) for node in page.css(".badge")]
        assert only(page, "a[href*='/trackback?'][href*='url=http']")


@pytest.mark.parametrize("status", [200, 405])
def test_a_trackback_url_is_taken_as_one(login: Login, web: Web, status: int) -> None:
    url = web.route("/tb", "<response><error>1</error></response>", status)
    assert _ping(login("ida"), url) == ("sent there", "It is taken as the trackback URL itself.")


def test_a_trackback_url_that_leads_to_its_page_is_taken_as_one(login: Login, web: Web) -> None:
    url, page = web.url("/tb"), web.url("/page")
    web.route("/page", RDF.format(page, url))
    web.route("/tb", "", 302, headers={"Location": "/page"})
    assert _ping(login("ida"), url) == ("sent there", "It is taken as the trackback URL itself.")


def test_a_trackback_address_that_is_closed_is_not_promised(login: Login, web: Web) -> None:
    page = web.route("/page", RDF.format(web.url("/page"), "http://10.0.0.1/tb"))
    badge, why = _ping(login("ida"), page)
    assert (badge, "may not be reached" in why) == ("not reached", True)
