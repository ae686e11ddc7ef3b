"""Pictures of people: fetched once for approved responses over real HTTP, kept small, given up when not wanted."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import mf2py
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade
from sqlalchemy import select, text, update

from blog_linkbacks import create_app, faces, migrations, tasks
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.faces import Face
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions, decisions
from blog_linkbacks.moderation.decisions import By
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Status
from tests.faces.files import SECRET, SVG, picture, png
from tests.pages.pages import linkback, only, read, send
from tests.scale.crowd import queries
from tests.support.pages import article
from tests.support.web import Answer, Request, Web

POST = "/posts/no-dig-beds"
WEBP = {"Content-Type": "image/webp"}


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "instance" / "faces"


def test_an_approved_response_has_its_picture_fetched_once_and_kept_here(
    app: Flask, client: FlaskClient, web: Web, folder: Path
) -> None:
    photo = web.route("/mina.jpg", picture(), headers={"Content-Type": "text/plain"})
    number = _waiting(app, photo)
    work(app)
    assert web.seen("/mina.jpg") == []
    decide(app, number, "approve")
    work(app)
    work(app)
    assert len(web.seen("/mina.jpg")) == 1
    image = only(read(client, POST), f"#response-{number} > img")
    (file,) = folder.iterdir()
    assert image.attributes["src"] == f"/faces/{file.name}"
    assert image.attributes["alt"] == ""
    assert SECRET not in file.read_bytes()


def test_a_picture_is_served_to_be_kept_and_to_do_nothing(app: Flask, client: FlaskClient, web: Web) -> None:
    _shown(app, web)
    answer = client.get(str(only(read(client, POST), ".response > img").attributes["src"]))
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../blog", "..%2Fsecret_key", ".hidden", "0123456789abcdef", "a%00b"])
def test_no_other_file_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/faces/{name}.webp").status_code == 404


def test_a_like_with_a_picture_says_the_name(app: Flask, client: FlaskClient, web: Web) -> None:
    _shown(app, web, response="like", lifted_author="Mina Park")
    image = only(read(client, POST), ".faces a.h-card > img")
    assert image.attributes["alt"] == "Mina Park"
    assert str(image.attributes["src"]).startswith("/faces/")


def test_programs_read_who_responded_where_and_with_which_picture(
    app: Flask, client: FlaskClient, web: Web
) -> None:
    named = {"author_url": "https://mina.example/", "lifted_author": "Mina Park"}
    _shown(app, web, response="like", **named)
    _shown(app, web, source_url="https://other.example/", response="like", photo="", **named)
    _shown(app, web, source_url="https://third.example/", response="reply", photo="", **named)
    (entry,) = mf2py.parse(doc=client.get(POST).text, url=f"http://blog.example{POST}")["items"]
    cites = [*entry["properties"]["like"], *entry["properties"]["comment"]]
    authors = [one["properties"]["author"][0]["properties"] for one in cites]
    assert [author["name"] for author in authors] == [["Mina Park"]] * 3
    assert [author["url"] for author in authors] == [["https://mina.example/"]] * 3
    assert [len(author.get("photo", [])) for author in authors] == [0, 1, 0]
    assert sorted(one["properties"]["url"][0] for one in cites) == [
        "https://garden.example/soil",
        "https://other.example/",
        "https://third.example/",
    ]
    assert entry["properties"]["comment"][0]["properties"]["published"]


def test_pictures_add_one_query_at_most(app: Flask, web: Web) -> None:
    before = queries(app, POST)
    for number in range(3):
        _shown(app, web, source_url=f"https://s{number}.example/", photo=f"/{number}.jpg")
    assert queries(app, POST) <= before + 1


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (SVG, 200, "not a JPEG"),
        (b"<!doctype html><p>Sign in", 200, "not a JPEG"),
        (png(60_000, 60_000), 200, "too many pixels"),
        (picture() + b"\0" * 5_000_000, 200, "more than 1 MB"),
        (picture(), 404, "answered 404"),
        (picture()[:300], 200, "damaged"),
    ],
    ids=["svg", "page", "bomb", "large", "missing", "cut"],
)
def test_what_is_no_usable_picture_is_not_asked_for_again(
    app: Flask, client: FlaskClient, web: Web, folder: Path, body: bytes, status: int, error: str
) -> None:
    web.route("/x.jpg", body, status, WEBP)
    _approved(app, web.url("/x.jpg"))
    work(app)
    row = _face(app)
    assert (row.name, row.due_at) == ("", None)
    assert error in row.error
    _approved(app, web.url("/x.jpg"), source_url="https://again.example/")
    work(app)
    assert len(web.seen("/x.jpg")) == 1
    assert not folder.exists()
    assert not read(client, POST).css("#responses img")


@pytest.mark.parametrize("onward", ["http://10.0.0.1/x.jpg", "http://169.254.169.254/", "file:///etc/passwd"])
def test_a_redirect_to_an_address_that_is_not_public_leads_nowhere(app: Flask, web: Web, onward: str) -> None:
    web.route("/x.jpg", status=302, headers={"Location": onward})
    _approved(app, web.url("/x.jpg"))
    work(app)
    assert (_face(app).name, _face(app).due_at) == ("", None)
    assert _face(app).error


@pytest.mark.parametrize(
    "photo",
    ["data:image/png;base64,AAAA", "javascript:alert(1)", "https://a.example/" + "x" * 3000],
    ids=["data", "script", "endless"],
)
def test_an_address_that_is_no_web_address_or_endless_is_left_alone(app: Flask, photo: str) -> None:
    _approved(app, photo)
    assert _faces(app) == []


def test_trouble_at_the_other_end_is_tried_again_a_few_times(app: Flask, web: Web) -> None:
    web.route("/x.jpg", status=503)
    _approved(app, web.url("/x.jpg"))
    for attempt in range(1, 2 * faces.TRIES):
        work(app)
        due = _face(app).due_at
        assert len(web.seen("/x.jpg")) == min(attempt, faces.TRIES)
        assert due is None or due > now() + timedelta(seconds=30)
        with app.app_context(), writing() as session:
            session.execute(update(Face).where(Face.due_at.is_not(None)).values(due_at=now()))
    assert _face(app).due_at is None


def test_a_slow_server_is_left_after_seconds_and_tried_again(app: Flask, web: Web) -> None:
    web.route("/x.jpg", picture(), delay=30)
    _approved(app, web.url("/x.jpg"))
    start = now()
    work(app)
    assert now() - start < timedelta(seconds=faces.DEADLINE + 3)
    assert _face(app).due_at is not None


def test_a_picture_goes_when_the_last_response_of_its_author_does(app: Flask, web: Web, folder: Path) -> None:
    first = _shown(app, web)
    second = _shown(app, web, source_url="https://other.example/")
    decide(app, first, "spam")
    work(app)
    assert len(list(folder.iterdir())) == 1
    decision = decide(app, second, "reject")
    work(app)
    assert (list(folder.iterdir()), _faces(app)) == ([], [])
    with app.app_context():
        decisions.undo(decision, _mo())
    work(app)
    assert len(list(folder.iterdir())) == 1


def test_many_decided_at_once_have_their_pictures_too(app: Flask, web: Web, folder: Path) -> None:
    photo = web.route("/mina.jpg", picture())
    for number in range(5):
        _waiting(app, photo if number else "", source_url=f"https://s{number}.example/")
    for status, files in ((Status.APPROVED, 1), (Status.SPAM, 0), (Status.APPROVED, 1)):
        with app.app_context(), writing() as session:
            rows = session.scalars(select(Linkback)).all()
            decisions.record_all(session, rows, status, By(_mo()), reason="")
        work(app)
        assert len(list(folder.iterdir())) == files
    assert len(web.seen("/mina.jpg")) == 2


def test_what_a_restore_left_apart_is_mended(app: Flask, web: Web, folder: Path) -> None:
    _shown(app, web)
    (kept,) = folder.iterdir()
    stray = folder / "0123456789abcdef.webp"
    kept.rename(stray)
    with app.app_context():
        faces.mend()
    assert not stray.exists()
    work(app)
    assert list(folder.iterdir()) == [kept]


def test_a_new_address_of_the_picture_takes_the_place_of_the_old(app: Flask, web: Web, folder: Path) -> None:
    source = web.route("/note", _page("/old.jpg"))
    for name, colour in (("/old.jpg", "red"), ("/new.jpg", "blue")):
        web.route(name, picture(colour=colour))
    number = _waiting(app, "", source_url=source, status="received", due_at=now())
    work(app)
    decide(app, number, "approve")
    work(app)
    (old,) = folder.iterdir()
    web.route("/note", _page("/new.jpg"))
    with app.app_context(), writing():
        db.session.get_one(Linkback, number).due_at = now()
    work(app)
    work(app)
    (new,) = folder.iterdir()
    assert new.name != old.name
    assert (len(web.seen("/old.jpg")), len(web.seen("/new.jpg"))) == (1, 1)


def test_never_means_that_nothing_is_asked_and_what_was_kept_is_gone(
    app: Flask, client: FlaskClient, login: Callable[[str], FlaskClient], web: Web, folder: Path
) -> None:
    _shown(app, web)
    image = str(only(read(client, POST), ".response > img").attributes["src"])
    ana = login("ana")
    _save(ana, "never")
    assert list(folder.iterdir()) == []
    assert client.get(image).status_code == 404
    _approved(app, web.route("/late.jpg", picture(colour="red")), source_url="https://late.example/")
    work(app)
    assert not web.seen("/late.jpg")
    assert not read(client, POST).css("#responses img")
    _save(ana, "show")
    work(app)
    assert len(list(folder.iterdir())) == 2
    assert len(read(client, POST).css("#responses img")) == 2


def test_the_setting_and_what_it_does_to_the_pictures_are_kept_together_or_not_at_all(
    app: Flask, login: Callable[[str], FlaskClient], web: Web
) -> None:
    _shown(app, web)
    ana = login("ana")
    with app.app_context(), writing() as session:
        session.execute(
            text("CREATE TRIGGER stop BEFORE UPDATE ON faces BEGIN SELECT RAISE(ABORT, 'no more'); END")
        )
    assert send(ana, "/admin/settings/reading", posts_per_page="10", pictures="never").status_code == 500
    with app.app_context():
        assert preferences.site().pictures


def test_the_setting_wins_over_a_fetch_under_way(app: Flask, web: Web, folder: Path) -> None:
    def answer(_request: Request) -> Answer:
        with app.app_context():
            preferences.save(pictures=False)
            faces.switch(False)
        return Answer(picture())

    web.answer("/x.jpg", answer)
    _approved(app, web.url("/x.jpg"))
    work(app)
    assert len(web.seen("/x.jpg")) == 1
    assert not folder.exists()
    assert (_face(app).name, _face(app).due_at) == ("", None)


def test_a_blog_of_before_has_the_pictures_of_its_responses_fetched(
    environ: dict[str, str], home: Path, web: Web
) -> None:
    old = create_app(environ, home)
    photo = web.route("/mina.jpg", picture())
    for number in range(2):
        linkback(old, "no-dig-beds", author_photo=photo, source_url=f"https://s{number}.example/")
    linkback(old, "compost-basics", author_photo=web.url("/spam.jpg"), status="spam")
    with old.app_context():
        downgrade(directory=str(migrations.FOLDER), revision="0014")
        db.session.remove()
        db.engine.dispose()
    new = create_app(environ, home)
    work(new)
    assert len(read(new.test_client(), POST).css(".response > img")) == 2
    assert (len(web.seen("/mina.jpg")), len(web.seen("/spam.jpg"))) == (1, 0)


def work(app: Flask) -> None:
    """Do all that is due, twice over: a check may make a picture due."""
    for _ in range(2):
        with app.app_context():
            tasks.work_alone(30)


def decide(app: Flask, linkback_id: int, action: str) -> int:
    with app.app_context():
        return decisions.act(linkback_id, actions.ACTIONS[action], _mo()).id


def _mo() -> User:
    user = find_user("mo")
    assert user is not None
    return user


def _faces(app: Flask) -> Sequence[Face]:
    with app.app_context():
        return db.session.scalars(select(Face)).all()


def _face(app: Flask) -> Face:
    (face,) = _faces(app)
    return face


def _waiting(app: Flask, photo: str, **fields: object) -> int:
    return linkback(
        app, "no-dig-beds", **{"status": "pending", "author_photo": photo, "checked_at": now(), **fields}
    )


def _approved(app: Flask, photo: str, **fields: object) -> int:
    number = _waiting(app, photo, **fields)
    decide(app, number, "approve")
    return number


def _shown(app: Flask, web: Web, photo: str = "/mina.jpg", **fields: object) -> int:
    number = _approved(app, web.route(photo, picture()) if photo else "", **fields)
    work(app)
    return number


def _page(photo: str) -> str:
    card = f'<p class="p-author h-card"><img class="u-photo" src="{photo}" alt="">Mina Park</p>'
    return article(f"http://blog.example{POST}").replace('<p class="p-author h-card">Mina Park</p>', card)


def _save(ana: FlaskClient, pictures: str) -> None:
    answer = send(ana, "/admin/settings/reading", posts_per_page="10", pictures=pictures)
    assert answer.status_code == 303
