"""The text of a page, in whatever encoding it comes."""

import pytest

from blog_linkbacks.verification.encodings import decode
from blog_linkbacks.vocabulary import Outcome
from tests.verification.pages import POST, look

JAPANESE = "これは日本語の文章です。リンクを読みました。"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/html", "é"),
        (b"\xe9t\xe9", "text/html", "été"),
        (b"\xe9", "text/html; charset=iso-8859-1", "é"),
        (b"\x80", "text/html; charset=latin1", "€"),
        (b"\x93x\x94", "text/html; charset=us-ascii", "“x”"),
        (b"\xe9", 'text/html; charset="ISO-8859-1"', "é"),
        (b"\xe9", "text/html; charset=no-such-thing", "é"),
        ("①".encode("cp932"), "text/html; charset=Shift_JIS", "①"),
        ("镕".encode("gbk"), "text/html; charset=gb2312", "镕"),
        ("똠".encode("cp949"), "text/html; charset=euc-kr", "똠"),
        ("\u0416".encode("koi8-r"), "text/html; charset=koi8-r", "Ж"),
        ("\ufeffé".encode(), "text/html; charset=iso-8859-1", "é"),
        ("\ufeffé".encode("utf-16-le"), "text/html", "é"),
        ("\ufeffé".encode("utf-16-be"), "text/html", "é"),
        (JAPANESE.encode("cp932"), "text/html", JAPANESE),
        (JAPANESE.encode("euc_jp"), "text/html", JAPANESE),
        (JAPANESE.encode("iso2022_jp"), "text/html", JAPANESE),
        (JAPANESE.encode()[:-1], "text/html", JAPANESE[:-1] + "\ufffd"),
        (b"a\xff\xfe\xfdb", "text/html; charset=utf-8", "a\ufffd\ufffd\ufffdb"),
        (b"", "", ""),
        (b"abc", "text/html; charset=utf-16", "扡\ufffd"),
        (b"<p>abc", "text/xml; charset=utf-16", "<p>abc"),
        (b"abc", "text/html; charset=rot13", "abc"),
    ],
)
def test_decodes(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=windows-1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<!-- <meta charset="utf-8"> --><meta charset="windows-1251">',
    ],
)
def test_declaration_in_the_page(head: str) -> None:
    assert decode(f"{head}Ж".encode("cp1251"), "text/html").endswith("Ж")


def test_declaration_after_1024_bytes_is_too_late() -> None:
    body = b" " * 1024 + '<meta charset="windows-1251">Ж'.encode("cp1251")
    assert decode(body, "text/html").endswith("Æ")


def test_page_in_shift_jis_shows_its_sentence() -> None:
    seen = look(
        f'<title>日記</title><p>昨日、<a href="{POST}">記事</a>を読みました。'.encode("cp932"), "text/html"
    )
    assert (seen.outcome, seen.title, seen.sentence.text) == (
        Outcome.LINKED,
        "日記",
        "昨日、記事を読みました。",
    )
