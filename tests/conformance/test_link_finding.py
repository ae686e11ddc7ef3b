"""What counts as a link to the post and where it leads (specs: what is a link), seen by the pingback answer.

One blog for all cases; every case is a page of its own elsewhere. `{p}` is the post's address in full, `{path}` its
path, `{n}` host and port.
"""

import gzip
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit

import pytest

from tests.conformance.world import ping, row
from tests.conftest import Live, running
from tests.support import senders
from tests.support.web import Web

SLUG = "no-dig-beds"
NAMES = "garden.example,bücher.example"
_number = count(1)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Live]:
    root = tmp_path_factory.mktemp("links")
    copytree(migrated, root / "instance")
    environ = {
        "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8",
        "LINKBACKS_RATE_LIMIT": "",
        "LINKBACKS_INTERNAL_HOSTS": NAMES,
    }
    with running(environ, root) as blog:
        yield blog


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web(address="127.0.0.2") as server:
        yield server


@pytest.fixture
def post(live: Live) -> str:
    return f"{live.url}/posts/{SLUG}"


def page(web: Web, body: str | bytes, **headers: str) -> str:
    """A fresh page elsewhere."""
    return web.route(f"/page-{next(_number)}", body, headers=headers)


def filled(markup: str, post: str) -> str:
    parts = urlsplit(post)
    return markup.replace("{p}", post).replace("{n}", parts.netloc).replace("{path}", parts.path)


LINKS = {
    "double quotes": '<a href="{p}">x</a>',
    "single quotes": "<a href='{p}'>x</a>",
    "no quotes": "<a href={p}>x</a>",
    "no quotes before other attributes": "<a href={p} rel=nofollow>x</a>",
    "capitals": "<A HREF='{p}'>x</A>",
    "mixed case": "<a hReF='{p}'>x</a>",
    "spaces around the equals sign": "<a href = '{p}'>x</a>",
    "a line break in the tag": "<a\n  class=b\n  href='{p}'\n>x</a>",
    "spaces around the address": "<a href='  {p}  '>x</a>",
    "a line break at its ends": "<a href='\n{p}\n'>x</a>",
    "a line break and a tab inside it": "<a href='http://{n}/po\n\tsts/no-dig-beds'>x</a>",
    "a decimal reference": "<a href='http://{n}/posts/no&#45;dig-beds'>x</a>",
    "a hexadecimal reference": "<a href='http://{n}&#x2f;posts/no-dig-beds'>x</a>",
    "a named reference": "<a href='http&colon;//{n}{path}?a=1&amp;b=2'>x</a>",
    "a bare ampersand": "<a href='{p}?a=1&b=2'>x</a>",
    "a base element": "<base href='http://{n}/posts/'><a href='no-dig-beds'>x</a>",
    "the first of two base elements": "<base href='http://{n}/'><base href='/x/'><a href='posts/no-dig-beds'>x</a>",
    "a base element after the link": "<a href='posts/no-dig-beds'>x</a><base href='http://{n}/'>",
    "a base element in the body": "<body><p><base href='http://{n}/'></p><a href='{path}'>x</a>",
    "a protocol-relative base": "<base href='//{n}/'><a href='{path}'>x</a>",
    "protocol-relative": "<a href='//{n}{path}'>x</a>",
    "the other scheme": "<a href='https://{n}{path}'>x</a>",
    "the scheme in capitals": "<a href='HTTP://{n}{path}'>x</a>",
    "a trailing slash": "<a href='{p}/'>x</a>",
    "a needless percent-escape": "<a href='http://{n}/posts/no%2Ddig%2dbeds'>x</a>",
    "an escaped letter": "<a href='http://{n}/%70osts/no-di%67-beds'>x</a>",
    "dot segments": "<a href='http://{n}/a/../posts/./no-dig-beds'>x</a>",
    "a fragment": "<a href='{p}#comments'>x</a>",
    "an empty fragment": "<a href='{p}#'>x</a>",
    "a query": "<a href='{p}?utm_source=feed'>x</a>",
    "www": "<a href='http://www.{n}{path}'>x</a>",
    "another name of the blog": "<a href='http://garden.example{path}'>x</a>",
    "another name with www and capitals": "<a href='http://WWW.Garden.EXAMPLE{path}'>x</a>",
    "the default port of http": "<a href='http://garden.example:80{path}'>x</a>",
    "the default port of https": "<a href='https://garden.example:443{path}'>x</a>",
    "an empty port": "<a href='http://garden.example:{path}'>x</a>",
    "a host in unicode": "<meta charset=utf-8><a href='http://bücher.example{path}'>x</a>",
    "a host in punycode": "<a href='http://xn--bcher-kva.example{path}'>x</a>",
    "a host in unicode with capitals": "<meta charset=utf-8><a href='http://BÜCHER.example{path}'>x</a>",
    "an area": "<map name=m><area href='{p}' alt=x></map>",
    "markup inside the link": "<a href='{p}'><img src='/i.png' alt=''><b>x</b></a>",
    "an empty link": "<a href='{p}'></a>",
    "a link that is never closed": "<p><a href='{p}'>x",
    "rel nofollow ugc": "<a rel='nofollow ugc' href='{p}'>x</a>",
    "the first of two href attributes": "<a href='{p}' href='http://else.example/'>x</a>",
    "a greater-than sign in an attribute": "<a title='1 > 0' href='{p}'>x</a>",
    "after a comment with hyphens": "<!-- a -- b --!><a href='{p}'>x</a>",
    "after an abrupt comment": "<!--><a href='{p}'>x</a> -->",
    "after a script with a comment start": "<script>'<!--'</script><a href='{p}'>x</a>",
    "after an unclosed title in a comment": "<!-- <title> --><a href='{p}'>x</a>",
    "after a stray closing tag": "</textarea></script><a href='{p}'>x</a>",
    "in a table without cells": "<table><a href='{p}'>x</a></table>",
    "in a list in a navigation": "<nav><ul><li><a href='{p}'>x</ul></nav>",
    "after a thousand words": "word " * 1000 + "<a href='{p}'>x</a>",
    "after an SVG with a title": "<svg><title>a</title></svg><a href='{p}'>x</a>",
    "with a BOM and a doctype": "\ufeff<!DOCTYPE html><html><body><a href='{p}'>x</a>",
}

NO_LINKS = {
    "a comment": "<!-- <a href='{p}'>x</a> -->",
    "a comment never closed": "<p>y</p><!-- <a href='{p}'>x</a>",
    "a script": "<script>document.write(\"<a href='{p}'>x</a>\")</script>",
    "a style": "<style>/* <a href='{p}'>x</a> */</style>",
    "a textarea": "<textarea><a href='{p}'>x</a></textarea>",
    "the title": "<title><a href='{p}'>x</a></title>",
    "a template": "<template><a href='{p}'>x</a></template>",
    "noscript": "<body><noscript><a href='{p}'>x</a></noscript>",
    "noscript in the head": "<head><noscript><a href='{p}'>x</a></noscript></head>",
    "an iframe": "<iframe><a href='{p}'>x</a></iframe>",
    "xmp": "<xmp><a href='{p}'>x</a></xmp>",
    "plaintext": "<plaintext><a href='{p}'>x</a>",
    "plain text": "<p>Read {p} today</p>",
    "escaped markup": "<p>&lt;a href='{p}'&gt;x&lt;/a&gt;</p>",
    "an attribute's text": "<p title=\"<a href='{p}'>x</a>\">y</p>",
    "another attribute": "<a data-href='{p}'>x</a>",
    "a link without href": "<a name='{p}'>x</a>",
    "an attribute that ends in href": "<a xhref='{p}'>x</a>",
    "link in the head": "<link rel=alternate href='{p}'>",
    "an image": "<img src='{p}'>",
    "a form": "<form action='{p}'><button>Go</button></form>",
    "a quotation's cite": "<blockquote cite='{p}'>x</blockquote>",
    "a meta refresh": "<meta http-equiv=refresh content='0; url={p}'>",
    "javascript": "<a href=\"javascript:location='{p}'\">x</a>",
    "the address in another's query": "<a href='http://else.example/?u={p}'>x</a>",
    "the address behind a redirector's path": "<a href='http://else.example/{p}'>x</a>",
    "a longer slug": "<a href='{p}-and-more'>x</a>",
    "a deeper path": "<a href='{p}/trackback'>x</a>",
    "a slug in capitals": "<a href='http://{n}/posts/No-Dig-Beds'>x</a>",
    "another port": "<a href='http://127.0.0.1:1{path}'>x</a>",
    "another host": "<a href='http://else.example{path}'>x</a>",
    "a host that begins alike": "<a href='http://{n}.else.example{path}'>x</a>",
    "a user name before another host": "<a href='http://{n}@else.example{path}'>x</a>",
    "a base elsewhere": "<base href='http://else.example/'><a href='{path}'>x</a>",
    "a relative link on the linking site": "<a href='{path}'>x</a>",
    "the second of two href attributes": "<a href='http://else.example/' href='{p}'>x</a>",
    "ftp": "<a href='ftp://{n}{path}'>x</a>",
}


@pytest.mark.parametrize("case", LINKS)
def test_counts(live: Live, post: str, web: Web, case: str) -> None:
    source = page(web, filled(LINKS[case], post))
    assert ping(live, source, post)[0] == 0


@pytest.mark.parametrize("case", NO_LINKS)
def test_does_not_count(live: Live, post: str, web: Web, case: str) -> None:
    source = page(web, filled(NO_LINKS[case], post))
    assert ping(live, source, post)[0] == 17
    assert row(live, source).status == "unverified"


@pytest.mark.parametrize(
    "target",
    [
        "{p}#part", "{p}/", "{p}?a=1&b=2", "https://{n}{path}", "HTTP://{n}{path}", "http://{n}/posts/no%2Ddig-beds",
        "http://www.{n}{path}", "http://garden.example{path}", "https://garden.example:443{path}",
        "http://bücher.example{path}", "http://xn--bcher-kva.example{path}",
    ],
)  # fmt: skip
def test_a_target_in_another_spelling_is_the_post_and_its_links_are_found(
    live: Live, post: str, web: Web, target: str
) -> None:
    source = page(web, f"<meta charset=utf-8><a href='{filled(target, post)}'>x</a>")
    assert ping(live, source, filled(target, post))[0] == 0
    assert row(live, source).post.slug == SLUG


def test_links_resolve_where_redirects_end(live: Live, post: str, web: Web) -> None:
    """The base element is relative to the last URL of the source."""
    web.route("/deep/er/page", f"<base href='../there/'><a href='{post}'>x</a><a href='y'>y</a>")
    source = web.route("/moved", "", 301, {"Location": "/deep/er/page"})
    assert ping(live, source, post)[0] == 0
    evidence = row(live, source).evidence or {}
    assert evidence["final_url"] == web.url("/deep/er/page")


def chain(web: Web, length: int, last: str) -> str:
    """The start of as many redirects, by turns of every kind, absolute and relative."""
    name = f"chain{next(_number)}"
    for step in range(length):
        path = f"/{name}/{step + 1}" if step + 1 < length else last
        where = web.url(path) if step % 2 else path
        web.route(f"/{name}/{step}", "moved", (301, 302, 303, 307, 308)[step % 5], {"Location": where})
    return web.url(f"/{name}/0")


def test_25_redirects_are_followed_and_26_are_not(live: Live, post: str, web: Web) -> None:
    web.route("/end", f"<a href='{post}'>x</a>")
    assert ping(live, chain(web, 25, "/end"), post)[0] == 0
    code, sentence = ping(live, chain(web, 26, "/end"), post)
    assert (code, sentence) == (16, "The page redirects more than 25 times.")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "x-gzip"])
def test_compressed_pages_are_read(live: Live, post: str, web: Web, encoding: str) -> None:
    html = f"<p>{'words ' * 500}<a href='{post}'>x</a>".encode()
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(html),
        "x-gzip": gzip.compress(html),
        "deflate": zlib.compress(html),
        "raw deflate": raw.compress(html) + raw.flush(),
    }
    source = page(web, bodies[encoding], **{"Content-Encoding": encoding.rsplit(maxsplit=1)[-1]})
    assert ping(live, source, post)[0] == 0


def test_a_link_at_the_end_of_900_kb_is_found(live: Live, post: str, web: Web) -> None:
    link = f"<a href='{post}'>x</a>"
    source = page(web, "<p>" + "word " * ((900_000 - len(link)) // 5) + link)
    assert ping(live, source, post)[0] == 0


def test_a_large_page_of_links_in_shift_jis_is_read_to_its_last_one(live: Live, post: str, web: Web) -> None:
    head = f"<meta charset=shift_jis><title>土を耕さない畑の話</title><base href='{live.url}/posts/'>"
    item = "<p>words about <a href='http://site-{}.example/a/{}'>number {}</a> and more"
    body = "".join(item.format(n % 500, n, n) for n in range(10_000))
    html = (head + body).encode("cp932")
    html += b" " * (900_000 - len(html)) + f"<p>At last <a href='{SLUG}'>this one</a>.".encode()
    source = page(web, html, **{"Content-Type": "text/html"})
    assert ping(live, source, post)[0] == 0
    found = row(live, source)
    assert (found.title, found.before, found.anchor) == ("土を耕さない畑の話", "At last ", "this one")
    assert (found.evidence or {})["outgoing_links"] == 10_001


@pytest.mark.parametrize("compressed", [False, True])
def test_a_page_beyond_1_mb_is_cut_and_says_so(live: Live, post: str, web: Web, compressed: bool) -> None:
    html = ("<p>" + "word " * 400_000 + f"<a href='{post}'>x</a>").encode()
    headers = {"Content-Encoding": "gzip"} if compressed else {}
    source = page(web, gzip.compress(html) if compressed else html, **headers)
    code, sentence = ping(live, source, post)
    assert (code, sentence) == (17, "There is no link to the post in the part of the page that is examined.")
    found = row(live, source)
    assert (found.evidence or {})["near_miss"] == "truncated"
    assert (found.evidence or {})["size"] == 1_000_000


def test_a_page_that_breaks_off_is_looked_at_again_later(live: Live, post: str, web: Web) -> None:
    html = f"<p>{'word ' * 100}<a href='{post}'>x</a>"
    source = page(web, html, **{"Content-Length": str(len(html) + 1000)})
    assert ping(live, source, post)[0] == 16
    assert row(live, source).due_at is not None


MISSES = {
    "text only": ("<p>Read {p} today", "The page names the post's address only as text, not as a link."),
    "text without scheme": (
        "<p>Read {n}{path}.",
        "The page names the post's address only as text, not as a link.",
    ),
    "in a comment": (
        "<p>Hello<!-- {p} -->",
        "The post's address stands only in a comment of the markup, where it is no link.",
    ),
    "in a script": (
        "<script>var a='{p}'</script>",
        "The post's address stands only in a script, an attribute or the like, where it is no link.",
    ),
    "other post": (
        "<a href='http://{n}/posts/compost-basics'>x</a>",
        "The page links to this blog, but not to this post.",
    ),
    "home page only": (
        "<a href='http://{n}/'>x</a>",
        "The page links to this blog's home page, but not to the post.",
    ),
    "a wall": (
        "<h1>Please sign in</h1><form><input name=u><input type=password></form>",
        "The page seems to ask for a sign-in or a check against robots, and shows no link otherwise.",
    ),
    "an image": ("<img src='{p}'>", "The page embeds the post's address, but has no link to it."),
    "nothing": ("<p>Hello.", "The page has no link to the post."),
}


@pytest.mark.parametrize("case", MISSES)
def test_a_near_miss_is_told_to_pingback_and_trackback_and_kept(
    live: Live, post: str, web: Web, case: str
) -> None:
    markup, sentence = MISSES[case]
    source = page(web, filled(markup, post))
    assert ping(live, source, post) == (17, sentence)
    assert row(live, source).reason == sentence
    assert senders.trackback(f"{post}/trackback", url=source) == (1, sentence)
    found = row(live, source)
    assert (found.status, found.kind, found.reason) == ("unverified", "trackback", sentence)


@pytest.mark.parametrize(
    ("status", "word"),
    [(401, "asks for a sign-in"), (403, "refuses to be read"), (429, "asked for too often")],
)
def test_a_wall_by_status_is_told(live: Live, post: str, web: Web, status: int, word: str) -> None:
    source = web.route(f"/wall-{status}", "no", status=status)
    code, sentence = ping(live, source, post)
    assert code == 16
    assert word in sentence
    assert row(live, source).reason == sentence
