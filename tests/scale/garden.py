"""A big blog: thousands of posts that link to each other, written in bulk, as it would be after many years."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import insert, text, update

from blog_linkbacks.blog import markdown
from blog_linkbacks.blog.lookup import own_key, post_path
from blog_linkbacks.blog.neighbours import terms
from blog_linkbacks.blog.tables import Post, PostLink, PostSlug, PostTag, PostTerm
from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.linkbacks import Decision, Linkback, StatusCount
from blog_linkbacks.web import absolute

HUB, HUB_LINKS = 1, 2_000  # the post that so many others link to
LONELY = 2  # a post without any link

_SYLLABLES = ("ba", "ce", "dor", "fen", "gal", "hum", "ist", "jor", "kel", "lum")
_MORE = ("mer", "nod", "osk", "pra", "qui", "rus", "sel", "tam", "ulv", "wen")
_CHUNK = 1_000


def plant(app: Flask, posts: int = 10_000, links: int = 100_000, *, seed: int = 7) -> None:
    """Fill an empty database with so many posts and internal links, every row as saving would have left it."""
    chance = random.Random(seed)
    pairs = _pairs(chance, posts, links)
    with app.app_context(), writing():
        _insert(Post, _posts(chance, posts, pairs))
        _insert(PostSlug, ({"slug": _slug(number), "post_id": number} for number in _numbers(posts)))
        _insert(PostTag, (_tag(number) for number in _numbers(posts)))
        _insert(PostTerm, _terms(posts))
        _insert(PostLink, (_link(origin, to, place) for place, (origin, to) in enumerate(pairs)))
        _insert(Linkback, (_linkback(number, *pair) for number, pair in enumerate(pairs, 1)))
        _insert(Decision, (_decision(number) for number in _numbers(len(pairs))))
        db.session.execute(
            update(StatusCount).where(StatusCount.status == "approved").values(number=len(pairs))
        )
        _count_on()
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def slug(number: int) -> str:
    return _slug(number)


def _pairs(chance: random.Random, posts: int, links: int) -> Sequence[tuple[int, int]]:
    others = [number for number in _numbers(posts) if number not in (HUB, LONELY)]
    pairs = {(origin, HUB): None for origin in chance.sample(others, min(HUB_LINKS, len(others) // 2))}
    while len(pairs) < links:
        origin, to = chance.choice(others), chance.choice(others)
        if origin != to:
            pairs[origin, to] = None
    return list(pairs)


def _posts(chance: random.Random, posts: int, pairs: Sequence[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    linked: dict[int, list[int]] = {}
    for origin, to in pairs:
        linked.setdefault(origin, []).append(to)
    start = now() - timedelta(hours=posts)
    for number in _numbers(posts):
        body = _body(chance, number, linked.get(number, ()))
        html = markdown.render(body)
        published = start + timedelta(hours=number)
        yield {
            "id": number,
            "slug": _slug(number),
            "title": _title(number),
            "body": body,
            "html": html,
            "text": markdown.plain(html),
            "summary": markdown.summary(html),
            "state": "published",
            "accept_linkbacks": True,
            "created_at": published,
            "updated_at": published,
            "published_at": published,
        }


def _body(chance: random.Random, number: int, linked: Sequence[int]) -> str:
    words = [_word(chance.randrange(4_000)) for _ in range(60)] + [_word(number % 400)] * 6
    chance.shuffle(words)
    sentences = (
        f"Of all that grew this week, {_title(to)} is told [in that post]({post_path(_slug(to))})."
        for to in linked
    )
    return "\n\n".join((" ".join(words) + ".", *sentences))


def _terms(posts: int) -> Iterator[dict[str, Any]]:
    """Read back in pieces: a big blog's texts need not fit into memory at once."""
    for first in range(1, posts + 1, _CHUNK):
        rows = db.session.execute(
            text("SELECT id, title, text FROM posts WHERE id BETWEEN :first AND :last"),
            {"first": first, "last": first + _CHUNK - 1},
        ).all()
        for row in rows:
            for term, weight in terms(row.title, [_tag(row.id)["key"]], row.text).items():
                yield {"term": term, "post_id": row.id, "weight": weight}


def _tag(number: int) -> dict[str, Any]:
    key = _word(number % 50)
    return {"id": number, "post_id": number, "tag": key.capitalize(), "key": key}


def _link(origin: int, to: int, place: int) -> dict[str, Any]:
    return {"post_id": origin, "position": place, "url": _url(to), "to_slug": _slug(to), **_sentence(to)}


def _linkback(number: int, origin: int, to: int) -> dict[str, Any]:
    sentence = _sentence(to)
    return {
        "id": number,
        "token": f"token-{number}",
        "kind": "pingback",
        "status": "approved",
        "version": 2,
        "post_id": to,
        "source_url": _url(origin),
        "source_key": own_key(origin),
        "source_host": "blog.example",
        "source_site": "blog.example",
        "source_post_id": origin,
        "internal": True,
        "target_url": _url(to),
        "title": _title(origin),
        "excerpt": "".join(sentence.values()),
        "score": 0.0,
        "checked_at": now(),
        "decided_at": now(),
        "decided_by": "policy:internal",
        **sentence,
    }


def _decision(number: int) -> dict[str, Any]:
    return {
        "linkback_id": number,
        "from_status": "received",
        "to_status": "approved",
        "rule": "internal",
        "score": 0.0,
    }


def _sentence(to: int) -> dict[str, str]:
    before = f"Of all that grew this week, {_title(to)} is told "
    return {"before": before, "anchor": "in that post", "after": "."}


def _title(number: int) -> str:
    return f"{_word(number % 400).capitalize()} and {_word(number % 37 + 400)}, week {number}"


def _slug(number: int) -> str:
    return f"week-{number}"


def _url(number: int) -> str:
    return absolute(post_path(_slug(number)))


def _word(number: int) -> str:
    first, second, third = number % 20, number // 20 % 20, number // 400 % 20
    return "".join((*_SYLLABLES, *_MORE)[part] for part in (first, second, third))


def _numbers(count: int) -> range:
    return range(1, count + 1)


def _insert(table: type[Model], rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, _CHUNK)):
        db.session.execute(insert(table), chunk)


def _count_on() -> None:
    """PostgreSQL's sequences go on after the ids that were given."""
    if db.engine.dialect.name != "postgresql":
        return
    for table in ("posts", "post_tags", "linkbacks"):
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )
