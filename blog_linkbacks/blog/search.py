"""Find published posts and pages by the words in their title and text.

An index of words, which triggers in the database keep, answers: every word asked for must begin a word of the post, in
any order; posts that have it in the title come first. Scripts without spaces have no words to index: there the newest
`LOOKED_AT` posts are read instead.
"""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Select, Text, column, func, literal, literal_column, or_, select, table
from sqlalchemy.orm import defer, lazyload

from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db

SHOWN = 50
MOST_WORDS = 8
LONGEST = 200
LOOKED_AT = 1_000
_READ, _BEFORE, _PASSAGE = 50_000, 80, 280  # characters

_WORD = re.compile(r"\w+")
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_INDEX = table("post_search", column("rowid"), column("post_id"), column("words"))


def search(q: str) -> Sequence[Post]:
    """The best `SHOWN` of the published posts and pages that hold every word; none where no word is asked for."""
    words = asked(q)
    if not words:
        return []
    without_text = (lazyload(Post.tags), defer(Post.html), defer(Post.body))
    return db.session.scalars(_found(words).options(*without_text).limit(SHOWN)).all()


def passage(post: Post, words: Sequence[str]) -> Markup:
    """Where the text says the first of the words, each word marked; the text's beginning where it says none."""
    text = " ".join(post.text[:_READ].split())
    found = _at_a_start(words).search(text)
    start = max(0, found.start() - _BEFORE) if found else 0
    shown = text[text.find(" ", start) + 1 if start else 0 :][:_PASSAGE]
    begin, end = "… " if start else "", " …" if len(text) > start + _PASSAGE else ""
    return Markup("{}{}{}").format(begin, _marked(shown, words), end)


def asked(q: str) -> list[str]:
    """The words of a search, at most `MOST_WORDS`."""
    return _WORD.findall(q[:LONGEST].replace("\0", " ").replace("_", " "))[:MOST_WORDS]


def _marked(text: str, words: Sequence[str]) -> Markup:
    pieces = _at_a_start(words).split(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(p) if n % 2 else escape(p) for n, p in enumerate(pieces)
    )


def _at_a_start(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words where a word begins; anywhere in scripts without spaces."""
    spelt = (("" if _SPACELESS.search(word) else r"\b") + re.escape(word) for word in words)
    return re.compile(f"({'|'.join(spelt)})", re.IGNORECASE)


def _found(words: Sequence[str]) -> Select[Post]:
    posts = select(Post).where(Post.state == PostState.PUBLISHED)
    if any(_SPACELESS.search(word) for word in words):
        return _among_the_newest(posts, words)
    return (_by_fts if db.engine.dialect.name == "sqlite" else _by_tsvector)(posts, words)


def _by_fts(posts: Select[Post], words: Sequence[str]) -> Select[Post]:
    asked_for = literal(" ".join(f'"{word}"*' for word in words), Text)
    match = literal_column("post_search").bool_op("MATCH")(asked_for)
    rank: ColumnElement[float] = literal_column("bm25(post_search, 8.0, 1.0)")
    return posts.join(_INDEX, _INDEX.c.rowid == Post.id).where(match).order_by(rank, Post.id.desc())


def _by_tsvector(posts: Select[Post], words: Sequence[str]) -> Select[Post]:
    query = func.to_tsquery(literal_column("'simple'"), " & ".join(f"'{word}':*" for word in words))
    rank = func.ts_rank(_INDEX.c.words, query)
    match = _INDEX.c.words.bool_op("@@")(query)
    return posts.join(_INDEX, _INDEX.c.post_id == Post.id).where(match).order_by(rank.desc(), Post.id.desc())


def _among_the_newest(posts: Select[Post], words: Sequence[str]) -> Select[Post]:
    newest = select(Post.id).where(Post.state == PostState.PUBLISHED)
    newest = newest.order_by(Post.published_at.desc(), Post.id.desc()).limit(LOOKED_AT)
    holds = [_holds(word) for word in words]
    return posts.where(Post.id.in_(newest), *holds).order_by(Post.published_at.desc(), Post.id.desc())


def _holds(word: str) -> ColumnElement[bool]:
    return or_(*(part.icontains(word, autoescape=True) for part in (Post.title, Post.text)))
