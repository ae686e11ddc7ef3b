"""Every page, public and admin, in the eyes of the Nu HTML checker."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import create_app, demo
from blog_linkbacks.accounts.people import create_user
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import posts
from blog_linkbacks.blog.tables import PostKind
from tests.conftest import BASE, PASSWORD, publish
from tests.pages.crawl import crawl
from tests.pages.nu import complaints
from tests.pages.pages import send, token
from tests.scale.crowd import respond

PUBLIC = ("/", "/never", "/search?q=soil", "/search?q=zzz", "/login", "/posts/everything")
ADMIN = (
    "/admin/never",
    "/admin/posts?q=zzz",
    "/admin/posts/new?kind=page",
    "/admin/linkbacks?status=spam",
    "/admin/settings/linkbacks",
    "/admin/account",
)
EVERYTHING = """A [link](/posts/no-dig-beds "Beds"), `code`, ~~no~~ and a note[^1].[^1]

# One
## Two

```python
x = {"a": 1}
```

| Bed | Kilos |
|:--|--:|
| Beans | 3 |

1. One
   - Two

> Said.

![A worm](/static/favicon.svg)

---

[^1]: Yes, *really*.
"""


def test_no_page_of_a_full_blog_has_an_error(root: Path) -> None:
    app = create_app({"LINKBACKS_BASE_URL": BASE, "LINKBACKS_RATE_LIMIT": ""}, root)
    with app.app_context():
        demo.fill(create_user("ana", PASSWORD, Role.ADMIN))
        posts.save(posts.Draft("About", "Who I am.", kind=PostKind.PAGE), publish=True)
        posts.save(posts.Draft("Waiting", EVERYTHING), publish=False)
    publish(app, "Everything", EVERYTHING, slug="everything", tags=("Soil & more", "beds"))
    respond(app, "everything", 60)
    read = crawl(app.test_client(), PUBLIC)
    wrought = crawl(_signed_in(app), ("/admin/", *ADMIN))
    assert len(read) > 25
    assert len(wrought) > 60
    assert complaints(read | {f"signed in: {path}": page for path, page in wrought.items()}) == []


def test_no_page_of_an_empty_blog_has_an_error(root: Path) -> None:
    app = create_app({"LINKBACKS_BASE_URL": BASE, "LINKBACKS_RATE_LIMIT": ""}, root)
    pages = {"first run": app.test_client().get("/first-run").text}
    with app.app_context():
        create_user("ana", PASSWORD, Role.ADMIN)
    pages |= crawl(_signed_in(app), ("/admin/", "/", *ADMIN))
    assert len(pages) > 20
    assert complaints(pages) == []


def test_no_page_that_names_a_mistake_has_an_error(app: Flask, login: Callable[[str], FlaskClient]) -> None:
    ana = login("ana")
    wrong = {
        "/admin/posts/new": {"title": "", "body": "Words.", "action": "publish"},
        "/admin/settings": {"name": "", "language": "!"},
        "/admin/settings/reading": {"posts_per_page": "0", "navigation": "nowhere", "footer": "x" * 3000},
        "/admin/settings/linkbacks": {"close_after": "-1"},
        "/admin/settings/people": {"name": "", "password": "short"},
        "/login": {"name": "ana", "password": "no"},
    }
    pages = {path: send(ana, path, **fields) for path, fields in wrong.items() if path != "/login"}
    pages["/login"] = send(app.test_client(), "/login", **wrong["/login"])
    pages["no token"] = ana.post("/admin/posts/new")
    pages["preview"] = send(ana, "/admin/posts/new", title="T", body=EVERYTHING, action="preview")
    assert all(page.mimetype == "text/html" for page in pages.values())
    assert complaints({path: page.text for path, page in pages.items()}) == []


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    fields = {"csrf_token": token(client.get("/login")), "name": "ana", "password": PASSWORD}
    assert client.post("/login", data=fields).status_code == 303
    return client
