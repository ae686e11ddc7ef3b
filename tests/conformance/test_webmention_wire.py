"""Webmention (WM, W3C Recommendation 2017), as far as bytes alone show it."""

import json
from urllib.parse import urlencode

import pytest

from blog_linkbacks.protocols import announce, webmention
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused, Status
from tests.protocols.wires import FORM, SOURCE, TARGET

RECEIPT = Receipt(7, "token", Status.RECEIVED, created=True, check=True)


def request(source: str, target: str) -> Claim | Refused:
    return webmention.parse_request(urlencode({"source": source, "target": target}).encode(), FORM)


def refusal(source: str, target: str) -> Refusal:
    refused = request(source, target)
    assert isinstance(refused, Refused)
    return refused.refusal


def test_wm_3_1_2_the_link_header_names_endpoint_and_rel() -> None:
    header = announce.webmention_link_header("https://blog.example/webmention?a=1&b=2")
    assert header == '<https://blog.example/webmention?a=1&b=2>; rel="webmention"'


def test_wm_3_1_2_the_link_header_cannot_be_broken_by_the_address() -> None:
    header = announce.webmention_link_header('https://blog.example/ä>\r\nX: "1"')
    assert header == '<https://blog.example/%C3%A4%3E%0D%0AX:%20%221%22>; rel="webmention"'


def test_wm_3_1_2_the_element_names_the_same_endpoint() -> None:
    element = announce.webmention_element("https://blog.example/webmention?a=1&b=2")
    assert element == '<link rel="webmention" href="https://blog.example/webmention?a=1&amp;b=2">'


def test_wm_3_1_3_source_and_target_come_form_encoded() -> None:
    assert request(SOURCE, TARGET + "?a=1&b=2#part") == Claim(
        Kind.WEBMENTION, SOURCE, TARGET + "?a=1&b=2#part"
    )


def test_wm_3_1_3_unescaped_addresses_are_understood() -> None:
    body = f"source={SOURCE}&target={TARGET}&ignored=1".encode()
    assert webmention.parse_request(body, f"{FORM}; charset=UTF-8") == Claim(Kind.WEBMENTION, SOURCE, TARGET)


def test_wm_3_1_3_the_sender_is_noted_in_the_claim() -> None:
    body = urlencode({"source": SOURCE, "target": TARGET}).encode()
    claim = webmention.parse_request(body, FORM, sender_ip="192.0.2.1", user_agent="ua", referrer="ref")
    assert isinstance(claim, Claim)
    assert (claim.sender_ip, claim.user_agent, claim.referrer) == ("192.0.2.1", "ua", "ref")


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "mailto:a@b.example", "javascript:x", "//a.example/", "/p", "x", "http:"]
)
def test_wm_3_2_1_addresses_must_be_valid_and_of_a_supported_scheme(url: str) -> None:
    assert refusal(url, TARGET) is Refusal.SOURCE_INVALID
    assert refusal(SOURCE, url) is Refusal.TARGET_INVALID


def test_wm_3_2_1_both_addresses_must_be_there() -> None:
    assert refusal("", TARGET) is Refusal.SOURCE_MISSING
    assert refusal(SOURCE, "") is Refusal.TARGET_MISSING


@pytest.mark.parametrize(
    "source",
    [TARGET, TARGET + "#a", TARGET.replace("https", "http"), TARGET + "/", TARGET.upper()[:20] + TARGET[20:]],
)
def test_wm_3_2_1_source_and_target_must_differ(source: str) -> None:
    assert refusal(source, TARGET) is Refusal.SAME_PAGE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b'{"source": "https://linker.example/"}', "application/json"), (b"<xml/>", "text/xml")],
)
def test_wm_3_2_1_other_media_types_are_no_request(body: bytes, content_type: str) -> None:
    refused = webmention.parse_request(body, content_type)
    assert isinstance(refused, Refused)
    assert refused.refusal is Refusal.MALFORMED_REQUEST


def test_wm_3_2_3_every_refusal_is_the_senders_error() -> None:
    statuses = {refusal: webmention.status_for(Refused(refusal)) for refusal in Refusal}
    assert statuses.pop(Refusal.RATE_LIMITED) == 429
    assert set(statuses.values()) == {400}


def test_wm_3_2_3_success_is_created() -> None:
    assert webmention.CREATED == 201


def test_wm_3_2_3_answers_are_a_line_of_text() -> None:
    body, content_type = webmention.render(RECEIPT, location="https://blog.example/linkbacks/token")
    assert content_type == "text/plain; charset=utf-8"
    assert body.decode().endswith("checked for its link. https://blog.example/linkbacks/token\n")
    assert webmention.render(Refused(Refusal.TARGET_CLOSED))[0].decode() == f"{Refusal.TARGET_CLOSED.value}\n"


def test_wm_3_2_3_answers_are_json_where_that_is_preferred() -> None:
    body, content_type = webmention.render(Refused(Refusal.TARGET_CLOSED), "application/json")
    assert content_type == "application/json"
    assert json.loads(body) == {"error": "target_closed", "message": Refusal.TARGET_CLOSED.value}
    accepted = json.loads(webmention.render(RECEIPT, "application/json", "https://blog.example/l/t")[0])
    assert (accepted["status"], accepted["location"]) == ("received", "https://blog.example/l/t")


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json, text/plain, */*", True),
        ("text/plain;q=0.5, application/json;q=0.9", True),
        ("application/json;q=0.1, text/html", False),
        ("application/json;q=0", False),
        ("APPLICATION/JSON", True),
        (",;q=,application/json;q=x", True),
    ],
)
def test_wm_3_2_3_the_accept_header_chooses(accept: str, is_json: bool) -> None:
    assert (webmention.render(RECEIPT, accept)[1] == "application/json") is is_json


def test_wm_3_2_4_a_repeat_is_told_so() -> None:
    again = Receipt(7, "token", Status.APPROVED, created=False, check=True)
    assert b"known here already" in webmention.render(again)[0]
