"""Related posts: the blog's own links to a post and from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from blog_linkbacks import urls, web
from blog_linkbacks.blog.lookup import post_path, post_url
from blog_linkbacks.blog.tables import Post, PostState
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Sentence, Status

SHOWN = 12
_READ = 60


@dataclass(frozen=True, slots=True)
class Related:
    """A page of this blog that links to a post, or that the post links to, with the sentence that does."""

    title: str
    url: str
    sentence: Sentence
    links_here: bool = False
    linked_from_here: bool = False

    @property
    def why(self) -> str:
        if self.links_here and self.linked_from_here:
            return "each links to the other"
        return "links here" if self.links_here else "linked from here"


def related(post: Post) -> list[Related]:
    """At most `SHOWN` pages related to a post, never itself, each once, those linked both ways first.

    Two queries, whatever the number of posts.
    """
    incoming = [_incoming(row) for row in db.session.execute(_linking_to(post))]
    outgoing = [_outgoing(row) for row in db.session.execute(_linked_from(post))]
    ranked = sorted([*enumerate(incoming), *enumerate(outgoing)], key=lambda pair: pair[0])
    merged = _once_each(entry for _, entry in ranked)
    merged.pop(urls.page_key(post_url(post)), None)
    return sorted(merged.values(), key=_one_way)[:SHOWN]


def _linking_to(post: Post) -> Select[Any]:
    origin = aliased(Post)
    published = and_(origin.state == PostState.PUBLISHED, origin.id != post.id)
    return (
        select(
            Linkback.lifted_title,
            Linkback.title,
            Linkback.source_url,
            *_sentence(),
            origin.title,
            origin.slug,
        )
        .outerjoin(origin, origin.id == Linkback.source_post_id)
        .where(Linkback.post_id == post.id, Linkback.internal, Linkback.status == Status.APPROVED)
        .where(or_(Linkback.source_post_id.is_(None), published))
        .order_by(Linkback.id.desc())
        .limit(_READ)
    )


def _linked_from(post: Post) -> Select[Any]:
    target = aliased(Post)
    return (
        select(target.title, target.slug, *_sentence())
        .select_from(Linkback)
        .join(target, target.id == Linkback.post_id)
        .where(Linkback.source_post_id == post.id, Linkback.internal, Linkback.status == Status.APPROVED)
        .where(target.state == PostState.PUBLISHED, target.id != post.id)
        .order_by(Linkback.id.desc())
        .limit(_READ)
    )


def _sentence() -> tuple[Any, Any, Any]:
    return Linkback.before, Linkback.anchor, Linkback.after


def _incoming(row: Any) -> Related:
    lifted, claimed, source_url, before, anchor, after, title, slug = row
    url = web.absolute(post_path(slug)) if slug else source_url
    return Related(title or lifted or claimed or url, url, Sentence(before, anchor, after), links_here=True)


def _outgoing(row: Any) -> Related:
    title, slug, before, anchor, after = row
    url = web.absolute(post_path(slug))
    return Related(title, url, Sentence(before, anchor, after), linked_from_here=True)


def _once_each(entries: Iterable[Related]) -> dict[str, Related]:
    merged: dict[str, Related] = {}
    for entry in entries:
        known = merged.setdefault(urls.page_key(entry.url), entry)
        merged[urls.page_key(entry.url)] = replace(
            known,
            links_here=known.links_here or entry.links_here,
            linked_from_here=known.linked_from_here or entry.linked_from_here,
        )
    return merged


def _one_way(entry: Related) -> bool:
    return not (entry.links_here and entry.linked_from_here)
