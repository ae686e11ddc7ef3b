"""Whatever bytes come, an answer goes out, and it is well-formed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog_linkbacks.protocols import announce, charsets, forms, pingback, trackback, webmention
from blog_linkbacks.protocols.pingback import Call, Fault
from blog_linkbacks.protocols.plain import plain
from blog_linkbacks.vocabulary import Claim, Refusal, Refused
from tests.protocols.wires import FORM, TARGET, call_xml, xml

TAGS = ("methodCall", "methodName", "params", "param", "value", "array", "data", "struct", "member", "name")
PIECES = [f"<{slash}{tag}>" for tag in (*TAGS, "string", "int", "base64") for slash in ("", "/")]
PIECES += ["<nil/>", "<dateTime.iso8601/>", "&#1;", "a"]
REPEATED = [
    "<a",
    "<!--",
    "<script>",
    "<a '",
    "&#",
    "&amp;",
    "<![",
    "<?",
    "<?xml ",
    "<?xml encoding",
    " encoding='",
    '"<',
    "\u0301",
    "a=&",
    "%",
]
ENCODINGS = ["utf-8", "utf-16", "shift_jis", "iso-2022-jp", "us-ascii", "x", ""]

any_text = st.text(st.characters(codec=None), max_size=60)
some_xml = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
content_types = st.one_of(
    st.text(max_size=40), st.sampled_from([f"{FORM}; charset={name}" for name in ENCODINGS])
)


def answered(call: Call | Fault) -> None:
    outcome = pingback.to_claim(call) if isinstance(call, Call) else call
    if isinstance(outcome, Fault):
        assert xml(pingback.render_fault(outcome)).tag == "methodResponse"
    if isinstance(call, Call):
        answer = pingback.answer_introspection(call)
        if answer is not None and not isinstance(answer, Fault):
            xml(pingback.render_value(answer))


@given(st.binary(max_size=200), content_types)
def test_any_bytes_get_a_pingback_answer(body: bytes, content_type: str) -> None:
    answered(pingback.parse_call(body, content_type))


@given(some_xml, st.sampled_from(ENCODINGS), st.sampled_from(ENCODINGS[:5]), content_types)
def test_any_xml_gets_a_pingback_answer(inside: str, label: str, encoding: str, content_type: str) -> None:
    document = f'<?xml version="1.0" encoding="{label}"?><methodCall>{inside}</methodCall>'
    answered(pingback.parse_call(document.encode(encoding, "ignore"), content_type))


@given(some_xml, some_xml)
def test_any_values_get_a_pingback_answer(first: str, second: str) -> None:
    answered(pingback.parse_call(call_xml(first, second).encode()))


@given(st.sampled_from(sorted(pingback.METHODS)), st.lists(st.one_of(st.none(), any_text, st.integers())))
def test_any_parameters_get_an_answer(method: str, params: list[object]) -> None:
    answered(Call(method, tuple(params)))


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=80).map(lambda b: b"url=" + b)), content_types)
def test_any_bytes_get_a_trackback_answer(body: bytes, content_type: str) -> None:
    form = trackback.parse_ping(body, content_type)
    outcome = form if isinstance(form, Refused) else trackback.to_claim(form, TARGET)
    if isinstance(outcome, Claim):
        assert max(map(len, (outcome.title, outcome.excerpt, outcome.author))) <= trackback.MAX_TEXT
    else:
        assert xml(trackback.render_error(trackback.error_for(outcome))).findtext("error") == "1"


@given(st.binary(max_size=200), content_types, st.text(max_size=60))
def test_any_bytes_get_a_webmention_answer(body: bytes, content_type: str, accept: str) -> None:
    outcome = webmention.parse_request(body, content_type)
    if isinstance(outcome, Refused):
        assert webmention.render(outcome, accept)[0]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_multipart(body: bytes) -> None:
    form = forms.read(b"--x\r\n" + body.replace(b"!", b"\r\n--x\r\n"), "multipart/form-data; boundary=x")
    assert isinstance(form, Refused) or form.first("source") is not None


@given(any_text)
def test_any_message_makes_well_formed_answers(text: str) -> None:
    fault = xml(pingback.render_fault(Fault(0, text)))
    assert fault.findtext(".//string") == charsets.xml_text(text)
    assert xml(trackback.render_error(text)).tag == "response"
    for accept in ("", "application/json"):
        assert webmention.render(Refused(Refusal.NO_LINK, text), accept)[0]


@given(any_text, any_text)
def test_any_title_makes_a_comment_that_ends_where_it_should(title: str, address: str) -> None:
    block = announce.rdf_block(TARGET, title, address)
    inside = block.removeprefix("<!--").removesuffix("-->")
    assert "--" not in inside
    assert ">" not in inside[:1]
    found = xml(inside.strip())[0]
    assert found.get("{http://purl.org/dc/elements/1.1/}title") == charsets.xml_text(title)


@given(st.text(), st.integers(1, 300))
def test_any_text_becomes_one_short_printable_line(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert not any(c in line for c in "\n\r\t\0")
    line.encode()


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_decode_to_text(data: bytes, label: str) -> None:
    assert isinstance(charsets.decode(data, label), str)


@pytest.mark.parametrize("piece", REPEATED)
def test_hostile_repetition_is_cheap(piece: str) -> None:
    body = (piece * forms.MAX_BODY).encode()[: forms.MAX_BODY - 60]
    began = time.perf_counter()
    form = trackback.parse_ping(b"url=http://a.example/&title=" + body, FORM)
    if not isinstance(form, Refused):
        trackback.to_claim(form, TARGET)
    pingback.parse_call(body)
    pingback.parse_call(b"<methodCall>" + body)
    pingback.parse_call(b"<?xml version='1.0'" + body)
    assert time.perf_counter() - began < 10
