"""The Atom feed's parts (RFC 4287)."""

import re
import uuid
from urllib.parse import urljoin

from blog_linkbacks.blog.tables import Post

ENTRIES = 20

_NAMESPACE = uuid.UUID("3a1de4b5-6f0c-4d4e-9a61-0d1b0d9f2c57")
_START_TAG = re.compile(r'<\w+(?: [\w-]+="[^"]*")+')
_ADDRESS = re.compile(r'(?<= )(href|src)="([^"]*)"')


def entry_id(post: Post) -> str:
    """An entry's id: the same under any slug, title or root the post may get later (RFC 4287, 4.2.6)."""
    return uuid.uuid5(_NAMESPACE, f"{post.id} {post.created_at.isoformat()}").urn


def with_absolute_links(html: str, base: str) -> str:
    """A post's sanitised HTML with every address in it complete, for readers far from `base`."""

    def completed(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(lambda found: f'{found[1]}="{_join(base, found[2])}"', tag[0])

    return _START_TAG.sub(completed, html)


def _join(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference
