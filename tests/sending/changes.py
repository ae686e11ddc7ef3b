"""What is sent when a post changes, and what `#related` shows on both ends; run as a program it prints a table."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
from blog_linkbacks.sending import delivery
from tests.sending.nine import ENVIRON
from tests.sending.world import SLUG, SOURCE, Blogger, fixed, pinged, receiver, returns
from tests.support.web import Web

Sent = list[tuple[str, str, str]]
OWN = "http://blog.example/posts/worms"


@dataclass(frozen=True)
class Step:
    """What one change led to: the notices, and then the related posts under the post and under the one it links to."""

    sent: Sent
    here: list[str]
    there: list[str]


def story(blogger: Blogger, web: Web) -> dict[str, Sent]:
    """Each change of the post, and the notices that it led to: protocol, source, target by their last parts."""
    return {name: step.sent for name, step in both_ends(blogger, web).items()}


def both_ends(blogger: Blogger, web: Web) -> dict[str, Step]:
    """The same with what `#related` shows on the post and on the blog's own post that it links to."""
    blogger.write(words="About worms.", post="worms")
    kept, removed, new = (receiver(web, fixed("", 202), f"/{name}") for name in ("kept", "removed", "new"))
    ping = pinged(web, returns("Ok"), "/pinged")
    first, later = (kept, removed, ping, OWN), (kept, ping, new, OWN)
    steps: dict[str, Callable[[], object]] = {
        "publish": lambda: blogger.write(*first),
        "publish again, unchanged": lambda: blogger.write(*first),
        "edit the text": lambda: blogger.write(*first, words="See"),
        "remove a link": lambda: blogger.write(kept, ping, words="See"),
        "add a link": lambda: blogger.write(*later, words="See"),
        "new slug and text": lambda: _rename(blogger, *later),
        "unpublish": blogger.unpublish,
        "publish once more": lambda: _rename(blogger, *later),
        "delete": blogger.delete,
        "delete again": blogger.delete,
    }
    return {name: _step(blogger, web, change) for name, change in steps.items()}


def _step(blogger: Blogger, web: Web, change: Callable[[], object]) -> Step:
    return Step(_during(web, change), _related(blogger, SOURCE), _related(blogger, OWN))


def _related(blogger: Blogger, url: str) -> list[str]:
    """The related posts as a reader sees them on that page, or the status where there is no page."""
    page = blogger.app.test_client().get(url, base_url="http://blog.example", follow_redirects=True)
    if page.status_code != HTTPStatus.OK:
        return [f"{page.status_code} {HTTPStatus(page.status_code).phrase}"]
    return [_entry(node) for node in LexborHTMLParser(page.text).css("#related .related-post")]


def _entry(node: LexborNode) -> str:
    path = (node.css("a")[0].attributes["href"] or "").removeprefix("http://blog.example")
    why, quote = (node.css(part)[0].text() for part in (".related-why", ".related-quote"))
    return f"{path} {why}: {quote}"


def _rename(blogger: Blogger, *targets: str) -> None:
    body = "\n\n".join(f"Anew [this]({target})." for target in targets)
    with blogger.app.app_context():
        from blog_linkbacks.blog.lookup import by_slug

        post = by_slug(SLUG)
        assert post is not None
        posts.save(posts.Draft("Soil", body, slug="earth"), post_id=post.id, publish=True)
        for delivery_id in delivery.plan(post.id):
            delivery.process(delivery_id)


def _during(web: Web, step: Callable[[], object]) -> Sent:
    web.requests.clear()
    step()
    mentions = [
        ("webmention", _last(r.form["source"]), _last(r.form["target"])) for r in web.seen("/wm", "POST")
    ]
    pings = [("pingback", SLUG, "pinged") for _ in web.seen("/rpc", "POST")]
    return sorted(mentions + pings)


def _last(url: str) -> str:
    return url.rpartition("/")[2]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Web("127.0.0.2") as web:
        for name, step in both_ends(Blogger(create_app(ENVIRON, Path(folder))), web).items():
            told = [f"{protocol} {source} -> {target}" for protocol, source, target in step.sent]
            sys.stdout.write(f"{name:26}sent      {', '.join(told) or 'nothing'}\n")
            for page, shown in (("the post", step.here), ("worms", step.there)):
                sys.stdout.write(f"{'':26}{page:10}{'; '.join(shown) or 'none'}\n")


if __name__ == "__main__":
    main()
