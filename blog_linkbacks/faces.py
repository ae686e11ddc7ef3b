"""Pictures of people who responded: fetched once from where their page names one, kept here as small squares.

Readers are sent to no other host for them. A row is a difference to be evened out: whether an approved response names
this picture, against whether it is kept. So deciding, undoing and changing one's picture only make the row due.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Index, Row, Select, String, Text, exists, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from blog_linkbacks import config, imaging, leases, urls
from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.leases import Leased
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Status

SIDE = 96  # pixels
MAX_BYTES = 1_000_000
MAX_REDIRECTS = 5
DEADLINE = 5.0  # seconds
MAX_URL = 2_000  # characters
TRIES = 6
AGAIN_AFTER = timedelta(days=30)  # what failed is tried anew no sooner, and only for another response

_ACCEPT = {"Accept": "image/webp, image/jpeg, image/png, image/gif;q=0.9, */*;q=0.1"}
_CHUNK = 500


class Face(Leased, Model):
    """A picture by its address: `name` is its file's, empty while there is none; `error` says why there is none.

    `key` is a digest of the address, which may be longer than an index takes.
    """

    __tablename__ = "faces"
    __table_args__ = (Index("ix_faces_due_at", "due_at"), Index("ix_faces_lease_by", "lease_by"))

    key: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(32), default="", server_default="")
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    tried_at: Mapped[datetime | None]


def follow(session: Session, linkback_ids: Iterable[int]) -> None:
    """Tie linkbacks, as they are in the caller's transaction, to the pictures that they show from now on."""
    ids = list(linkback_ids)
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(_with_pictures(ids[start : start + _CHUNK])).all()
        if rows:
            _tie(session, rows)


def process(face_id: int, fetcher: Fetcher) -> None:
    """Fetch one picture that is wanted, or take away one that is not; nothing where it is not due or in other hands.

    No transaction is open while it is fetched.
    """
    lease = leases.claim(Face, face_id)
    if lease is None:
        return
    row = db.session.get_one(Face, face_id, populate_existing=True)
    url, missing, attempts = row.url, not row.name, row.attempts
    wanted = missing and site().pictures and _is_shown(db.session(), face_id)
    db.session.rollback()
    _settle(face_id, lease, _fetch(url, fetcher, attempts) if wanted else None)


def switch(on: bool) -> None:
    """Have every picture fetched that responses name, or delete every one that is kept."""
    with writing() as session:
        if on:
            session.execute(update(Face).where(Face.name == "").values(due_at=now(), attempts=0, error=""))
            return
        session.execute(update(Face).values(name="", error=""))
        for file in folder().glob("*.webp"):
            file.unlink(missing_ok=True)


def mend() -> None:
    """Have fetched anew what has lost its file, as after a restore, and delete files that no row knows."""
    if any(_unlike()):
        with writing() as session:
            lost, strays = _unlike()
            for name in strays:
                _remove(name)
            if lost:
                again = {"name": "", "due_at": now(), "attempts": 0}
                session.execute(update(Face), [{"id": face_id, **again} for face_id in lost])


def folder() -> Path:
    """Where the files are."""
    return config.current().instance / "faces"


def names(face_ids: Iterable[int | None]) -> Mapping[int, str]:
    """The names of the files of those faces that have one; no query where there are no faces."""
    wanted = {face_id for face_id in face_ids if face_id is not None}
    if not wanted:
        return {}
    rows = select(Face.id, Face.name).where(Face.id.in_(wanted), Face.name != "")
    return dict(db.session.execute(rows).all())


@dataclass(frozen=True, slots=True)
class _Got:
    """What came of a fetch: a picture, or why there is none."""

    picture: bytes = b""
    error: str = ""
    temporary: bool = False


def _unlike() -> tuple[set[int], set[str]]:
    """The faces whose file is missing, and the files without a face."""
    kept = {name: face_id for face_id, name in db.session.execute(select(Face.id, Face.name)) if name}
    files = {file.stem for file in folder().glob("*.webp")}
    return {kept[name] for name in kept.keys() - files}, files - kept.keys()


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _with_pictures(ids: Sequence[int]) -> Select[int, str, str, int | None, bool]:
    columns = (Linkback.id, Linkback.author_photo, Linkback.status, Linkback.face_id, Linkback.internal)
    return select(*columns).where(
        Linkback.id.in_(ids), or_(Linkback.author_photo != "", Linkback.face_id.is_not(None))
    )


def _tie(session: Session, rows: Sequence[Row[int, str, str, int | None, bool]]) -> None:
    wanted = {row.id: url for row in rows if (url := _wanted(row))}
    faces = _entered(session, set(wanted.values()))
    tied = {row.id: faces.get(wanted.get(row.id, "")) for row in rows}
    changed = [{"id": row.id, "face_id": tied[row.id]} for row in rows if tied[row.id] != row.face_id]
    if changed:
        session.execute(update(Linkback), changed)
    left = {row.face_id for row in rows if row.face_id not in (None, tied[row.id])}
    if left:
        session.execute(update(Face).where(Face.id.in_(left)).values(due_at=now(), attempts=0))


def _wanted(row: Row[int, str, str, int | None, bool]) -> str:
    """The address of the picture that a linkback shows; empty for none."""
    shown = row.status == Status.APPROVED and not row.internal
    takes = len(row.author_photo) <= MAX_URL and urls.is_web(row.author_photo)
    return row.author_photo if shown and takes else ""


def _entered(session: Session, photos: set[str]) -> Mapping[str, int]:
    """The face of each address, made where there is none; one that failed long ago is tried anew."""
    if not photos:
        return {}
    keys = {_key(url): url for url in photos}
    found = select(Face.key, Face.id).where(Face.key.in_(keys))
    known = dict(session.execute(found).all())
    due = now() if site().pictures else None
    fresh = [{"key": key, "url": url, "due_at": due} for key, url in keys.items() if key not in known]
    if fresh:
        session.execute(insert(Face), fresh)
        known = dict(session.execute(found).all())
    if len(fresh) < len(keys) and due:
        failed = (Face.name == "") & Face.due_at.is_(None) & (Face.tried_at < now() - AGAIN_AFTER)
        session.execute(update(Face).where(Face.key.in_(keys), failed).values(due_at=due, attempts=0))
    return {keys[key]: face_id for key, face_id in known.items()}


def _is_shown(session: Session, face_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Linkback.face_id == face_id))))


def _fetch(url: str, fetcher: Fetcher, attempts: int) -> _Got:
    if attempts > TRIES:  # it ended the process each time
        return _Got(error="The picture was tried too often.")
    try:
        page = fetcher.get(
            url, headers=_ACCEPT, max_bytes=MAX_BYTES, deadline=DEADLINE, max_redirects=MAX_REDIRECTS
        )
    except FetchError as error:
        return _Got(error=error.detail, temporary=error.outcome.temporary)
    if page.status != 200:
        temporary = page.status >= 500 or page.status in (408, 425, 429)
        return _Got(error=f"The server answered {page.status}.", temporary=temporary)
    if page.truncated:
        return _Got(error="The file has more than 1 MB.")
    try:
        return _Got(imaging.square(page.body, SIDE))
    except imaging.BadPicture as error:
        return _Got(error=error.reason)


def _settle(face_id: int, lease: str, got: _Got | None) -> None:
    """Bring row and file to what is wanted now; writers take turns, so that no file is left without its row."""
    with writing() as session:
        row = session.get(Face, face_id, populate_existing=True)
        if row is None or row.lease_by != lease:
            return
        row.lease_by = row.lease_until = None
        if not _is_shown(session, face_id):
            _remove(row.name)
            session.delete(row)
        elif row.name or not site().pictures:
            row.due_at = None
        elif got is not None:
            _keep(row, got)


def _keep(row: Face, got: _Got) -> None:
    row.tried_at = now()
    if got.picture:
        got = _stored(row, got)
    row.error = got.error
    again = got.temporary and row.attempts < TRIES
    row.due_at = now() + leases.pause(row.attempts) if again else None


def _stored(row: Face, got: _Got) -> _Got:
    """The file is named after its address and content, so what an address of ours shows never changes."""
    name = hashlib.sha256(row.key.encode() + got.picture).hexdigest()[:16]
    try:
        folder().mkdir(parents=True, exist_ok=True)
        unfinished = folder() / f".{name}.part"
        unfinished.write_bytes(got.picture)
        unfinished.replace(folder() / f"{name}.webp")
    except OSError as error:
        return _Got(error=f"The picture could not be kept: {error.strerror}.", temporary=True)
    row.name, row.attempts = name, 0
    return got


def _remove(name: str) -> None:
    if name:
        (folder() / f"{name}.webp").unlink(missing_ok=True)
