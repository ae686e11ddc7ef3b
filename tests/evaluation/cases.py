"""The labelled linkbacks of the tests, and small files of them."""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from blog_linkbacks.evaluation import Judged, judge, read_cases, read_posts

DATA = Path(__file__).parents[1] / "data" / "evaluation"
CASES, POSTS = DATA / "cases.jsonl", DATA / "posts.jsonl"


@lru_cache(maxsize=1)
def judged() -> tuple[Judged, ...]:
    """Every case of the file, judged once for all tests."""
    return tuple(judge(case) for case in read_cases(CASES, read_posts(POSTS)))


def first_case(**changes: Any) -> dict[str, Any]:
    """The first case of the file as JSON has it, changed."""
    found: dict[str, Any] = json.loads(CASES.read_text().splitlines()[0])
    return {**found, **changes}


def written(folder: Path, *cases: dict[str, Any] | str, compress: bool = False) -> Path:
    """A file of cases, with the posts beside it."""
    (folder / "posts.jsonl").write_bytes(POSTS.read_bytes())
    lines = "".join((c if isinstance(c, str) else json.dumps(c)) + "\n" for c in cases).encode()
    path = folder / "some.jsonl"
    path.write_bytes(gzip.compress(lines) if compress else lines)
    return path
