"""Writing posts: save, publish, unpublish, delete.

Every write keeps the link graph and the related posts true, and enters whom to tell in the same transaction: what
is committed is told, whatever becomes of the process.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog_linkbacks import urls
from blog_linkbacks.blog import drafts, markdown, pictures
from blog_linkbacks.blog.graph import relink
from blog_linkbacks.blog.tables import Post, PostKind, PostSlug, PostState, PostTag
from blog_linkbacks.db import now, writing
from blog_linkbacks.sending import planning
from blog_linkbacks.settings.preferences import site

_TWICE = timedelta(seconds=20)
MOST_UNTOLD = 500
_FIELDS = {"title", "slug", "tags", "date", "accept_linkbacks", "summary", "kind", "cover", "cover_alt"}


class PostError(ValueError):
    """The post cannot be saved; the text says why, for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as its author gives it. No `slug`: made from the title. No `published_at`: the moment of publishing.

    No `kind`: what it was before, a new one a post. `cover` is the address of one of the blog's pictures, empty for
    none; None leaves it as it was.
    """

    title: str
    body: str
    slug: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    accept_linkbacks: bool = True
    published_at: datetime | None = None
    kind: PostKind | None = None
    cover: str | None = None
    cover_alt: str = ""


def publish_file(text: str, fallback_title: str) -> Post:
    """Publish a Markdown file with YAML front matter; a known slug updates that post. PostError on nonsense."""
    draft = parse_file(text, fallback_title)
    with writing() as session:
        post = session.scalar(select(Post).join(PostSlug).where(PostSlug.slug == draft.slug))
        saved = _save(
            session, post, draft if post is None else replace(draft, slug=post.slug), PostState.PUBLISHED
        )
        drafts.overtake(session, saved.id)
        planning.plan(saved.id, skip=saved.untold)
        return saved


def save(
    draft: Draft,
    *,
    post_id: int | None = None,
    publish: bool,
    author_id: int | None = None,
    skip: Collection[str] | None = None,
) -> Post:
    """Create or change a post; with `publish` false a new one is a draft and a known one keeps its state.

    `skip` are linked URLs that the author does not want told, kept with the post; None keeps those it has.
    PostError on nonsense, LookupError where there is no post of that id.
    """
    with writing() as session:
        post = session.get(Post, post_id) if post_id is not None else _twin(session, draft, author_id)
        if post_id is not None and post is None:
            raise LookupError(post_id)
        state = PostState.PUBLISHED if publish else PostState(post.state if post else PostState.DRAFT)
        saved = _save(session, post, _with_slug(session, draft, post), state)
        saved.author_id = saved.author_id or author_id
        if skip is not None:
            saved.untold = sorted(url for url in skip if len(url) <= urls.MAX_LENGTH)[:MOST_UNTOLD]
        drafts.settle(session, saved.id)
        session.flush()
        planning.plan(saved.id, skip=saved.untold)
        return saved


def publish_waiting(post_id: int) -> bool:
    """Publish a draft whose time has come, as it was last saved; False where that is no longer to be done."""
    with writing() as session:
        post = session.get(Post, post_id, populate_existing=True)
        if post is None or not post.scheduled or (post.publish_at or now()) > now():
            return False
        post.state, post.published_at, post.publish_at = PostState.PUBLISHED, now(), None
        session.flush()
        relink(session, post)
        planning.plan(post.id, skip=post.untold)
        return True


def unpublish(slug: str) -> Post:
    """Take a post off the site; its address answers 404. LookupError where there is none, or it was deleted."""
    return _set_state(slug, PostState.DRAFT)


def delete(slug: str) -> Post:
    """Delete a post for good; its address answers 410. LookupError where there is none."""
    return _set_state(slug, PostState.DELETED)


def parse_file(text: str, fallback_title: str) -> Draft:
    """A Markdown file's front matter and body as a Draft; PostError names the field that makes no sense."""
    try:
        fields, body = markdown.front_matter(text)
    except ValueError as error:
        raise PostError(str(error)) from None
    unknown = ", ".join(sorted(set(fields) - _FIELDS))
    if unknown:
        raise PostError(f"unknown front matter: {unknown}; known are {', '.join(sorted(_FIELDS))}")
    title = str(fields.get("title") or fallback_title).strip()
    return Draft(
        title=title,
        body=body,
        slug=markdown.slugify(str(fields.get("slug") or title)),
        tags=parse_tags(fields.get("tags")),
        summary=str(fields.get("summary") or "").strip(),
        accept_linkbacks=_boolean("accept_linkbacks", fields.get("accept_linkbacks", True)),
        published_at=_moment(fields.get("date")),
        kind=_kind(fields.get("kind")),
        cover=None if fields.get("cover") is None else str(fields["cover"]),
        cover_alt=str(fields.get("cover_alt") or ""),
    )


def parse_tags(value: object) -> tuple[str, ...]:
    """Tags from a comma list or a YAML list, in order, each once; PostError where it is neither."""
    if value is None:
        return ()
    parts: Sequence[object] = (
        value.split(",") if isinstance(value, str) else value if isinstance(value, list) else (None,)
    )
    if any(part is None or isinstance(part, (dict, list)) for part in parts):
        raise PostError("tags: a list of words is expected")
    names = [" ".join(str(part).split())[:80] for part in parts]
    return tuple({markdown.slugify(name): name for name in names if name}.values())


def is_made(slug: str, title: str) -> bool:
    """Whether an address was made from the title, perhaps with a number after it."""
    made = markdown.slugify(title)
    return slug == made or (slug.startswith(f"{made}-") and slug.removeprefix(f"{made}-").isdecimal())


def _twin(session: Session, draft: Draft, author_id: int | None) -> Post | None:
    """The post that this author has just made of the same text: a form is easily sent twice."""
    if author_id is None:
        return None
    lately = Post.author_id == author_id, Post.created_at > now() - _TWICE, Post.state != PostState.DELETED
    made = session.scalars(select(Post).where(*lately).order_by(Post.id.desc()).limit(3))
    same = (" ".join(draft.title.split()), draft.body)
    alike = (post for post in made if (post.title, post.body) == same and draft.slug in ("", post.slug))
    return next(alike, None)


def _save(session: Session, post: Post | None, draft: Draft, state: PostState) -> Post:
    _check(draft)
    post = post or _new(session, draft)
    _fill(post, draft)
    _cover(post, draft)
    _move(session, post, draft.slug)
    if state is PostState.PUBLISHED:
        post.published_at = draft.published_at or post.published_at or now()
        post.publish_at = None
    post.state = state
    session.flush()
    pictures.note_uses(session, post)
    relink(session, post)
    return post


def _check(draft: Draft) -> None:
    if not draft.title.strip():
        raise PostError("A post needs a title.")
    if len(draft.title) > 500:
        raise PostError("The title is longer than 500 characters.")
    if "\0" in "".join((draft.title, draft.body, draft.summary, draft.cover_alt, *draft.tags)):
        raise PostError("The text holds a NUL character.")


def _new(session: Session, draft: Draft) -> Post:
    post = Post(slug=draft.slug, created_at=now(), tags=[], slugs=[])
    session.add(post)
    session.flush()
    return post


def _fill(post: Post, draft: Draft) -> None:
    post.title = " ".join(draft.title.split())
    post.body = draft.body
    post.html = _rendered(draft.body)
    post.text = markdown.plain(post.html)
    post.summary = draft.summary or markdown.summary(post.html)
    post.accept_linkbacks = draft.accept_linkbacks
    post.kind = draft.kind or post.kind or PostKind.POST
    fingerprint = hashlib.sha256(f"{post.title}\0{post.html}".encode()).hexdigest()
    if fingerprint != post.content_hash:
        post.content_hash, post.updated_at = fingerprint, now()
    if [tag.tag for tag in post.tags] != list(draft.tags):
        post.tags = [PostTag(tag=tag, key=markdown.slugify(tag)) for tag in draft.tags]


def _cover(post: Post, draft: Draft) -> None:
    """Give the post its cover. One that was deleted meanwhile is none, as if it had been taken off by hand."""
    if draft.cover is None:
        return
    cover = pictures.named(draft.cover)
    alt = " ".join(draft.cover_alt.split())[: pictures.MAX_ALT] if cover else ""
    if (post.cover, post.cover_alt or "") != (cover, alt):
        post.cover, post.cover_alt, post.updated_at = cover, alt, now()


def _rendered(body: str) -> str:
    try:
        return pictures.render(body)
    except ValueError as error:
        raise PostError(str(error)) from None


def _move(session: Session, post: Post, slug: str) -> None:
    """Give a post its address. Former ones go on leading here, except those of a draft that nobody ever saw."""
    before, post.slug = post.slug, slug
    if before != slug and post.published_at is None:
        session.execute(delete_rows(PostSlug).where(PostSlug.slug == before, PostSlug.post_id == post.id))
    if session.get(PostSlug, slug) is None:
        session.add(PostSlug(slug=slug, post_id=post.id))
        session.flush()


def _with_slug(session: Session, draft: Draft, post: Post | None) -> Draft:
    wanted = markdown.slugify(draft.slug or (_kept_slug(post, draft) if post else "") or draft.title)
    taken = session.get(PostSlug, wanted)
    if taken is None or (post is not None and taken.post_id == post.id):
        return replace(draft, slug=wanted)
    if draft.slug:
        raise PostError(f"The address “{wanted}” belongs to another post.")
    numbered = (f"{wanted}-{number}" for number in range(2, 10_000))
    return replace(draft, slug=next(slug for slug in numbered if session.get(PostSlug, slug) is None))


def _kept_slug(post: Post, draft: Draft) -> str:
    """The address a post keeps where none is typed: a draft's follows its title."""
    follows = post.published_at is None and is_made(post.slug, post.title)
    return "" if follows and not is_made(post.slug, draft.title) else post.slug


def _set_state(slug: str, state: PostState) -> Post:
    with writing() as session:
        post = session.scalar(select(Post).join(PostSlug).where(PostSlug.slug == slug))
        if post is None or (state is PostState.DRAFT and post.state == PostState.DELETED):
            raise LookupError(slug)
        post.state, post.publish_at = state, None
        post.updated_at = now()
        if state is PostState.DELETED:
            post.preview_token = None
            drafts.settle(session, post.id)
        session.flush()
        pictures.note_uses(session, post)
        relink(session, post)
        planning.plan(post.id)
        return post


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise PostError(f"{name}: true or false is expected")
    return value


def _kind(value: object) -> PostKind | None:
    if value is None:
        return None
    if value not in set(PostKind):
        raise PostError("kind: post or page is expected")
    return PostKind(str(value))


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise PostError(f"date: {value!r} is not a date such as 2026-01-31") from None
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, date):
        return _in_utc(datetime.combine(value, time()))
    if value is None:
        return None
    raise PostError("date: a date such as 2026-01-31 is expected")


def _in_utc(moment: datetime) -> datetime:
    """A moment in UTC; one that names no time zone is of the site's."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=site().zone)).astimezone(UTC)
    except OverflowError:
        raise PostError(f"date: {moment.isoformat()} is beyond what a calendar holds") from None
