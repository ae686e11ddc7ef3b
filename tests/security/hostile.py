"""A blog whose every field was filled by somebody hostile: posts, linkbacks, people, preferences."""

from dataclasses import dataclass
from html import escape

from flask import Flask

from blog_linkbacks import intake, pipeline
from blog_linkbacks.accounts.people import create_user
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import posts
from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Status
from tests.conftest import PASSWORD
from tests.security.payloads import ALL
from tests.support.web import Web

_SORTS = ("u-like-of", "u-repost-of", "u-in-reply-to", "")


@dataclass(frozen=True)
class Hostile:
    """What one payload was put into."""

    payload: str
    post: str
    post_id: int
    linkbacks: tuple[int, ...]


def fill(app: Flask, web: Web, number: int, payload: str) -> Hostile:
    """A post by an author full of it, and what a webmention's page and a trackback's fields say, approved or not."""
    with app.app_context():
        post = posts.save(_draft(number, payload), publish=True, author_id=3)
        url, post_id = post_url(post), post.id
        page = web.route(f"/mention{number}", _page(payload, url, _SORTS[number % 4]))
        bare = web.route(f"/bare{number}", f'<body>{payload}<p><a href="{url}">{escape(payload)}</a>')
        said = {
            "title": payload,
            "excerpt": payload,
            "author": payload,
            "user_agent": payload,
            "referrer": payload,
        }
        claims = (Claim(Kind.WEBMENTION, page, url), Claim(Kind.TRACKBACK, bare, url, **said))
        kept = tuple(_received(claim) for claim in claims)
        _decide(kept[0], Status.APPROVED, payload)
        if number % 2:
            _decide(kept[1], Status.APPROVED, payload)
        db.session.remove()
    return Hostile(payload, url, post_id, kept)


def fill_people(app: Flask) -> int:
    """People whose names are payloads; how many the blog took."""
    made = 0
    with app.app_context():
        for payload in ALL:
            try:
                create_user(payload, PASSWORD, Role.MODERATOR)
                made += 1
            except ValueError:
                continue
        db.session.remove()
    return made


def fill_preferences(app: Flask, payload: str) -> None:
    """What an admin says of the blog, past every form."""
    with app.app_context():
        preferences.save(
            name=payload,
            tagline=payload,
            author=payload,
            reasons=(payload,) * 5,
        )
        db.session.remove()


def _draft(number: int, payload: str) -> posts.Draft:
    body = "\n\n".join(
        (
            payload,
            f"Before {payload} after.",
            f"[link]({payload})",
            f"![picture]({payload} '{payload}')",
            f'[reference][r]\n\n[r]: <{payload.replace(chr(10), " ")}> "{payload.replace(chr(10), " ")}"',
            f"# {payload}",
            f"> {payload}",
            f"- {payload}",
            f"```{payload.replace(chr(10), ' ')}\n{payload}\n```",
            f"    {payload}",
            f"`{payload}`",
            f"| {payload} | x |\n| --- | --- |\n| {payload} | x |",
            f"<div title='{payload}'>{payload}</div>",
            f'<a href="{payload}">{payload}</a><img src="{payload}" alt="{payload}">',
        )
    )
    tags = (payload.replace("\n", " ")[:40],)
    return posts.Draft(title=f"{payload} ", body=body, slug=f"hostile-{number}", tags=tags, summary=payload)


def _page(payload: str, target: str, sort: str) -> str:
    shown = escape(payload)
    return f"""<!doctype html><html lang="en"><head><title>{shown}</title></head><body>{payload}
    <article class="h-entry"><h1 class="p-name">{shown}</h1>
    <a class="p-author h-card" href="{shown}"><img class="u-photo" src="{shown}" alt="{shown}">{shown}</a>
    <a class="u-url" href="{shown}">x</a><time class="dt-published" datetime="{shown}">{shown}</time>
    <p class="p-summary">{shown}</p><a class="p-category" href="{shown}">{shown}</a><div class="e-content"><p>{shown}
    <a class="{sort}" href="{target}" title="{shown}">{shown}</a> {shown}</p></div></article></body></html>"""


def _received(claim: Claim) -> int:
    receipt = intake.receive(claim)
    assert isinstance(receipt, Receipt), receipt
    pipeline.process(receipt.linkback_id)
    return receipt.linkback_id


def _decide(linkback_id: int, to: Status, reason: str) -> None:
    with writing() as session:
        linkback = session.get_one(Linkback, linkback_id)
        if linkback.status != to:
            record(session, linkback, to, By(rule="hold"), reason=reason)
