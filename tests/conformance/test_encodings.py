"""Character encodings of sources (HTML 13.2.3, Encoding 4.2), told by the title and sentence that the blog keeps."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copytree

import pytest
import requests

from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions
from tests.conformance.world import decide, ping, row
from tests.conftest import Live, running
from tests.support.web import Web

JAPANESE = "土を耕さない畑の話です"
GERMAN = "Gärten für Anfänger"
RUSSIAN = "Огород без лопаты"
CHINESE = "不挖土的菜园和堆肥"
KOREAN = "땅을 파지 않는 텃밭"
_number = count(1)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Live]:
    root = tmp_path_factory.mktemp("encodings")
    copytree(migrated, root / "instance")
    environ = {"LINKBACKS_FETCH_ALLOW": "127.0.0.0/8", "LINKBACKS_RATE_LIMIT": ""}
    with running(environ, root) as blog:
        yield blog


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web(address="127.0.0.2") as server:
        yield server


def kept(live: Live, web: Web, body: str, codec: str, content_type: str, mark: bytes = b"") -> Linkback:
    """The linkback that a page of these bytes leaves; `{p}` in its body is the post."""
    post = f"{live.url}/posts/no-dig-beds"
    data = mark + body.replace("{p}", post).encode(codec)
    source = web.route(f"/page-{next(_number)}", data, headers={"Content-Type": content_type})
    assert ping(live, source, post)[0] == 0
    return row(live, source)


def page(text: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}<title>{text}</title></head><body><p>{text} <a href='{{p}}'>{text}</a>."


def assert_read(found: Linkback, text: str) -> None:
    assert (found.title, found.anchor) == (text, text)
    assert text in found.before


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ],
)
def test_a_byte_order_mark_goes_before_header_and_meta(live: Live, web: Web, mark: bytes, codec: str) -> None:
    body = page(JAPANESE, "<meta charset=iso-8859-1>")
    assert_read(kept(live, web, body, codec, "text/html; charset=shift_jis", mark), JAPANESE)


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("utf-8", "utf-8", JAPANESE),
        ('"UTF-8"', "utf-8", JAPANESE),
        ("Shift_JIS", "cp932", JAPANESE),
        ("x-sjis", "cp932", JAPANESE + "①髙"),
        ("EUC-JP", "euc_jp", JAPANESE),
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
        ("iso-8859-1", "cp1252", GERMAN + " – „so“"),
        ("latin1", "cp1252", GERMAN),
        ("US-ASCII", "cp1252", GERMAN),
        ("windows-1251", "cp1251", RUSSIAN),
        ("KOI8-R", "koi8_r", RUSSIAN),
        ("iso-8859-5", "iso8859_5", RUSSIAN),
        ("gb2312", "gb18030", CHINESE + "镕"),
        ("GBK", "gbk", CHINESE),
        ("big5", "big5", "不挖土的菜園"),
        ("euc-kr", "cp949", KOREAN + " 똠"),
        ("utf-16le", "utf-16-le", RUSSIAN),
        ("utf-16be", "utf-16-be", RUSSIAN),
        ("utf-16", "utf-16-le", RUSSIAN),
    ],
)
def test_the_headers_charset_is_taken_by_its_label(
    live: Live, web: Web, label: str, codec: str, text: str
) -> None:
    assert_read(kept(live, web, page(text), codec, f"text/html; charset={label}"), text)


def test_the_header_goes_before_meta(live: Live, web: Web) -> None:
    body = page(RUSSIAN, "<meta charset=windows-1251>")
    assert_read(kept(live, web, body, "koi8_r", "text/html; charset=koi8-r"), RUSSIAN)


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset=shift_jis>",
        "<META CHARSET='Shift_JIS'>",
        '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
        '<meta content="text/html; charset=Shift_JIS" http-equiv="content-type">',
        "<!-- <meta charset=utf-8> --><meta charset=shift_jis>",
        "<meta name=generator content=x>" * 20 + "<meta charset=shift_jis>",
    ],
)
@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=no-such-label", "text/html; charset="]
)
def test_meta_counts_where_the_header_says_nothing(
    live: Live, web: Web, head: str, content_type: str
) -> None:
    assert_read(kept(live, web, page(JAPANESE, head), "cp932", content_type), JAPANESE)


def test_an_xml_declaration_counts(live: Live, web: Web) -> None:
    body = '<?xml version="1.0" encoding="EUC-JP"?>' + page(JAPANESE)
    assert_read(kept(live, web, body, "euc_jp", "application/xhtml+xml"), JAPANESE)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("utf-8", JAPANESE),
        ("utf-8", GERMAN),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("cp1252", GERMAN),
    ],
)
@pytest.mark.parametrize("head", ["", "<meta charset=unknown-8bit>"])
def test_undeclared_bytes_are_recognised(live: Live, web: Web, codec: str, text: str, head: str) -> None:
    assert_read(kept(live, web, page(text, head), codec, "text/html"), text)


def test_meta_that_says_utf_16_means_utf_8(live: Live, web: Web) -> None:
    assert_read(kept(live, web, page(GERMAN, "<meta charset=utf-16>"), "utf-8", "text/html"), GERMAN)


def test_ascii_declared_as_utf_16_is_read_all_the_same(live: Live, web: Web) -> None:
    found = kept(live, web, page("Plain words"), "ascii", "text/html; charset=utf-16")
    assert_read(found, "Plain words")


def test_bytes_outside_their_encoding_are_replaced(live: Live, web: Web) -> None:
    body = page("Odd \udcff bytes").encode("utf-8", "surrogateescape")
    post = f"{live.url}/posts/no-dig-beds"
    source = web.route("/odd", body.replace(b"{p}", post.encode()))
    assert ping(live, source, post)[0] == 0
    assert row(live, source).title == "Odd \ufffd bytes"


def test_shift_jis_bytes_that_look_like_markup_hide_no_link(live: Live, web: Web) -> None:
    """The second byte of 表 is a backslash, that of ソ too; none may swallow a quote or a tag."""
    text = "ソフト表示能力"
    assert_read(kept(live, web, page(text), "cp932", "text/html; charset=shift_jis"), text)


def test_a_shift_jis_title_is_shown_on_the_post_page(live: Live, web: Web) -> None:
    found = kept(live, web, page(JAPANESE), "cp932", "text/html; charset=Shift_JIS")
    decide(live, found, actions.APPROVE)
    answer = requests.get(f"{live.url}/posts/no-dig-beds", timeout=10)
    assert answer.encoding == "utf-8"
    assert JAPANESE in answer.text
