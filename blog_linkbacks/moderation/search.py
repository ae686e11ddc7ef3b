"""Find linkbacks by words: part of title, excerpt, author, site, source URL or the sentence that links.

The index holds every run of three characters, so that parts of host names and of languages without spaces are
found, and no row is read that does not match. Triggers in the database keep it.
"""

import re
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback

WIDEST = 100_000
MAX_WORDS = 8
_RUN = 3
_MAX_RUNS = 500
_BEFORE_A_WORD = "\n ./-_(\"'“‘«:,=?&#@"

_ASKED = re.compile(r'"([^"]+)"|(\S+)')
_INDEX = table("linkback_search", column("rowid"), column("linkback_id"), column("text"), column("grams"))
_TERMS = table("linkback_search_terms", column("term"))


def matching(q: str) -> list[ColumnElement[bool]]:
    """Conditions for the rows that hold every word; words in quotes are one. None where nothing is asked.

    A word of three characters is found anywhere; of two, anywhere outside ASCII and at a word's start in it; a single
    ASCII letter is found where it stands alone. In SQLite the newest WIDEST rows that match are looked at.
    """
    words = asked(q)
    if not words:
        return []
    if db.engine.dialect.name != "sqlite":
        return [Linkback.id.in_(_holding(words))]
    expression = _expression(words)
    return [Linkback.id.in_(_matches(expression)) if expression else false()]


def asked(q: str) -> list[str]:
    """The words of a search: at most MAX_WORDS, a quoted phrase counting as one."""
    found = (phrase.strip() or word.strip('"') for phrase, word in _ASKED.findall(q.replace("\0", "")))
    return [word for word in found if word][:MAX_WORDS]


# --- SQLite: FTS5 with runs of three characters ---------------------------------------------------------------------


def _matches(expression: str) -> Select[int]:
    match = literal_column("linkback_search").bool_op("MATCH")(literal(expression, Text))
    return select(_INDEX.c.rowid).where(match).order_by(_INDEX.c.rowid.desc()).limit(WIDEST)


def _expression(words: Sequence[str]) -> str:
    """An FTS5 expression of quoted strings alone; empty where a word can stand in no row."""
    parts = [_either(_spellings(word)) for word in words]
    return " AND ".join(parts) if all(parts) else ""


def _spellings(word: str) -> list[str]:
    if len(word) >= _RUN:
        return [word]
    if word.isascii():
        return _at_a_start(word)
    low = word.lower()
    term = _TERMS.c.term
    terms = select(term).where(term >= low, term < f"{low}\U0010ffff").limit(_MAX_RUNS)
    return list(db.session.scalars(terms))


def _at_a_start(word: str) -> list[str]:
    """A short ASCII word as runs of three characters: at the start of words, a single letter alone."""
    ends = (" ", "\n", ".", ",") if len(word) == 1 else ("",)
    return [start + word.lower() + end for start in _BEFORE_A_WORD for end in ends]


def _either(spellings: Sequence[str]) -> str:
    quoted = ['"' + spelling.replace('"', '""') + '"' for spelling in spellings]
    return f"({' OR '.join(quoted)})" if quoted else ""


# --- PostgreSQL: the same runs in an array, for a database without extensions and of any locale ---------------------


def _holding(words: Sequence[str]) -> Select[int]:
    return select(_INDEX.c.linkback_id).where(*(condition for word in words for condition in _holds(word)))


def _holds(word: str) -> list[ColumnElement[bool]]:
    grams = literal_column("linkback_search.grams", ARRAY(Text))
    if len(word) < _RUN and word.isascii():
        return [grams.overlap(bindparam(None, _at_a_start(word), ARRAY(Text), unique=True))]
    low = func.lower(literal(word, Text))
    if len(word) < _RUN:
        return [grams.contains(array([low]))]
    runs = func.linkback_grams(low, type_=ARRAY(Text))
    return [grams.contains(runs), func.strpos(literal_column("linkback_search.text"), low) > 0]
