"""The form of a post: as it is typed, as it was saved, as it was kept."""

from collections.abc import Mapping
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from blog_linkbacks.blog import markdown, posts, schedule
from blog_linkbacks.blog.tables import Post, PostDraft, PostKind, PostState
from blog_linkbacks.db import db

FORM_BYTES = 12 * markdown.MAX_LENGTH + 100_000
MAX_ID = 2**63 - 1

_KINDS = [
    SelectChoice(PostKind.POST.value, "Post"),
    SelectChoice(PostKind.PAGE.value, "Page"),
]

_TYPED = ("title", "body", "kind", "slug", "tags", "summary", "cover", "cover_alt")


class PostForm(FlaskForm):
    """A post as it is typed."""

    title = StringField(
        "Title",
        [
            DataRequired("A post needs a title."),
            Length(max=500, message="The title is longer than 500 characters."),
        ],
    )
    body = TextAreaField("Text")
    kind = RadioField(
        "Write it as",
        choices=_KINDS,
        default=PostKind.POST.value,
        description="A page, such as “About”, stands in the navigation: it has no date, is in no list or feed and "
        "takes no linkbacks.",
    )
    slug = StringField("Address", [Length(max=200)])
    tags = StringField("Tags", [Length(max=1000)])
    summary = TextAreaField("Summary", [Length(max=1000)])
    accept_linkbacks = BooleanField("Take linkbacks", default=True)
    cover = StringField("Cover", [Length(max=200)])
    cover_alt = StringField("What the cover shows", [Length(max=1000)])
    publish_at = StringField("Publish at", [Length(max=40)])

    def draft(self) -> posts.Draft:
        """What was typed, as a draft; PostError where the tags are none."""
        return posts.Draft(
            title=self.title.data or "",
            body=self.body.data or "",
            slug=(self.slug.data or "").strip(),
            tags=posts.parse_tags(self.tags.data),
            summary=(self.summary.data or "").strip(),
            accept_linkbacks=bool(self.accept_linkbacks.data),
            kind=self.chosen(),
            cover=self.cover.data if "cover" in request.form else None,
            cover_alt=self.cover_alt.data or "",
        )

    def chosen(self) -> PostKind:
        """What it is to be; a post where the form says nothing that makes sense."""
        return PostKind.PAGE if self.kind.data == PostKind.PAGE else PostKind.POST

    def words(self) -> dict[str, Any]:
        """What was typed, to be kept as it is."""
        return {
            **{name: self[name].data or "" for name in _TYPED},
            "accept_linkbacks": bool(self.accept_linkbacks.data),
            "untold": sorted(unticked())[: posts.MOST_UNTOLD],
        }


def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A post of the greatest length in any script fits into its form; everything else keeps the usual bounds."""
    request.max_content_length = request.max_form_memory_size = FORM_BYTES


def get_post(post_id: int) -> Post:
    """A post that is not deleted; 404 where there is none."""
    post = db.session.get(Post, post_id) if post_id < MAX_ID else None
    if post is None or post.state == PostState.DELETED:
        abort(404)
    return post


def shown(post: Post, kept: PostDraft | None) -> Mapping[str, object]:
    """What the form of a post begins with: the words kept since the last save, else the post's own."""
    time = {"publish_at": schedule.as_typed(post.publish_at)}
    return {**saved(post), **time, **(kept.words if kept and kept.words else {})}


def saved(post: Post) -> Mapping[str, object]:
    """What the author typed. What was made from it, the summary and a draft's address, is left to be made again."""
    summary_made = markdown.is_made(post.summary, post.html)
    slug_made = post.published_at is None and posts.is_made(post.slug, post.title)
    return {
        "title": post.title,
        "body": post.body,
        "kind": post.kind,
        "slug": "" if slug_made else post.slug,
        "tags": ", ".join(tag.tag for tag in post.tags),
        "summary": "" if summary_made else post.summary,
        "accept_linkbacks": post.accept_linkbacks,
        "cover": post.cover.file if post.cover else "",
        "cover_alt": post.cover_alt,
    }


def unticked() -> set[str]:
    """The links that the author does not want told, as the form says."""
    return set(request.form.getlist("linked")) - set(request.form.getlist("tell"))


def unticked_before(post: Post | None, kept: PostDraft | None) -> set[str]:
    """The same as the post, or what is kept of it, has them."""
    if kept and kept.words:
        return set(kept.words.get("untold", ()))
    return set(post.untold) if post else set()


def known_version() -> int | None:
    """The version of the kept words that the form knows."""
    return request.form.get("version", type=int)


def tab() -> str:
    """Which window of the browser the form stands in."""
    return request.form.get("tab", "")[:40]
