"""`python -m tests.scale.bench_post_page [--database URL]`: a post's page with 0, 50 and 5,000 responses.

Prints, all from one run: the queries, the median milliseconds, the bytes, and the same for a reader who has the page.
The post has twelve related posts.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
from tests.scale.crowd import queries, respond

ROUNDS = 40
PATH = "/posts/hub"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="an empty database of your own; a new SQLite file without it")
    database = parser.parse_args().database
    with tempfile.TemporaryDirectory() as folder:
        environ = {"LINKBACKS_BASE_URL": "http://blog.example", "LINKBACKS_RATE_LIMIT": ""}
        app = create_app(environ | ({"LINKBACKS_DATABASE_URL": database} if database else {}), Path(folder))
        with app.app_context():
            posts.save(posts.Draft("Hub", "Words about soil. " * 200, tags=("soil",)), publish=True)
            for number in range(12):
                posts.save(
                    posts.Draft(f"Note {number}", "It began with [the hub](/posts/hub)."), publish=True
                )
        print(f"median of {ROUNDS}\n{'responses':>10}{'queries':>9}{'ms':>9}{'ms, 304':>9}{'bytes':>9}")
        there = 0
        for number in (0, 50, 5_000):
            respond(app, "hub", number - there)
            there = number
            client = app.test_client()
            page = client.get(PATH)
            known = {"If-None-Match": page.headers["ETag"]}
            whole, again = _median(client, {}), _median(client, known)
            row = f"{number:>10,}{queries(app, PATH):>9}{whole:>9.2f}{again:>9.2f}{len(page.data):>9,}"
            print(row)


def _median(client: object, headers: dict[str, str]) -> float:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(PATH, headers=headers)  # type: ignore[attr-defined]
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000


if __name__ == "__main__":
    main()
