"""`python -m tests.scale.bench_related [--database URL] [--posts N] [--links N]`: related posts of a big blog.

Prints, all from one run: the queries' plans, a post page's time with and without related posts and neighbours, and
how long saving, unpublishing and publishing again takes for a post that 2,000 others link to.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from sqlalchemy import Select, text

from blog_linkbacks import create_app
from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.blog.neighbours import neighbours
from blog_linkbacks.blog.related import plans, related
from blog_linkbacks.blog.responses import responses
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db
from blog_linkbacks.settings import preferences
from tests.scale.garden import HUB, LONELY, plant, slug

ROUNDS = 50
ORDINARY = 77


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        environ = {"LINKBACKS_BASE_URL": "http://blog.example", "LINKBACKS_RATE_LIMIT": ""}
        if arguments.database:
            environ["LINKBACKS_DATABASE_URL"] = arguments.database
        app = create_app(environ, Path(folder))
        seconds = timed(partial(plant, app, arguments.posts, arguments.links))
        print(f"planted {arguments.posts:,} posts and {arguments.links:,} links in {seconds:.1f} s")
        report(app)


def report(app: Flask) -> None:
    with app.app_context():
        preferences.save(neighbours=True)
        _plans()
        _pages(app)
        _saves()


def plan_of(statement: Select[Any]) -> str:
    """What the database will do for a statement, in its own words."""
    sqlite = db.engine.dialect.name == "sqlite"
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    rows = db.session.execute(text(f"{explain}{compiled}".replace(":", r"\:"))).all()
    return "\n".join(f"    {row[-1]}" for row in rows)


def timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _plans() -> None:
    post = _post(HUB)
    for name, statement in plans(post).items():
        print(f"\nplan: {name}\n{plan_of(statement)}")


def _pages(app: Flask) -> None:
    client = app.test_client()
    print(f"\nmedian of {ROUNDS}")
    for name, number in (("ordinary post", ORDINARY), ("hub", HUB), ("post without links", LONELY)):
        post = _post(number)
        with app.test_request_context("/"):
            bare = _median(partial(_drawn, post, whole=False))
            whole = _median(partial(_drawn, post, whole=True))
            block = _median(partial(related, post))
            near = _median(partial(neighbours, post, 0))
        page = _median(partial(client.get, lookup.post_path(slug(number))))
        print(
            f"  {name}: drawn without the block {bare:.2f} ms, with it {whole:.2f} ms (ratio {whole / bare:.2f}); "
            f"its queries {block:.2f} ms, neighbours alone {near:.2f} ms; the page over HTTP {page:.2f} ms"
        )


def _drawn(post: Post, *, whole: bool) -> str:
    shown = related(post) if whole else []
    near = neighbours(post, len(shown)) if whole else []
    return render_template(
        "blog/post.html",
        post=post,
        url=lookup.post_url(post),
        writer="Wren",
        related=shown,
        neighbours=near,
        responses=responses(post.id),
    )


def _saves() -> None:
    print("\nseconds")
    for name, number in (("ordinary post", ORDINARY), ("hub", HUB)):
        post = _post(number)
        draft = posts.Draft(post.title, post.body + "\n\nA word more.", slug=post.slug)
        moved = posts.Draft("Another title", draft.body, slug=f"moved-{number}")
        steps: dict[str, Callable[[], object]] = {
            "save": partial(posts.save, draft, post_id=number, publish=True),
            "save again": partial(posts.save, draft, post_id=number, publish=True),
            "move": partial(posts.save, moved, post_id=number, publish=True),
            "unpublish": partial(posts.unpublish, moved.slug),
            "publish again": partial(posts.save, moved, post_id=number, publish=True),
        }
        print(f"  {name}: " + ", ".join(f"{step} {timed(do):.3f}" for step, do in steps.items()))


def _median(do: Callable[[], object]) -> float:
    return statistics.median(timed(do) for _ in range(ROUNDS)) * 1000


def _post(number: int) -> Post:
    return db.session.get_one(Post, number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", help="an empty database of your own; a new SQLite file without it")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=100_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
