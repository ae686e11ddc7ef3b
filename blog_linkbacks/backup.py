"""A consistent copy of an SQLite database while it runs, with the pictures in it, and putting both back.

The copy is one file: a database like the live one, with one more table that holds the files of the pictures.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask, current_app

from blog_linkbacks import config, migrations
from blog_linkbacks.blog import picture_files
from blog_linkbacks.db import BUSY_SECONDS, db
from blog_linkbacks.imaging import BadPicture

_PACKED = "packed_pictures"


class BackupError(Exception):
    """The copy cannot be made or put back; the text says why, and nothing was changed."""


def save(file: Path) -> None:
    """Write a copy to `file`, whole or not at all, for its owner alone; a file of that name is replaced."""
    live = _live()
    if file.exists() and file.samefile(live):
        raise BackupError(f"{file} is the database itself.")
    with _beside(file) as unfinished:
        with _no_picture_going(), closing(_open(live)) as source, closing(_open(unfinished)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            _pack(copy)
        unfinished.replace(file)


def restore(file: Path) -> Path:
    """Put a copy in place of what is there, also while the site runs; where the former content is kept."""
    live = _live()
    with closing(_checked(file)) as copy:
        if file.samefile(live):
            raise BackupError(f"{file} is the database itself.")
        kept = live.with_name(f"{live.stem}-before-restore.db")
        save(kept)
        db.session.remove()
        with _beside(live) as bare, closing(_open(bare)) as unpacked, _in_words("the database"):
            _unpack(copy)
            copy.backup(unpacked)
            unpacked.executescript(f"DROP TABLE IF EXISTS {_PACKED}; VACUUM")
            with closing(_open(live)) as target:
                unpacked.backup(target)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    db.engine.dispose()
    migrations.upgrade(app)
    return kept


def _live() -> Path:
    path = config.current().sqlite_path
    if path is None:
        raise BackupError(
            "The database is PostgreSQL: use pg_dump and pg_restore, and copy instance/pictures."
        )
    return path


def _checked(file: Path) -> sqlite3.Connection:
    """An open copy that is whole and of a version that this program knows."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    with _in_words(str(file)):
        copy = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        try:
            _check(file, copy)
        except BaseException:
            copy.close()
            raise
    return copy


def _check(file: Path, copy: sqlite3.Connection) -> None:
    if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise BackupError(f"{file} is damaged.")
    if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        raise BackupError(f"{file} is not a copy of this blog's database.")
    version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    if version is None or version[0] not in migrations.revisions():
        raise BackupError(f"{file} was made by a newer version of this program.")


@contextmanager
def _no_picture_going() -> Iterator[None]:
    """Nothing deletes a picture's files between the copying of its row and theirs."""
    try:
        with picture_files.turn(_pictures(), "keeping"):
            yield
    except BadPicture as error:
        raise BackupError(error.reason) from None


def _pictures() -> Path:
    return config.current().instance / "pictures"


def _pack(copy: sqlite3.Connection) -> None:
    """Put the files of the pictures into the copy."""
    copy.execute(f"CREATE TABLE {_PACKED} (name TEXT PRIMARY KEY, content BLOB NOT NULL)")
    for path in picture_files.stored(_pictures()):
        copy.execute(f"INSERT INTO {_PACKED} VALUES (?, ?)", (path.name, path.read_bytes()))  # noqa: S608
    copy.commit()


def _unpack(copy: sqlite3.Connection) -> None:
    """Write the files of a copy's pictures beside those there are; one of the same name is the same."""
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_PACKED,)).fetchone():
        for name, content in copy.execute(f"SELECT name, content FROM {_PACKED}"):  # noqa: S608
            if not picture_files.FILE.fullmatch(name):
                raise BackupError(f"The copy holds a picture with a name that none has: {name!r}.")
            picture_files.put(_pictures(), name, content)


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty file of mode 0600 in the same folder, gone again unless it was moved."""
    with _in_words(str(file)):
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.absolute().parent)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BackupError(f"{what}: {reason}") from None


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS)
