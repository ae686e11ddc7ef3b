"""Pingbacks go out where there is no webmention."""

import xmlrpc.client

import pytest

from tests.sending.world import SOURCE, Blogger, fault, fixed, pinged, returns, rpc
from tests.support.web import Dynamic, Web


def test_a_link_is_told_by_pingback(blogger: Blogger, web: Web) -> None:
    target = pinged(web, returns("<string>Registered.</string>"), "/page?a=1&b=2")
    blogger.write(target)
    (sent,) = web.seen("/rpc")
    assert sent.headers["content-type"] == "text/xml"
    assert xmlrpc.client.loads(sent.body) == ((SOURCE, target), "pingback.ping")
    row = blogger.row()
    assert (row.state, row.protocol, row.response) == ("delivered", "pingback", "Registered.")


def test_the_header_alone_announces(blogger: Blogger, web: Web) -> None:
    web.answer("/rpc", returns("Untyped."))
    blogger.write(
        web.route("/image", b"\x89PNG", headers={"X-Pingback": web.url("/rpc"), "Content-Type": "image/png"})
    )
    assert blogger.row().response == "Untyped."
    assert [r.method for r in web.seen("/image")] == ["HEAD"]


def test_a_fault_is_final_and_speaks(blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, fault(17, "I see &lt;b>no&lt;/b> link.")))
    row = blogger.row()
    assert (row.state, row.response, row.due_at) == ("refused", "Fault 17: I see no link.", None)


def test_already_registered_counts_as_delivered(blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, fault(48, "Known.")))
    assert (blogger.row().state, blogger.row().response) == ("delivered", "Fault 48: Known.")


@pytest.mark.parametrize("answer", [fault(429, "Slow down."), fixed("Slow down.", 429)])
def test_one_who_is_asked_too_often_is_asked_again(answer: Dynamic, blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, answer))
    row = blogger.row()
    assert (row.state, row.due_at is not None) == ("retrying", True)
    assert "Slow down." in row.response


def test_the_answer_is_asked_for_as_xml(blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, returns("Taken.")))
    (sent,) = web.seen("/rpc")
    assert sent.headers["accept"].startswith("text/xml")


ODD = {
    "an integer result": ("<params><param><value><int>17</int></value></param></params>", "refused"),
    "48 as a result": ("<params><param><value><int>48</int></value></param></params>", "delivered"),
    "a bare integer fault": ("<fault><value><i4>33</i4></value></fault>", "refused"),
    "a bare 48": ("<fault><value><i4>48</i4></value></fault>", "delivered"),
    "an empty fault": ("<fault/>", "refused"),
    "nothing in it": ("", "refused"),
    "an empty string": ("<params><param><value><string/></value></param></params>", "delivered"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_are_understood(name: str, blogger: Blogger, web: Web) -> None:
    content, state = ODD[name]
    blogger.write(pinged(web, rpc(content)))
    assert blogger.row().state == state


BROKEN = {
    "no XML": b"<html><p>It works!",
    "a document type": b"<!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse><fault/></methodResponse>",
    "another encoding": b'<?xml version="1.0" encoding="nonsense"?><methodResponse/>',
    "nothing": b"",
    "deep nesting": b"<methodResponse>" + b"<value>" * 9000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_response_is_a_refusal(name: str, blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, fixed(BROKEN[name])))
    assert blogger.row().state == "refused"
    assert blogger.row().response.startswith("It answered, but not as XML-RPC")


def test_warnings_before_the_response_do_no_harm(blogger: Blogger, web: Web) -> None:
    value = "<params><param><value>Ok</value></param></params>"
    said = f"<?xml version='1.0'?><methodResponse>{value}</methodResponse>"
    blogger.write(pinged(web, fixed("\nWarning: something old\n" + said)))
    assert (blogger.row().state, blogger.row().response) == ("delivered", "Ok")


def test_a_failing_server_is_tried_again(blogger: Blogger, web: Web) -> None:
    blogger.write(pinged(web, fixed("Down.", 502)))
    assert (blogger.row().state, blogger.row().protocol) == ("retrying", "pingback")
