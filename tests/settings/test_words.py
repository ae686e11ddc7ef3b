"""The page of word lists: typed, uploaded, downloaded, emptied; bounded, and nothing half-written."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog_linkbacks import facts
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings import preferences, word_lists
from blog_linkbacks.vocabulary import Listing
from tests.moderation.world import arrive, status, token
from tests.support.statements import counting
from tests.support.web import Web

PAGE = "/admin/settings/judgement/words"


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> FlaskClient:
    return login("ana")


def send(client: FlaskClient, listing: str, **fields: object) -> TestResponse:
    data = {"csrf_token": token(client)} | fields
    return client.post(f"{PAGE}/{listing}", data=data, content_type="multipart/form-data")


def file(data: bytes) -> tuple[BytesIO, str]:
    return BytesIO(data), "words.txt"


def shown(app: Flask, listing: Listing = Listing.IMPORTED) -> word_lists.Shown:
    with app.app_context():
        return word_lists.shown(listing)


@pytest.mark.parametrize("name", ["mo", "ida"])
def test_only_admins_see_and_change_them(login: Callable[[str], FlaskClient], name: str) -> None:
    client = login(name)
    for path in ("", "/sign.txt", "/sign-left-out.txt"):
        assert client.get(PAGE + path).status_code == 403
    data = {
        "csrf_token": client.get("/admin/account")
        .text.partition('csrf-token" content="')[2]
        .partition('"')[0]
    }
    assert client.post(f"{PAGE}/sign", data=data).status_code == 403


def test_typed_words_are_kept_and_counted(app: Flask, ana: FlaskClient) -> None:
    answer = send(ana, "sign", text="slots\r\n# a note\r\nthe\r\nslots\r\n", version="")
    assert answer.status_code == 303
    page = ana.get(PAGE).text
    assert "Saved: 1 word or phrase. 2 lines are left out" in page
    assert "everyday words" in page
    assert "there already" in page
    assert shown(app, Listing.SIGN).text == "slots\n# a note\nthe\nslots"
    assert "1 that count against it" in ana.get("/admin/settings/judgement").text


def test_a_file_takes_the_place_of_a_list_or_is_added(app: Flask, ana: FlaskClient) -> None:
    assert (
        send(ana, "imported", action="file", file=file(b"\xef\xbb\xbfslots\r\ncheap bags")).status_code == 303
    )
    send(ana, "imported", action="file", file=file("激安".encode()), add="y")
    assert shown(app).text == "slots\ncheap bags\n激安"
    send(ana, "imported", action="file", file=file(b"gala"))
    assert shown(app).text == "gala"


def test_it_comes_back_as_it_was_entered_and_so_does_what_is_left_out(ana: FlaskClient) -> None:
    send(ana, "imported", text="slots\n-pill")
    assert ana.get(f"{PAGE}/imported.txt").text == "slots\n-pill\n"
    left = ana.get(f"{PAGE}/imported-left-out.txt")
    assert left.mimetype == "text/plain"
    assert "attachment" in left.headers["Content-Disposition"]
    assert left.text.startswith("2\t-pill\ta piece of an address")
    assert ana.get(f"{PAGE}/other.txt").status_code == 404


def test_emptying_takes_the_list_away(app: Flask, ana: FlaskClient) -> None:
    send(ana, "imported", text="slots")
    send(ana, "imported", action="empty", version=shown(app).version)
    assert shown(app) == word_lists.Shown(Listing.IMPORTED)
    with app.app_context():
        assert preferences.site().word_lists == {}
        assert db.session.get(word_lists.StoredList, "imported") is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "file", "file": file(b"a\n" * 50_001)}, "The list has 50,001 lines; at most 50,000"),
        ({"action": "file", "file": file(b"word\n" * 500_000)}, "more than 2,000,000 bytes"),
        ({"action": "file", "file": file(b"\xff\xfe\x00")}, "not plain text in UTF-8: line 1"),
        ({"action": "file", "file": file(b"slots\x00")}, "NUL character"),
        ({"action": "file"}, "Choose a file first."),
        ({"text": "word\n" * 500_000}, "at most 2,000,000 are taken"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_written(
    app: Flask, ana: FlaskClient, fields: dict[str, object], words: str
) -> None:
    send(ana, "imported", text="gala")
    if "file" in fields:
        fields = fields | {"file": file(fields["file"][0].getvalue())}  # type: ignore[index]
    answer = send(ana, "imported", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nothing was saved." in answer.text
    assert shown(app).text == "gala"


def test_what_is_far_too_large_is_not_even_read(app: Flask, ana: FlaskClient) -> None:
    answer = send(ana, "imported", action="file", file=file(b"x" * 9_000_000))
    assert answer.status_code == 413
    assert shown(app).text == ""


def test_a_long_list_comes_in_by_hand_too(app: Flask, ana: FlaskClient) -> None:
    text = "\n".join(f"somewhat long word{n}" for n in range(45_000))
    assert send(ana, "imported", text=text).status_code == 303
    assert shown(app).words.size == 45_000
    page = ana.get(PAGE).text
    assert "45,000</strong> words and phrases" in page
    assert "word44999" not in page
    assert "word44999" in ana.get(f"{PAGE}?edit=imported").text


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten(app: Flask, ana: FlaskClient) -> None:
    send(ana, "sign", text="slots", version="")
    answer = send(ana, "sign", text="gala", version="")
    assert answer.status_code == 409
    assert "somebody changed this list meanwhile" in answer.text
    assert "gala</textarea>" in answer.text
    assert shown(app, Listing.SIGN).text == "slots"


def test_a_word_to_hold_by_keeps_a_linkback_waiting_and_says_so(
    app: Flask, web: Web, ana: FlaskClient
) -> None:
    send(ana, "hold", text="soil at rest")
    one = arrive(app, web)
    assert status(app, one) == "pending"
    with app.app_context():
        row = db.session.get_one(Linkback, one)
        said = {signal.name: signal.detail for signal in row.signals}
    assert said["text.own_words"] == "Of your own words: “soil at rest” in the page's title."


def test_a_list_is_read_once_and_not_with_every_linkback(app: Flask, web: Web, ana: FlaskClient) -> None:
    send(ana, "imported", text="slots\ngala once only here")
    one = arrive(app, web)
    with app.app_context(), counting(app) as asked:
        job = facts.job(one)
        evidence = facts.kept(db.session.get_one(Linkback, one))
        assert evidence is not None
        facts.subject(job, evidence)
    assert not [statement for statement in asked if "word_lists" in statement and "SELECT" in statement]


def test_a_changed_list_holds_from_the_next_linkback_on(app: Flask, web: Web, ana: FlaskClient) -> None:
    for words, found in (("slots", 0), ("soil at rest", 1)):
        send(ana, "imported", text=words)
        one = arrive(app, web, f"/soil/{found}")
        with app.app_context():
            row = db.session.get_one(Linkback, one)
            evidence = facts.kept(row)
            assert evidence is not None
            assert len(facts.subject(facts.job(one), evidence).listed) == found
