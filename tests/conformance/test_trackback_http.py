"""TrackBack 1.2 over real HTTP, each test named after the section it proves."""

import re
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree

import pytest
import requests

from blog_linkbacks.moderation import actions
from tests.conformance.world import decide, listed, row, rows
from tests.conftest import Live
from tests.support import senders
from tests.support.pages import article, without_link
from tests.support.web import Web

DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
DC_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def post(live: Live) -> str:
    return f"{live.url}/posts/no-dig-beds"


@pytest.fixture
def ping(post: str) -> str:
    return f"{post}/trackback"


@pytest.fixture
def source(post: str, web: Web) -> str:
    return web.route("/entry", article(post))


def send(ping: str, body: bytes | str, content_type: str = FORM) -> tuple[int, str]:
    """The `error` and the message that raw bytes are answered with."""
    data = body.encode() if isinstance(body, str) else body
    return read(requests.post(ping, data, headers={"Content-Type": content_type}, timeout=30))


def read(answer: requests.Response) -> tuple[int, str]:
    assert answer.status_code < 500
    assert answer.headers["Content-Type"].startswith("text/xml")
    response = ElementTree.fromstring(answer.content)
    assert response.tag == "response"
    assert [child.tag for child in response] in (["error"], ["error", "message"])
    return int(response.findtext("error") or ""), response.findtext("message") or ""


def encoded(charset: str, **fields: str) -> bytes:
    return "&".join(f"{k}={quote_from_bytes(v.encode(charset))}" for k, v in fields.items()).encode()


class Comments(HTMLParser):
    """The comments of a page as a browser's tokeniser parts them, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.comments: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("title", "given"),
    [
        ("Beds -- and paths", None),
        ("Ends --> here <!-- or --!> there", None),
        ("->-->--->", None),
        ("\"Quotes\" & 'apostrophes' <b>", None),
        ("Spade \U0001f9d1\U0001f3fd\u200d\U0001f33e, 土と堆肥", None),
        ("Bell \x07 and \x1b escape", "Bell  and  escape"),
        ("]]> &amp; &#45;", None),
    ],
)
def test_tb_discovery_is_xml_in_one_comment_whatever_the_title_holds(
    live: Live, title: str, given: str | None
) -> None:
    post = live.post(title, slug="odd")
    html = requests.get(post, timeout=10).text
    comments = Comments(html)
    (block,) = [comment for comment in comments.comments if "rdf:RDF" in comment]
    description = ElementTree.fromstring(block.strip())[0]
    assert description.attrib[DC_TITLE] == (given or title)
    assert description.attrib[DC_IDENTIFIER] == post
    assert "trackback:ping" not in comments.text
    assert "--" not in block


def test_tb_discovery_leads_to_a_ping_url_that_takes_pings(live: Live, post: str, source: str) -> None:
    found = senders.discover(post)
    assert found.trackback.startswith(live.url)
    assert senders.trackback(found.trackback, url=source, title="Notes", blog_name="Park") == (0, "")
    assert row(live, source).status == "pending"


def test_tb_answer_success_to_the_letter(ping: str, source: str) -> None:
    answer = requests.post(ping, {"url": source}, timeout=30)
    assert answer.status_code == 200
    assert answer.text == '<?xml version="1.0" encoding="utf-8"?><response><error>0</error></response>'


@pytest.mark.parametrize(
    "body", ["", "title=Notes&excerpt=e&blog_name=b", "url=", "url=+", "URL=http://a.example/"]
)
def test_tb_sending_without_a_url_must_be_an_error(live: Live, ping: str, body: str) -> None:
    error, message = send(ping, body)
    assert error == 1
    assert "missing" in message
    assert rows(live) == []


@pytest.mark.parametrize(
    "url", ["x", "/entry", "ftp://a.example/", "javascript:alert(1)", "http://", "http://a b/"]
)
def test_tb_sending_a_bad_url_is_an_error(live: Live, ping: str, url: str) -> None:
    assert senders.trackback(ping, url=url)[0] == 1
    assert rows(live) == []


def test_tb_sending_an_unknown_post_is_an_error(live: Live, source: str) -> None:
    error, message = senders.trackback(f"{live.url}/posts/never-written/trackback", url=source)
    assert (error, message) == (1, "There is no such page on this site.")


def test_tb_sending_a_closed_post_is_an_error_and_announces_nothing(
    live: Live, source: str, web: Web
) -> None:
    closed = live.post("Closed", accept_linkbacks=False)
    assert senders.trackback(f"{closed}/trackback", url=source) == (1, "This post takes no linkbacks.")
    assert "rdf:RDF" not in requests.get(closed, timeout=10).text
    assert web.requests == []


def test_tb_sending_the_post_itself_is_an_error(post: str, ping: str) -> None:
    assert senders.trackback(ping, url=f"{post}?again#x")[0] == 1


@pytest.mark.parametrize("query", ["", "?url=http://a.example/&title=t", "?__mode=rss"])
def test_tb_1_1_a_get_registers_nothing_and_leads_to_the_post(
    live: Live, post: str, ping: str, query: str
) -> None:
    answer = requests.get(ping + query, timeout=10, allow_redirects=False)
    assert answer.status_code in (302, 303)
    assert answer.headers["Location"] == post
    assert rows(live) == []


def test_tb_practice_a_slash_at_the_end_of_the_ping_url_does_no_harm(
    live: Live, post: str, ping: str, source: str
) -> None:
    assert senders.trackback(f"{ping}/", url=source) == (0, "")
    assert row(live, source).status == "pending"
    assert requests.get(f"{ping}/", timeout=10).url == post


@pytest.mark.parametrize(
    ("charset", "title"),
    [
        ("utf-8", "Gärten „ohne“ Spaten — 土"),
        ("iso-8859-1", "Gärten für Spaßvögel"),
        ("shift_jis", "土を耕さない畑の話"),
        ("euc-jp", "土を耕さない畑の話"),
        ("windows-1251", "Огород без лопаты"),
    ],
)
def test_tb_sending_all_fields_are_in_the_headers_charset(
    live: Live, ping: str, source: str, charset: str, title: str
) -> None:
    body = encoded(charset, url=source, title=title, excerpt=title, blog_name=title)
    assert send(ping, body, f"{FORM}; charset={charset}") == (0, "")
    (found,) = listed(live)
    assert (found["title"], found["excerpt"], found["author"]) == (title, title, title)


def test_tb_practice_a_form_field_tells_the_charset(live: Live, ping: str, source: str) -> None:
    title = "Огород без лопаты"
    body = encoded("koi8-r", url=source, title=title) + b"&charset=koi8-r"
    assert send(ping, body) == (0, "")
    assert row(live, source).title == title


@pytest.mark.parametrize(
    ("charset", "title"),
    [
        ("utf-8", "Gärten „ohne“ Spaten"),
        ("iso-8859-1", "Gärten für Anfänger"),
        ("shift_jis", "土を耕さない畑の話です"),
        ("euc-jp", "土を耕さない畑の話です"),
    ],
)
def test_tb_practice_undeclared_bytes_are_utf_8_or_detected(
    live: Live, ping: str, source: str, charset: str, title: str
) -> None:
    assert send(ping, encoded(charset, url=source, title=title)) == (0, "")
    assert row(live, source).title == title


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-7", "utf-16", "", "'"])
def test_tb_practice_an_unusable_charset_counts_as_none(
    live: Live, ping: str, source: str, charset: str
) -> None:
    body = encoded("utf-8", url=source, title="Gärten")
    assert send(ping, body, f"{FORM}; charset={charset}") == (0, "")
    assert row(live, source).title == "Gärten"


def test_tb_practice_bytes_of_no_encoding_at_all_are_no_error(live: Live, ping: str, source: str) -> None:
    body = b"url=" + source.encode() + b"&title=%FF%FE%81%00%1B&excerpt=%C3"
    assert send(ping, body, f"{FORM}; charset=utf-8") == (0, "")
    assert "\0" not in row(live, source).title


def test_tb_sending_texts_are_plain(live: Live, ping: str, source: str) -> None:
    title = "<b>Bold</b> &amp; <script>alert(1)</script>brave\n\ttitle"
    assert senders.trackback(ping, url=source, title=title, excerpt="<p>One</p><p>two &lt;3</p>") == (0, "")
    (found,) = listed(live)
    assert (found["title"], found["excerpt"]) == ("Bold & brave title", "One two <3")


@pytest.mark.parametrize("unit", ["word ", "土", "🧑🏽‍🌾", "é"])
def test_tb_practice_a_long_excerpt_is_cut_on_a_character_with_an_ellipsis(
    live: Live, ping: str, source: str, unit: str
) -> None:
    assert senders.trackback(ping, url=source, excerpt=unit * 300) == (0, "")
    (found,) = listed(live)
    excerpt = found["excerpt"]
    assert 230 < len(excerpt) <= 255
    assert excerpt.endswith("…")
    kept = excerpt.removesuffix("…")
    assert (unit * 300).startswith(kept)
    assert unit == "word " or len(kept) % len(unit) == 0


def test_tb_practice_an_excerpt_of_255_characters_is_kept_whole(live: Live, ping: str, source: str) -> None:
    assert senders.trackback(ping, url=source, excerpt="x" * 255) == (0, "")
    assert row(live, source).excerpt == "x" * 255


def test_tb_1_0_a_ping_with_a_url_alone_takes_its_texts_from_the_page(
    live: Live, ping: str, source: str
) -> None:
    assert senders.trackback(ping, url=source) == (0, "")
    (found,) = listed(live)
    assert (found["title"], found["author"]) == ("Notes from my garden", "Mina Park")
    assert 0 < len(found["excerpt"]) <= 255


def test_tb_practice_the_entry_must_link_to_the_post(live: Live, post: str, ping: str, web: Web) -> None:
    source = web.route("/entry", without_link(post))
    error, message = senders.trackback(ping, url=source, title="Notes")
    assert (error, message) == (1, "The page names the post's address only as text, not as a link.")
    found = row(live, source)
    assert (found.status, found.reason) == ("unverified", message)


@pytest.mark.parametrize("status", [404, 410, 403, 500])
def test_tb_practice_an_entry_that_cannot_be_read_is_an_error(
    live: Live, ping: str, web: Web, status: int
) -> None:
    source = web.route("/entry", "no", status=status)
    error, message = senders.trackback(ping, url=source)
    assert error == 1
    assert str(status) in message
    assert row(live, source).status == "unverified"


def test_tb_practice_an_entry_that_links_later_is_taken_then(
    live: Live, post: str, ping: str, web: Web
) -> None:
    source = web.route("/entry", without_link(post))
    assert senders.trackback(ping, url=source)[0] == 1
    web.route("/entry", article(post))
    assert senders.trackback(ping, url=source, title="At last") == (0, "")
    (found,) = rows(live)
    assert (found.status, found.title) == ("pending", "At last")


def test_tb_practice_a_repeat_is_an_error(live: Live, ping: str, source: str) -> None:
    assert senders.trackback(ping, url=source)[0] == 0
    error, message = senders.trackback(ping, url=source, title="Again")
    assert error == 1
    assert "already registered" in message
    assert len(rows(live)) == 1


def test_tb_practice_a_rejected_entry_stays_rejected(live: Live, ping: str, source: str) -> None:
    senders.trackback(ping, url=source)
    decide(live, row(live, source), actions.REJECT)
    assert senders.trackback(ping, url=f"{source}#again")[0] == 1
    assert [linkback.status for linkback in rows(live)] == ["rejected"]


@pytest.mark.parametrize("size", [70_000, 3_000_000])
def test_a_body_beyond_64_kib_is_an_error_in_the_protocols_form(
    live: Live, ping: str, source: str, size: int
) -> None:
    error, message = senders.trackback(ping, url=source, excerpt="x" * size)
    assert error == 1
    assert "64 KiB" in message
    assert rows(live) == []


def test_multipart_is_taken_too(live: Live, ping: str, source: str) -> None:
    parts = [("url", (None, source)), ("title", (None, "Gärten"))]
    assert read(requests.post(ping, files=parts, timeout=30)) == (0, "")
    assert row(live, source).title == "Gärten"


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", "multipart/form-data", "image/png"])
def test_other_bodies_are_an_error(live: Live, ping: str, content_type: str) -> None:
    assert send(ping, b'{"url": "http://a.example/"}', content_type)[0] == 1
    assert rows(live) == []


@pytest.mark.parametrize("count", [101, 15_000])
def test_a_flood_of_fields_is_an_error(live: Live, ping: str, source: str, count: int) -> None:
    assert send(ping, "a=1&" * count + f"url={source}")[0] == 1
    assert rows(live) == []


def test_no_message_can_break_the_answer(ping: str) -> None:
    assert senders.trackback(ping, url="http://127.0.0.2:1/]]>&<b>\x01")[0] == 1


class TestLimited:
    @pytest.fixture
    def environ(self, environ: dict[str, str]) -> dict[str, str]:
        return {**environ, "LINKBACKS_RATE_LIMIT": "2 per minute"}

    def test_beyond_the_rate_limit_is_429_with_retry_after_and_xml(self, live: Live, post: str) -> None:
        ping = f"{post}/trackback"
        assert [requests.post(ping, {}, timeout=10).status_code for _ in range(2)] == [200, 200]
        answer = requests.post(ping, {"url": "http://a.example/"}, timeout=10)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        error, message = read(answer)
        assert error == 1
        assert re.search("too many", message, re.IGNORECASE)
        assert requests.get(ping, timeout=10).status_code == 200
