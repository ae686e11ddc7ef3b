"""Pages made to cost their reader much are given up early: asserted of the work done, not of the time it takes."""

import pytest

from blog_linkbacks.verification import examine, markup, narrowing
from blog_linkbacks.verification.document import Link
from blog_linkbacks.verification.markup import MAX_ATTRIBUTES, MAX_DEPTH, safe_length
from blog_linkbacks.vocabulary import Evidence, Kind, NearMiss, Outcome, Target
from tests.security.hostile_pages import LINK, PAGES, POST

TARGET = Target((POST,))


def seen(html: str) -> Evidence:
    return examine(html, "http://source.example/a", "text/html", Kind.WEBMENTION, TARGET)


@pytest.mark.parametrize("end", [">" + LINK, "", "/", " x='"])
def test_parser_never_meets_a_tag_of_very_many_attributes(end: str) -> None:
    tag = "<p " + " ".join(f"a{n}=1" for n in range(MAX_ATTRIBUTES + 1)) + end
    assert safe_length("<i>before</i>" + tag) == len("<i>before</i>")
    assert safe_length(LINK + "<p a=1 b=2") == len(LINK + "<p a=1 b=2")


def test_parser_never_meets_very_deep_markup() -> None:
    deep = PAGES["100,000 nested elements"]
    assert safe_length(deep) <= len("<div>") * (MAX_DEPTH + 1)
    assert seen(deep).outcome is Outcome.LINKED


def test_link_after_24000_others_is_found() -> None:
    found = seen(PAGES["24,000 links to other sites"])
    assert (found.outcome, found.outgoing_links) == (Outcome.LINKED, narrowing.MAX_COUNTED)


def test_links_elsewhere_are_not_compared() -> None:
    links = [Link(f"http://x{n}.example/", "") for n in range(1000)]
    ours = Link("HTTPS://WWW.Blog.Example.:443/posts/a", "")
    assert narrowing.Narrowed([*links, ours], [POST]).links == [ours]


def test_page_that_says_nothing_of_its_links_beyond_the_cap_is_told_so() -> None:
    found = seen(PAGES["20,000 links to other posts"] + LINK)
    assert (found.outcome, found.near_miss) == (Outcome.NO_LINK, NearMiss.TRUNCATED)
    assert "more links than are examined" in found.detail


def test_very_many_names_in_other_scripts_are_not_all_folded() -> None:
    narrowed = narrowing.Narrowed([Link(f"http://ü{n}.example/", "") for n in range(2000)], [POST])
    assert (narrowed.links, narrowed.cut) == ([], True)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_read_to_some_outcome(name: str) -> None:
    found = seen(PAGES[name])
    assert found.outcome in (Outcome.LINKED, Outcome.NO_LINK)
    assert markup.safe_length(PAGES[name]) <= len(PAGES[name])
