"""A crowd of responses to one post, written in bulk, of every sort."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, insert, select, update

from blog_linkbacks.blog import lookup
from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Linkback, StatusCount
from tests.support.statements import counting

_SORTS = ("mention", "reply", "like", "mention", "repost", "bookmark")
_KINDS = ("pingback", "trackback", "webmention")


def respond(app: Flask, slug: str, number: int) -> None:
    """So many approved responses more to the post of that slug."""
    with app.app_context(), writing() as session:
        post = lookup.by_slug(slug)
        assert post is not None
        first = (session.scalar(select(func.max(Linkback.id))) or 0) + 1
        url = lookup.post_url(post)
        rows = [_row(place, post.id, url) for place in range(first, first + number)]
        if rows:
            session.execute(insert(Linkback), rows)
        session.execute(
            update(StatusCount)
            .where(StatusCount.status == "approved")
            .values(number=StatusCount.number + number)
        )


def queries(app: Flask, path: str) -> int:
    """How many statements the database is given for one page."""
    with counting(app) as heard:
        assert app.test_client().get(path).status_code == 200
    return len(heard)


def _row(place: int, post_id: int, url: str) -> dict[str, object]:
    source, host = f"https://garden{place}.example/note", f"garden{place}.example"
    sort = _SORTS[place % len(_SORTS)]
    return {
        "kind": _KINDS[place // 3 % len(_KINDS)] if sort == "mention" else "webmention",
        "status": "approved",
        "post_id": post_id,
        "source_url": source,
        "source_key": source,
        "source_host": host,
        "source_site": host,
        "target_url": url,
        "response": sort,
        "lifted_author": f"Writer {place}",
        "author_url": f"https://{host}/",
        "before": "I keep going back to ",
        "anchor": "this piece",
        "after": " on soil, and so should you.",
        "received_at": now() - timedelta(hours=place),
    }
