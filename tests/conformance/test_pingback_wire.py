"""Pingback 1.0 (PB), XML-RPC (RPC) and its fault codes (FC), as far as bytes alone show them."""

import re
import xmlrpc.client

import pytest

from blog_linkbacks.protocols import announce, pingback
from blog_linkbacks.protocols.pingback import Call, Fault
from blog_linkbacks.vocabulary import Claim, Kind, Refusal, Refused
from tests.protocols.wires import SOURCE, TARGET, call_xml, captured, claim_of, code_of, declared, xml

PATTERN = r'<link rel="pingback" href="([^"]+)" ?/?>'


def faults(*refusals: Refusal) -> set[int]:
    return {pingback.fault_for(Refused(refusal)).code for refusal in refusals}


def test_pb_2_1_the_header_is_the_absolute_uri_of_the_server() -> None:
    assert announce.pingback_header("https://blog.example/xmlrpc") == "https://blog.example/xmlrpc"


def test_pb_2_2_the_element_is_spelled_to_the_letter() -> None:
    element = announce.pingback_element("https://blog.example/rpc?a=1&b=2")
    assert element == '<link rel="pingback" href="https://blog.example/rpc?a=1&amp;b=2">'


def test_pb_2_3_header_and_element_name_the_same_server_even_with_odd_characters() -> None:
    endpoint = "https://blog.example/ü rpc?q=\"<a>\"&x='1'"
    found = re.search(PATTERN, announce.pingback_element(endpoint))
    assert found
    assert found[1].replace("&amp;", "&") == announce.pingback_header(endpoint)
    assert announce.pingback_header(endpoint).isascii()


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("pingback-out", "http://127.0.0.1:8811/t/070647/header"),
        ("pingback-out-link-rel", "http://127.0.0.1:8811/t/070647/link"),
        ("pingback-out-query-target", "http://127.0.0.1:8811/t/070647/q?a=1&b=2#frag"),
    ],
)
def test_pb_3_what_wordpress_sends_is_understood(name: str, target: str) -> None:
    body, headers = captured(name)
    claim = claim_of(body, headers["content-type"])
    assert claim == Claim(
        Kind.PINGBACK, "http://127.0.0.1:8801/2026/11/22/outgoing-unicode-markup/", target_url=target
    )


def test_pb_3_what_pythons_own_client_sends_is_understood() -> None:
    body = xmlrpc.client.dumps((SOURCE, TARGET + "#part"), "pingback.ping").encode()
    assert claim_of(body) == Claim(Kind.PINGBACK, SOURCE, TARGET + "#part")


def test_pb_3_the_sender_is_noted_in_the_claim() -> None:
    claim = pingback.to_claim(
        Call("pingback.ping", (SOURCE, TARGET)), sender_ip="192.0.2.1", user_agent="ua", referrer="ref"
    )
    assert isinstance(claim, Claim)
    assert (claim.sender_ip, claim.user_agent, claim.referrer) == ("192.0.2.1", "ua", "ref")


def test_pb_3_fault_0_for_the_post_itself_as_source() -> None:
    assert code_of(call_xml(TARGET + "#comments", TARGET).encode()) == 0


def test_pb_3_fault_16_for_a_source_that_cannot_be_there() -> None:
    sources = (Refusal.SOURCE_NOT_FOUND, Refusal.SOURCE_UNREACHABLE, Refusal.SOURCE_INVALID)
    assert faults(*sources, Refusal.SOURCE_MISSING) == {16}
    assert code_of(call_xml("ftp://linker.example/", TARGET).encode()) == 16


def test_pb_3_fault_17_for_a_source_without_the_link() -> None:
    assert faults(Refusal.NO_LINK, Refusal.SOURCE_NOT_TEXT) == {17}


def test_pb_3_fault_32_only_where_certainly_nothing_is() -> None:
    assert faults(Refusal.TARGET_UNKNOWN) == {32}


def test_pb_3_fault_33_for_a_target_that_takes_no_pingbacks() -> None:
    unusable = (Refusal.TARGET_NOT_A_POST, Refusal.TARGET_CLOSED, Refusal.TARGET_FOREIGN)
    assert faults(*unusable, Refusal.TARGET_INVALID, Refusal.TARGET_MISSING) == {33}
    assert code_of(call_xml(SOURCE, "not a url").encode()) == 33


def test_pb_3_fault_48_for_a_known_pingback() -> None:
    assert faults(Refusal.ALREADY_REGISTERED) == {48}


def test_pb_3_fault_49_for_denied_access() -> None:
    assert faults(Refusal.BLOCKED, Refusal.RATE_LIMITED, Refusal.FORBIDDEN_ADDRESS) == {49}


def test_pb_3_fault_50_for_a_failing_upstream_server() -> None:
    assert faults(Refusal.SOURCE_FAILING) == {50}


def test_pb_4_every_refusal_has_a_fault_with_a_sentence() -> None:
    for refusal in Refusal:
        assert pingback.fault_for(Refused(refusal)).message == refusal.value
    assert (
        pingback.fault_for(Refused(Refusal.NO_LINK, "Only text, no link.")).message == "Only text, no link."
    )


def test_rpc_success_is_one_string() -> None:
    answer = pingback.render_value(pingback.success(SOURCE, TARGET))
    assert xmlrpc.client.loads(answer) == ((f"Pingback from {SOURCE} to {TARGET} registered.",), None)
    assert [child.tag for child in xml(answer)] == ["params"]


def test_rpc_a_fault_is_a_struct_of_code_and_string_and_nothing_else() -> None:
    answer = xml(pingback.render_fault(Fault(17, "No <link> & no text.")))
    assert [child.tag for child in answer] == ["fault"]
    assert [name.text for name in answer.iter("name")] == ["faultCode", "faultString"]
    assert [answer.findtext(".//int"), answer.findtext(".//string")] == ["17", "No <link> & no text."]


def test_rpc_content_type_is_text_xml() -> None:
    assert pingback.CONTENT_TYPE == "text/xml; charset=utf-8"


def test_rpc_a_value_without_a_type_is_a_string() -> None:
    assert claim_of(call_xml(SOURCE, f"<string>{TARGET}</string>").encode()) == Claim(
        Kind.PINGBACK, SOURCE, TARGET
    )


@pytest.mark.parametrize(
    "target",
    [
        f"<![CDATA[{TARGET}]]>",
        TARGET.replace("o", "&#111;"),
        f"<!-- here -->{TARGET}",
        f"\n <string>{TARGET} </string>\n",
    ],
)
def test_rpc_it_is_xml_with_cdata_references_and_comments(target: str) -> None:
    assert claim_of(call_xml(SOURCE, target).encode()) == Claim(Kind.PINGBACK, SOURCE, TARGET)


@pytest.mark.parametrize(
    ("encoding", "as_python"),
    [
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("utf-16", "utf-16-be"),
        ("utf-16", "utf-16-le"),
        ("iso-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
    ],
)
def test_rpc_any_declared_western_encoding_is_read(encoding: str, as_python: str) -> None:
    body = declared(encoding, "https://linker.example/café", TARGET).encode(as_python)
    assert claim_of(body) == Claim(Kind.PINGBACK, "https://linker.example/café", TARGET)


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp", "iso-2022-jp"])
def test_rpc_declared_japanese_encodings_are_read(encoding: str) -> None:
    body = declared(encoding, "https://linker.example/日本", TARGET).encode(encoding)
    assert claim_of(body) == Claim(Kind.PINGBACK, "https://linker.example/日本", TARGET)


def test_rpc_the_headers_charset_counts_too() -> None:
    body = call_xml("https://linker.example/日本", TARGET).encode("euc-jp")
    assert claim_of(body, 'text/xml; charset="EUC-JP"') == Claim(
        Kind.PINGBACK, "https://linker.example/日本", TARGET
    )


def test_rpc_whitespace_before_the_declaration_is_forgiven() -> None:
    assert isinstance(claim_of(b"\r\n " + declared("utf-8").encode()), Claim)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<methodCall>",
        b"<other><open></other>",
        call_xml(SOURCE, "&nbsp;").encode(),
        call_xml(SOURCE, TARGET + "\x01").encode(),
        call_xml(SOURCE, TARGET).encode() + b"\0",
    ],
)
def test_fc_32700_for_what_is_not_well_formed(body: bytes) -> None:
    assert code_of(body) == -32700


@pytest.mark.parametrize(
    "document_type",
    [
        "<!DOCTYPE methodCall>",
        '<!DOCTYPE m SYSTEM "http://127.0.0.1/x.dtd">',
        '<!DOCTYPE m [<!ENTITY a "b">]>',
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_fc_32700_for_document_types_and_entities(document_type: str) -> None:
    assert code_of((document_type + call_xml(SOURCE, "&x;")).encode()) == -32700


@pytest.mark.parametrize("encoding", ["klingon", "utf-7", "utf-32", "hex"])
def test_fc_32701_for_an_unsupported_encoding(encoding: str) -> None:
    assert code_of(declared(encoding).encode()) == -32701


def test_fc_32701_wherever_the_declaration_names_the_encoding() -> None:
    declaration = f'<?xml version="1.0" {" " * 5000} encoding = "klingon" ?>'
    assert code_of(call_xml(SOURCE, TARGET, declaration=declaration).encode()) == -32701


@pytest.mark.parametrize("label", ["klingon", "utf-16", "shift_jis"])
def test_fc_32700_for_a_garbled_declaration(label: str) -> None:
    declaration = f"<?xml version='1.0>' encoding='{label}'?>"
    assert code_of(call_xml(SOURCE, TARGET, declaration=declaration).encode()) == -32700


def test_fc_32701_for_bytes_that_are_utf_32() -> None:
    assert code_of(declared("utf-32").encode("utf-32")) == -32701


@pytest.mark.parametrize(
    "body",
    [
        declared("utf-16").encode(),
        declared("utf-16").encode() + b" ",
        declared("utf-8", "https://linker.example/café").encode("latin-1"),
        declared("us-ascii", "https://linker.example/café").encode("latin-1"),
        declared("shift_jis", "https://linker.example/café").encode("latin-1"),
    ],
)
def test_fc_32702_for_bytes_that_are_not_in_the_declared_encoding(body: bytes) -> None:
    assert code_of(body) == -32702


@pytest.mark.parametrize(
    "body",
    [
        "<methodResponse><params/></methodResponse>",
        "<html/>",
        "<methodCall/>",
        "<methodCall><methodName> </methodName></methodCall>",
        "<methodCall><params/></methodCall>",
        "<methodCall><methodName>pingback.ping</methodName><value>a</value></methodCall>",
        call_xml("<int>one</int>", TARGET),
        call_xml("<int>" + "9" * 10_000 + "</int>", TARGET),
        call_xml("<bigdecimal>1E1000000000</bigdecimal>", TARGET),
        call_xml("<struct><member/></struct>", TARGET),
        call_xml("<array/>", TARGET),
        call_xml("<string>a</string><string>b</string>", TARGET),
        call_xml(f"{SOURCE}</value><value>{TARGET}"),
    ],
)
def test_fc_32600_for_xml_that_is_not_xml_rpc(body: str) -> None:
    assert code_of(body.encode()) == -32600


def test_fc_32600_for_a_request_beyond_64_kib() -> None:
    assert code_of(call_xml(SOURCE, TARGET).encode() + b" " * pingback.MAX_BODY) == -32600


def test_fc_32600_for_elements_nested_too_deep() -> None:
    inside = "<array><data><value>" * 1000 + "</value></data></array>" * 1000
    assert code_of(call_xml(inside).encode()) == -32600


@pytest.mark.parametrize(
    "method", ["pingback.pong", "PINGBACK.PING", "system.multicall", "metaWeblog.newPost"]
)
def test_fc_32601_for_a_method_that_is_not_there(method: str) -> None:
    answer = pingback.answer_introspection(Call(method))
    assert isinstance(answer, Fault)
    assert answer.code == -32601
    assert code_of(call_xml(SOURCE, TARGET, method=method).encode()) == -32601


@pytest.mark.parametrize(
    "values",
    [
        (),
        (SOURCE,),
        (SOURCE, TARGET, "more"),
        (SOURCE, "<int>1</int>"),
        ("<nil/>", TARGET),
        ("<base64>aHR0cA==</base64>", TARGET),
        (f"<array><data><value>{SOURCE}</value><value>{TARGET}</value></data></array>",),
    ],
)
def test_fc_32602_for_anything_but_two_strings(values: tuple[str, ...]) -> None:
    assert code_of(call_xml(*values).encode()) == -32602


def test_fc_32602_for_a_call_without_params() -> None:
    assert code_of(b"<methodCall><methodName>pingback.ping</methodName></methodCall>") == -32602


def test_fc_32603_for_a_failure_of_our_own() -> None:
    assert pingback.INTERNAL.code == -32603


def test_introspection_lists_every_method_with_help_and_signature() -> None:
    names = pingback.answer_introspection(Call("system.listMethods"))
    assert names == sorted(pingback.METHODS)
    for name in pingback.METHODS:
        assert pingback.answer_introspection(Call("system.methodHelp", (name,)))
        assert pingback.answer_introspection(Call("system.methodSignature", (name,)))


def test_introspection_gives_the_signature_of_a_ping() -> None:
    answer = pingback.answer_introspection(Call("system.methodSignature", ("pingback.ping",)))
    assert not isinstance(answer, Fault)
    assert answer is not None
    assert xmlrpc.client.loads(pingback.render_value(answer))[0] == ([["string", "string", "string"]],)


def test_introspection_leaves_pingbacks_to_others() -> None:
    assert pingback.answer_introspection(Call("pingback.ping", (SOURCE, TARGET))) is None
    assert pingback.answer_introspection(Call(pingback.GET_PINGBACKS, (TARGET,))) is None


def test_get_pingbacks_takes_one_url() -> None:
    assert pingback.asked_target(Call(pingback.GET_PINGBACKS, (TARGET,))) == TARGET
    assert isinstance(pingback.asked_target(Call(pingback.GET_PINGBACKS, (1,))), Fault)
    assert isinstance(pingback.asked_target(Call(pingback.GET_PINGBACKS)), Fault)
