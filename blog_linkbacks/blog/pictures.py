"""Pictures of the blog: taken in, described, found in texts, deleted. Files are on the disk before their row is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Text, cast, delete, func, or_, select
from sqlalchemy.orm import Session

from blog_linkbacks import config, web
from blog_linkbacks.blog import markdown, picture_files
from blog_linkbacks.blog.markdown_pictures import Shown
from blog_linkbacks.blog.picture_files import FILE, Made
from blog_linkbacks.blog.tables import Picture, PictureUse, Post, PostDraft, PostState
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.imaging import BadPicture

MAX_ALT = 1000
THUMBNAIL = 400  # pixels wide
_MARKUP, _ESCAPED = re.compile(r"([][\\`*_<&~])"), r"\\\1"
_ADDRESS = re.compile(r"/pictures/" + FILE.pattern)


@dataclass(frozen=True, slots=True)
class Use:
    """A post that shows a picture."""

    post_id: int
    title: str


def folder() -> Path:
    return config.current().instance / "pictures"


def add(upload: IO[bytes], title: str, user_id: int | None) -> Picture:
    """Take in an uploaded file; BadPicture with a sentence where it is none that is taken, and nothing is kept.

    The same picture uploaded again is the one that there is.
    """
    try:
        with picture_files.making(upload, folder()) as made, picture_files.turn(folder(), "keeping"):
            picture_files.keep(made, folder())
            with writing() as session:
                return session.scalar(select(Picture).where(Picture.name == made.name)) or _new(
                    session, made, title, user_id
                )
    except OSError as error:
        raise BadPicture(f"The picture cannot be kept: {error.strerror or error}.") from error


def describe(picture_id: int, alt: str) -> None:
    """Change what the picture's description is when it is put into a text from now on."""
    with writing() as session:
        picture = session.get(Picture, picture_id)
        if picture is not None:
            picture.alt = " ".join(alt.replace("\0", "").split())[:MAX_ALT]


def remove(picture: Picture) -> None:
    """Delete a picture for good; a post that shows it has a gap there, one whose cover it is has none."""
    number, files = picture.id, files_of(picture)
    with picture_files.turn(folder(), "keeping"):
        with writing() as session:
            _forget(session, number)
        picture_files.remove(folder(), files)


def tidy() -> int:
    """Remove the files that an interrupted upload or deletion left, at most once an hour; how many.

    What cannot be done now is left for the next time.
    """
    with suppress(BadPicture, OSError):
        if picture_files.is_due(folder()):
            with picture_files.turn(folder(), "keeping"):
                known = {
                    file for picture in db.session.scalars(select(Picture)) for file in files_of(picture)
                }
                return picture_files.sweep(folder(), known)
    return 0


def find(file: str) -> tuple[Picture, Path] | None:
    """The picture and the path that the name of a served file means; None for any other word."""
    parts = FILE.fullmatch(file)
    picture = by_name(parts[1]) if parts else None
    if parts is None or picture is None or file not in files_of(picture):
        return None
    return picture, folder() / file


def by_name(name: str) -> Picture | None:
    return db.session.scalar(select(Picture).where(Picture.name == name))


def named(file: str) -> Picture | None:
    """The picture that a typed address or file name means."""
    parts = FILE.fullmatch(file.strip().rpartition("/")[2])
    return by_name(parts[1]) if parts else None


def listed(size: int, before: int | None = None) -> Sequence[Picture]:
    """The newest pictures, those before the one of that id."""
    rows = select(Picture).order_by(Picture.id.desc()).limit(size)
    return db.session.scalars(rows.where(Picture.id < before) if before else rows).all()


def choices(chosen: str, number: int = 24) -> Sequence[Picture]:
    """The pictures a post's cover can be taken from: the one that is chosen, then the newest."""
    first = named(chosen)
    return [*([first] if first else []), *(p for p in listed(number) if first is None or p.id != first.id)]


def amount() -> tuple[int, int]:
    """How many pictures there are, and how many bytes all their files have."""
    sums = select(func.count(Picture.id), func.coalesce(func.sum(Picture.size), 0))
    number, size = db.session.execute(sums).one()
    return number, int(size)


def uses(picture_ids: Iterable[int]) -> Mapping[int, Sequence[Use]]:
    """The posts that show each of these pictures, in their text or as their cover."""
    found: dict[int, list[Use]] = defaultdict(list)
    rows = select(PictureUse.picture_id, Post.id, Post.title).join(Post, Post.id == PictureUse.post_id)
    wanted = rows.where(PictureUse.picture_id.in_(list(picture_ids))).order_by(Post.id)
    for picture_id, post_id, title in db.session.execute(wanted):
        found[picture_id].append(Use(post_id, title))
    return found


def kept_in(picture: Picture) -> Sequence[Use]:
    """The posts that show it in words typed and not yet saved."""
    rows = select(Post.id, Post.title).join(PostDraft, PostDraft.post_id == Post.id).order_by(Post.id)
    words = cast(PostDraft.words, Text)
    return [Use(*row) for row in db.session.execute(rows.where(words.contains(picture.name)))]


def note_uses(session: Session, post: Post) -> None:
    """Remember which pictures a post shows: those in its HTML, and its cover; a deleted one shows none."""
    session.execute(delete(PictureUse).where(PictureUse.post_id == post.id))
    if post.state == PostState.DELETED:
        return
    names = {found[1] for found in _ADDRESS.finditer(post.html)}
    shown = select(Picture.id).where(or_(Picture.name.in_(names), Picture.id == post.cover_id))
    session.add_all(PictureUse(picture_id=number, post_id=post.id) for number in session.scalars(shown).all())
    session.flush()


def render(body: str) -> str:
    """A post's Markdown as sanitised HTML, its pictures of this blog with all that a page needs. One query.

    ValueError as of `markdown.render`.
    """
    names = {found[1] for found in _ADDRESS.finditer(body)}
    known = (
        {p.name: p for p in db.session.scalars(select(Picture).where(Picture.name.in_(names)))}
        if names
        else {}
    )

    def shown_at(src: str) -> Shown | None:
        path = src.removeprefix(web.base_url()).removeprefix(web.root_path())
        found = _ADDRESS.fullmatch(path)
        return shown(known[found[1]]) if found and found[1] in known else None

    return markdown.render(body, shown_at)


def shown(picture: Picture) -> Shown:
    """A picture as a page shows it."""
    files = {width: picture.file_of(width) for width in picture.widths} | {picture.width: picture.file}
    srcset = ", ".join(f"{address(file)} {width}w" for width, file in sorted(files.items()))
    return Shown(address(picture.file), picture.width, picture.height, srcset if picture.widths else "")


def thumbnail(picture: Picture) -> str:
    """The address of its smallest file that is at least THUMBNAIL wide, or else of its largest."""
    width = min((w for w in picture.widths if w >= THUMBNAIL), default=None)
    return address(picture.file_of(width) if width else picture.file)


def address(file: str) -> str:
    """The path at which a file is served, below the path of the site's root."""
    return f"{web.root_path()}/pictures/{file}"


def url(picture: Picture) -> str:
    """The canonical URL of its largest file."""
    return web.absolute(f"/pictures/{picture.file}")


def in_markdown(picture: Picture, alt: str | None = None) -> str:
    """The picture as it is written in a post."""
    words = " ".join((picture.alt if alt is None else alt).split())
    return f"![{_MARKUP.sub(_ESCAPED, words)}]({address(picture.file)})"


def files_of(picture: Picture) -> list[str]:
    return picture_files.files_of(picture.name, picture.kind, picture.widths)


def _new(session: Session, made: Made, title: str, user_id: int | None) -> Picture:
    picture = Picture(
        name=made.name,
        kind=made.kind,
        width=made.width,
        height=made.height,
        widths=list(made.widths),
        size=made.size,
        title=_clean(title),
        user_id=user_id,
        created_at=now(),
    )
    session.add(picture)
    session.flush()
    return picture


def _clean(title: str) -> str:
    """A file's own name without its folders, as far as it can be shown."""
    return "".join(c for c in re.split(r"[/\\]", title)[-1] if c.isprintable())[:200] or "Untitled"


def _forget(session: Session, picture_id: int) -> None:
    for post in session.scalars(select(Post).where(Post.cover_id == picture_id)):
        post.cover_id, post.cover_alt, post.updated_at = None, "", now()
    session.flush()
    session.execute(delete(PictureUse).where(PictureUse.picture_id == picture_id))
    session.execute(delete(Picture).where(Picture.id == picture_id))
