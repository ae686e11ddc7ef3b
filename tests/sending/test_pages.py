"""The ledger and the trackback form in the admin."""

import re
from collections.abc import Callable
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog_linkbacks.sending import ledger
from tests.sending.world import Blogger, fixed, pinged, receiver, returns
from tests.support.web import Web

Login = Callable[[str], FlaskClient]
OK = "<response><error>0</error></response>"


def _post(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    """Send a form of the page, with its token."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token
    return client.post(action, data={"csrf_token": token[1], **fields})


def _seen(preview: TestResponse) -> dict[str, str]:
    """The fields with which a preview is sent on."""
    mark = re.search(r'name="previewed" value="([^"]+)"', preview.text)
    assert mark
    return {"send": "y", "previewed": mark[1]}


def test_the_ledger_needs_someone_signed_in(client: FlaskClient, login: Login) -> None:
    assert client.get("/admin/sent").status_code == 303
    assert login("mo").get("/admin/sent").status_code == 403
    assert login("ida").get("/admin/sent").status_code == 200


def test_an_empty_ledger_says_what_will_appear(login: Login) -> None:
    assert "Nothing sent yet." in login("ana").get("/admin/sent").text


def test_rows_say_in_words_what_came_of_them(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(
        receiver(web, fixed("No <i>link</i>.", 400), path="/a"),
        pinged(web, returns("Registered."), path="/b"),
        web.route("/c", "<p>"),
        receiver(web, fixed("", 500), path="/d", endpoint="/down"),
    )
    page = login("ida").get("/admin/sent").text
    for words in (
        "Refused",
        "400: No link.",
        "Told",
        "Registered.",
        "Takes none",
        "Trying again",
        "next try",
    ):
        assert words in page


def test_rows_are_filtered_by_state_and_post(login: Login, blogger: Blogger, web: Web) -> None:
    post_id = blogger.write(receiver(web, fixed("", 202), path="/told"), web.route("/none", "<p>"))
    client = login("ida")
    page = client.get(f"/admin/sent?state=delivered&post={post_id}").text
    assert "/told" in page
    assert "/none" not in page
    assert f"/admin/sent/trackback?post={post_id}" in page
    assert "Nothing matches." in client.get("/admin/sent?state=failed").text


def test_a_remote_cannot_put_markup_on_the_page(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(
        receiver(web, fixed('{"message": "a &lt;script&gt;x"}', 400, Content_Type="application/json"))
    )
    assert "<script>x" not in login("ida").get("/admin/sent").text


def test_sending_again_queues_a_new_row(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 400)))
    answer = _post(login("ida"), "/admin/sent", f"/admin/sent/{blogger.row().id}/resend", state="refused")
    assert (answer.status_code, answer.location) == (303, "/admin/sent?state=refused")
    assert blogger.states() == ["refused", "queued"]


def test_giving_up_stops_the_tries(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 500)))
    client = login("ida")
    assert _post(client, "/admin/sent", f"/admin/sent/{blogger.row().id}/cancel").status_code == 303
    assert blogger.states() == ["cancelled"]
    assert "Given up" in client.get("/admin/sent").text


def test_changes_need_the_token_and_a_row(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 500)))
    client = login("ida")
    assert client.post(f"/admin/sent/{blogger.row().id}/cancel").status_code == 400
    for action in ("resend", "cancel"):
        assert client.get(f"/admin/sent/{blogger.row().id}/{action}").status_code == 405
        assert _post(client, "/admin/sent", f"/admin/sent/999/{action}").status_code == 404


def test_the_form_starts_with_the_post(login: Login, blogger: Blogger) -> None:
    post_id = blogger.write(words="All about soil.")
    page = login("ida").get(f"/admin/sent/trackback?post={post_id}").text
    assert "All about soil." in page
    assert 'data-limit="252"' in page


def test_the_form_sends_and_leads_to_the_ledger(login: Login, blogger: Blogger, web: Web) -> None:
    post_id = blogger.write()
    page = f"/admin/sent/trackback?post={post_id}"
    urls = "\n".join(web.answer(path, fixed(OK)) for path in ("/tb/1", "/tb/2"))
    client, fields = login("ida"), {"urls": urls, "title": "T", "excerpt": "E"}
    preview = _post(client, page, page, **fields)
    assert (preview.status_code, blogger.rows()) == (200, [])
    answer = _post(client, page, page, **fields, **_seen(preview))
    assert (answer.status_code, answer.location) == (303, f"/admin/sent?post={post_id}")
    blogger.again()
    assert [sent.form["title"] for sent in web.requests if sent.method == "POST"] == ["T", "T"]


def test_a_second_sending_asks_first(login: Login, blogger: Blogger, web: Web) -> None:
    post_id = blogger.write()
    page, url = f"/admin/sent/trackback?post={post_id}", web.answer("/tb/1", fixed(OK))
    client = login("ida")
    _post(client, page, page, urls=url, **_seen(_post(client, page, page, urls=url)))
    blogger.again()
    asked = _post(client, page, page, urls=url, send="y")
    assert (asked.status_code, "already told of this post" in asked.text) == (422, True)
    assert len(blogger.rows()) == 1
    assert _post(client, page, page, urls=url, again="y", **_seen(asked)).status_code == 303


def test_a_bad_address_is_named(login: Login, blogger: Blogger) -> None:
    page = f"/admin/sent/trackback?post={blogger.write()}"
    answer = _post(login("ida"), page, page, urls="ftp://a.example/x")
    assert (answer.status_code, "ftp://a.example/x is not a complete" in answer.text) == (422, True)


def test_a_post_that_is_not_there_has_no_form(login: Login, blogger: Blogger) -> None:
    blogger.write()
    post_id = blogger.unpublish()
    for query in ("", "?post=999", "?post=x", f"?post={post_id}"):
        assert login("ida").get(f"/admin/sent/trackback{query}").status_code == 404


def test_numbers_that_no_row_can_have_are_no_faults(login: Login, blogger: Blogger) -> None:
    blogger.write()
    client, huge = login("ida"), "9" * 30
    assert client.get(f"/admin/sent?before={huge}&post={huge}").status_code == 200
    assert client.get(f"/admin/sent/trackback?post={huge}").status_code == 404
    assert _post(client, "/admin/sent", f"/admin/sent/{huge}/resend").status_code == 404


def test_rows_are_filtered_by_site_however_it_is_spelled(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 202), path="/told"), "http://127.0.0.3:1/none")
    client = login("ida")
    for site in ("127.0.0.2", web.url("/x")):
        page = client.get("/admin/sent", query_string={"site": site}).text
        assert ("/told" in page, "127.0.0.3:1/none" in page) == (True, False)
    assert "Nothing matches." in client.get("/admin/sent?site=two words").text


def test_looking_again_tells_only_what_changed(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 500)))
    client = login("ida")
    look = re.search(
        r'hx-get="([^"]*/changes[^"]*)" hx-trigger="every (\d+)s"', client.get("/admin/sent").text
    )
    assert look
    assert client.get(unescape(look[1])).status_code == 204
    web.answer("/wm", fixed("", 202))
    blogger.again()
    changed = client.get(unescape(look[1]))
    assert "Told" in changed.text
    assert "hx-get" not in changed.text.partition("<hx-partial")[0]


def test_progress_is_sent_when_it_moves_and_stops_when_all_is_done(
    login: Login, blogger: Blogger, web: Web
) -> None:
    with blogger.app.app_context():
        row_id = blogger.plan(receiver(web, fixed("", 202)))
        post_id = ledger.one(row_id).post_id
    client, url = login("ida"), f"/admin/sent/progress/{post_id}"
    page = client.get(url).text
    seen = re.search(r"seen=(\w+)", page)
    assert seen
    assert ("0 of 1 told" in page, "every 2s" in page) == (True, True)
    assert client.get(f"{url}?seen={seen[1]}").status_code == 204
    blogger.again()
    done = client.get(f"{url}?seen={seen[1]}").text
    assert ("1 of 1 told" in done, "hx-get" in done) == (True, False)


def test_looks_that_make_no_sense_show_nothing(login: Login, blogger: Blogger) -> None:
    client = login("ida")
    for seen in ("", "x", "9" * 40, "1-2.3-4", "-.-."):
        assert client.get("/admin/sent/changes", query_string={"seen": seen}).status_code == 204
    assert client.get("/admin/sent/progress/999").text.strip() == ""
    assert login("mo").get("/admin/sent/changes").status_code == 403


def test_marks_that_were_tampered_with_are_no_error(login: Login, blogger: Blogger, web: Web) -> None:
    blogger.write(receiver(web, fixed("", 202)))
    for seen in ("01-x", "-1-x", "..", "²-x", "9" * 30):
        assert login("ida").get("/admin/sent/changes", query_string={"seen": seen}).status_code in (200, 204)
