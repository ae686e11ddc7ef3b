"""TrackBacks by hand."""

from urllib.parse import parse_qs

import pytest

from blog_linkbacks.sending import delivery, trackbacks
from blog_linkbacks.sending.trackbacks import TrackbackError, send_trackbacks
from tests.sending.world import SOURCE, Blogger, fixed, pinged, returns
from tests.support.web import Answer, Request, Web

OK = '<?xml version="1.0" encoding="utf-8"?><response><error>0</error></response>'


def _send(blogger: Blogger, *urls: str, excerpt: str = "Why soil lives.", title: str = "") -> None:
    post_id = blogger.write(words="All about soil.")
    with blogger.app.app_context():
        for delivery_id in send_trackbacks(post_id, list(urls), excerpt, title):
            delivery.process(delivery_id)


def test_a_ping_url_gets_the_form(blogger: Blogger, web: Web) -> None:
    _send(blogger, web.answer("/tb/1", fixed(OK)), excerpt="Ünder the soil & more")
    (sent,) = web.seen("/tb/1", "POST")
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert sent.form == {
        "title": "Soil",
        "url": SOURCE,
        "excerpt": "Ünder the soil & more",
        "blog_name": "A blog with linkbacks",
    }
    row = blogger.row()
    assert (row.state, row.protocol, row.endpoint) == ("delivered", "trackback", web.url("/tb/1"))


def test_a_page_is_asked_for_its_ping_url(blogger: Blogger, web: Web) -> None:
    web.answer("/tb/7", fixed(OK))
    page = web.url("/page")
    web.route(
        "/page", f'<!-- <rdf:Description dc:identifier="{page}" trackback:ping="{web.url("/tb/7")}" /> -->'
    )
    _send(blogger, page)
    assert len(web.seen("/tb/7", "POST")) == 1
    assert web.seen("/page", "POST") == []


def test_a_ping_url_that_takes_no_get_is_still_told(blogger: Blogger, web: Web) -> None:
    def only_post(request: Request) -> Answer:
        return Answer(OK) if request.method == "POST" else Answer("", 405)

    _send(blogger, web.answer("/tb/1", only_post))
    assert blogger.states() == ["delivered"]


def test_long_excerpts_are_cut_at_252_and_an_ellipsis(blogger: Blogger, web: Web) -> None:
    url = web.answer("/tb/1", fixed(OK))
    for length in (252, 253, 900):
        _send(blogger, url, excerpt="x" * length)
    lengths = [len(sent.form["excerpt"]) for sent in web.seen("/tb/1", "POST")]
    assert lengths == [252, 253, 253]
    assert web.requests[-1].form["excerpt"] == "x" * 252 + "…"


def test_without_an_excerpt_the_post_speaks(blogger: Blogger, web: Web) -> None:
    _send(blogger, web.answer("/tb/1", fixed(OK)), excerpt=" ", title="My title")
    fields = parse_qs(web.seen("/tb/1", "POST")[0].body.decode())
    assert (fields["excerpt"], fields["title"]) == (["All about soil."], ["My title"])


ANSWERS = {
    "an error": ("<error>1</error><message>No &lt;b&gt;thanks&lt;/b&gt;</message>", 200, "No thanks"),
    "CDATA": ("<error>1</error><message><![CDATA[No <b>thanks</b>]]></message>", 200, "No thanks"),
    "an error without words": ("<response><error>1</error></response>", 200, "Refused without a reason."),
    "an error under another status": (
        "<response><error>1</error><message>No</message></response>",
        403,
        "No",
    ),
    "another error number": ("<response><error>7</error><message>No</message></response>", 200, "No"),
    "markup that is not well-formed": ("<error>1</error><message>a & b</message>", 200, "a & b"),
    "something else": ("<p>Welcome", 200, "It answered, but not as TrackBack: Welcome"),
    "not found": ("Nothing here", 404, "404: Nothing here"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_refusals_speak(name: str, blogger: Blogger, web: Web) -> None:
    body, status, words = ANSWERS[name]
    _send(blogger, web.answer("/tb/1", fixed(body, status)))
    assert (blogger.row().state, blogger.row().response) == ("refused", words)


def test_messages_are_read_in_their_encoding(blogger: Blogger, web: Web) -> None:
    text = '<?xml version="1.0" encoding="iso-8859-1"?><error>1</error><message>déjà</message>'
    _send(blogger, web.answer("/tb/1", fixed(text.encode("latin-1"), Content_Type="text/xml")))
    assert blogger.row().response == "déjà"


def test_a_failing_server_is_tried_again(blogger: Blogger, web: Web) -> None:
    _send(blogger, web.answer("/tb/1", fixed("Down.", 500)))
    assert blogger.states() == ["retrying"]


def test_automatic_sending_never_uses_trackback(blogger: Blogger, web: Web) -> None:
    web.answer("/tb/1", fixed(OK))
    page = web.url("/page")
    web.route(
        "/page", f'<!-- <rdf:Description dc:identifier="{page}" trackback:ping="{web.url("/tb/1")}" /> -->'
    )
    blogger.write(page)
    assert blogger.states() == ["no_endpoint"]
    assert web.seen("/tb/1") == []


def test_editing_a_post_repeats_no_trackback(blogger: Blogger, web: Web) -> None:
    _send(blogger, web.answer("/tb/1", fixed(OK)))
    blogger.write(words="Changed.")
    blogger.delete()
    assert len(web.seen("/tb/1", "POST")) == 1


BAD = [
    "",
    "ftp://a.example/",
    "a.example",
    "http://blog.example/posts/soil/trackback",
    "http://me@a.example/",
]


@pytest.mark.parametrize("bad", BAD)
def test_addresses_are_checked_before_anything_is_written(bad: str, blogger: Blogger) -> None:
    post_id = blogger.write()
    good = ["http://a.example/"] if bad else []
    with blogger.app.app_context(), pytest.raises(TrackbackError):
        send_trackbacks(post_id, [*good, bad], "")
    assert blogger.rows() == []


def test_an_address_named_twice_is_told_once(blogger: Blogger) -> None:
    post_id = blogger.write()
    with blogger.app.app_context():
        assert len(send_trackbacks(post_id, ["http://a.example/", " http://a.example/ ", ""], "")) == 1


def test_an_unpublished_post_is_not_told_of(blogger: Blogger) -> None:
    blogger.write()
    post_id = blogger.unpublish()
    with blogger.app.app_context(), pytest.raises(TrackbackError):
        send_trackbacks(post_id, ["http://a.example/"], "")


def test_doubts_are_raised_about_what_was_told_or_refused(blogger: Blogger, web: Web) -> None:
    told = web.answer("/tb/1", fixed(OK))
    with Web("127.0.0.3") as other:
        _send(blogger, told, other.answer("/tb", fixed("<error>1</error><message>No spam</message>")))
        pinged_page = pinged(web, returns("Ok"))
        post_id = blogger.write(pinged_page)
        with blogger.app.app_context():
            doubts = trackbacks.warnings(
                post_id, [told, pinged_page, other.url("/elsewhere"), web.url("/new")]
            )
    assert doubts == [
        f"{told} was already told of this post, by trackback.",
        f"{pinged_page} was already told of this post, by pingback.",
        "127.0.0.3 refused a trackback before: No spam",
    ]


def test_a_busy_wordpress_is_tried_again(blogger: Blogger, web: Web) -> None:
    busy = "<error><code>wp_die</code><message><![CDATA[Slow down.]]></message></error>"
    _send(blogger, web.answer("/tb/1", fixed(busy, 429)))
    assert blogger.row().state == "retrying"


def test_a_form_sent_twice_at_once_sends_one(blogger: Blogger, web: Web) -> None:
    url, post_id = web.answer("/tb", fixed(OK)), blogger.write(words="All about soil.")
    with blogger.app.app_context():
        first = send_trackbacks(post_id, [url], "Why soil lives.")
        assert send_trackbacks(post_id, [url], "Why soil lives.") == first
        assert send_trackbacks(post_id, [url], "Other words.") != first
    assert blogger.states() == ["queued", "queued"]
