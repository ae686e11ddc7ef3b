"""Pictures at the desk and as readers get them: who may do what, and what is left behind."""

import http.client
import re
import resource
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog_linkbacks import backup
from blog_linkbacks.blog import picture_views, pictures, posts
from blog_linkbacks.blog.picture_files import MAX_BYTES
from blog_linkbacks.blog.tables import Picture
from blog_linkbacks.db import db
from tests.conftest import PASSWORD, Live, publish
from tests.support import pictures as made_up

Login = Callable[[str], FlaskClient]


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/admin/pictures").text)
    assert found
    return found[1]


def upload(client: FlaskClient, content: bytes, name: str = "spade.jpg", **more: str) -> TestResponse:
    """As a script of the editor does it."""
    data = {"file": (BytesIO(content), name), "csrf_token": token(client), **more}
    return client.post("/admin/pictures", data=data, headers={"Accept": "application/json"})


def file_of(answer: TestResponse) -> str:
    assert answer.status_code == 201, answer.text
    found = re.fullmatch(r"!\[.*\]\((.+)\)", answer.get_json()["markdown"])
    assert found
    return found[1]


def stored(root: Path) -> list[str]:
    folder = root / "instance" / "pictures"
    return sorted(p.name for p in folder.iterdir() if not p.name.startswith(".")) if folder.exists() else []


def rows(app: Flask) -> int:
    with app.app_context():
        return pictures.amount()[0]


def test_an_upload_can_be_written_into_a_post_and_read(app: Flask, login: Login, client: FlaskClient) -> None:
    address = file_of(upload(login("ida"), made_up.photograph(2000, 1000)))
    page = client.get(urlsplit(publish(app, "Spade", f'Look:\n\n![My spade]({address} "In May")')).path).text
    image = re.search(r"<figure><img [^>]+>", page)
    assert image
    assert 'alt="My spade" width="1600" height="800"' in image[0]
    assert 'loading="lazy"' in image[0]
    assert 'decoding="async"' in image[0]
    srcset = re.search(r'srcset="([^"]+)"', image[0])
    assert srcset
    for part in srcset[1].split(", "):
        assert client.get(part.split()[0]).status_code == 200
    assert "<figcaption>In May</figcaption>" in page


def test_a_file_is_served_so_that_it_can_do_nothing(login: Login, client: FlaskClient) -> None:
    answer = client.get(file_of(upload(login("ida"), made_up.photograph())))
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; sandbox"
    )
    assert "Vary" not in answer.headers
    assert {"public", "immutable", "max-age=31536000"} <= set(answer.headers["Cache-Control"].split(", "))
    again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "file",
    [
        "../blog.db",
        "..%2f..%2fblog.db",
        "%2e%2e/secret_key",
        ".making.lock",
        "secret_key",
        "a" * 32 + ".jpg",
        "%00",
    ],
)
def test_no_other_file_is_served(login: Login, client: FlaskClient, file: str) -> None:
    upload(login("ida"), made_up.photograph())
    assert client.get(f"/pictures/{file}").status_code == 404


def test_a_file_without_a_row_is_not_served(login: Login, client: FlaskClient, root: Path) -> None:
    address = file_of(upload(login("ida"), made_up.photograph()))
    folder = root / "instance" / "pictures"
    (folder / ("b" * 32 + ".jpg")).write_bytes((folder / address.rpartition("/")[2]).read_bytes())
    assert client.get("/pictures/" + "b" * 32 + ".jpg").status_code == 404
    assert client.get(address.replace(".jpg", "-123.jpg")).status_code == 404
    assert client.get(address.replace(".jpg", ".png")).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (made_up.SVG, "drawing.png", "This is an SVG drawing, which may hold scripts."),
        (made_up.PDF, "letter.jpg", "This is a PDF document, not a picture."),
        (made_up.bomb(), "bomb.png", "too many pixels"),
        (made_up.photograph()[:3000], "half.jpg", "damaged"),
        (made_up.photograph() + bytes(MAX_BYTES), "large.jpg", "larger than 15 MB"),
    ],
    ids=["svg", "pdf", "bomb", "cut short", "too large"],
)
def test_a_bad_file_is_refused_in_words_and_leaves_nothing(
    app: Flask, login: Login, root: Path, content: bytes, name: str, sentence: str
) -> None:
    ida = login("ida")
    answer = upload(ida, content, name)
    assert answer.status_code in (413, 422)
    assert sentence in answer.get_json()["problem"]
    data = {"file": (BytesIO(content), name), "csrf_token": token(ida)}
    page = ida.post("/admin/pictures", data=data)
    assert page.status_code in (413, 422)
    assert sentence in page.text
    assert "<h1>Pictures</h1>" in page.text
    assert (rows(app), stored(root)) == (0, [])
    folder = root / "instance" / "pictures"
    assert not folder.exists() or not list(folder.glob(".making-*"))


def test_a_bomb_costs_the_server_no_memory(app: Flask, login: Login) -> None:
    ida = login("ida")
    upload(ida, made_up.encoded(made_up.scene(20, 20), "PNG"), "first.png")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        answer = upload(ida, made_up.bomb(), "bomb.png")
        assert answer.status_code == 422
        assert "pixels" in answer.text  # refused by its head: what is unpacked would be refused for memory
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000


def test_a_hundred_megabytes_are_refused_without_being_kept(live: Live, root: Path) -> None:
    cookie, csrf = _signed_in(live)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    boundary = "x" * 20
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\n\r\n'
    ).encode()
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=60)
    connection.putrequest("POST", "/admin/pictures")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(head) + 100_000_000))
    connection.putheader("Cookie", cookie)
    connection.endheaders()
    connection.send(head)
    for _ in range(100):
        connection.send(bytes(1_000_000))
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 413
    assert "The file is larger than 15 MB. Make it smaller first. Nothing was kept." in page
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
    assert stored(root) == []


def test_a_stranger_with_a_hundred_megabytes_is_turned_away_at_once(live: Live) -> None:
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=20)
    connection.putrequest("POST", "/admin/pictures")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", "100000000")
    connection.endheaders()
    assert connection.getresponse().status == 403


def test_without_the_token_nothing_is_taken(app: Flask, login: Login) -> None:
    data = {"file": (BytesIO(made_up.photograph()), "spade.jpg")}
    assert login("ida").post("/admin/pictures", data=data).status_code == 400
    assert rows(app) == 0


def test_who_may_write_may_upload(app: Flask, login: Login, client: FlaskClient) -> None:
    assert client.get("/admin/pictures").status_code == 303
    assert login("mo").get("/admin/pictures").status_code == 403
    assert upload(login("ana"), made_up.photograph()).status_code == 201


def test_a_writer_changes_and_deletes_only_what_is_theirs(app: Flask, login: Login) -> None:
    number = upload(login("ana"), made_up.photograph()).get_json()["id"]
    ida = login("ida")
    csrf = token(ida)
    for path in (f"/admin/pictures/{number}", f"/admin/pictures/{number}/delete"):
        assert ida.post(path, data={"csrf_token": csrf, "alt": "x"}).status_code == 403
    own = upload(ida, made_up.encoded(made_up.scene(50, 50), "PNG")).get_json()["id"]
    assert login("ana").get(f"/admin/pictures/{own}/delete").status_code == 200
    assert ida.get("/admin/pictures/99999999999999999999/delete").status_code == 404


def test_deleting_one_in_use_says_where(app: Flask, login: Login, root: Path, client: FlaskClient) -> None:
    ida = login("ida")
    answer = upload(ida, made_up.photograph())
    address, number = file_of(answer), answer.get_json()["id"]
    publish(app, "Of spades", f"![A spade]({address})")
    assert ">Of spades</a>" in ida.get("/admin/pictures").text
    asked = ida.get(f"/admin/pictures/{number}/delete").text
    assert "A post shows it, and will have a gap there" in asked
    assert ">Of spades</a>" in asked
    assert stored(root) != []
    ida.post(f"/admin/pictures/{number}/delete", data={"csrf_token": token(ida)})
    assert (rows(app), stored(root)) == (0, [])
    assert client.get(address).status_code == 404


def test_deleting_a_cover_takes_it_off_the_post(app: Flask, login: Login, client: FlaskClient) -> None:
    ida = login("ida")
    answer = upload(ida, made_up.photograph())
    path = urlsplit(publish(app, "Covered", "Words.", cover=file_of(answer), cover_alt="A spade")).path
    assert "post-cover" in client.get(path).text
    ida.post(f"/admin/pictures/{answer.get_json()['id']}/delete", data={"csrf_token": token(ida)})
    page = client.get(path)
    assert page.status_code == 200
    assert "post-cover" not in page.text


def test_words_not_yet_saved_count_as_use(app: Flask, login: Login) -> None:
    ida = login("ida")
    answer = upload(ida, made_up.photograph())
    words = {"csrf_token": token(ida), "title": "Begun", "body": answer.get_json()["markdown"], "tab": "t"}
    kept = ida.post("/admin/posts/draft", data=words).get_json()
    ida.post(
        f"/admin/posts/{kept['post']}", data={"csrf_token": token(ida), "title": "Begun", "body": "None."}
    )
    later = {**words, "version": "99"}
    version = re.search(r'name="version" value="(\d+)"', ida.get(f"/admin/posts/{kept['post']}").text)
    assert version
    assert (
        ida.post(f"/admin/posts/{kept['post']}/draft", data={**later, "version": version[1]}).status_code
        == 200
    )
    assert ">Begun</a>" in ida.get(f"/admin/pictures/{answer.get_json()['id']}/delete").text


def test_a_post_that_shows_it_no_longer_is_forgotten(app: Flask, login: Login) -> None:
    ida = login("ida")
    answer = upload(ida, made_up.photograph())
    publish(app, "Of spades", f"![A spade]({file_of(answer)})")
    with app.app_context():
        posts.delete("of-spades")
    assert "In no saved post" in ida.get("/admin/pictures").text


def test_the_description_goes_along(login: Login) -> None:
    ida = login("ida")
    answer = upload(ida, made_up.photograph(), alt="A [red] corner")
    assert answer.get_json()["markdown"].startswith("![A \\[red\\] corner](/pictures/")
    number = answer.get_json()["id"]
    ida.post(f"/admin/pictures/{number}", data={"csrf_token": token(ida), "alt": "A spade\n in May"})
    assert "![A spade in May](/pictures/" in ida.get("/admin/pictures").text


def test_the_same_file_twice_is_one_picture(app: Flask, login: Login) -> None:
    ida = login("ida")
    first, second = upload(ida, made_up.photograph()), upload(ida, made_up.photograph())
    assert file_of(first) == file_of(second)
    assert rows(app) == 1


def test_a_name_with_folders_or_control_characters_is_only_a_label(login: Login) -> None:
    title = upload(login("ida"), made_up.photograph(), "../../<b>\x07spade.jpg").get_json()["title"]
    assert title == "<b>spade.jpg"


def test_many_pictures_come_a_page_at_a_time(app: Flask, login: Login) -> None:
    with app.app_context():
        db.session.add_all(
            Picture(name=f"{n:032x}", kind="jpg", width=9, height=9, widths=[], size=1000, title=f"n{n}.jpg")
            for n in range(picture_views.PAGE + 5)
        )
        db.session.commit()
    ida = login("ida")
    page = ida.get("/admin/pictures").text
    assert page.count('<li class="picture"') == picture_views.PAGE
    assert "29 pictures, 29.0 kB in all." in page
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    assert ida.get(older[1]).text.count('<li class="picture"') == 5


def test_saving_says_what_has_no_description(login: Login) -> None:
    ida = login("ida")
    address = file_of(upload(ida, made_up.photograph()))
    form = {"csrf_token": token(ida), "title": "T", "body": f"![]({address})", "action": "publish"}
    page = ida.post("/admin/posts/new", data=form, follow_redirects=True).text
    assert "Published “T”. 1 picture has no description." in page
    form = {**form, "title": "Both", "cover": address, "cover_alt": ""}
    page = ida.post("/admin/posts/new", data=form, follow_redirects=True).text
    assert "2 pictures have no description." in page


@pytest.mark.sqlite_only("copies are of SQLite files")
def test_a_copy_of_the_site_holds_the_pictures(
    app: Flask, login: Login, client: FlaskClient, tmp_path: Path, root: Path
) -> None:
    address = file_of(upload(login("ida"), made_up.photograph()))
    content = client.get(address).data
    with app.app_context():
        backup.save(tmp_path / "copy.db")
        picture = db.session.scalars(db.select(Picture)).one()
        pictures.remove(picture)
        assert client.get(address).status_code == 404
        backup.restore(tmp_path / "copy.db")
    assert client.get(address).data == content
    with sqlite3.connect(root / "instance" / "blog.db") as live:
        assert not live.execute("SELECT 1 FROM sqlite_master WHERE name = 'packed_pictures'").fetchall()


def test_an_upload_still_under_way_survives_the_sweep(app: Flask, login: Login, root: Path) -> None:
    file_of(upload(login("ida"), made_up.photograph()))
    (root / "instance" / "pictures" / ".swept").unlink()
    shop = root / "instance" / "pictures" / ".making-now"
    shop.mkdir()
    with app.app_context():
        assert pictures.tidy() == 0
    assert shop.exists()


def test_a_picture_is_taken_though_the_sweep_cannot_be_made_now(login: Login, root: Path) -> None:
    stamp = root / "instance" / "pictures" / ".swept"
    stamp.parent.mkdir()
    stamp.symlink_to(root / "no folder" / "of that name")
    file_of(upload(login("ida"), made_up.photograph()))


def test_no_other_cover_is_chosen_in_the_place_of_one_that_is_gone(app: Flask, login: Login) -> None:
    ida = login("ida")
    gone = file_of(upload(ida, made_up.photograph(900, 500))).rpartition("/")[2]
    other = file_of(upload(ida, made_up.photograph(1000, 500))).rpartition("/")[2]
    with app.app_context():
        picture = pictures.named(gone)
        assert picture
        pictures.remove(picture)
    typed = {"csrf_token": token(ida), "title": "Kept", "cover": gone, "action": "preview"}
    page = ida.post("/admin/posts/new", data=typed).text
    choices = re.findall(r'<input type="radio" name="cover" value="([^"]*)"([^>]*)>', page)
    assert [value for value, rest in choices if " checked" in rest] == [""]
    assert other in dict(choices)


def _signed_in(live: Live) -> tuple[str, str]:
    """Ida's cookie and token, got through the login page."""
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=20)

    def ask(method: str, path: str, cookie: str, **fields: str) -> tuple[str, str]:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields), headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
        return (answer.headers.get_all("Set-Cookie") or [cookie])[-1].partition(";")[0], csrf[
            1
        ] if csrf else ""

    cookie, csrf = ask("GET", "/login", "")
    cookie, _ = ask("POST", "/login", cookie, name="ida", password=PASSWORD, csrf_token=csrf)
    return ask("GET", "/admin/pictures", cookie)
