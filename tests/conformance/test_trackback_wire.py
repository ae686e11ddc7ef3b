"""TrackBack 1.2 (TB), as far as bytes alone show it."""

import re
from urllib.parse import quote_from_bytes, urlencode

import pytest

from blog_linkbacks.protocols import announce, trackback
from blog_linkbacks.vocabulary import Claim, Kind, Refusal, Refused
from tests.protocols.wires import FORM, SOURCE, TARGET, captured, xml

DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PING = "{http://madskills.com/public/xml/rss/module/trackback/}ping"
JAPANESE = "ブログの日記、今日は"


def ping(body: bytes | str, content_type: str = FORM) -> Claim | Refused:
    data = body if isinstance(body, bytes) else body.encode()
    form = trackback.parse_ping(data, content_type)
    return form if isinstance(form, Refused) else trackback.to_claim(form, TARGET)


def title(body: bytes | str, content_type: str = FORM) -> str:
    claim = ping(body, content_type)
    assert isinstance(claim, Claim)
    return claim.title


def refusal(body: bytes | str, content_type: str = FORM) -> Refusal:
    refused = ping(body, content_type)
    assert isinstance(refused, Refused)
    return refused.refusal


def with_title(text: str, encoding: str, **more: str) -> str:
    return f"url={SOURCE}&title={quote_from_bytes(text.encode(encoding))}&{urlencode(more)}"


def described(title: str, permalink: str = TARGET, ping_url: str = TARGET + "/trackback") -> dict[str, str]:
    """The attributes of the RDF that a client finds in the comment of a page."""
    page = f"<html>{announce.rdf_block(permalink, title, ping_url)}</html>"
    comment = re.fullmatch(r"<html><!--(.*?)-->(.*)</html>", page, re.DOTALL)
    assert comment
    assert comment[2] == ""
    assert "--" not in comment[1]
    return dict(xml(comment[1].strip())[0].items())


def test_tb_discovery_identifies_the_post_and_its_ping_url() -> None:
    assert described("One & two", TARGET + "?a=1&b=2") == {
        f"{RDF}about": TARGET + "?a=1&b=2",
        f"{DC}identifier": TARGET + "?a=1&b=2",
        f"{DC}title": "One & two",
        PING: TARGET + "/trackback",
    }


@pytest.mark.parametrize(
    "title",
    [
        "a -- b",
        "--->",
        "-->",
        "--!>",
        "<!--",
        "ends with -",
        "-",
        "\"double\" 'single'",
        "]]>",
        "&amp; &#45;",
        "日本 🇯🇵 👩‍👩‍👧",
    ],
)
def test_tb_discovery_is_xml_whatever_the_title_holds(title: str) -> None:
    assert described(title)[f"{DC}title"] == title


def test_tb_discovery_drops_what_xml_cannot_hold() -> None:
    assert described("a\0b\x08c\ud800d\ufffee")[f"{DC}title"] == "abcde"


def test_tb_discovery_survives_hyphens_in_addresses() -> None:
    assert described("t", TARGET + "--x-->")[f"{DC}identifier"] == TARGET + "--x-->"


def test_tb_sending_what_wordpress_sends_is_understood() -> None:
    body, headers = captured("trackback-out")
    assert ping(body, headers["content-type"]) == Claim(
        kind=Kind.TRACKBACK,
        source_url="http://127.0.0.1:8801/2026/11/22/outgoing-unicode-markup/",
        target_url=TARGET,
        title="Outgoing “ünïcode” & markup",
        excerpt="Linking to a header page, a link page and a query page. Ümläut & ampersand, “quotes”.",
        author="WordPress rig",
    )


def test_tb_sending_needs_only_the_url() -> None:
    assert ping(urlencode({"url": SOURCE})) == Claim(Kind.TRACKBACK, SOURCE, TARGET)


@pytest.mark.parametrize("body", ["", "title=t", "url=", "url=+&title=t", "URL=https://linker.example/"])
def test_tb_sending_must_fail_without_url(body: str) -> None:
    assert refusal(body) is Refusal.SOURCE_MISSING


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "javascript:alert(1)", "/post", "linker.example", "http://"]
)
def test_tb_sending_takes_only_web_addresses(url: str) -> None:
    assert refusal(urlencode({"url": url})) is Refusal.SOURCE_INVALID


def test_tb_sending_the_post_cannot_ping_itself() -> None:
    assert refusal(urlencode({"url": TARGET})) is Refusal.SAME_PAGE


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "iso-2022-jp", "utf-8", "gb18030"])
def test_tb_sending_all_fields_are_in_the_headers_charset(charset: str) -> None:
    assert title(with_title(JAPANESE, charset), f"{FORM}; charset={charset}") == JAPANESE


def test_tb_sending_the_charset_may_be_quoted_and_in_capitals() -> None:
    assert title(with_title("café", "latin-1"), f'{FORM}; Charset="ISO-8859-1"') == "café"


def test_tb_practice_a_form_field_tells_the_charset() -> None:
    assert title(with_title("Привет", "koi8-r", charset="KOI8-R")) == "Привет"


def test_tb_practice_the_header_wins_over_the_form_field() -> None:
    assert title(with_title("Привет", "koi8-r", charset="utf-8"), f"{FORM}; charset=koi8-r") == "Привет"


@pytest.mark.parametrize("charset", ["", "klingon", "utf-7", "utf-16", "x" * 500, "\0"])
def test_tb_practice_unusable_charsets_count_as_absent(charset: str) -> None:
    assert title(with_title("Grüße", "utf-8", charset=charset), f"{FORM}; charset={charset}") == "Grüße"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Grüße – „Zitat“", "utf-8"),
        ("Café à la crème, größe, naïve", "latin-1"),
        ("Café", "latin-1"),
        ("“Hello” it’s – fine", "cp1252"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        ("日本語", "cp932"),
        ("日本語", "euc-jp"),
    ],
)
def test_tb_practice_undeclared_legacy_bytes_are_detected(text: str, encoding: str) -> None:
    assert title(with_title(text, encoding)) == text


def test_tb_practice_bytes_that_are_not_the_declared_utf_8_are_detected() -> None:
    assert title(with_title("Café", "latin-1"), f"{FORM}; charset=utf-8") == "Café"


def test_tb_practice_a_character_cropped_by_the_sender_is_dropped() -> None:
    cropped = "Übergrößenträger".encode() + "ü".encode()[:1]
    assert title(f"url={SOURCE}&title={quote_from_bytes(cropped)}") == "Übergrößenträger"


def test_tb_practice_excerpts_are_cropped_to_255_characters() -> None:
    claim = ping(urlencode({"url": SOURCE, "excerpt": "word " * 100}))
    assert isinstance(claim, Claim)
    assert len(claim.excerpt) <= 255
    assert claim.excerpt.endswith("word…")


def test_tb_sending_text_is_plain_without_markup() -> None:
    body = urlencode(
        {"url": SOURCE, "title": "<b>A</b> &lt;b&gt; &amp;amp;<script>x</script>", "blog_name": "<i>B"}
    )
    claim = ping(body)
    assert isinstance(claim, Claim)
    assert (claim.title, claim.author) == ("A <b> &amp;", "B")


def test_tb_sending_the_first_of_two_values_counts() -> None:
    assert title(f"url={SOURCE}&title=one&title=two") == "one"


def test_tb_answer_success_to_the_letter() -> None:
    expected = b'<?xml version="1.0" encoding="utf-8"?><response><error>0</error></response>'
    assert trackback.render_ok() == expected


def test_tb_answer_failure_says_why() -> None:
    answer = xml(trackback.render_error(trackback.error_for(Refused(Refusal.SOURCE_MISSING))))
    assert answer.findtext("error") == "1"
    assert answer.findtext("message") == Refusal.SOURCE_MISSING.value


def test_tb_answer_no_message_can_break_the_xml() -> None:
    answer = xml(trackback.render_error("<b> & ]]> \0\x1b\ud800 </message>é"))
    assert answer.findtext("message") == "<b> & ]]>  </message>é"
