"""What page tests share: parsed pages, and linkbacks from elsewhere put straight into the database."""

from datetime import timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse

from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Linkback, move_count


def read(client: FlaskClient, url: str) -> LexborHTMLParser:
    response = client.get(url)
    assert response.status_code == 200, response.status
    return LexborHTMLParser(response.text)


def only(page: LexborHTMLParser, selector: str) -> LexborNode:
    found = page.css(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def linkback(app: Flask, slug: str, **fields: object) -> int:
    """An approved linkback from elsewhere on the post of that slug, other fields as given."""
    with app.app_context(), writing() as session:
        post = lookup.by_slug(slug)
        assert post is not None
        source = str(fields.get("source_url", "https://garden.example/soil"))
        known: dict[str, object] = {
            "kind": "pingback",
            "status": "approved",
            "source_url": source,
            "source_key": source,
            "source_host": "garden.example",
            "source_site": "garden.example",
            "target_url": lookup.post_url(post),
            "before": "I keep going back to ",
            "anchor": "this piece",
            "after": " on soil.",
        }
        row = Linkback(post_id=post.id, **{**known, **fields})
        session.add(row)
        session.flush()
        move_count(session, None, row.status)
        return row.id


def close(app: Flask, slug: str) -> None:
    """The post of that slug takes no linkbacks from now on."""
    with app.app_context():
        post = lookup.by_slug(slug)
        assert post is not None
        posts.save(posts.Draft(post.title, post.body, accept_linkbacks=False), post_id=post.id, publish=True)


def age(app: Flask, slug: str, *, days: int) -> None:
    """The post of that slug was published so many days ago."""
    with app.app_context(), writing():
        post = lookup.by_slug(slug)
        assert post is not None
        post.published_at = now() - timedelta(days=days)


def token(response: TestResponse) -> str:
    """The CSRF token of a page's form."""
    field = LexborHTMLParser(response.text).css_first('input[name="csrf_token"]')
    assert field is not None
    return unescape(field.attributes["value"] or "")


def send(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    """Fill in the form of a page and send it, as a browser without scripts does."""
    return client.post(url, data={"csrf_token": token(client.get(url)), **fields})
