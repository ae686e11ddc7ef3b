"""Short ways to publish, tell and read the ledger in tests of sending."""

from collections.abc import Callable
from html import escape

from flask import Flask

from blog_linkbacks.blog import posts
from blog_linkbacks.blog.posts import Draft
from blog_linkbacks.db import db, writing
from blog_linkbacks.sending import delivery, ledger
from blog_linkbacks.sending.ledger import LedgerPage
from blog_linkbacks.sending.tables import Delivery
from tests.support.web import Answer, Request, Web

SLUG = "soil"
SOURCE = "http://blog.example/posts/soil"


class Blogger:
    """Someone who writes one post, again and again, and waits for what is due."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def write(self, *targets: str, words: str = "Read", post: str = SLUG) -> int:
        """Publish the post with links to these targets; its id."""
        body = "\n\n".join(f"{words} [this]({target})." for target in targets) or words
        with self.app.app_context():
            post_id = self._post_id(post)
            saved = posts.save(Draft("Soil", body, slug=post), post_id=post_id, publish=True)
            return self._told(saved.id)

    def plan(self, target: str) -> int:
        """Publish a link and leave it to others to tell; the id of the delivery."""
        saved = posts.save(Draft("Soil", f"[this]({target})", slug=SLUG), publish=True)
        (row_id,) = delivery.plan(saved.id)
        return row_id

    def unpublish(self) -> int:
        with self.app.app_context():
            return self._told(posts.unpublish(SLUG).id)

    def delete(self) -> int:
        with self.app.app_context():
            return self._told(posts.delete(SLUG).id)

    def again(self, *, later: bool = True) -> None:
        """Try what waits; `later` makes it due now, whatever its pause."""
        with self.app.app_context():
            for row in self.rows():
                if later and row.due_at is not None:
                    with writing() as session:
                        session.get_one(Delivery, row.id).due_at = row.created_at
                delivery.process(row.id)

    def rows(self) -> list[Delivery]:
        """The ledger, oldest first."""
        with self.app.app_context():
            found: LedgerPage = ledger.page()
            db.session.expunge_all()
            return list(reversed(found.rows))

    def row(self) -> Delivery:
        """The only row of the ledger."""
        (row,) = self.rows()
        return row

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def _post_id(self, slug: str) -> int | None:
        from blog_linkbacks.blog.lookup import by_slug

        post = by_slug(slug)
        return post.id if post else None

    def _told(self, post_id: int) -> int:
        for delivery_id in delivery.plan(post_id):
            delivery.process(delivery_id)
        return post_id


def receiver(
    web: Web, answer: Callable[[Request], Answer], path: str = "/page", endpoint: str = "/wm"
) -> str:
    """A page that announces a webmention endpoint answering like this; the page's URL."""
    web.answer(endpoint, answer)
    return web.route(path, "<p>Hello", headers={"Link": f'<{endpoint}>; rel="webmention"'})


def pinged(web: Web, answer: Callable[[Request], Answer], path: str = "/page", endpoint: str = "/rpc") -> str:
    """A page that announces a pingback server answering like this; the page's URL."""
    web.answer(endpoint, answer)
    server = escape(web.url(endpoint))
    return web.route(path, f'<head><link rel="pingback" href="{server}"></head><p>Hello')


def fixed(body: str | bytes = "", status: int = 200, **headers: str) -> Callable[[Request], Answer]:
    """Always the same answer; header names with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: Answer(body, status, named)


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    """One answer after the other, the last one for ever."""
    left = list(answers)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def fault(code: int, words: str = "") -> Callable[[Request], Answer]:
    """An XML-RPC fault as XML-RPC has it."""
    struct = (
        f"<struct><member><name>faultCode</name><value><int>{code}</int></value></member>"
        f"<member><name>faultString</name><value><string>{words}</string></value></member></struct>"
    )
    return rpc(f"<fault><value>{struct}</value></fault>")


def rpc(content: str) -> Callable[[Request], Answer]:
    return fixed(f'<?xml version="1.0"?><methodResponse>{content}</methodResponse>', Content_Type="text/xml")


def returns(value: str) -> Callable[[Request], Answer]:
    return rpc(f"<params><param><value>{value}</value></param></params>")
