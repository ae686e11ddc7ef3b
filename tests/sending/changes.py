"""What is sent when a post changes; run as a program it prints a table."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
from blog_linkbacks.sending import delivery
from tests.sending.nine import ENVIRON
from tests.sending.world import SLUG, Blogger, fixed, pinged, receiver, returns
from tests.support.web import Web

Sent = list[tuple[str, str, str]]


def story(blogger: Blogger, web: Web) -> dict[str, Sent]:
    """Each change of the post, and the notices that it led to: protocol, source, target by their last parts."""
    kept, removed, new = (receiver(web, fixed("", 202), f"/{name}") for name in ("kept", "removed", "new"))
    ping = pinged(web, returns("Ok"), "/pinged")
    first = (kept, removed, ping)
    steps: dict[str, Callable[[], object]] = {
        "publish": lambda: blogger.write(*first),
        "publish again, unchanged": lambda: blogger.write(*first),
        "edit the text": lambda: blogger.write(*first, words="See"),
        "remove a link": lambda: blogger.write(kept, ping, words="See"),
        "add a link": lambda: blogger.write(kept, ping, new, words="See"),
        "new slug and text": lambda: _rename(blogger, kept, ping, new),
        "unpublish": blogger.unpublish,
        "publish once more": lambda: _rename(blogger, kept, ping, new),
        "delete": blogger.delete,
        "delete again": blogger.delete,
    }
    return {name: _during(web, step) for name, step in steps.items()}


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
        for name, sent in story(Blogger(create_app(ENVIRON, Path(folder))), web).items():
            told = ", ".join(f"{protocol} {source} -> {target}" for protocol, source, target in sent)
            sys.stdout.write(f"{name:26}{told or 'nothing'}\n")


if __name__ == "__main__":
    main()
