"""Verification: fetch the source, find the link to the post, lift what is around it."""

from dataclasses import replace

from blog_linkbacks import urls
from blog_linkbacks.fetch import Fetcher, FetchError, Page
from blog_linkbacks.verification.examining import FoundLink, examine, find_links
from blog_linkbacks.verification.misses import sentence_of
from blog_linkbacks.vocabulary import Claim, Evidence, NearMiss, Outcome, Target

__all__ = ["FoundLink", "examine", "find_links", "verify"]

_WALLS = {401: "asks for a sign-in", 403: "refuses to be read", 429: "was asked for too often"}


def verify(claim: Claim, target: Target, fetcher: Fetcher) -> Evidence:
    """Whether the claim's source links to the target, and what is around the link.

    Raises only what the fetcher's toll does, where it is not yet the turn of a host.
    """
    try:
        page = fetcher.get(claim.source_url)
    except FetchError as error:
        return _unread(error)
    seen = _by_status(page) or _by_content(page, claim, target)
    return replace(
        seen,
        final_url=page.url,
        redirects=page.redirects,
        status=page.status,
        address=page.address,
        content_type=page.header("Content-Type")[:200],
        seconds=page.seconds,
    )


def _unread(error: FetchError) -> Evidence:
    return Evidence(
        error.outcome,
        error.detail,
        NearMiss.REDIRECTED if error.outcome is Outcome.REDIRECT_LOOP else None,
        final_url=error.url,
        redirects=error.redirects,
        address=error.address,
        seconds=error.seconds,
    )


def _by_status(page: Page) -> Evidence | None:
    """What a status other than success comes to; None for success."""
    status = page.status
    if 200 <= status < 300:
        return None
    if status == 404:
        return Evidence(Outcome.NOT_FOUND, "The page does not exist (status 404).")
    if status == 410:
        return Evidence(Outcome.GONE, "The page is gone for good (status 410).")
    if status >= 500:
        return Evidence(Outcome.SERVER_ERROR, f"The page's server reports an error (status {status}).")
    if status in _WALLS:
        return Evidence(Outcome.CLIENT_ERROR, f"The page {_WALLS[status]} (status {status}).", NearMiss.WALL)
    return Evidence(Outcome.CLIENT_ERROR, f"The page answers with status {status} instead of a text.")


def _by_content(page: Page, claim: Claim, target: Target) -> Evidence:
    if _is_post(page, target):
        return Evidence(Outcome.NO_LINK, "The page redirects to the post itself.", NearMiss.REDIRECTED)
    seen = examine(page.body, page.url, page.header("Content-Type"), claim.kind, target)
    if seen.outcome is not Outcome.NO_LINK:
        return seen
    if page.truncated and seen.near_miss is not NearMiss.TEXT_ONLY:
        return _missed(seen, NearMiss.TRUNCATED)
    moved = page.redirects and urls.page_key(page.url) != urls.page_key(claim.source_url)
    if moved and seen.near_miss is NearMiss.NOTHING:
        return _missed(seen, NearMiss.REDIRECTED)
    return seen


def _is_post(page: Page, target: Target) -> bool:
    """Whether the source is but another address of the post: a post may link to itself (WM 3.2.1)."""
    return urls.post_key(page.url) in map(urls.post_key, target.urls)


def _missed(seen: Evidence, miss: NearMiss) -> Evidence:
    return replace(seen, near_miss=miss, detail=sentence_of(miss))
