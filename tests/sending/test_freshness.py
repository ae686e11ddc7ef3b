"""What a page announces is remembered as its headers allow, and asked anew for what changed (WM 3.1.4, 5.3)."""

import time
from collections.abc import Mapping

import pytest

from blog_linkbacks.fetch import Page
from blog_linkbacks.sending.freshness import Memory, fresh_for
from tests.sending.world import Blogger, fixed
from tests.support.web import Web

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"
HOURS = {
    "no word": ({}, 0),
    "max-age": ({"Cache-Control": "public, max-age=600"}, 600),
    "in quotes and capitals": ({"Cache-Control": 'Max-Age="60"'}, 60),
    "a day at most": ({"Cache-Control": "max-age=99999999999"}, 86_400),
    "less the age": ({"Cache-Control": "max-age=600", "Age": "590"}, 10),
    "too old": ({"Cache-Control": "max-age=600", "Age": "700"}, 0),
    "no-store": ({"Cache-Control": "max-age=600, no-store"}, 0),
    "no-cache": ({"Cache-Control": 'max-age=600, no-cache="Set-Cookie"'}, 0),
    "for shared caches alone": ({"Cache-Control": "s-maxage=600"}, 0),
    "nonsense": ({"Cache-Control": "max-age=soon"}, 0),
    "less than none": ({"Cache-Control": "max-age=-5"}, 0),
    "Expires": ({"Expires": "Tue, 24 Nov 2026 11:00:00 GMT", "Date": DATE}, 3600),
    "an Expires that is over": ({"Expires": "Tue, 24 Nov 2026 09:00:00 GMT", "Date": DATE}, 0),
    "an Expires that is none": ({"Expires": "0", "Date": DATE}, 0),
    "an Expires without a zone": ({"Expires": "Tue, 24 Nov 2026 11:00:00", "Date": DATE}, 0),
    "max-age over Expires": ({"Cache-Control": "max-age=5", "Expires": DATE, "Date": DATE}, 5),
    "everything varies": ({"Cache-Control": "max-age=600", "Vary": "*"}, 0),
}


@pytest.mark.parametrize("name", HOURS)
def test_headers_say_how_long(name: str) -> None:
    headers, seconds = HOURS[name]
    assert fresh_for(Page("http://a.example/", 200, tuple(headers.items()))) == seconds


def test_nothing_that_was_redirected_is_kept() -> None:
    headers = (("Cache-Control", "max-age=600"),)
    assert fresh_for(Page("http://a.example/", 200, headers, redirects=("http://b.example/",))) == 0


def test_memory_forgets_in_time_and_the_longest_unused_first() -> None:
    memory: Memory[str] = Memory(room=2)
    for key in "ab":
        memory.keep(key, key, 60)
    assert memory.get("a") == "a"
    memory.keep("c", "c", 60)
    assert [memory.get(key) for key in "abc"] == ["a", None, "c"]
    memory.keep("a", "a", 0.01)
    time.sleep(0.02)
    memory.keep("c", "new", 0)
    assert (memory.get("a"), memory.get("c")) == (None, None)


def _page(web: Web, headers: Mapping[str, str]) -> str:
    web.answer("/wm", fixed("", 202))
    return web.route("/cached", "<p>", headers={"Link": "</wm>; rel=webmention", **headers})


@pytest.mark.parametrize(("headers", "asked"), [({}, 2), ({"Cache-Control": "max-age=60"}, 1)])
def test_a_second_post_asks_again_unless_the_page_says_otherwise(
    blogger: Blogger, web: Web, headers: Mapping[str, str], asked: int
) -> None:
    page = _page(web, headers)
    blogger.write(page)
    blogger.write(page, post="earth")
    assert (len(web.seen("/cached")), len(web.seen("/wm"))) == (asked, 2)


def test_an_edit_asks_anew_whatever_the_page_says(blogger: Blogger, web: Web) -> None:
    page = _page(web, {"Cache-Control": "max-age=3600"})
    blogger.write(page)
    web.answer("/moved", fixed("", 202))
    web.route("/cached", "<p>", headers={"Link": "</moved>; rel=webmention"})
    blogger.write(page, words="Changed")
    assert (len(web.seen("/wm")), len(web.seen("/moved"))) == (1, 1)


def test_a_second_try_asks_anew(blogger: Blogger, web: Web) -> None:
    page = _page(web, {"Cache-Control": "max-age=3600"})
    web.answer("/wm", fixed("", 500))
    blogger.write(page)
    blogger.again()
    assert len(web.seen("/cached")) == 2
