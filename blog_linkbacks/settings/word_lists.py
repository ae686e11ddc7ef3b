"""The blog's lists of words in the database, and ready to look texts up in."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.scoring.wordlist import WordList, parse
from blog_linkbacks.settings import preferences
from blog_linkbacks.settings.preferences import Site
from blog_linkbacks.vocabulary import Listing

READY = 6  # lists kept ready in a process

_EMPTY = WordList()
_ready: OrderedDict[tuple[str, bool], WordList] = OrderedDict()
_turn = threading.Lock()


class StaleError(Exception):
    """Somebody changed the list meanwhile; nothing was saved."""


class StoredList(Model):
    """A list as it was entered; its digest also stands in the preferences, so that scoring need not read the text."""

    __tablename__ = "word_lists"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as its page shows it; `version` names exactly this text, `updated_at` is None where there is none."""

    listing: Listing
    text: str = ""
    words: WordList = _EMPTY
    version: str = ""
    updated_at: datetime | None = None


def of(site: Site) -> Mapping[Listing, WordList]:
    """The lists that are not empty, ready to look texts up in; a text is read from the database once a version."""
    return {Listing(name): _prepared(Listing(name), digest) for name, digest in site.word_lists.items()}


def shown(listing: Listing) -> Shown:
    """One list with its text."""
    row = db.session.get(StoredList, listing.value, populate_existing=True)
    if row is None:
        return Shown(listing)
    return Shown(listing, row.text, _from_text(row.text, row.digest, listing), row.digest, row.updated_at)


def save(listing: Listing, text: str, version: str | None = None) -> Shown:
    """Put a list in the place of the one before; an empty text takes it away.

    WordListError for one that cannot be taken, StaleError where `version` is not the one that stands; nothing is
    written then.
    """
    text = "\n".join(text.splitlines())
    words, digest = parse(text, listing), hashlib.sha256(text.encode()).hexdigest()
    with writing() as session:
        row = session.get(StoredList, listing.value, populate_existing=True)
        if version is not None and version != (row.digest if row else ""):
            raise StaleError
        if row is not None and not text.strip():
            session.delete(row)
        elif text.strip():
            session.merge(StoredList(name=listing.value, text=text, digest=digest, updated_at=now()))
        digests = dict(preferences.read().word_lists)
        digests.pop(listing.value, None)
        preferences.save(word_lists=digests | ({listing.value: digest} if words.size else {}))
    return shown(listing)


def _prepared(listing: Listing, digest: str) -> WordList:
    with _turn:
        if (key := _key(digest, listing)) in _ready:
            _ready.move_to_end(key)
            return _ready[key]
    row = db.session.execute(
        select(StoredList.text, StoredList.digest).where(StoredList.name == listing.value)
    ).one_or_none()
    return _from_text(row.text, row.digest, listing) if row else _EMPTY


def _from_text(text: str, digest: str, listing: Listing) -> WordList:
    """The list made of a text, kept ready under its digest."""
    with _turn:  # one at a time: making a long one takes a third of a second
        if (key := _key(digest, listing)) not in _ready:
            _ready[key] = parse(text, listing)
        _ready.move_to_end(key)
        while len(_ready) > READY:
            _ready.popitem(last=False)
        return _ready[key]


def _key(digest: str, listing: Listing) -> tuple[str, bool]:
    return digest, listing is Listing.IMPORTED
