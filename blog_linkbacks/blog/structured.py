"""JSON-LD in schema.org's words: what search engines read of the blog and of a post."""

from typing import Any

from blog_linkbacks import web
from blog_linkbacks.blog import feeds, lookup, pictures
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.filters import iso
from blog_linkbacks.settings.preferences import site

Linked = dict[str, Any]


def blog() -> Linked:
    """The blog itself, as schema.org's Blog."""
    about = site()
    return _said(
        {"@context": "https://schema.org", **_blog(), "description": about.tagline, "author": _author()}
    )


def posting(post: Post, writer: str, responses: int) -> Linked:
    """A post as schema.org's BlogPosting."""
    url = lookup.post_url(post)
    return _said(
        {
            "@context": "https://schema.org",
            "@type": "BlogPosting",
            "@id": url,
            "url": url,
            "mainEntityOfPage": url,
            "headline": post.title,
            "description": post.summary,
            "image": _image(post),
            "datePublished": iso(post.published_at),
            "dateModified": iso(feeds.changed(post)),
            "author": {"@type": "Person", "name": writer, "url": web.absolute("/")},
            "keywords": [tag.tag for tag in post.tags],
            "inLanguage": site().language,
            "wordCount": len(post.text.split()),
            "commentCount": responses,
            "isPartOf": _blog(),
        }
    )


def _image(post: Post) -> Linked:
    if post.cover is None:
        return {}
    size = {"width": post.cover.width, "height": post.cover.height}
    image = {"@type": "ImageObject", "url": pictures.url(post.cover), **size, "caption": post.cover_alt}
    return _said(image)


def _blog() -> Linked:
    home = web.absolute("/")
    return {"@type": "Blog", "@id": home, "url": home, "name": site().name, "inLanguage": site().language}


def _author() -> Linked:
    return {"@type": "Person", "name": site().author, "url": web.absolute("/")} if site().author else {}


def _said(linked: Linked) -> Linked:
    return {key: value for key, value in linked.items() if value not in ("", [], {})}
