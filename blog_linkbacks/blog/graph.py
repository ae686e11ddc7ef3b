"""The blog's own link graph: a link between two of its posts is an approved internal linkback, without a request."""

from collections.abc import Iterable
from urllib.parse import urldefrag

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from blog_linkbacks import urls, web
from blog_linkbacks.blog.lookup import own_key, post_url, slug_of
from blog_linkbacks.blog.tables import Post, PostLink, PostSlug, PostState
from blog_linkbacks.db import now
from blog_linkbacks.linkbacks import Linkback, move_count
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.verification import FoundLink, find_links
from blog_linkbacks.vocabulary import Kind, Status

_BY_POLICY = By(rule="internal")
_KEPT_BY_A_PERSON = (Status.REJECTED, Status.SPAM)


def relink(session: Session, post: Post) -> None:
    """Bring the post's link rows and the internal linkbacks at both of its ends in line with what it says now."""
    session.execute(delete(PostLink).where(PostLink.post_id == post.id))
    if post.published:
        session.add_all(_rows(post))
    session.flush()
    _settle_outgoing(session, post)
    _settle_incoming(session, post)


def _rows(post: Post) -> Iterable[PostLink]:
    seen: set[str] = set()
    for found in find_links(post.html, post_url(post)):
        if found.url in seen or not urls.is_web(found.url):
            continue
        seen.add(found.url)
        yield _row(post, found, len(seen))


def _row(post: Post, found: FoundLink, position: int) -> PostLink:
    return PostLink(
        post_id=post.id,
        position=position,
        url=found.url,
        to_slug=slug_of(urldefrag(found.url).url) if web.is_own(found.url) else None,
        before=found.sentence.before,
        anchor=found.sentence.link,
        after=found.sentence.after,
    )


def _settle_outgoing(session: Session, post: Post) -> None:
    wanted = _linked_posts(session, PostLink.post_id == post.id) if post.published else {}
    for link, to in wanted.values():
        _stand(session, post, to, link)
    known = session.scalars(select(Linkback).where(Linkback.source_post_id == post.id)).all()
    for linkback in known:
        if (post.id, linkback.post_id) not in wanted:
            _fall(session, linkback, "The post no longer links here.")


def _settle_incoming(session: Session, post: Post) -> None:
    slugs = select(PostSlug.slug).where(PostSlug.post_id == post.id)
    wanted = _linked_posts(session, PostLink.to_slug.in_(slugs)) if post.published else {}
    for link, _to in wanted.values():
        origin = session.get_one(Post, link.post_id)
        _stand(session, origin, post, link)
    known = session.scalars(
        select(Linkback).where(Linkback.post_id == post.id, Linkback.source_post_id.is_not(None))
    ).all()
    for linkback in known:
        if (linkback.source_post_id, post.id) not in wanted:
            _fall(session, linkback, "The post is not published.")


def _linked_posts(session: Session, which: object) -> dict[tuple[int, int], tuple[PostLink, Post]]:
    rows = session.execute(
        select(PostLink, Post)
        .join(PostSlug, PostSlug.slug == PostLink.to_slug)
        .join(Post, Post.id == PostSlug.post_id)
        .where(which, Post.state == PostState.PUBLISHED, Post.id != PostLink.post_id)  # type: ignore[arg-type]
        .order_by(PostLink.position.desc())
    ).all()
    return {(link.post_id, post.id): (link, post) for link, post in rows}


def _stand(session: Session, origin: Post, to: Post, link: PostLink) -> None:
    linkback = session.scalar(
        select(Linkback).where(
            Linkback.post_id == to.id,
            or_(Linkback.source_post_id == origin.id, Linkback.source_key == own_key(origin.id)),
        )
    ) or _create(session, origin, to)
    linkback.source_url, linkback.title, linkback.author = post_url(origin), origin.title, site().author
    linkback.before, linkback.anchor, linkback.after = link.before, link.anchor, link.after
    linkback.excerpt = f"{link.before}{link.anchor}{link.after}".strip()
    linkback.score, linkback.due_at, linkback.checked_at = 0.0, None, now()
    if linkback.status not in (Status.APPROVED, *_KEPT_BY_A_PERSON):
        session.flush()
        record(
            session, linkback, Status.APPROVED, _BY_POLICY, reason="A link between two posts of this blog."
        )


def _create(session: Session, origin: Post, to: Post) -> Linkback:
    linkback = Linkback(
        kind=Kind.PINGBACK,
        post_id=to.id,
        source_url=post_url(origin),
        source_key=own_key(origin.id),
        source_host=urls.host(web.base_url()),
        source_site=urls.registrable(urls.host(web.base_url())),
        source_post_id=origin.id,
        internal=True,
        target_url=post_url(to),
        status=Status.RECEIVED,
    )
    session.add(linkback)
    session.flush()
    move_count(session, None, Status.RECEIVED)
    return linkback


def _fall(session: Session, linkback: Linkback, reason: str) -> None:
    if linkback.status == Status.APPROVED:
        record(session, linkback, Status.GONE, _BY_POLICY, reason=reason)
