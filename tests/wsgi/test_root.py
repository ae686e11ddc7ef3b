"""A site whose root has a path, and a site behind proxies."""

import re
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks import create_app
from blog_linkbacks.blog import posts
from blog_linkbacks.blog.lookup import find
from blog_linkbacks.blog.tables import PostKind
from blog_linkbacks.settings import preferences
from tests.conftest import PASSWORD

ROOT = "http://blog.example/journal"


@pytest.fixture
def environ() -> dict[str, str]:
    return {"LINKBACKS_BASE_URL": ROOT, "LINKBACKS_RATE_LIMIT": "", "LINKBACKS_INTERNAL_HOSTS": "old.example"}


@pytest.mark.parametrize(
    "path", ["/", "/posts/no-dig-beds", "/feed.atom", "/login", "/admin/linkbacks", "/admin/posts/new"]
)
def test_every_link_of_a_page_is_below_the_root(client: FlaskClient, path: str) -> None:
    _sign_in(client)
    page = client.get(f"/journal{path}", follow_redirects=True)
    assert page.status_code == 200
    links = re.findall(r'\b(?:href|src|action|hx-\w+)="(/[^"]*|http://blog\.example[^"]*)"', page.text)
    assert links
    for link in links:
        assert link.removeprefix("http://blog.example").startswith("/journal/"), link
        assert "/journal/journal" not in link


def test_a_post_announces_below_the_root(client: FlaskClient) -> None:
    page = client.get("/journal/posts/no-dig-beds")
    assert page.headers["X-Pingback"] == f"{ROOT}/xmlrpc"
    assert page.headers["Link"] == f'<{ROOT}/webmention>; rel="webmention"'
    assert f'trackback:ping="{ROOT}/posts/no-dig-beds/trackback"' in page.text


def test_a_proxy_may_take_the_path_off(app: Flask) -> None:
    page = app.test_client().get("/posts/no-dig-beds", base_url="http://blog.example/")
    assert page.headers["X-Pingback"] == f"{ROOT}/xmlrpc"


def test_signing_in_leads_back_below_the_root(client: FlaskClient) -> None:
    asked = client.get("/journal/admin/sites")
    assert asked.location == "/journal/login?next=/journal/admin/sites"
    assert _sign_in(client, "/journal/admin/sites") == "/journal/admin/sites"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"{ROOT}/posts/no-dig-beds", True),
        ("http://old.example/posts/no-dig-beds", True),
        ("http://old.example/journal/posts/no-dig-beds", True),
        ("http://blog.example/posts/no-dig-beds", False),
        ("http://blog.example/journals/posts/no-dig-beds", False),
    ],
)
def test_only_what_is_below_the_root_is_a_post(app: Flask, url: str, found: bool) -> None:
    with app.app_context():
        assert (find(url) is not None) == found


def test_a_foreign_host_header_is_not_repeated(client: FlaskClient) -> None:
    answer = client.get("/journal/admin", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.location) == (308, "/journal/admin/")


@pytest.mark.parametrize(
    ("proxies", "sender"), [("0", "127.0.0.1"), ("1", "198.51.100.7"), ("2", "203.0.113.9")]
)
def test_the_sender_is_whom_the_trusted_proxies_name(root: Path, proxies: str, sender: str) -> None:
    app = create_app({"LINKBACKS_BASE_URL": ROOT, "LINKBACKS_TRUSTED_PROXIES": proxies}, root)
    seen: list[str | None] = []

    @app.before_request
    def note() -> None:
        seen.append(request.remote_addr)
        assert request.host == "localhost"

    named = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "evil.example"}
    app.test_client().get("/journal/healthz", headers=named)
    assert seen == [sender]


def test_the_navigation_leads_below_the_root(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.save(posts.Draft("About", "Who I am.", kind=PostKind.PAGE), publish=True)
    own = [("About", "/pages/about"), ("There", "/journal/archive"), ("Elsewhere", "https://a.example/")]
    assert _navigation(client, "/pages/about") == [
        "*/journal/pages/about",
        "/journal/archive",
        "/journal/search",
    ]
    with app.app_context():
        preferences.save(navigation=[{"label": label, "address": address} for label, address in own])
    assert _navigation(client, "/pages/about") == [
        "*/journal/pages/about",
        "/journal/archive",
        "https://a.example/",
    ]


def _sign_in(client: FlaskClient, wanted: str = "") -> str | None:
    page = client.get("/journal/login").text
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    form = {"name": "ana", "password": PASSWORD, "csrf_token": token, "next": wanted}
    return client.post("/journal/login", data=form).location


def _navigation(client: FlaskClient, path: str) -> list[str]:
    """The addresses of the navigation, that of the page itself with a star."""
    links = LexborHTMLParser(client.get(f"/journal{path}").text).css(".site-nav a")
    return [f"{'*' * ('aria-current' in link.attributes)}{link.attributes['href']}" for link in links]
