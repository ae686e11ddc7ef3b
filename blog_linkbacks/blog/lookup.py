"""Which post an address means, and the addresses of a post."""

from urllib.parse import quote, unquote

from flask import current_app
from sqlalchemy import exists, select
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from blog_linkbacks import config, web
from blog_linkbacks.blog.tables import Post, PostKind, PostSlug, PostState, PostTag
from blog_linkbacks.db import db
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Refusal, Target

POSTS = "/posts/"
PAGES = "/pages/"


def post_path(slug: str) -> str:
    return POSTS + quote(slug)


def path_of(slug: str, kind: str) -> str:
    """The path of a post, or of a page such as “About”."""
    return PAGES + quote(slug) if kind == PostKind.PAGE else post_path(slug)


def at_root(text: str) -> str:
    """Markdown whose links to posts start with `/posts/`, as it is on this site: its root may have a path."""
    return text.replace(f"]({POSTS}", f"]({web.root_path()}{POSTS}")


def post_url(post: Post) -> str:
    """The post's canonical URL."""
    return web.absolute(path_of(post.slug, post.kind))


def trackback_url(post: Post) -> str:
    return post_url(post) + "/trackback"


def own_key(post_id: int) -> str:
    """The source key of one of the blog's own posts: it outlives a change of slug or of the site's root."""
    return f"post:{post_id}"


def by_slug(slug: str) -> Post | None:
    """The post that a present or former slug leads to, in any state."""
    return db.session.scalar(
        select(Post).join(PostSlug, PostSlug.post_id == Post.id).where(PostSlug.slug == slug)
    )


def slug_of(url: str) -> str | None:
    """The slug in one of this blog's own post addresses, or None for any other URL."""
    path = web.site_path(url)
    if path is None or not path.startswith(POSTS):
        return None
    slug = unquote(path.removeprefix(POSTS))
    return slug if slug and "/" not in slug and "\0" not in slug else None


def find(url: str) -> Post | None:
    """The published post that a URL means, in any spelling, under any slug it ever had."""
    slug = slug_of(url)
    post = by_slug(slug) if slug else None
    return post if post is not None and post.published else None


def locate(url: str) -> Post | Refusal:
    """The published post that a target URL means, or why it is none."""
    path = web.site_path(url)
    if path is None:
        return Refusal.TARGET_FOREIGN
    if slug_of(url) is not None:
        return find(url) or Refusal.TARGET_UNKNOWN
    return Refusal.TARGET_NOT_A_POST if _is_page(path) else Refusal.TARGET_UNKNOWN


def target(post: Post) -> Target:
    """The post as the stations need it: every address it answers at, and what it says."""
    slugs = [post.slug, *(kept.slug for kept in post.slugs if kept.slug != post.slug)]
    aliases = [f"http://{host}" for host in config.current().internal_hosts]
    roots = [web.base_url(), *aliases]
    roots += [alias + web.root_path() for alias in aliases if web.root_path()]
    return Target(
        urls=tuple(root + post_path(slug) for root in roots for slug in slugs),
        title=post.title,
        text=post.text,
        tags=tuple(tag.tag for tag in post.tags),
        language=site().language,
        published_at=post.published_at,
    )


def _is_page(path: str) -> bool:
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, values = adapter.match(unquote(path), method="GET")
    except (NotFound, MethodNotAllowed):
        return False
    except RequestRedirect:
        return True
    if endpoint in ("blog.post", "blog.post_with_slash", "linkback_test"):
        return False
    if endpoint == "blog.page":
        page = by_slug(values["slug"])
        return page is not None and page.published
    return _has_posts(values["tag"]) if "tag" in values else True


def _has_posts(tag: str) -> bool:
    posts = select(PostTag.id).join(Post, Post.id == PostTag.post_id)
    return bool(
        db.session.scalar(select(exists(posts.where(PostTag.key == tag, Post.state == PostState.PUBLISHED))))
    )
