"""What counts as a link to the post, and what does not."""

import time

import pytest

from blog_linkbacks.verification import examine
from blog_linkbacks.vocabulary import Kind, NearMiss, Outcome, Target
from tests.verification.pages import PAGE, POST, TARGET, look

LINKS = [
    '<a href="{p}">x</a>',
    "<a href='{p}'>x</a>",
    "<a href={p}>x</a>",
    '<A HREF="{p}">x</A>',
    '<a\nhref = "{p}"\n>x</a>',
    '<a href=" {p} ">x</a>',
    '<a href="\t{p}\n">x</a>',
    '<a href="https://blog.ex\nample/posts/one">x</a>',
    '<a href="https://blog.example/posts/o%6ee">x</a>',
    '<a href="https://blog.example/posts/&#111;ne">x</a>',
    '<a href="HTTPS://BLOG.EXAMPLE/posts/one">x</a>',
    '<a href="http://blog.example/posts/one">x</a>',
    '<a href="//blog.example/posts/one">x</a>',
    '<a href="https://blog.example:443/posts/one/">x</a>',
    '<a href="{p}#comments">x</a>',
    '<a href="{p}?utm_source=feed">x</a>',
    '<a href="https://blog.example/posts/../posts/./one">x</a>',
    '<a class="b" rel="nofollow" href="{p}">x</a>',
    '<map><area href="{p}" alt="x"></map>',
    '<base href="https://blog.example/posts/"><a href="one">x</a>',
    '<base href="https://blog.example/"><base href="https://else.example/"><a href="posts/one">x</a>',
    '<a title="a > b" href="{p}">x</a>',
    '<p>1 < 2 <a href="{p}">x</a>',
    '<table><a href="{p}">x</a></table>',
    '<a href="{p}">never closed',
    '<svg><path d="M0"/></svg><a href="{p}">x</a>',
    '<!-- a comment --><a href="{p}">x</a>',
    '<noscript>Turn scripts on.</noscript><a href="{p}">x</a>',
    '<!-- <noscript> --><a href="{p}">x</a>',
    '<script>"<noscript>"</script><a href="{p}">x</a>',
    '<a href="{p}" href="https://else.example/">x</a>',
    "<a\0 href={p}>x</a>",
]
NO_LINKS = [
    ("{p}", NearMiss.TEXT_ONLY),
    ("<p>See {p}.</p>", NearMiss.TEXT_ONLY),
    ("<p>See my{n}.", NearMiss.NOTHING),
    ("<p>See en.{n}.", NearMiss.NOTHING),
    ("<p>See www.{n}.", NearMiss.TEXT_ONLY),
    ("<p>See {p}/trackback", NearMiss.NOTHING),
    ("<p>See {p}.html", NearMiss.NOTHING),
    ('<!-- <a href="{p}">x</a> -->', NearMiss.IN_COMMENT),
    ("<!-- {p} --><script>'{p}'</script>", NearMiss.IN_SCRIPT),
    ('<script>"<a href={p}>x</a>"</script>', NearMiss.IN_SCRIPT),
    ("<style>/* <a href={p}>x</a> */</style>", NearMiss.IN_SCRIPT),
    ('<textarea><a href="{p}">x</a></textarea>', NearMiss.IN_SCRIPT),
    ('<title><a href="{p}">x</a></title>', NearMiss.IN_SCRIPT),
    ('<template><a href="{p}">x</a></template>', NearMiss.IN_SCRIPT),
    ('<noscript><a href="{p}">x</a></noscript>', NearMiss.IN_SCRIPT),
    ('<body><p>y<NOSCRIPT><a href="{p}">x</a></NOSCRIPT>', NearMiss.IN_SCRIPT),
    ('<body><noscript><a href="{p}">x</a>', NearMiss.IN_SCRIPT),
    ('<a data-href="{p}">x</a>', NearMiss.IN_SCRIPT),
    ('<link href="{p}">', NearMiss.IN_SCRIPT),
    ('<a href="https://blog.example/posts/other">x</a>', NearMiss.OTHER_POST),
    ('<a href="https://blog.example/posts/one-more">x</a>', NearMiss.OTHER_POST),
    ('<a href="https://blog.example/">x</a>', NearMiss.SITE_ONLY),
    ('<a href="https://else.example/posts/one">x</a>', NearMiss.NOTHING),
    ('<a href="https://else.example/?u={p}">x</a>', NearMiss.IN_SCRIPT),
    ('<form>Please sign in <input type="password"></form>', NearMiss.WALL),
    ("", NearMiss.NOTHING),
    ('<base href="https://else.example/"><a href="/posts/one">x</a>', NearMiss.NOTHING),
    ("<a href=\"javascript:location='{p}'\">x</a>", NearMiss.IN_SCRIPT),
]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("markup", LINKS)
def test_counts_as_link(markup: str, kind: Kind) -> None:
    assert look(markup.replace("{p}", POST), kind=kind).outcome is Outcome.LINKED


@pytest.mark.parametrize(("markup", "miss"), NO_LINKS)
def test_does_not_count_and_says_why(markup: str, miss: NearMiss) -> None:
    seen = look(markup.replace("{p}", POST).replace("{n}", POST.removeprefix("https://")))
    assert (seen.outcome, seen.near_miss) == (Outcome.NO_LINK, miss)
    assert seen.detail.endswith(".")


@pytest.mark.parametrize("name", ["img", "audio", "video"])
def test_embedding_counts_for_webmention_alone(name: str) -> None:
    markup = f'<{name} src="{POST}"></{name}>'
    assert look(markup, kind=Kind.WEBMENTION).outcome is Outcome.LINKED
    assert look(markup, kind=Kind.PINGBACK).outcome is Outcome.NO_LINK
    assert look(markup, kind=Kind.TRACKBACK).outcome is Outcome.NO_LINK


@pytest.mark.parametrize("address", ["https://blog.example/posts/one", "https://old.example/1"])
def test_every_address_of_the_post_counts(address: str) -> None:
    target = Target((POST, "https://old.example/1"))
    assert look(f'<a href="{address}">x</a>', target=target).outcome is Outcome.LINKED


@pytest.mark.parametrize(
    "text",
    [
        f"See {POST}.",
        f"({POST})",
        f"<{POST}>",
        POST,
        f"a\n{POST}\nb",
        f"1,{POST},2",
        f"{POST}を読んだ",
        f"[one]({POST}), and more",
        f"http://a.example/|{POST}|x",
    ],
)
def test_plain_text_counts_for_webmention_alone(text: str) -> None:
    seen = look(text, content_type="text/plain", kind=Kind.WEBMENTION)
    assert (seen.outcome, seen.anchor) == (Outcome.LINKED, POST)
    assert look(text, content_type="text/plain").outcome is Outcome.NO_LINK


@pytest.mark.parametrize("text", [f"{POST}-more", "blog.example/posts/one", ""])
def test_plain_text_without_the_whole_url_does_not(text: str) -> None:
    assert look(text, content_type="text/plain", kind=Kind.WEBMENTION).outcome is Outcome.NO_LINK


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (f'{{"a": [1, {{"b": "{POST}"}}]}}', Outcome.LINKED),
        (f'["{POST}"]', Outcome.LINKED),
        (f'{{"{POST}": 1}}', Outcome.NO_LINK),
        (f'{{"a": "see {POST}"}}', Outcome.NO_LINK),
        ("{broken", Outcome.NO_LINK),
        ("[" * 100_000, Outcome.NO_LINK),
        ("[" * 100_000 + "]" * 100_000, Outcome.NO_LINK),
    ],
)
def test_json_counts_by_exact_value_for_webmention_alone(text: str, outcome: Outcome) -> None:
    assert look(text, content_type="application/json", kind=Kind.WEBMENTION).outcome is outcome
    assert look(text, content_type="application/json").outcome is Outcome.NO_LINK


@pytest.mark.parametrize(
    "media", ["text/html", "application/xhtml+xml", "text/xml", "application/xml; charset=utf-8", ""]
)
def test_media_types_with_markup(media: str) -> None:
    assert look(f'<p><a href="{POST}">x</a></p>', content_type=media).outcome is Outcome.LINKED


@pytest.mark.parametrize(
    "empty", ["script src='x'", "title", "textarea", "iframe src='x' ", "a id='y'", "noscript"]
)
def test_an_empty_element_of_xhtml_hides_nothing(empty: str) -> None:
    markup = (
        f"<html xmlns='http://www.w3.org/1999/xhtml'><{empty}/><body><a href='{POST}'>x</a></body></html>"
    )
    seen = look(markup, content_type="application/xhtml+xml")
    assert (seen.outcome, seen.anchor) == (Outcome.LINKED, "x")


def test_a_cdata_section_of_xhtml_is_text() -> None:
    markup = f"<html><body><![CDATA[<p><a href='{POST}'>x</a></p>]]></body></html>"
    seen = look(markup, content_type="application/xhtml+xml")
    assert (seen.outcome, seen.near_miss) == (Outcome.NO_LINK, NearMiss.TEXT_ONLY)


@pytest.mark.parametrize("piece", ["<script ", "<![CDATA[", "<a/", "/>", "<title/"])
def test_hostile_xml_is_read_in_bounded_time(piece: str) -> None:
    began = time.perf_counter()
    look(piece * (900_000 // len(piece)), content_type="application/xml")
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    "media",
    [
        "image/png",
        "application/octet-stream",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "video/mp4",
    ],
)
def test_other_media_types_are_no_text(media: str) -> None:
    assert look(f'<a href="{POST}">x</a>', content_type=media).outcome is Outcome.NOT_TEXT


def test_bytes_without_media_type_are_sniffed() -> None:
    assert examine(b"\x89PNG\0\0\0", PAGE, "", Kind.PINGBACK, TARGET).outcome is Outcome.NOT_TEXT


HOSTILE = [
    "<div>" * 200_000,
    "<b>" * 100_000 + "</i>" * 100_000,
    "".join(f"<font color={n}>" for n in range(40_000)),
    "".join(f"<font color={n}>" for n in range(400)) + "<p>x" * 200_000,
    "<a " + " ".join(f"a{n}" for n in range(100_000)) + ">",
    '<a b=">" ' + " ".join(f"a{n}" for n in range(100_000)) + ">",
    "".join(f"<body a{n}>" for n in range(60_000)),
    "<span><div></span>" * 50_000,
    "<x-y><div></x-y>" * 60_000,
    "<div><table><td></div></table>" * 30_000,
    "<div><svg><![CDATA[></svg></div>]]>" * 25_000,
    "<a" * 500_000,
    "<!--" * 250_000,
    "<noscript>" * 90_000,
    "<noscript></noscriptx>" * 45_000,
    "<noscript><script>" * 50_000,
    '<a b="' * 150_000,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_markup_is_read_in_bounded_time(number: int) -> None:
    seen = look(HOSTILE[number])
    assert (seen.outcome, seen.detail != "") == (Outcome.NO_LINK, True)


def test_link_after_markup_that_is_too_deep_is_still_found() -> None:
    assert look("<div>" * 5000 + f'<!-- <a href=x> --><a href="{POST}">x</a>').outcome is Outcome.LINKED


def test_link_before_markup_that_is_too_deep_is_found_with_its_place() -> None:
    seen = look(f'<article><p>I read <a href="{POST}">this post</a>.</p></article>' + "<div>" * 5000)
    assert (seen.outcome, seen.anchor) == (Outcome.LINKED, "this post")
