"""The files of pictures in their folder: made from an upload, written whole or not at all, removed. Pure.

A file's name is the hash of what it holds, so what has one name never changes.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from blog_linkbacks import imaging
from blog_linkbacks.imaging import BadPicture

MAX_BYTES = 15_000_000
KINDS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
FILE = re.compile(r"([0-9a-f]{32})(?:-([1-9]\d{0,4}))?\.(jpg|png|webp)")
PATIENCE = 30.0  # seconds that an upload waits for its turn
DEADLINE = 60.0  # seconds that the making of one picture may take
ORPHAN = 3600.0  # seconds after which a file that belongs to no picture is removed

_ROOT = Path(__file__).resolve().parents[2]
_UNFINISHED = ".making-"
_OTHERS = (
    ((b"%PDF",), 0, "This is a PDF document, not a picture."),
    ((b"heic", b"heix", b"mif1", b"hevc", b"heim"), 8, "This is a HEIC picture. Save it as JPEG first."),
    ((b"II*\0", b"MM\0*"), 0, "This is a TIFF picture. Save it as JPEG or PNG first."),
    ((b"BM",), 0, "This is a BMP picture. Save it as PNG first."),
    ((b"PK\3\4",), 0, "This is an archive, not a picture."),
)
_NONE = "This is no picture that is taken: it takes JPEG, PNG, GIF, WebP and AVIF."


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a picture, as yet in a `shop` of their own; `size` is that of all together, in bytes."""

    shop: Path
    name: str
    kind: str
    width: int
    height: int
    widths: tuple[int, ...]
    size: int


@contextmanager
def making(upload: IO[bytes], folder: Path) -> Iterator[Made]:
    """Make the files of an uploaded picture beside `folder`'s own; what was not kept at the end is gone.

    BadPicture, with a sentence, for what is none that is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shop = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
    try:
        _take(upload, shop / "upload")
        with turn(folder, "making"):
            said = _made(shop)
        yield _measured(shop, said)
    finally:
        shutil.rmtree(shop, ignore_errors=True)


def keep(made: Made, folder: Path) -> None:
    """Move the files to their names, each whole on the disk before it has one."""
    for stem in [*map(str, made.widths), "full"]:
        path = made.shop / f"{stem}.{made.kind}"
        _flush(path)
        path.replace(folder / (f"{made.name}.{made.kind}" if stem == "full" else f"{made.name}-{path.name}"))
    _flush(folder)


def files_of(name: str, kind: str, widths: Sequence[int]) -> list[str]:
    """The names of all files of a picture."""
    return [f"{name}.{kind}", *(f"{name}-{width}.{kind}" for width in widths)]


def stored(folder: Path) -> Iterator[Path]:
    """The files of pictures in the folder."""
    return (path for path in sorted(folder.glob("*.*")) if FILE.fullmatch(path.name))


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file that is known to be good, under a name of FILE's form."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as shop:
        path = Path(shop) / name
        path.write_bytes(content)
        _flush(path)
        path.replace(folder / name)


def remove(folder: Path, files: Collection[str]) -> None:
    for file in files:
        (folder / file).unlink(missing_ok=True)


def sweep(folder: Path, wanted: Collection[str]) -> int:
    """Remove what an interrupted upload or removal left: files older than ORPHAN that are not wanted. How many."""
    before = time.time() - ORPHAN
    with os.scandir(folder) as entries:
        left = [e.path for e in entries if e.name not in wanted and _is_orphan(e, before)]
    for path in left:
        shutil.rmtree(path) if Path(path).is_dir() else Path(path).unlink(missing_ok=True)
    return len(left)


def is_due(folder: Path) -> bool:
    """Whether the last sweep is long ago; if so, this one is remembered."""
    stamp = folder / ".swept"
    with suppress(FileNotFoundError):
        if time.time() - stamp.stat().st_mtime < ORPHAN:
            return False
    stamp.touch()
    return True


@contextmanager
def turn(folder: Path, what: str) -> Iterator[None]:
    """One at a time, in all processes; BadPicture where the turn does not come within PATIENCE."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{what}.lock").open("w") as lock:
        _wait_for(lock.fileno())
        yield


def _wait_for(lock: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise BadPicture("Other pictures are still being worked on. Try again in a minute.") from None
            time.sleep(0.05)


def _take(upload: IO[bytes], path: Path) -> None:
    """Write down an upload that looks like a picture and is not too large."""
    head = upload.read(4096)
    if not imaging.kind_of(head):
        raise BadPicture(_told_apart(head))
    taken = 0
    with path.open("wb") as file:
        while head:
            taken += len(head)
            if taken > MAX_BYTES:
                raise BadPicture(
                    f"The file is larger than {MAX_BYTES // 1_000_000} MB. Make it smaller first."
                )
            file.write(head)
            head = upload.read(65_536)


def _told_apart(head: bytes) -> str:
    if not head:
        return "The file is empty."
    for marks, at, sentence in _OTHERS:
        if head[at:].startswith(marks):
            return sentence
    text = head.lower()
    if b"<svg" in text:
        return "This is an SVG drawing, which may hold scripts. Save it as PNG first."
    return _NONE


def _made(shop: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "blog_linkbacks.blog.picture_making", "upload", "."]
    told = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    told["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *filter(None, [told.get("PYTHONPATH")])])
    try:
        done = subprocess.run(  # noqa: S603  # nothing in the command comes from outside
            command, cwd=shop, env=told, capture_output=True, timeout=DEADLINE, check=False
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # out of time or memory, or a fault of a decoder
        raise BadPicture("The picture cannot be read within the time and memory that one may take.") from None
    if "refused" in said:
        raise BadPicture(said["refused"])
    return said


def _measured(shop: Path, said: dict[str, Any]) -> Made:
    files = [path for path in shop.iterdir() if path.suffix[1:] == said["kind"]]
    name = hashlib.sha256((shop / f"full.{said['kind']}").read_bytes()).hexdigest()[:32]
    size = sum(path.stat().st_size for path in files)
    return Made(shop, name, said["kind"], said["width"], said["height"], tuple(said["widths"]), size)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_orphan(entry: os.DirEntry[str], before: float) -> bool:
    with suppress(FileNotFoundError):
        ours = entry.name.startswith(_UNFINISHED) or entry.name.endswith(tuple(KINDS))
        return ours and entry.stat(follow_symlinks=False).st_mtime < before
    return False
