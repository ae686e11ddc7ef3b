import codecs

import pytest

from blog_linkbacks import labels
from blog_linkbacks.protocols import charsets


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        (" 'utf-8' ", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("ISO_8859-1:1987", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("shift_jis", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("gb2312", "gb18030"),
        ("euc-kr", "cp949"),
        ("big5", "big5hkscs"),
        ("tis-620", "cp874"),
        ("windows-1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("utf-16", "utf-16-le"),
    ],
)
def test_labels_mean_what_the_encoding_standard_says(label: str, name: str) -> None:
    assert labels.codec(label) == name


@pytest.mark.parametrize(
    "label", ["", "utf-7", "klingon", "rot13", "idna", "unicode_escape", "undefined", "zip", "\0"]
)
def test_other_labels_are_unknown(label: str) -> None:
    assert labels.codec(label) is None


def test_every_label_leads_to_an_encoding_that_python_has() -> None:
    assert all(codecs.lookup(name) for name in set(labels._CODECS.values()))


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html", ""),
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html;Charset = "Shift_JIS"; x=y', "Shift_JIS"),
        ("text/html; x=charset", ""),
        ("multipart/form-data; boundary=charset; charset=euc-jp", "euc-jp"),
    ],
)
def test_the_charset_of_a_header_is_found(content_type: str, charset: str) -> None:
    assert charsets.header_charset(content_type) == charset


def test_the_first_known_label_counts() -> None:
    assert charsets.decode("Привет".encode("koi8-r"), "klingon", "koi8-r", "utf-8") == "Привет"


def test_a_byte_order_mark_is_not_text() -> None:
    assert charsets.decode(b"\xef\xbb\xbfhello") == "hello"


def test_bytes_outside_a_declared_encoding_are_replaced() -> None:
    assert charsets.decode(b"a\xffb", "shift_jis").startswith("a")


def test_xml_text_keeps_everything_that_xml_can_hold() -> None:
    assert charsets.xml_text("a\t\n\r é日😀\0\x0b\x1f\ud800\uffff") == "a\t\n\r é日😀"
