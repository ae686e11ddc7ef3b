import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import backup
from tests.cli.conftest import Run
from tests.conftest import publish

pytestmark = pytest.mark.sqlite_only("copies are of SQLite files")


def test_a_copy_brings_back_what_was_there(app: Flask, run: Run, client: FlaskClient, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run("backup", str(copy)).exit_code == 0
    run("posts", "delete", "no-dig-beds")
    publish(app, "Later", "Words.")
    done = run("restore", str(copy))
    assert done.exit_code == 0, done.output
    assert client.get("/posts/no-dig-beds").status_code == 200
    assert client.get("/posts/later").status_code == 404


def test_what_was_replaced_is_kept(
    app: Flask, run: Run, client: FlaskClient, tmp_path: Path, root: Path
) -> None:
    run("backup", str(tmp_path / "copy.db"))
    publish(app, "Later", "Words.")
    run("restore", str(tmp_path / "copy.db"))
    kept = root / "instance" / "blog-before-restore.db"
    assert client.get("/posts/later").status_code == 404
    assert run("restore", str(kept)).exit_code == 0
    assert client.get("/posts/later").status_code == 200


def test_a_copy_is_one_file_for_its_owner_alone(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    run("backup", str(copy))
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_taken_while_posts_are_written_is_whole(app: Flask, run: Run, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            publish(app, f"Post {number}", "See [the beds](/posts/no-dig-beds).")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = [run("backup", str(tmp_path / f"{number}.db")).exit_code for number in range(5)]
    finally:
        stop.set()
        writer.join()
    assert done == [0] * 5
    for number in range(5):
        with sqlite3.connect(tmp_path / f"{number}.db") as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("PRAGMA foreign_key_check").fetchall() == []


def _nothing(path: Path) -> None:
    path.unlink()


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"These are words, not a database. " * 100)


def _damaged(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    path.write_bytes(raw)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def _another_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE things (id INTEGER)")


def _from_the_future(path: Path) -> None:
    with sqlite3.connect(path) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_nothing, "There is no file"),
        (_not_a_database, "not a database"),
        (_damaged, "damaged|malformed"),
        (_cut_short, "damaged|malformed"),
        (_another_database, "not a copy of this blog's database"),
        (_from_the_future, "newer version"),
        (_empty, "not a copy of this blog's database"),
    ],
)
def test_what_is_no_whole_copy_is_refused_and_nothing_changes(
    app: Flask, run: Run, client: FlaskClient, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    copy = tmp_path / "copy.db"
    run("backup", str(copy))
    spoil(copy)
    with app.app_context(), pytest.raises(backup.BackupError, match=sentence):
        backup.restore(copy)
    done = run("restore", str(copy))
    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert client.get("/posts/no-dig-beds").status_code == 200


def test_a_folder_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    done = run("backup", str(tmp_path / "nowhere" / "copy.db"))
    assert done.exit_code == 1
    assert "No such file or directory" in done.stderr


def test_the_database_itself_is_no_copy(run: Run, root: Path) -> None:
    live = str(root / "instance" / "blog.db")
    for command in ("backup", "restore"):
        done = run(command, live)
        assert done.exit_code == 1
        assert "is the database itself" in done.stderr


def test_without_file_it_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("backup").exit_code == 2
    assert run("restore").exit_code == 2
    assert run("backup", str(tmp_path)).exit_code == 2
