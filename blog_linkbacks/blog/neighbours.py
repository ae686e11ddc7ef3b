"""Neighbours: posts about the same things as a post, for one that few links lead from or to."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from pathlib import Path
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, bindparam, delete, func, or_, select, union_all
from sqlalchemy.orm import Session

from blog_linkbacks import web
from blog_linkbacks.blog.lookup import post_path
from blog_linkbacks.blog.tables import Post, PostKind, PostState, PostTerm
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Status

SHOWN = 3
ENOUGH_LINKS = 3

_KEPT = 24  # terms of a post
_READ = 200  # posts of a term, the newest; a term that more have says next to nothing
_TEXT = 20_000  # characters
_COUNTED = 2_000  # posts
_CANDIDATES = 12
_LEAST = 0.12  # of what a post is about
_TITLE, _TAG = 2.0, 3.0
_WORD = re.compile(r"[^\W\d_]{4,40}")
_BOUND = (Status.APPROVED, Status.REJECTED, Status.SPAM)

# Words of four letters and more that every text has, in the languages most often blogged in.
_COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A published post on the same subject; nothing is said of a link."""

    title: str
    url: str
    summary: str


def neighbours(post: Post, links: int) -> list[Neighbour]:
    """At most `SHOWN` posts on the same subject, the nearest first; none where the site has them switched off.

    None either where `links` related posts are enough. A post that a link relates already, or whose relation a
    person hid, is left out. Six small queries, whatever the number of posts.
    """
    if links >= ENOUGH_LINKS or not site().neighbours:
        return []
    own = _terms_of(post.id)
    near = _nearest(own, _postings(own, post.id)) if own else []
    return _presented(near, post.id) if near else []


def index(session: Session, post: Post) -> None:
    """Keep what a published post is about, in the caller's transaction; nothing of a draft or a page."""
    listed = post.published and post.kind == PostKind.POST
    about = terms(post.title, [tag.key for tag in post.tags], post.text) if listed else {}
    stored = session.execute(select(PostTerm.term, PostTerm.weight).where(PostTerm.post_id == post.id)).all()
    if about == {row.term: row.weight for row in stored}:
        return
    session.execute(delete(PostTerm).where(PostTerm.post_id == post.id))
    session.add_all(PostTerm(term=term, post_id=post.id, weight=weight) for term, weight in about.items())


def terms(title: str, tags: Iterable[str], text: str) -> dict[str, float]:
    """The words and tags that say most about a text, with their weights: a vector of length 1."""
    weights = {word: 1 + log(number) for word, number in Counter(_words(text[:_TEXT])).items()}
    for word in dict.fromkeys(_words(title)):
        weights[word] = weights.get(word, 0) + _TITLE
    weights |= {f"#{tag}"[:80]: _TAG for tag in tags}
    kept = sorted(weights.items(), key=lambda pair: -pair[1])[:_KEPT]
    length = sqrt(sum(weight * weight for _, weight in kept))
    return {term: round(weight / length, 4) for term, weight in kept}


def _words(text: str) -> Iterable[str]:
    return (_singular(word) for word in _WORD.findall(text.lower()) if word not in _COMMON)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _terms_of(post_id: int) -> dict[str, float]:
    rows = db.session.execute(select(PostTerm.term, PostTerm.weight).where(PostTerm.post_id == post_id))
    return {row.term: row.weight for row in rows}


def _postings(own: Mapping[str, float], post_id: int) -> dict[str, list[tuple[int, float]]]:
    """The latest other posts that have each term, with its weight there."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    asked = {f"term_{place}": term for place, term in enumerate(own)}
    for term, other, weight in db.session.execute(_latest(len(own)), {**asked, "own": post_id}):
        found[term].append((other, weight))
    return found


@lru_cache(maxsize=_KEPT)
def _latest(number: int) -> CompoundSelect[Any]:
    """Built once for each number of terms: building costs more than running."""
    return union_all(*(select(_of_term(f"term_{place}").subquery()) for place in range(number)))


def _of_term(name: str) -> Select[str, int, float]:
    return (
        select(PostTerm.term, PostTerm.post_id, PostTerm.weight)
        .where(PostTerm.term == bindparam(name), PostTerm.post_id != bindparam("own"))
        .order_by(PostTerm.post_id.desc())
        .limit(_READ)
    )


def _nearest(own: Mapping[str, float], postings: Mapping[str, list[tuple[int, float]]]) -> list[int]:
    """Posts by how much they share, a rare term counting more; one shared term alone is chance."""
    number = _published()
    shared: Counter[int] = Counter()
    nearness: dict[int, float] = defaultdict(float)
    rarity = {term: _rarity(len(postings.get(term, ())), number) for term in own}
    whole = sum((weight * rarity[term]) ** 2 for term, weight in own.items())
    for term, posts in postings.items():
        for other, weight in posts:
            shared[other] += 1
            nearness[other] += own[term] * weight * rarity[term] ** 2
    near = [other for other in nearness if shared[other] > 1 and nearness[other] >= _LEAST * whole]
    return sorted(near, key=lambda other: (-nearness[other], -other))[:_CANDIDATES]


def _rarity(others: int, number: int) -> float:
    return log((number + 1) / (others + 1)) if others < _READ else 0.5


def _published() -> int:
    some = select(Post.id).where(Post.state == PostState.PUBLISHED).limit(_COUNTED).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _presented(near: Collection[int], post_id: int) -> list[Neighbour]:
    rows = db.session.execute(
        select(Post.id, Post.title, Post.slug, Post.summary).where(
            Post.id.in_(near), Post.state == PostState.PUBLISHED
        )
    )
    bound = _bound(near, post_id)
    found = {post: Neighbour(title, web.absolute(post_path(slug)), said) for post, title, slug, said in rows}
    return [found[other] for other in near if other in found and other not in bound][:SHOWN]


def _bound(near: Collection[int], post_id: int) -> set[int]:
    """Those that a link binds to the post already, shown or hidden."""
    to, source = Linkback.post_id, Linkback.source_post_id
    pairs = or_(and_(to == post_id, source.in_(near)), and_(source == post_id, to.in_(near)))
    rows = db.session.execute(select(to, source).where(pairs, Linkback.status.in_(_BOUND)))
    return {other for pair in rows for other in pair if other is not None}
