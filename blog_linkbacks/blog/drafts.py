"""What an author types is kept while they type, apart from the post, until they save it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks.blog import markdown
from blog_linkbacks.blog.tables import PostDraft
from blog_linkbacks.db import db, now, writing

UNTITLED = "Untitled"
_LONGEST = {
    "title": 500,
    "slug": 200,
    "tags": 1000,
    "summary": 1000,
    "cover": 200,
    "cover_alt": 1000,
    "body": markdown.MAX_LENGTH,
}
_NAMES = {
    "title": "title",
    "slug": "address",
    "tags": "list of tags",
    "summary": "summary",
    "cover": "cover",
    "cover_alt": "cover’s description",
    "body": "text",
}


class BehindError(ValueError):
    """Newer words were kept or saved meanwhile, in another window or by another person; `version` names them."""

    def __init__(self, row: PostDraft) -> None:
        super().__init__(
            "This post was changed in another window meanwhile. "
            "Press the button again to put these words in their place."
        )
        self.row = row


def find(post_id: int) -> PostDraft | None:
    """What is kept of a post, whether it holds words or only a version."""
    return db.session.get(PostDraft, post_id)


def version(post_id: int) -> int:
    row = find(post_id)
    return row.version if row else 0


def begun_in(tab: str, user_id: int) -> int | None:
    """The post that this person's window has already made of its first words, if the answer to that was lost."""
    if not tab:
        return None
    own = PostDraft.user_id == user_id, PostDraft.words["tab"].as_string() == tab
    return db.session.scalar(
        select(PostDraft.post_id).where(*own).order_by(PostDraft.post_id.desc()).limit(1)
    )


def titles(post_ids: Sequence[int]) -> Mapping[int, str]:
    """The titles typed and not yet saved, of those posts that have kept words."""
    rows = db.session.execute(
        select(PostDraft.post_id, PostDraft.words["title"].as_string()).where(
            PostDraft.post_id.in_(post_ids), PostDraft.words.is_not(None)
        )
    )
    return {post_id: title or UNTITLED for post_id, title in rows}


def check(words: Mapping[str, Any]) -> None:
    """ValueError, with a sentence, on words that no save could ever take."""
    for name, longest in _LONGEST.items():
        if len(words.get(name, "")) > longest:
            raise ValueError(f"The {_NAMES[name]} has {len(words[name]):,} characters; {longest:,} fit.")
        if "\0" in words.get(name, ""):
            raise ValueError("The text holds a NUL character.")


def keep(
    post_id: int, words: Mapping[str, Any], *, known: int, user_id: int | None, tab: str = ""
) -> PostDraft:
    """Keep what is typed in a form that knows version `known`; BehindError where there is a newer one."""
    check(words)
    with writing() as session:
        ensure_newest(session, post_id, known, tab)
        row = _row(session, post_id)
        row.version += 1
        row.words, row.user_id, row.kept_at = {**words, "tab": tab}, user_id, now()
        return row


def ensure_newest(session: Session, post_id: int, known: int | None, tab: str = "") -> None:
    """BehindError where a form knows an older version than there is, unless the newer words are its own.

    A form that knows none is not asked.
    """
    row = session.get(PostDraft, post_id)
    if row is None or known is None or row.version == known:
        return
    if not (tab and row.words and row.words.get("tab") == tab):
        raise BehindError(row)


def settle(session: Session, post_id: int) -> None:
    """The post was saved, or its kept words thrown away: nothing waits, and older forms are behind."""
    row = _row(session, post_id)
    row.version += 1
    row.words, row.kept_at = None, now()


def overtake(session: Session, post_id: int) -> None:
    """The post was changed from outside its form: older forms are behind, and no kept word is lost."""
    row = _row(session, post_id)
    row.version += 1
    if row.words:
        row.words = {**row.words, "tab": ""}


def discard(post_id: int) -> None:
    """Throw away what was typed since the last save."""
    with writing() as session:
        settle(session, post_id)


def _row(session: Session, post_id: int) -> PostDraft:
    row = session.get(PostDraft, post_id)
    if row is None:
        row = PostDraft(post_id=post_id, version=0)
        session.add(row)
    return row
