"""The ways to a post: tags, the archive, search, and what stands where nothing is."""

import calendar
from collections.abc import Sequence

from flask import abort, render_template, request
from sqlalchemy.orm import selectinload

from blog_linkbacks import web
from blog_linkbacks.blog import archive, lists, search
from blog_linkbacks.blog.blueprint import blueprint
from blog_linkbacks.blog.caching import conditional
from blog_linkbacks.blog.tables import Post, PostTag
from blog_linkbacks.db import db
from blog_linkbacks.settings.preferences import site

LATEST = 5


@blueprint.get("/tags")
@conditional
def tags() -> str:
    return render_template("blog/tags.html", tags=lists.tags(), canonical=web.absolute("/tags"))


@blueprint.get("/tags/<tag>")
@conditional
def tag(tag: str) -> str:
    """The posts with one tag; 404 where no published post has it."""
    posts = lists.published().where(Post.tags.any(PostTag.key == tag)).options(selectinload(Post.tags))
    found = (lists.tags(tag) or abort(404))[0]
    word = db.session.scalar(posts.join(Post.tags).where(PostTag.key == tag).with_only_columns(PostTag.tag))
    return render_template(
        "blog/tag.html",
        tag=found,
        word=word,
        canonical=web.absolute_for("blog.tag", tag=tag) + lists.page_query(),
        **lists.page_of(posts, max(1, site().posts_per_page)),
    )


@blueprint.get("/archive", endpoint="archive_all")
@blueprint.get("/archive/<int(min=1, max=9998):year>", endpoint="archive_year")
@blueprint.get("/archive/<int(min=1, max=9998):year>/<int(min=1, max=12):month>", endpoint="archive_month")
@conditional
def archived(year: int | None = None, month: int | None = None) -> str:
    """The titles of all posts, of a year's or of a month's, under their months; 404 for a time without any."""
    listed = lists.page_of(archive.posts_of(year, month), archive.PAGE)
    if year and not listed["posts"]:
        abort(404)
    return render_template(
        "blog/archive.html",
        years=archive.years(),
        months=archive.by_month(listed.pop("posts")),
        year=year,
        month=month,
        month_name=calendar.month_name.__getitem__,
        canonical=web.absolute(request.path) + lists.page_query(),
        **listed,
    )


@blueprint.get("/search")
@conditional
def find() -> str:
    q = request.args.get("q", "").strip()[: search.LONGEST]
    found = search.search(q)
    return render_template(
        "blog/search.html",
        q=q,
        found=found,
        most=search.SHOWN,
        words=search.asked(q),
        passage=search.passage,
    )


@blueprint.app_template_global("latest_posts")
def latest_posts() -> Sequence[Post]:
    """A few of the newest posts, for whoever came to a wrong address."""
    return lists.latest(LATEST)
