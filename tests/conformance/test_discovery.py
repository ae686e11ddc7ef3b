"""Endpoint discovery as WM 3.1.2, PB 2.3 and TB have it, with the cases of webmention.rocks on loopback."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

import pytest

from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.sending import notices
from blog_linkbacks.sending.discovery import Found, discover
from tests.support.web import Answer, Request, Web

FETCHER = Fetcher([ip_network("127.0.0.0/8")])
SOURCE = "http://blog.example/posts/soil"

Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Rock:
    """One page of the suite; `{root}` is the server's root, `right` the path of the right endpoint."""

    headers: Headers = ()
    body: str = "<p>Hello"
    right: str = "/page/right"
    target: str = "/page/here"


WRONG = "/page/wrong"
ROCKS = {
    1: Rock({"Link": "</page/right>; rel=webmention"}),
    2: Rock({"Link": "<{root}/page/right>; rel=webmention"}),
    3: Rock(body='<head><link rel="webmention" href="/page/right"></head>'),
    4: Rock(body='<head><link rel="webmention" href="{root}/page/right"></head>'),
    5: Rock(body='<p><a rel="webmention" href="/page/right">mention</a>'),
    6: Rock(body='<p><a rel="webmention" href="{root}/page/right">mention</a>'),
    7: Rock({"LinK": "<{root}/page/right>; rel=webmention"}),
    8: Rock({"Link": '<{root}/page/right>; rel="webmention"'}),
    9: Rock(body='<head><link rel="webmention somethingelse" href="{root}/page/right"></head>'),
    10: Rock({"Link": '<{root}/page/right>; rel="webmention somethingelse"'}),
    11: Rock(
        {"Link": '</page/right>; rel="webmention"'},
        f'<link rel="webmention" href="{WRONG}"><a rel="webmention" href="{WRONG}">x</a>',
    ),
    12: Rock(body=f'<link rel="not-webmention" href="{WRONG}"><a href="/page/right" rel="webmention">x</a>'),
    13: Rock(
        body=f'<!-- <a href="{WRONG}" rel="webmention"></a> --><a href="/page/right" rel="webmention">x</a>'
    ),
    14: Rock(
        body=f'<code>&lt;a href="{WRONG}" rel="webmention"&gt;</code>'
        '<a href="/page/right" rel="webmention">x</a>'
    ),
    15: Rock(body='<link rel="webmention" href="">', right="/page/here"),
    16: Rock(body=f'<p><a rel="webmention" href="/page/right">x</a><link rel="webmention" href="{WRONG}">'),
    17: Rock(body=f'<p><link rel="webmention" href="/page/right"><a rel="webmention" href="{WRONG}">x</a>'),
    18: Rock([("Link", f'<{WRONG}>; rel="other"'), ("Link", '</page/right>; rel="webmention"')]),
    19: Rock({"Link": f'<{WRONG}>; rel="other", </page/right>; rel="webmention"'}),
    20: Rock(body='<link rel="webmention"><p><a rel="webmention" href="/page/right">x</a>'),
    21: Rock(body='<link rel="webmention" href="/page/right?query=yes">', right="/page/right?query=yes"),
    22: Rock(body='<link rel="webmention" href="right">'),
    23: Rock({"Link": "<right>; rel=webmention"}, target="/redirect"),
}


def _serve(web: Web, rock: Rock) -> str:
    """The page of a case, its endpoint and the redirect to it; gives the URL to be told."""
    root = web.url("")
    pairs = rock.headers.items() if isinstance(rock.headers, Mapping) else rock.headers
    headers = [(name, value.replace("{root}", root)) for name, value in pairs]
    web.route("/page/here", rock.body.replace("{root}", root), headers=headers)
    web.route("/redirect", status=302, headers={"Location": "/page/here"})
    for endpoint in ("/page/right", WRONG):
        web.route(endpoint, status=202)
    return web.url(rock.target)


@pytest.mark.parametrize("number", ROCKS)
def test_one_webmention_arrives_at_the_right_endpoint(number: int, web: Web) -> None:
    target = _serve(web, ROCKS[number])
    found = discover(target, FETCHER)
    notices.send_webmention(FETCHER, found.webmention, SOURCE, target)
    (told,) = [request for request in web.requests if request.method == "POST"]
    assert told.path == ROCKS[number].right
    assert told.form == {"source": SOURCE, "target": target}


def _on(web: Web, body: str = "", headers: Headers = (), path: str = "/page") -> Found:
    root = web.url("")
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    filled = [(name, value.replace("{root}", root)) for name, value in pairs]
    return discover(web.route(path, body.replace("{root}", root), headers=filled), FETCHER)


LINKS = {
    "any case of the relation": '</right>; rel="WebMention"',
    "other parameters first": '</right>; title="a, <b>; rel=no"; rel=webmention',
    "a comma inside the URL": "</right,1>; rel=webmention",
    "spaces around": ' , </right> ;  REL = "webmention" ',
    "the first of several": "</right>; rel=webmention, </wrong>; rel=webmention",
    "only the first rel of a link counts": "</wrong>; rel=x; rel=webmention, </right>; rel=webmention",
    "a similar token does not": '</wrong>; rel="webmention-x", </right>; rel="a webmention b"',
}


@pytest.mark.parametrize("name", LINKS)
def test_link_headers_are_read_as_rfc_8288_has_it(name: str, web: Web) -> None:
    assert _on(web, headers={"Link": LINKS[name]}).webmention.startswith(web.url("/right"))


FALSE = "<a rel=webmention href=/wrong>x</a>"
ELEMENTS = {
    "single quotes": "<link rel='webmention' href='/right'>",
    "no quotes": "<LINK REL=WebMention HREF=/right>",
    "character references": '<a rel="webmention" href="&#47;right">x</a>',
    "spaces and line breaks": '<a rel="a\n webmention" href=" /ri\nght ">x</a>',
    "a base": '<base href="/"><link rel="webmention" href="right">',
    "the first base only, wherever": '<link rel="webmention" href="right"><base href="/"><base href="/x/">',
    "not in a script": '<script>"<a rel=webmention href=/wrong>"</script><a rel=webmention href=/right>x</a>',
    "not in a textarea": f"<textarea>{FALSE}</textarea><a rel=webmention href=/right>x</a>",
    "not in a template": f"<template>{FALSE}</template><a rel=webmention href=/right>x</a>",
    "no other element": '<area rel="webmention" href="/wrong"><a rel="webmention" href="/right">x</a>',
    "not in an attribute": "<p title='<a rel=webmention href=/wrong>'><a rel=webmention href=/right>x</a>",
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_elements_are_read_as_html_has_it(name: str, web: Web) -> None:
    assert _on(web, ELEMENTS[name], path="/deep/page").webmention == web.url("/right")


def test_an_empty_href_is_the_page_without_its_fragment(web: Web) -> None:
    page = web.route("/page?q=1", '<a rel="webmention" href="">x</a>')
    assert discover(f"{page}#part", FETCHER).webmention == page


def test_elements_count_in_html_only(web: Web) -> None:
    found = _on(web, '<link rel="webmention" href="/wm">', {"Content-Type": "text/plain"})
    assert (found.webmention, bool(found.detail)) == ("", True)


def test_an_endpoint_must_be_on_the_web(web: Web) -> None:
    assert _on(web, '<link rel="webmention" href="mailto:me@a.example">').webmention == ""


@pytest.mark.parametrize("status", [403, 405, 500, 501])
def test_a_server_without_head_is_asked_with_get(status: int, web: Web) -> None:
    def answer(request: Request) -> Answer:
        return (
            Answer("", status) if request.method == "HEAD" else Answer('<link rel="webmention" href="/wm">')
        )

    assert discover(web.answer("/page", answer), FETCHER).webmention == web.url("/wm")
    assert [request.method for request in web.requests] == ["HEAD", "GET"]


def test_a_link_header_settles_it_with_one_head(web: Web) -> None:
    _on(web, headers={"Link": "</wm>; rel=webmention"})
    assert [request.method for request in web.requests] == ["HEAD"]


def test_a_page_that_is_gone_announces_nothing(web: Web) -> None:
    page = web.route("/page", '<link rel="webmention" href="/wm">', 410)
    assert discover(page, FETCHER).detail == "The page answered 410."


def test_a_refused_address_is_no_page() -> None:
    with pytest.raises(FetchError):
        discover("http://10.0.0.1/", FETCHER)


PINGBACKS = {
    "HTML": '<link rel="pingback" href="{root}/rpc">',
    "XHTML": '<link rel="pingback" href="{root}/rpc" />',
    "a slash at once": '<link rel="pingback" href="{root}/rpc"/>',
    "in a comment too": '<!-- <link rel="pingback" href="{root}/rpc"> -->',
    "the first": '<link rel="pingback" href="{root}/rpc"><link rel="pingback" href="{root}/other">',
}


@pytest.mark.parametrize("name", PINGBACKS)
def test_pingback_elements_match_the_expression(name: str, web: Web) -> None:
    assert _on(web, PINGBACKS[name]).pingback == web.url("/rpc")


STRICT = {
    "single quotes": "<link rel='pingback' href='{root}/rpc'>",
    "another order": '<link href="{root}/rpc" rel="pingback">',
    "another attribute": '<link rel="pingback" type="x" href="{root}/rpc">',
    "upper case": '<LINK rel="pingback" href="{root}/rpc">',
    "two spaces": '<link rel="pingback"  href="{root}/rpc">',
    "not absolute": '<link rel="pingback" href="/rpc">',
}


@pytest.mark.parametrize("name", STRICT)
def test_pingback_is_no_more_lenient(name: str, web: Web) -> None:
    assert _on(web, STRICT[name]).pingback == ""


def test_the_pingback_header_wins(web: Web) -> None:
    found = _on(web, '<link rel="pingback" href="{root}/other">', {"X-Pingback": "{root}/rpc"})
    assert found.pingback == web.url("/rpc")


def test_the_first_of_several_pingback_headers_counts(web: Web) -> None:
    found = _on(web, headers=[("X-Pingback", "{root}/rpc"), ("X-Pingback", "{root}/other")])
    assert found.pingback == web.url("/rpc")


def test_four_entities_are_expanded(web: Web) -> None:
    found = _on(web, '<link rel="pingback" href="{root}/rpc?a=1&amp;b=&amp;lt;&eacute;">')
    assert found.pingback == web.url("/rpc?a=1&b=&lt;&eacute;")


def _rdf(about: str, ping: str, title: str = "Soil") -> str:
    """A block as TB gives it, in its comment."""
    return f"""<!--
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="{about}" dc:identifier="{about}"
        dc:title="{title}" trackback:ping="{ping}" />
    </rdf:RDF> -->"""


def test_the_trackback_block_about_this_page_counts(web: Web) -> None:
    blocks = _rdf("{root}/other", "{root}/tb/1") + _rdf("{root}/page", "{root}/tb/2?a=1&amp;b=2", "a /> b")
    assert _on(web, blocks).trackback == web.url("/tb/2?a=1&b=2")


def test_a_trackback_block_about_another_page_does_not(web: Web) -> None:
    assert _on(web, _rdf("{root}/other", "{root}/tb/1")).trackback == ""


def test_the_page_is_known_by_the_address_asked_for_too(web: Web) -> None:
    web.route("/page", _rdf(web.url("/old"), web.url("/tb/1")))
    old = web.route("/old", status=301, headers={"Location": "/page"})
    assert discover(old, FETCHER).trackback == web.url("/tb/1")


def test_a_trackback_link_is_practice(web: Web) -> None:
    assert _on(web, '<link rel="trackback" href="/tb/3">').trackback == web.url("/tb/3")


HOSTILE = {
    "openings": "<rdf:Description ",
    "quotes": '<rdf:Description "',
    "links": '<link rel="pingback" href="',
    "bases": "<base href=x>",
    "tags": "<a rel=webmention ",
    "comments": "<!--",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_no_longer_than_others(name: str, web: Web) -> None:
    piece = HOSTILE[name]
    page = web.route("/page", piece * (900_000 // len(piece)))
    begun = time.monotonic()
    found = discover(page, FETCHER)
    assert (found.webmention, found.trackback) == ("", "")
    assert time.monotonic() - begun < 10


def test_hostile_headers_take_no_longer_than_others(web: Web) -> None:
    begun = time.monotonic()
    for value in ("<" * 60_000, "<>," * 20_000, '<a>;"' * 12_000, "," * 60_000, "<a>" + ";a" * 29_000):
        assert _on(web, headers={"Link": value}).webmention == ""
    assert time.monotonic() - begun < 10
