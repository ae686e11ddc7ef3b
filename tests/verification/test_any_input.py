"""Whatever bytes a page is made of, looking at it gives evidence within its bounds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blog_linkbacks.verification import find_links
from blog_linkbacks.vocabulary import Kind
from tests.verification.pages import PAGE, POST, look

PIECES = st.sampled_from(
    [
        f'<a href="{POST}">',
        "</a>",
        "<p>",
        "<b>",
        "</b>",
        "<table><td>",
        "</table>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        '<div class="h-entry">',
        '<p style="display:none',
        '">',
        "<svg><path/>",
        "<style>.a{b",
        "Word. Another",
        "。文",
        "\u202e\u0301\x00",
        "<title>",
        "&#x110000;&amp",
        '<base href="//[">',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join), st.sampled_from(list(Kind)))
def test_any_markup(markup: str, kind: Kind) -> None:
    seen = look(markup, kind=kind)
    assert seen.detail or seen.outcome == "linked"
    assert len(seen.sentence.before + seen.sentence.link + seen.sentence.after) <= 280
    assert {link.url for link in find_links(markup, PAGE)} <= {POST}


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html", "text/plain", "application/json", "text/xml; charset=x"]),
)
def test_any_bytes(body: bytes, content_type: str) -> None:
    assert look(body, content_type, Kind.WEBMENTION).size == len(body)
