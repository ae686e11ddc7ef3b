"""Why a page that was read shows no link to the post: the nearest thing to a link that it has."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from blog_linkbacks import urls
from blog_linkbacks.vocabulary import NearMiss, Target

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WALL = re.compile(
    r"<input[^>]{0,300}type\s*=\s*[\"']?password|captcha|cf-challenge|just a moment\.\.\.|enable javascript|"
    r"verify (?:that )?you are (?:a )?human|are you a robot|please (?:log|sign) ?in|"
    r"log in to continue|access denied",
    re.IGNORECASE,
)
# Not the end of a longer host name, nor the start of a longer path.
_BEFORE, _AFTER = r"(?<![\w-])(?<![\w-]\.)(?:www\.)?", r"(?![\w-]|[./]\w)"
_SENTENCES = {
    NearMiss.TEXT_ONLY: "The page names the post's address only as text, not as a link.",
    NearMiss.IN_COMMENT: "The post's address stands only in a comment of the markup, where it is no link.",
    NearMiss.IN_SCRIPT: "The post's address stands only in a script, an attribute or the like, where it is no link.",
    NearMiss.OTHER_POST: "The page links to this blog, but not to this post.",
    NearMiss.SITE_ONLY: "The page links to this blog's home page, but not to the post.",
    NearMiss.WALL: "The page seems to ask for a sign-in or a check against robots, and shows no link otherwise.",
    NearMiss.REDIRECTED: "The page redirects to another place, and what is there does not link to the post.",
    NearMiss.TRUNCATED: "There is no link to the post in the part of the page that is examined.",
    NearMiss.NOTHING: "The page has no link to the post.",
}


def sentence_of(miss: NearMiss) -> str:
    return _SENTENCES[miss]


def diagnose(html: str, flat: str, links: Iterable[str], target: Target) -> NearMiss:
    """The nearest miss of a page that was read whole: `flat` is its text, `links` the URLs it links to."""
    named = _named(html, flat, target)
    if named is not None:
        return named
    sites = {urls.site_key(url) for url in target.urls}
    ours = [url for url in links if urls.site_key(url) in sites]
    if ours:
        return NearMiss.OTHER_POST if any(_has_path(url) for url in ours) else NearMiss.SITE_ONLY
    return NearMiss.WALL if _is_wall(html, flat) else NearMiss.NOTHING


def _named(html: str, flat: str, target: Target) -> NearMiss | None:
    addresses = [address for url in target.urls if (address := _bare(url))]
    if _holds(flat, addresses):
        return NearMiss.TEXT_ONLY
    if not _holds(html, addresses):
        return None
    # Elsewhere in the source than in the text, a comment or a link: scripts, form fields, attributes.
    return NearMiss.IN_SCRIPT if _holds(_COMMENT.sub(" ", html), addresses) else NearMiss.IN_COMMENT


def _is_wall(html: str, flat: str) -> bool:
    """Whether the page is little more than a sign-in form or a check against robots."""
    return len(flat.split()) < 200 and bool(_WALL.search(html))


def _bare(url: str) -> str:
    """A post's address without scheme and trailing slash, as people write it."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".lower().rstrip("/").removeprefix("www.") if _has_path(url) else ""


def _holds(text: str, addresses: list[str]) -> bool:
    lowered = text.lower().replace("\\/", "/")
    return any(re.search(_BEFORE + re.escape(address) + _AFTER, lowered) for address in addresses)


def _has_path(url: str) -> bool:
    return bool(urlsplit(url).path.strip("/"))
