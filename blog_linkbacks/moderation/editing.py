"""What a person puts in the place of a linkback's title, excerpt and author; the original is kept."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation.decisions import ConflictError, NotOfferedError
from blog_linkbacks.moderation.log import TextEdit
from blog_linkbacks.settle import MAX_EXCERPT, MAX_TRACKBACK
from blog_linkbacks.verification.sentences import shortened
from blog_linkbacks.vocabulary import Kind, Status

FIELDS = ("title", "excerpt", "author")
MAX_TITLE = 300  # characters
MAX_AUTHOR = 120
SHOWN = 20

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def limits(linkback: Linkback) -> Mapping[str, int]:
    """The most characters of each text, as for what the page itself says."""
    excerpt = MAX_TRACKBACK if linkback.kind == Kind.TRACKBACK else MAX_EXCERPT
    return {"title": MAX_TITLE, "excerpt": excerpt, "author": MAX_AUTHOR}


def original(linkback: Linkback) -> dict[str, str]:
    """The texts that readers would see if nobody had edited them."""
    sentence = f"{linkback.before}{linkback.anchor}{linkback.after}".strip()
    author = linkback.lifted_author or linkback.site_name or linkback.author or linkback.source_host
    title = linkback.lifted_title or linkback.title
    return {"title": title, "excerpt": sentence or linkback.excerpt, "author": author}


def shown(linkback: Linkback) -> dict[str, str]:
    """The texts that readers see: as edited, else the original."""
    return original(linkback) | (linkback.edited or {})


def editable(linkback: Linkback) -> bool:
    """Whether its texts may be edited: it was looked at, and its source is no post of the blog's own."""
    return linkback.status != Status.RECEIVED and not linkback.internal


def mark(linkback: Linkback) -> str:
    """What a form carries, to notice that somebody else edited the texts meanwhile."""
    said = json.dumps([linkback.edited or {}, original(linkback)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def edit(linkback_id: int, texts: Mapping[str, str], user: User, seen: str = "") -> TextEdit | None:
    """Put these texts in the place of the original; an empty one, or one like the original, leaves that standing.

    None where nothing changes. ConflictError where `seen` is given and stale; NotOfferedError where its texts are not
    to be edited; LookupError.
    """
    with writing() as session:
        linkback = _unchanged(session, linkback_id, seen)
        if not editable(linkback):
            raise NotOfferedError
        return _put(session, linkback, _changed(linkback, texts), user)


def back_to_original(linkback_id: int, user: User, seen: str = "") -> TextEdit | None:
    """Show what the page and its sender said again; None where that is so already. ConflictError where `seen` is given
    and stale; LookupError."""
    with writing() as session:
        return _put(session, _unchanged(session, linkback_id, seen), {}, user)


def undo(edit_id: int, user: User) -> TextEdit:
    """Give the linkback the texts it had before an edit; ConflictError with a sentence where something came between."""
    with writing() as session:
        made = session.get(TextEdit, edit_id, populate_existing=True)
        if made is None:
            raise LookupError(edit_id)
        if made.undone_at is not None:
            who = made.undone_by.name if made.undone_by else "somebody"
            raise ConflictError(f"That edit was taken back already, by {who}.")
        linkback = _get(session, made.linkback_id)
        if (linkback.edited or {}) != made.after:
            raise ConflictError("The texts were edited again since.")
        linkback.edited = made.before
        made.undone_at, made.undone_by_id = now(), user.id
        return made


def edits(linkback_id: int) -> Sequence[TextEdit]:
    """The latest edits of a linkback, the newest first."""
    which = select(TextEdit).where(TextEdit.linkback_id == linkback_id).order_by(TextEdit.id.desc())
    return db.session.scalars(which.limit(SHOWN)).all()


def named(made: TextEdit) -> str:
    """What an edit changed, in words: “title and excerpt”."""
    changed = [name for name in FIELDS if made.before.get(name) != made.after.get(name)]
    return " and ".join([", ".join(changed[:-1]), changed[-1]] if len(changed) > 1 else changed)


def _put(session: Session, linkback: Linkback, after: dict[str, str], user: User) -> TextEdit | None:
    before = linkback.edited or {}
    if before == after:
        return None
    linkback.edited = after
    made = TextEdit(linkback_id=linkback.id, before=before, after=after, user_id=user.id)
    session.add(made)
    session.flush()
    return made


def _changed(linkback: Linkback, texts: Mapping[str, str]) -> dict[str, str]:
    was, most = original(linkback), limits(linkback)
    wanted = {name: _clean(texts.get(name, ""), most[name]) for name in FIELDS}
    return {name: text for name, text in wanted.items() if text and text != " ".join(was[name].split())}


def _clean(text: str, most: int) -> str:
    """One line of plain text a database can hold, without characters that turn the direction of what follows."""
    line = " ".join(_CONTROLS.sub(" ", text).encode("utf-8", "replace").decode().split())
    return line if len(line) <= most else shortened(line, most) or line[:most]


def _unchanged(session: Session, linkback_id: int, seen: str) -> Linkback:
    linkback = _get(session, linkback_id)
    if seen and seen != mark(linkback):
        raise ConflictError("The texts were edited meanwhile.")
    return linkback


def _get(session: Session, linkback_id: int) -> Linkback:
    linkback = session.get(Linkback, linkback_id, populate_existing=True)
    if linkback is None:
        raise LookupError(linkback_id)
    return linkback
