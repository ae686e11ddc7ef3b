import pytest

from blog_linkbacks.protocols import forms
from blog_linkbacks.protocols.forms import Form
from blog_linkbacks.vocabulary import Refusal, Refused
from tests.protocols.wires import FORM

MULTIPART = (
    b"preamble\r\n--sep\r\n"
    b'Content-Disposition: form-data; name="source"\r\n\r\nhttps://linker.example/\r\n'
    b"--sep\r\nContent-Disposition: form-data; name=title\r\nContent-Type: text/plain\r\n\r\n"
    b"Gr\xc3\xbc\xc3\x9fe\r\n"
    b"--sep--\r\nepilogue"
)


def read(body: bytes, content_type: str = FORM) -> Form:
    form = forms.read(body, content_type)
    assert isinstance(form, Form)
    return form


def refused(body: bytes, content_type: str = FORM) -> str:
    form = forms.read(body, content_type)
    assert isinstance(form, Refused)
    assert form.refusal is Refusal.MALFORMED_REQUEST
    return form.detail


def test_pluses_and_percents_are_expanded() -> None:
    assert read(b"a=1+2%2B3&b%5B%5D=%zz").first("a") == "1 2+3"
    assert read(b"a=1+2%2B3&b%5B%5D=%zz").first("b[]") == "%zz"


def test_a_field_that_is_not_there_is_empty() -> None:
    assert read(b"a&&=x").first("b") == ""


def test_a_missing_content_type_is_forgiven() -> None:
    assert read(b"a=1", "").first("a") == "1"


@pytest.mark.parametrize("boundary", ["sep", '"sep"'])
def test_multipart_is_read_too(boundary: str) -> None:
    form = read(MULTIPART, f"multipart/form-data; boundary={boundary}")
    assert (form.first("source"), form.first("title")) == ("https://linker.example/", "Grüße")


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=other"])
def test_multipart_without_its_boundary_is_empty(content_type: str) -> None:
    assert read(MULTIPART, content_type).fields == ()


def test_the_body_is_capped() -> None:
    assert refused(b"a=" + b"x" * forms.MAX_BODY) == "The request is larger than 64 KiB."


def test_the_number_of_fields_is_capped() -> None:
    assert refused(b"a=1&" * 101) == "The request has more than 100 fields."
    assert len(read(b"a=1&" * 100).fields) == 100
    many = b"--x\r\n" + b"name=a\r\n\r\n1\r\n--x\r\n" * 200
    assert refused(many, "multipart/form-data; boundary=x") == "The request has more than 100 fields."


def test_other_media_types_are_told_what_to_send() -> None:
    assert refused(b"{}", "application/json") == f"Send the fields as {FORM}."
