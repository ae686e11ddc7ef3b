"""Webmentions go out, and the ledger says truly what came of them."""

import socket

from tests.sending.world import SOURCE, Blogger, fixed, in_turn, pinged, receiver, returns
from tests.support.web import Answer, Request, Web


def test_a_link_is_told_by_webmention(blogger: Blogger, web: Web) -> None:
    target = receiver(web, fixed("Thank you.", 202)) + "#part"
    blogger.write(target)
    (sent,) = web.seen("/wm")
    assert (sent.method, sent.form) == ("POST", {"source": SOURCE, "target": target})
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "Webmention" in sent.headers["user-agent"]
    row = blogger.row()
    assert (row.state, row.protocol, row.endpoint) == ("delivered", "webmention", web.url("/wm"))
    assert (row.response, row.attempts, row.due_at) == ("Thank you.", 1, None)


def test_a_created_status_page_is_kept(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 201, Location="/status/7")))
    assert blogger.row().status_url == web.url("/status/7")


def test_webmention_comes_before_pingback(blogger: Blogger, web: Web) -> None:
    target = pinged(web, returns("<string>no</string>"))
    web.answer("/wm", fixed("", 202))
    body = f'<link rel="pingback" href="{web.url("/rpc")}"><a rel="webmention" href="/wm">x</a>'
    web.route("/page", body, headers={"X-Pingback": web.url("/rpc")})
    blogger.write(target)
    assert (len(web.seen("/wm")), len(web.seen("/rpc"))) == (1, 0)


def test_a_refusal_keeps_the_words_without_their_markup(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("<h1>No</h1><script>x()</script><p>not &amp; here " + "x" * 900, 400)))
    row = blogger.row()
    assert (row.state, row.due_at) == ("refused", None)
    assert row.response.startswith("400: No not & here xxx")
    assert len(row.response) <= 500


def test_the_sentence_is_taken_out_of_json(blogger: Blogger, web: Web) -> None:
    said = '{"error": "no_link_found", "error_description": "The source does not link here."}'
    blogger.write(receiver(web, fixed(said, 400, Content_Type="application/json")))
    assert blogger.row().response == "400: The source does not link here."


def test_a_failing_endpoint_is_tried_again_within_three_minutes(blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, in_turn(Answer("Down.", 500), Answer("", 202))))
    row = blogger.row()
    assert (row.state, row.response, row.attempts) == ("retrying", "500: Down.", 1)
    assert row.due_at is not None
    assert 0 < (row.due_at - row.created_at).total_seconds() <= 180
    blogger.again(later=False)
    assert len(web.seen("/wm")) == 1
    blogger.again()
    assert (blogger.row().state, blogger.row().attempts) == ("delivered", 2)


def test_no_answer_is_tried_again(blogger: Blogger) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        blogger.write(f"http://127.0.0.1:{nobody.getsockname()[1]}/")
    assert (blogger.row().state, blogger.row().due_at is not None) == ("retrying", True)


def test_a_failing_page_is_tried_again(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", "Down.", 503))
    assert (blogger.row().state, blogger.row().response) == ("retrying", "The page answered 503.")


def test_a_page_that_takes_none_is_told_nothing(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", "<p>Plain words."))
    assert [r.method for r in web.requests] == ["HEAD", "GET"]
    assert (blogger.row().state, blogger.row().protocol) == ("no_endpoint", "")


def test_a_missing_page_is_told_nothing(blogger: Blogger, web: Web) -> None:
    blogger.write(web.url("/nowhere"))
    assert (blogger.row().state, blogger.row().response) == ("no_endpoint", "The page answered 404.")


def test_an_endless_answer_ends(blogger: Blogger, web: Web) -> None:
    target = receiver(web, fixed())

    def pour(connection: socket.socket, request: Request) -> None:
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\n\r\n")
        while not web.stopping.is_set():
            connection.sendall(b"word " * 1000)

    web.raw("/wm", pour)
    blogger.write(target)
    row = blogger.row()
    assert (row.state, row.attempts) == ("delivered", 1)
    assert len(row.response) <= 500


def test_an_endpoint_at_a_refused_address_is_never_contacted(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", headers={"Link": "<http://10.0.0.1/wm>; rel=webmention"}))
    row = blogger.row()
    assert (row.state, row.endpoint) == ("failed", "http://10.0.0.1/wm")
    assert "not one that may be fetched" in row.response


def test_own_pages_are_never_told(blogger: Blogger) -> None:
    blogger.write(
        "http://blog.example/posts/no-dig-beds", "/posts/compost-basics", "http://blog.example/about"
    )
    assert blogger.rows() == []


def test_a_page_that_says_not_now_is_tried_again(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", "Slow down.", 429))
    assert (blogger.row().state, blogger.row().response) == ("retrying", "The page answered 429.")


def test_an_endpoint_too_long_to_be_asked_is_none(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", f'<link rel="webmention" href="/wm?{"a" * 5000}">'))
    assert (blogger.row().state, blogger.row().endpoint) == ("no_endpoint", "")
