"""Pages such as “About”: written like posts, found in the navigation, without date, list, feed or responses."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy import select

from blog_linkbacks.blog import lookup
from blog_linkbacks.blog.blueprint import blueprint
from blog_linkbacks.blog.graph import relink
from blog_linkbacks.blog.tables import Post, PostKind, PostState
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.sending import planning
from blog_linkbacks.settings.links import MAX_LABEL
from blog_linkbacks.settings.preferences import site

IN_NAVIGATION = 8


@dataclass(frozen=True, slots=True)
class Entry:
    slug: str
    title: str

    @property
    def path(self) -> str:
        """Its path below the site's root."""
        return lookup.path_of(self.slug, PostKind.PAGE)

    @property
    def line(self) -> str:
        """How it is written in the settings."""
        return f"{self.title[:MAX_LABEL].strip()} {self.path}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation; `here` says that it leads to the page that is shown."""

    label: str
    address: str

    @property
    def here(self) -> bool:
        return self.address == request.script_root + request.path


@blueprint.app_template_global("pages_of_the_site")
def published_pages() -> Sequence[Entry]:
    """The published pages, the oldest first, at most IN_NAVIGATION."""
    rows = (
        select(Post.slug, Post.title)
        .where(Post.state == PostState.PUBLISHED, Post.kind == PostKind.PAGE)
        .order_by(Post.published_at, Post.id)
        .limit(IN_NAVIGATION)
    )
    return [Entry(*row) for row in db.session.execute(rows)]


@blueprint.app_template_global("navigation")
def navigation() -> Sequence[Link]:
    """The links above every public page: those the settings name, else the pages, the archive and the search."""
    if site().navigation:
        return [Link(link["label"], below_the_root(link["address"])) for link in site().navigation]
    own = [Link(page.title, below_the_root(page.path)) for page in published_pages()]
    return [
        *own,
        Link("Archive", url_for("blog.archive_all")),
        Link("Search", url_for("blog.find")),
    ]


def below_the_root(address: str) -> str:
    """A path of this site as it is served, perhaps below a path of its own; any other address as it is."""
    root = request.script_root
    if not address.startswith("/") or not root or f"{address}/".startswith(f"{root}/"):
        return address
    return root + address


@blueprint.app_template_global("left_out")
def left_out(navigation: str | None) -> Sequence[Entry]:
    """The published pages to which a navigation as a person writes it does not lead; none where that is empty."""
    led_to = {below_the_root(line.split()[-1]) for line in (navigation or "").splitlines() if line.strip()}
    return [page for page in published_pages() if led_to and below_the_root(page.path) not in led_to]


def turn_into(post_id: int, kind: PostKind) -> Post:
    """Make a post a page or a page a post; LookupError where there is none of that id."""
    with writing() as session:
        post = session.get(Post, post_id)
        if post is None or post.state == PostState.DELETED:
            raise LookupError(post_id)
        if post.kind != kind:
            post.kind, post.updated_at = kind, now()
            session.flush()
            relink(session, post)
            planning.plan(post.id, skip=post.untold)
        return post
