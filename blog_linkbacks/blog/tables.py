"""Posts, every slug they ever had, their tags and the links in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog_linkbacks.db import BigId, Model, now


class PostState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    DELETED = "deleted"


class PostKind(StrEnum):
    """A page, such as “About”, stands in the navigation: it has no date, is in no list or feed, takes no linkbacks."""

    POST = "post"
    PAGE = "page"


class Post(Model):
    """A post as written and as rendered once. A deleted one stays as a tombstone that answers 410.

    `untold` are linked URLs that the author does not want told. A draft with `publish_at` is published then. Who
    knows its `preview_token` sees it before.
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_state_published_at", "state", "published_at", "id"),
        Index("ix_posts_kind_published_at", "state", "kind", "published_at", "id"),
        Index("ix_posts_preview_token", "preview_token", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default=PostState.DRAFT)
    kind: Mapped[str] = mapped_column(String(20), default=PostKind.POST, server_default=PostKind.POST.value)
    accept_linkbacks: Mapped[bool] = mapped_column(default=True)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    preview_token: Mapped[str | None] = mapped_column(String(64))
    untold: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"), index=True)
    cover_alt: Mapped[str] = mapped_column(Text, default="", server_default="")

    tags: Mapped[list["PostTag"]] = relationship(
        order_by="PostTag.id", cascade="all, delete-orphan", lazy="selectin"
    )
    slugs: Mapped[list["PostSlug"]] = relationship(cascade="all, delete-orphan")
    links: Mapped[list["PostLink"]] = relationship(order_by="PostLink.position", cascade="all, delete-orphan")
    cover: Mapped["Picture | None"] = relationship()

    @property
    def published(self) -> bool:
        return self.state == PostState.PUBLISHED

    @property
    def scheduled(self) -> bool:
        return self.state == PostState.DRAFT and self.publish_at is not None

    @property
    def open(self) -> bool:
        """Whether it takes linkbacks."""
        return self.published and self.accept_linkbacks and self.kind == PostKind.POST


class PostDraft(Model):
    """What was typed into a post's form since it was last saved, kept apart from the post; `words` None where nothing.

    `version` grows with every keeping and every saving: a form that knows an older one is behind.
    """

    __tablename__ = "post_drafts"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kept_at: Mapped[datetime] = mapped_column(default=now)


class PostSlug(Model):
    """Every slug that leads to a post: the present one and those it had before."""

    __tablename__ = "post_slugs"

    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)


class PostTag(Model):
    __tablename__ = "post_tags"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    tag: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), index=True)


class PostTerm(Model):
    """A word or tag that a published post is about, and how much: for neighbours on the same subject."""

    __tablename__ = "post_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(String(80), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, index=True)
    weight: Mapped[float]


class PostLink(Model):
    """A hyperlink of a published post. `to_slug` is set where it leads to one of this blog's own posts."""

    __tablename__ = "post_links"
    __table_args__ = (Index("uq_post_links_post_url", "post_id", "url", unique=True),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    position: Mapped[int]
    url: Mapped[str] = mapped_column(Text)
    to_slug: Mapped[str | None] = mapped_column(String(200), index=True)
    before: Mapped[str] = mapped_column(Text, default="")
    anchor: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")


class Picture(Model):
    """A picture as it is served: `name` is the hash of its largest file; `widths` are those of its smaller ones.

    `size` is that of all its files, in bytes. `title` is the name of the file that was uploaded, for people.
    """

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    width: Mapped[int]
    height: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(JSON, default=list)
    size: Mapped[int] = mapped_column(BigId)
    alt: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def file(self) -> str:
        """The name of its largest file."""
        return f"{self.name}.{self.kind}"

    def file_of(self, width: int) -> str:
        """The name of its file of one of `widths`."""
        return f"{self.name}-{width}.{self.kind}"


class PictureUse(Model):
    """A post that shows a picture, in its text or as its cover."""

    __tablename__ = "picture_uses"

    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True, index=True)
