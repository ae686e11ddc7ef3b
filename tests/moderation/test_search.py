"""Search: what is found, in which languages, and that no search can break it."""

import pytest
from flask import Flask
from sqlalchemy import text

from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import queue, search
from tests.moderation.test_queue import Login, shown
from tests.moderation.world import keep


def found(app: Flask, q: str) -> list[int]:
    with app.app_context():
        return [row.linkback.id for row in queue.page(queue.filters({"q": q})).rows]


@pytest.mark.parametrize(
    "field", ["lifted_title", "title", "excerpt", "lifted_author", "author", "site_name", "before", "after"]
)
def test_every_text_of_a_row_is_searched(app: Flask, field: str) -> None:
    keep(app, "https://other.example/")
    kept = keep(app, "https://a.example/", **{field: "The Quiet Mulch"})  # type: ignore[arg-type]
    assert found(app, "quiet mulch") == [kept]


def test_what_a_person_edited_is_found(app: Flask) -> None:
    kept = keep(app, "https://a.example/", edited={"title": "土の本", "author": "Zoë"})  # type: ignore[arg-type]
    assert found(app, "土の本") == [kept]
    assert found(app, "zoë") == [kept]


@pytest.mark.parametrize("q", ["東京", "京", "の庭", "東京の庭", "庭です"])
def test_languages_without_spaces_are_found_from_one_letter_on(app: Flask, q: str) -> None:
    keep(app, "https://other.example/", lifted_title="大阪")
    kept = keep(app, "https://a.example/", lifted_title="東京の庭です")
    assert found(app, q) == [kept]


@pytest.mark.parametrize("q", ["gardenlog", "denlo", "gardenlog.example/so", "ÄRGER", "ärger", "é"])
def test_parts_of_hosts_and_letters_of_any_case_are_found(app: Flask, q: str) -> None:
    keep(app, "https://other.example/")
    kept = keep(app, "https://gardenlog.example/soil", anchor="Ärger im café")
    assert found(app, q) == [kept]


@pytest.mark.parametrize(("q", "hit"), [("no", True), ("di", True), ("ig", False), ("a", True), ("b", False)])
def test_short_words_are_found_at_the_start_of_words(app: Flask, q: str, hit: bool) -> None:
    kept = keep(app, "https://x.example/", anchor="No-dig, a way.")
    assert found(app, q) == ([kept] if hit else [])


def test_all_words_must_match_and_quotes_make_one(app: Flask) -> None:
    kept = keep(app, "https://x.example/", before="the worms ", anchor="dig for me")
    assert found(app, "worms dig") == [kept]
    assert found(app, "worms spade") == []
    assert found(app, '"worms dig"') == [kept]
    assert found(app, '"dig worms"') == []


@pytest.mark.parametrize(
    "q",
    [
        *(
            '"',
            '""',
            '"""',
            "a OR b",
            "NEAR(a b)",
            "text:soil",
            "soil*",
            "-soil",
            "(",
            ")",
            "^soil",
            "{x}",
            "';--",
        ),
        *("AND", "NOT", "soil AND", "\\", "%", "_", "\u202e", "\U0001f331", "a\x00b", "x" * 200, '" ' * 100),
    ],
)
def test_no_search_is_anything_but_words(app: Flask, login: Login, q: str) -> None:
    keep(app, "https://x.example/", anchor="soil")
    response = login("mo").get("/admin/linkbacks", query_string={"q": q})
    assert response.status_code in (200, 404)  # 404: a NUL in the address


def test_a_search_obeys_the_other_filters_and_pages(app: Flask, login: Login) -> None:
    ids = [keep(app, f"https://s{n}.example/", anchor="mulch", kind="trackback") for n in range(60)]
    keep(app, "https://other.example/", anchor="mulch")
    client = login("mo")
    assert shown(client, "?q=mulch&kind=trackback") == ids[:50]
    assert "1–50 of 60" in client.get("/admin/linkbacks?q=mulch&kind=trackback").text


@pytest.mark.sqlite_only("asks the full-text table itself")
def test_a_change_and_a_removal_are_followed(app: Flask) -> None:
    kept = keep(app, "https://x.example/", lifted_title="before")
    with app.app_context(), writing() as session:
        session.get_one(Linkback, kept).lifted_title = "afterwards"
    assert (found(app, "before"), found(app, "afterwards")) == ([], [kept])
    with app.app_context(), writing() as session:
        session.execute(text("DELETE FROM decisions"))
        session.execute(text("DELETE FROM linkbacks"))
    with app.app_context():
        assert db.session.execute(search._matches('"afterwards"')).all() == []


@pytest.mark.sqlite_only("reads SQLite's query plan")
def test_a_search_reads_no_row_that_does_not_match(app: Flask) -> None:
    with app.app_context():
        asked = queue.page_of(queue.filters({"q": "mulch"}), few=True)
        sql = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True})).replace(":", r"\:")
        plan = " ".join(row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    assert "linkback_search VIRTUAL TABLE INDEX" in plan
    assert "SCAN linkbacks" not in plan
