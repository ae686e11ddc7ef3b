"""The blog's own link graph: a link between two of its posts is an approved internal linkback, without a request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urldefrag

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased, lazyload

from blog_linkbacks import urls, web
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.blog import markdown, neighbours
from blog_linkbacks.blog.lookup import own_key, post_path, post_url, slug_of
from blog_linkbacks.blog.tables import Post, PostKind, PostLink, PostSlug, PostState
from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Linkback, move_count
from blog_linkbacks.moderation.actions import APPROVE, REJECT
from blog_linkbacks.moderation.batches import new_batch
from blog_linkbacks.moderation.decisions import By, act, record_all
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.verification.document import Document, Link, read
from blog_linkbacks.verification.sentences import sentence_at
from blog_linkbacks.vocabulary import Kind, Status

Pair = tuple[int, int]  # the linking post, the linked one

_BY_POLICY = By(rule="internal")
_HIDDEN = (Status.REJECTED, Status.SPAM)
_STANDING = (Status.APPROVED, Status.PENDING)
_LONGEST_SLUG = 200  # as the tables have it: nothing longer leads to a post


def relink(session: Session, post: Post) -> None:
    """Bring the post's link rows and the internal linkbacks at both of its ends in line with what it says now."""
    session.execute(delete(PostLink).where(PostLink.post_id == post.id))
    if post.published:
        session.add_all(_rows(post))
    neighbours.index(session, post)
    session.flush()
    _settle(session, post)


def hide(linkback_id: int, user: User) -> None:
    """A person takes a related post off both of its ends: a decision like any other, which no later save undoes."""
    with writing() as session:
        batch = new_batch()
        for linkback in _both_ways(session, linkback_id):
            if linkback.status == Status.APPROVED:
                act(linkback.id, REJECT, user, reason="Hidden from related posts.", batch=batch)


def show(linkback_id: int, user: User) -> None:
    """Show a hidden related post again, where its link still stands."""
    with writing() as session:
        batch = new_batch()
        for linkback in _both_ways(session, linkback_id):
            if linkback.status in _HIDDEN and linkback.checked_at is not None:
                act(linkback.id, APPROVE, user, reason="Shown in related posts again.", batch=batch)


def pin(linkback_id: int, _user: User) -> None:
    """Put a related post first on both of its ends."""
    _pin(linkback_id, True)


def unpin(linkback_id: int, _user: User) -> None:
    """Give a pinned related post its usual place again."""
    _pin(linkback_id, False)


def _pin(linkback_id: int, pinned: bool) -> None:
    with writing() as session:
        for linkback in _both_ways(session, linkback_id):
            linkback.pinned = pinned


def _both_ways(session: Session, linkback_id: int) -> list[Linkback]:
    """The internal linkbacks between the two ends of one; LookupError where there is no such."""
    one = session.get(Linkback, linkback_id)
    if one is None or not one.internal:
        raise LookupError(linkback_id)
    other = select(Linkback).where(
        Linkback.post_id == one.source_post_id, Linkback.source_post_id == one.post_id, Linkback.internal
    )
    return [one, *session.scalars(other)]


def _rows(post: Post) -> Iterable[PostLink]:
    document = read(markdown.without_marks(post.html), post_url(post))
    seen: set[str] = set()
    for link in document.links:
        if link.hyperlink and link.url not in seen and urls.is_web(link.url):
            seen.add(link.url)
            yield _row(post, document, link, len(seen))


def _row(post: Post, document: Document, link: Link, position: int) -> PostLink:
    """One link; the sentence around it is kept where it leads to a post of this blog."""
    slug = slug_of(urldefrag(link.url).url) if web.is_own(link.url) else None
    row = PostLink(post_id=post.id, position=position, url=link.url)
    if slug is not None and len(slug) <= _LONGEST_SLUG:
        said = sentence_at(document.flat, link.start, link.end)
        row.to_slug, row.before, row.anchor, row.after = slug, said.before, said.link, said.after
    return row


def _settle(session: Session, post: Post) -> None:
    """Few statements, however many posts link here."""
    wanted = _wanted(session, post) if post.published else {}
    known = _known(session, post)
    known |= _create(session, {pair: link for pair, link in wanted.items() if pair not in known})
    author = site().author
    for pair, link in wanted.items():
        _say(known[pair], link, author)
    unseen = [pair for pair in wanted if known[pair].status not in (Status.APPROVED, *_HIDDEN)]
    hidden = {pair for pair in unseen if _is_hidden(known.get((pair[1], pair[0])))}
    apart = [known[pair] for pair in unseen if pair in hidden]
    _enter(session, apart, Status.REJECTED, "The two posts are hidden from each other.")
    shown = [known[pair] for pair in unseen if pair not in hidden]
    _enter(session, shown, Status.APPROVED, "A link between two posts of this blog.")
    _fall(session, post, [linkback for pair, linkback in known.items() if pair not in wanted])


def _is_hidden(other: Linkback | None) -> bool:
    """Whether a person took the link the other way off both posts, and it still stands."""
    return other is not None and other.status in _HIDDEN and other.checked_at is not None


def _enter(session: Session, linkbacks: Sequence[Linkback], status: Status, reason: str) -> None:
    record_all(session, linkbacks, status, _BY_POLICY, reason=reason)


def _wanted(session: Session, post: Post) -> dict[Pair, Any]:
    """The links from this post and to it, between two published posts, one for each pair; a page is related to none."""
    return _links(session, PostSlug.post_id == post.id) | _links(session, PostLink.post_id == post.id)


def _links(session: Session, which: ColumnElement[bool]) -> dict[Pair, Any]:
    to, origin = aliased(Post), aliased(Post)
    published = (end.state == PostState.PUBLISHED for end in (to, origin))
    listed = (end.kind == PostKind.POST for end in (to, origin))
    rows = session.execute(
        select(
            PostLink.before,
            PostLink.anchor,
            PostLink.after,
            origin.id.label("origin_id"),
            origin.slug.label("origin_slug"),
            origin.title.label("origin_title"),
            to.id.label("to_id"),
            to.slug.label("to_slug"),
        )
        .join(PostSlug, PostSlug.slug == PostLink.to_slug)
        .join(to, to.id == PostSlug.post_id)
        .join(origin, origin.id == PostLink.post_id)
        .where(which, *published, *listed, to.id != origin.id)
        .order_by(PostLink.position.desc())
    ).all()
    return {(row.origin_id, row.to_id): row for row in rows}


def _known(session: Session, post: Post) -> dict[Pair, Linkback]:
    ends = or_(
        Linkback.source_post_id == post.id,
        and_(Linkback.post_id == post.id, Linkback.source_post_id.is_not(None), Linkback.internal),
    )
    found = session.scalars(select(Linkback).where(ends).options(lazyload(Linkback.post)))
    return {(linkback.source_post_id or 0, linkback.post_id): linkback for linkback in found}


def _create(session: Session, links: Mapping[Pair, Any]) -> dict[Pair, Linkback]:
    host = urls.host(web.base_url())
    made = {
        (origin, to): Linkback(
            kind=Kind.PINGBACK,
            post_id=to,
            source_url=_url(link.origin_slug),
            source_key=own_key(origin),
            source_host=host,
            source_site=urls.registrable(host),
            source_post_id=origin,
            internal=True,
            target_url=_url(link.to_slug),
            status=Status.RECEIVED,
            score=0.0,
        )
        for (origin, to), link in links.items()
    }
    session.add_all(made.values())
    session.flush()
    if made:
        move_count(session, None, Status.RECEIVED, len(made))
    return made


def _say(linkback: Linkback, link: Any, author: str) -> None:
    linkback.source_url, linkback.target_url = _url(link.origin_slug), _url(link.to_slug)
    linkback.title, linkback.author = link.origin_title, author
    linkback.before, linkback.anchor, linkback.after = link.before, link.anchor, link.after
    linkback.excerpt = f"{link.before}{link.anchor}{link.after}".strip()
    linkback.score, linkback.due_at = 0.0, None
    linkback.checked_at = linkback.checked_at or now()


def _url(slug: str) -> str:
    return web.absolute(post_path(slug))


def _fall(session: Session, post: Post, linkbacks: Iterable[Linkback]) -> None:
    """What no longer links is gone. One that a person hid stays hidden, to be looked at before it is shown again."""
    standing: dict[str, list[Linkback]] = {}
    for linkback in linkbacks:
        if linkback.status in _STANDING:
            standing.setdefault(_why(post, linkback), []).append(linkback)
        elif linkback.status in _HIDDEN:
            linkback.checked_at = None
    for reason, fallen in standing.items():
        record_all(session, fallen, Status.GONE, _BY_POLICY, reason=reason)


def _why(post: Post, linkback: Linkback) -> str:
    if post.kind == PostKind.PAGE:
        return "It is a page now, and pages are related to no post."
    if post.published:
        return "The post no longer links here."
    return f"The {'linking' if linkback.source_post_id == post.id else 'linked'} post is not published."
