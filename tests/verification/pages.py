"""Shared by the tests of verification: a post, a page that may link to it, and a look at the page."""

from blog_linkbacks.verification import examine
from blog_linkbacks.vocabulary import Evidence, Kind, Target

POST = "https://blog.example/posts/one"
PAGE = "https://source.example/2026/a-page"
TARGET = Target((POST,))


def look(
    body: bytes | str,
    content_type: str = "text/html; charset=utf-8",
    kind: Kind = Kind.PINGBACK,
    target: Target = TARGET,
    url: str = PAGE,
) -> Evidence:
    return examine(body, url, content_type, kind, target)
