"""Webmention over real HTTP, each test named after the section of the Recommendation it proves."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.blog import posts
from blog_linkbacks.moderation import actions, rules
from blog_linkbacks.vocabulary import Response
from tests.conformance.world import checked, decide, listed, row, rows, until
from tests.conftest import Live
from tests.support import senders
from tests.support.pages import article, without_link
from tests.support.web import Web

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def post(live: Live) -> str:
    return f"{live.url}/posts/no-dig-beds"


@pytest.fixture
def endpoint(live: Live) -> str:
    return f"{live.url}/webmention"


@pytest.fixture
def source(post: str, web: Web) -> str:
    return web.route("/note", article(post))


@pytest.fixture
def approved(live: Live, endpoint: str, post: str, source: str) -> str:
    """The address of a page whose webmention was approved."""
    assert senders.webmention(endpoint, source, post).status_code == 201
    decide(live, checked(live, source), actions.APPROVE)
    return source


def send_as(endpoint: str, accept: str, **fields: str) -> requests.Response:
    return requests.post(endpoint, fields, headers={"Accept": accept}, timeout=30, allow_redirects=False)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_wm_3_1_2_the_endpoint_is_in_the_link_header(post: str, endpoint: str, method: str) -> None:
    answer = requests.request(method, post, timeout=10)
    assert answer.links["webmention"]["url"] == endpoint


def test_wm_3_1_2_the_endpoint_is_in_an_element(post: str, endpoint: str) -> None:
    assert f'<link rel="webmention" href="{endpoint}">' in requests.get(post, timeout=10).text


def test_wm_3_1_2_a_closed_post_announces_no_endpoint(live: Live) -> None:
    answer = requests.get(live.post("Closed", accept_linkbacks=False), timeout=10)
    assert "webmention" not in answer.text
    assert "Link" not in answer.headers


def test_wm_3_2_a_mention_is_created_with_a_status_page(
    live: Live, endpoint: str, post: str, source: str
) -> None:
    answer = senders.webmention(endpoint, source, post)
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert location.startswith(live.url)
    for _ in range(3):
        assert requests.get(location, timeout=10).status_code == 200
    checked(live, source)
    page = requests.get(location, timeout=10)
    assert page.status_code == 200
    assert source in page.text


def test_wm_3_2_the_status_page_holds_nothing_private(live: Live, post: str, approved: str) -> None:
    location = f"{live.url}/webmention/{row(live, approved).token}"
    page = requests.get(location, timeout=10).text
    shown = page.replace(approved, "").replace(live.url, "").replace(urlsplit(post).netloc, "")
    found = row(live, approved)
    assert found.sender_ip == "127.0.0.1"
    for secret in ("127.0.0.1", "ana", f"{found.score:.2f}", "score", "spam", "policy", found.user_agent):
        assert secret not in shown.lower()


def test_wm_3_2_the_status_page_tells_why_no_link_was_found(
    live: Live, endpoint: str, post: str, web: Web
) -> None:
    source = web.route("/note", without_link(post))
    location = senders.webmention(endpoint, source, post).headers["Location"]
    checked(live, source)
    assert "names the post&#39;s address only as text" in requests.get(location, timeout=10).text


def test_wm_3_2_the_status_page_of_a_blocked_site_says_no_more_than_is_true(
    live: Live, endpoint: str, post: str, source: str, web: Web
) -> None:
    with live.app.app_context():
        rules.set_rule("127.0.0.2", "block", find_user("ana"))
    page = requests.get(senders.webmention(endpoint, source, post).headers["Location"], timeout=10).text
    assert "The page was not read." in page
    assert "It is not shown under the post." in page
    assert web.requests == []


def test_wm_3_2_an_unknown_status_page_is_404(endpoint: str) -> None:
    assert requests.get(f"{endpoint}/no-such-token", timeout=10).status_code == 404


@pytest.mark.parametrize("missing", ["source", "target", "both"])
def test_wm_3_2_1_a_missing_url_is_400(live: Live, endpoint: str, post: str, missing: str) -> None:
    fields = {"source": "http://127.0.0.2/a", "target": post}
    sent = {name: url for name, url in fields.items() if missing not in (name, "both")}
    answer = requests.post(endpoint, sent, timeout=10)
    assert answer.status_code == 400
    assert "missing" in answer.text
    assert rows(live) == []


@pytest.mark.parametrize(
    "url",
    [
        "x",
        "/a",
        "//a.example/",
        "http://",
        "http:///a",
        "ftp://a.example/",
        "javascript:x",
        "mailto:a@b.example",
    ],
)
def test_wm_3_2_1_a_malformed_url_or_another_scheme_is_400(
    live: Live, endpoint: str, post: str, url: str
) -> None:
    assert senders.webmention(endpoint, url, post).status_code == 400
    assert senders.webmention(endpoint, "http://127.0.0.2/a", url).status_code == 400
    assert rows(live) == []


def test_wm_3_2_1_source_and_target_must_differ(live: Live, endpoint: str, post: str) -> None:
    twins = [post, f"{post}#part", post.replace("http:", "https:"), f"{post}/", f"{post}?a=1", post.upper()]
    for source in twins[:5]:
        assert senders.webmention(endpoint, source, post).status_code == 400, source
    assert rows(live) == []


@pytest.mark.parametrize(
    "path", ["/posts/never-written", "/", "/feed.atom", "/webmention", "/nowhere", "/posts/"]
)
def test_wm_3_2_1_a_target_that_is_no_post_here_is_400_without_fetching(
    live: Live, endpoint: str, source: str, web: Web, path: str
) -> None:
    assert senders.webmention(endpoint, source, live.url + path).status_code == 400
    assert web.requests == []
    assert rows(live) == []


def test_wm_3_2_1_a_closed_and_a_foreign_target_are_400_without_fetching(
    live: Live, endpoint: str, source: str, web: Web
) -> None:
    closed = live.post("Closed", accept_linkbacks=False)
    for target in (closed, "http://elsewhere.example/posts/no-dig-beds", web.url("/posts/no-dig-beds")):
        assert senders.webmention(endpoint, source, target).status_code == 400
    assert web.requests == []


@pytest.mark.parametrize("spelling", ["#comments", "/", "?a=1", "?a=1#b"])
def test_wm_3_2_1_the_fragment_and_other_spellings_of_the_target_mean_the_post(
    live: Live, endpoint: str, post: str, web: Web, spelling: str
) -> None:
    source = web.route("/note", article(post + spelling))
    assert senders.webmention(endpoint, source, post + spelling).status_code == 201
    assert checked(live, source).status == "pending"
    assert listed(live)[0]["target_url"] == post


def test_wm_3_2_3_the_reason_of_a_400_is_plain_text_or_json(endpoint: str, post: str) -> None:
    plain = send_as(endpoint, "*/*", source=post, target=post)
    assert plain.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert plain.text.strip() == "The linking page and the post are the same page."
    as_json = send_as(endpoint, "application/json", source=post, target=post)
    assert as_json.headers["Content-Type"] == "application/json"
    assert as_json.json() == {"error": "same_page", "message": plain.text.strip()}
    assert (plain.status_code, as_json.status_code) == (400, 400)


def test_wm_3_2_3_the_answer_to_a_mention_is_json_for_who_asks(endpoint: str, post: str, source: str) -> None:
    answer = send_as(endpoint, "application/json", source=source, target=post)
    assert answer.status_code == 201
    assert answer.json()["location"] == answer.headers["Location"]


def test_a_browser_that_posts_the_form_gets_a_page(endpoint: str, post: str, source: str) -> None:
    assert '<form class="form" method="post"' in requests.get(endpoint, timeout=10).text
    answer = send_as(endpoint, BROWSER, source=source, target=post)
    assert answer.status_code == 201
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f'<a href="{answer.headers["Location"]}">' in answer.text
    assert "Your link is received" in answer.text


def test_a_browser_gets_the_reason_of_a_400_as_a_page(endpoint: str, post: str) -> None:
    answer = send_as(endpoint, BROWSER, source="<script>", target=post)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "is not a complete http or https URL" in answer.text
    assert "Location" not in answer.headers


def test_wm_3_2_2_the_answer_never_waits_for_a_slow_source(
    live: Live, endpoint: str, post: str, web: Web
) -> None:
    sources = [web.route(f"/slow{n}", article(post), delay=3) for n in range(4)]
    began = time.monotonic()
    for source in sources:
        assert senders.webmention(endpoint, source, post).status_code == 201
    assert time.monotonic() - began < 2.5
    for source in sources:
        assert checked(live, source).status == "pending"


def test_wm_3_2_2_a_source_that_cannot_be_read_is_unverified_with_the_reason(
    live: Live, endpoint: str, post: str, web: Web
) -> None:
    source = web.url("/nowhere")
    assert senders.webmention(endpoint, source, post).status_code == 201
    found = checked(live, source)
    assert (found.status, found.reason) == ("unverified", "The page does not exist (status 404).")


SOURCES = [
    ("<a href='{p}'>x</a>", "text/html", True),
    ("<map><area href='{p}'></map>", "text/html", True),
    ("<img src='{p}'>", "text/html", True),
    ("<audio src='{p}'></audio>", "text/html", True),
    ("<video src='{p}'></video>", "text/html", True),
    ("<video><source src='{p}'></video>", "text/html", True),
    ("<a href='{p}'>x</a>", "application/xhtml+xml", True),
    ("<!-- <a href='{p}'>x</a> -->", "text/html", False),
    ("Read {p} today", "text/html", False),
    ("<script src='{p}'></script>", "text/html", False),
    ('{"a": [1, {"b": ["{p}"]}]}', "application/json", True),
    ('{"type": "entry", "in-reply-to": "{p}"}', "application/mf2+json; charset=utf-8", True),
    ('"{p}"', "application/json", True),
    ('{"a": "{q}"}', "application/json", True),
    ('{"a": "see {p}"}', "application/json", False),
    ('{"{p}": 1}', "application/json", False),
    ('{"a": "{p}-more"}', "application/json", False),
    ('{"a": "{p}"', "application/json", False),
    ("Read {p}, it is good.", "text/plain", True),
    ("a;{p};b", "text/plain", True),
    ("[x]({p})", "text/markdown", True),
    ("{p}を読みました", "text/plain; charset=utf-8", True),
    ("Read {p}-more", "text/plain", False),
    ("<a href='{p}'>x</a>", "image/png", False),
    ("%PDF-1.4 {p}", "application/pdf", False),
]  # fmt: skip


@pytest.mark.parametrize(("body", "content_type", "counts"), SOURCES)
def test_wm_3_2_2_a_mention_is_looked_for_by_media_type(
    live: Live, endpoint: str, post: str, web: Web, body: str, content_type: str, counts: bool
) -> None:
    text = body.replace("{p}", post).replace("{q}", post.replace("/", "\\/"))
    source = web.route("/note", text, headers={"Content-Type": content_type})
    assert senders.webmention(endpoint, source, post).status_code == 201
    assert checked(live, source).status == ("pending" if counts else "unverified")


def test_wm_3_2_2_an_accept_header_is_sent(
    live: Live, endpoint: str, post: str, source: str, web: Web
) -> None:
    senders.webmention(endpoint, source, post)
    checked(live, source)
    (request,) = web.seen("/note")
    assert "text/html" in request.headers["accept"]
    assert "Webmention" in request.headers["user-agent"]


def test_wm_3_2_4_a_repeat_makes_no_second_mention(live: Live, endpoint: str, post: str, source: str) -> None:
    first = senders.webmention(endpoint, source, post)
    checked(live, source)
    again = senders.webmention(endpoint, f"{source}#again", f"{post}#x")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(rows(live)) == 1


def test_wm_3_2_4_an_update_is_fetched_again_and_refreshes_what_waits(
    live: Live, endpoint: str, post: str, source: str, web: Web
) -> None:
    senders.webmention(endpoint, source, post)
    checked(live, source)
    web.route("/note", article(post, title="A better title"))
    senders.webmention(endpoint, source, post)
    until(lambda: row(live, source).title == "A better title")
    assert row(live, source).status == "pending"


@pytest.mark.parametrize("status", [410, 200])
def test_wm_3_2_4_a_deleted_or_linkless_source_is_gone_at_once(
    live: Live, endpoint: str, post: str, approved: str, web: Web, status: int
) -> None:
    assert approved in requests.get(post, timeout=10).text
    web.route("/note", "<p>A tombstone.", status=status)
    assert senders.webmention(endpoint, approved, post).status_code == 201
    assert checked(live, approved, "gone").decided_by == "policy:link_gone"
    assert approved not in requests.get(post, timeout=10).text


@pytest.mark.parametrize("status", [500, 503])
def test_wm_3_2_4_an_outage_leaves_an_approved_mention(
    live: Live, endpoint: str, post: str, approved: str, web: Web, status: int
) -> None:
    before = row(live, approved).checked_at
    web.route("/note", "down", status=status)
    assert senders.webmention(endpoint, approved, post).status_code == 201
    until(lambda: row(live, approved).checked_at != before)
    assert row(live, approved).status == "approved"
    assert approved in requests.get(post, timeout=10).text


def test_wm_3_2_4_a_link_that_returns_is_approved_again(
    live: Live, endpoint: str, post: str, approved: str, web: Web
) -> None:
    web.route("/note", without_link(post))
    senders.webmention(endpoint, approved, post)
    checked(live, approved, "gone")
    web.route("/note", article(post))
    assert senders.webmention(endpoint, approved, post).status_code == 201
    checked(live, approved, "approved")
    assert approved in requests.get(post, timeout=10).text


@pytest.mark.parametrize(("action", "status"), [(actions.REJECT, "rejected"), (actions.SPAM, "spam")])
def test_a_decided_mention_stays_decided(
    live: Live, endpoint: str, post: str, source: str, web: Web, action: actions.Action, status: str
) -> None:
    senders.webmention(endpoint, source, post)
    decide(live, checked(live, source), action)
    assert senders.webmention(endpoint, source, post).status_code == 201
    time.sleep(0.3)
    assert row(live, source).status == status
    assert len(web.seen("/note")) == 1


def entry(post: str, inside: str) -> str:
    """An h-entry that links to the post with the given property, signed by its author."""
    return f"""<!doctype html><title>Reply</title><body><article class="h-entry">
    <p class="p-author h-card"><img class="u-photo" src="/mina.jpg" alt="">
    <a class="p-name u-url" href="/mina">Mina Park</a></p>
    {inside.replace("{p}", post)}<p class="e-content">Worms did the digging.</p></article>"""


@pytest.mark.parametrize(
    ("inside", "response"),
    [
        ('<a class="u-in-reply-to" href="{p}">re</a>', Response.REPLY),
        ('<a class="u-like-of" href="{p}">likes</a>', Response.LIKE),
        ('<a class="u-repost-of" href="{p}">re</a>', Response.REPOST),
        ('<a class="u-bookmark-of" href="{p}">saved</a>', Response.BOOKMARK),
        ('<a href="{p}">this</a>', Response.MENTION),
        ('<a class="u-in-reply-to" href="http://else.example/">re</a><a href="{p}">x</a>', Response.MENTION),
        ('<div class="u-in-reply-to h-cite"><a class="u-url" href="{p}">re</a></div>', Response.REPLY),
    ],
)
def test_h_entry_the_kind_of_response_and_the_author_are_kept(
    live: Live, endpoint: str, post: str, web: Web, inside: str, response: Response
) -> None:
    source = web.route("/note", entry(post, inside))
    senders.webmention(endpoint, source, post)
    found = checked(live, source)
    assert (found.status, found.response) == ("pending", response)
    assert (found.author, found.author_url) == ("Mina Park", web.url("/mina"))
    assert found.author_photo == web.url("/mina.jpg")
    assert listed(live)[0]["author"] == "Mina Park"


@pytest.mark.parametrize(
    "card",
    [
        '<a class="p-author h-card" href="javascript:alert(1)"><img class="u-photo" src="data:text/html,x">Eve</a>',
        '<a class="p-author h-card" href="jAvA\nscript:alert(1)"><img class="u-photo" src="vbscript:x">Eve</a>',
        '<span class="p-author h-card">Eve<data class="u-url" value="file:///etc/passwd"></data></span>',
        '<span class="p-author h-card">Eve<a class="u-url" href="http://u:p@evil.example/">x</a></span>',
    ],
)
def test_h_entry_hostile_addresses_are_not_kept(
    live: Live, endpoint: str, post: str, web: Web, card: str
) -> None:
    body = f'<article class="h-entry">{card} <a href="{post}">x</a> <script>alert(1)</script></article>'
    source = web.route("/note", body)
    senders.webmention(endpoint, source, post)
    found = checked(live, source)
    assert found.status == "pending"
    assert (found.author_url, found.author_photo) == ("", "")
    assert "<" not in found.author
    decide(live, found, actions.APPROVE)
    page = requests.get(post, timeout=10).text
    assert "javascript:" not in page
    assert "alert(1)" not in page


def test_wm_4_1_text_from_a_source_is_shown_as_text(live: Live, endpoint: str, post: str, web: Web) -> None:
    text = "&lt;script&gt;alert(1)&lt;/script&gt;"
    source = web.route("/note", article(post, title=text, before=text, anchor=text))
    senders.webmention(endpoint, source, post)
    decide(live, checked(live, source), actions.APPROVE)
    page = requests.get(post, timeout=10).text
    assert "<script>alert(1)" not in page
    assert text in page


@pytest.mark.parametrize(
    "body", [b"", b"%", b"{}", b"source=%00&target=%00", b"\xff" * 300, b"a=1&" * 10_000]
)
def test_wm_3_2_3_what_is_no_form_is_400(endpoint: str, body: bytes) -> None:
    for content_type in ("application/x-www-form-urlencoded", "application/json", "multipart/form-data", "x"):
        answer = requests.post(endpoint, body, headers={"Content-Type": content_type}, timeout=10)
        assert answer.status_code == 400
        assert answer.text.strip()


def test_the_endpoint_honours_no_cookies(endpoint: str, post: str, source: str) -> None:
    answer = requests.post(endpoint, {"source": source, "target": post}, timeout=10)
    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers


def test_one_record_whatever_the_protocol_spelling_and_simultaneity(
    live: Live, endpoint: str, post: str, source: str
) -> None:
    spellings = [source, f"{source}#x", f"{source}?utm_source=y", source.replace("/note", "/n%6Fte")]
    calls = [
        call
        for spelled in spellings
        for call in (
            lambda s=spelled: senders.webmention(endpoint, s, post).status_code,
            lambda s=spelled: senders.trackback(f"{post}/trackback", url=s)[0],
            lambda s=spelled: senders.pingback(f"{live.url}/xmlrpc", s, post),
        )
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(lambda call: call(), calls))
    assert answers[0::3] == [201] * 4
    assert set(answers[1::3]) <= {0, 1}
    assert all(answer == 48 or isinstance(answer, str) for answer in answers[2::3])
    until(lambda: [linkback.status for linkback in rows(live)] == ["pending"])


def test_the_status_page_outlives_the_post(live: Live, endpoint: str, post: str, source: str) -> None:
    location = senders.webmention(endpoint, source, post).headers["Location"]
    checked(live, source)
    with live.app.app_context():
        posts.delete("no-dig-beds")
    assert requests.get(location, timeout=10).status_code == 200
    assert senders.webmention(endpoint, source, post).status_code == 400


def test_a_body_in_chunks_is_read(live: Live, endpoint: str, post: str, source: str) -> None:
    body = urlencode({"source": source, "target": post}).encode()
    chunks = (body[start : start + 10] for start in range(0, len(body), 10))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(endpoint, chunks, headers=headers, timeout=10).status_code == 201
    endless = (b"x" * 50_000 for _ in range(40))
    answer = requests.post(endpoint, endless, headers=headers, timeout=10)
    assert (answer.status_code, answer.text.strip()) == (400, "The request is larger than 64 KiB.")


class TestLimited:
    @pytest.fixture
    def environ(self, environ: dict[str, str]) -> dict[str, str]:
        return {**environ, "LINKBACKS_RATE_LIMIT": "2 per minute"}

    def test_beyond_the_rate_limit_is_429_in_the_senders_form(self, endpoint: str) -> None:
        for _ in range(2):
            assert requests.post(endpoint, {}, timeout=10).status_code == 400
        plain, as_json, page = (send_as(endpoint, accept) for accept in ("*/*", "application/json", BROWSER))
        for answer in (plain, as_json, page):
            assert answer.status_code == 429
            assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert plain.text.startswith("Too many linkbacks at once")
        assert json.loads(as_json.text)["error"] == "rate_limited"
        assert "Too many linkbacks" in page.text
