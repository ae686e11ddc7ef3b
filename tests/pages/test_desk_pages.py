"""Pages such as “About”, from the desk: written, turned into posts and back, offered for the navigation."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import lookup, posts
from blog_linkbacks.blog.tables import Post, PostKind
from blog_linkbacks.settings import preferences
from tests.blog.garden import Garden
from tests.conftest import BASE
from tests.pages.pages import linkback, only, read, send, token, words

Login = Callable[[str], FlaskClient]
NEW = "/admin/posts/new?kind=page"
TYPED = {"title": "About", "body": "Who I am.", "accept_linkbacks": "y"}


def test_a_page_is_written_and_stands_in_the_navigation(app: Flask, login: Login) -> None:
    ida = login("ida")
    assert "checked" in only(read(ida, NEW), 'input[name="kind"][value="page"]').attributes
    assert send(ida, NEW, **TYPED, kind="page", action="publish").status_code == 303
    assert _post(app, "about").kind == "page"
    assert words(only(read(ida, "/pages/about"), "main")) == "About Who I am."
    assert only(read(ida, "/"), '.site-nav a[href="/pages/about"]').text() == "About"


def test_the_editor_begins_with_a_post(login: Login) -> None:
    page = read(login("ida"), "/admin/posts/new")
    assert "checked" in only(page, 'input[name="kind"][value="post"]').attributes


def test_a_form_that_says_nothing_of_the_kind_leaves_it(app: Flask, login: Login) -> None:
    ida = login("ida")
    send(ida, NEW, **TYPED, kind="page", action="publish")
    about = _post(app, "about")
    send(ida, f"/admin/posts/{about.id}", title="About me", body="More.", action="save")
    assert (_post(app, "about").kind, _post(app, "about").title) == ("page", "About me")


def test_a_kind_that_is_none_is_refused(app: Flask, login: Login) -> None:
    assert send(login("ida"), NEW, **TYPED, kind="essay", action="publish").status_code == 422
    with app.app_context():
        assert lookup.by_slug("about") is None


def test_a_post_becomes_a_page_and_a_post_again(app: Flask, login: Login) -> None:
    ida, beds = login("ida"), _post(app, "no-dig-beds")
    linkback(app, "no-dig-beds")
    _turn(ida, beds, "page")
    assert ida.get("/posts/no-dig-beds").location == f"{BASE}/pages/no-dig-beds"
    assert not read(ida, "/pages/no-dig-beds").css("#responses")
    _turn(ida, beds, "post")
    assert ida.get("/pages/no-dig-beds").location == f"{BASE}/posts/no-dig-beds"
    page = read(ida, "/posts/no-dig-beds")
    assert len(page.css(".response")) == 1
    assert _post(app, "no-dig-beds").published_at == beds.published_at


def test_a_page_is_in_no_list_feed_or_archive_and_related_to_nothing(app: Flask, login: Login) -> None:
    ida, garden = login("ida"), Garden(app)
    garden.write("worms", "See [beds](/posts/no-dig-beds).", tags=("soil",))
    assert garden.related("no-dig-beds") == ["Worms: links here"]
    _turn(ida, _post(app, "worms"), "page", body="See [beds](/posts/no-dig-beds).", tags="soil")
    assert garden.related("no-dig-beds") == []
    for path in ("/archive", "/feed.atom", "/feed.json", "/posts/no-dig-beds", "/posts/compost-basics"):
        assert "/worms" not in "".join(_links(ida.get(path).text)), path
    assert ida.get("/tags/soil").status_code == 404
    _turn(ida, _post(app, "worms"), "post", body="See [beds](/posts/no-dig-beds).", tags="soil")
    assert garden.related("no-dig-beds") == ["Worms: links here"]


def test_a_page_takes_no_linkback_at_its_former_address(app: Flask, login: Login) -> None:
    _turn(login("ida"), _post(app, "no-dig-beds"), "page")
    data = {"source": "https://garden.example/", "target": f"{BASE}/posts/no-dig-beds"}
    assert app.test_client().post("/webmention", data=data).status_code == 400


def test_what_is_typed_keeps_its_kind_before_it_is_saved(app: Flask, login: Login) -> None:
    ida = login("ida")
    fields = {"csrf_token": token(ida.get(NEW)), **TYPED, "kind": "page"}
    kept = ida.post("/admin/posts/draft", data=fields).get_json()
    editor = read(ida, f"/admin/posts/{kept['post']}")
    assert "checked" in only(editor, 'input[name="kind"][value="page"]').attributes
    assert "About" in [words(node) for node in read(ida, "/admin/posts?state=pages").css("tbody th > a")]


def test_the_list_tells_pages_from_posts_and_counts_them(app: Flask, login: Login) -> None:
    ida = login("ida")
    send(ida, NEW, **TYPED, kind="page", action="publish")
    send(ida, NEW, title="Contact", body="Write to me.", kind="page", action="save")
    page = read(ida, "/admin/posts?state=pages")
    assert [words(node) for node in page.css("tbody th > a")] == ["Contact", "About"]
    assert [words(node) for node in page.css(".tab")] == [
        "All 4",
        "Published 3",
        "Scheduled 0",
        "Drafts 1",
        "Pages 2",
    ]
    assert "/pages/about" in page.html  # type: ignore[operator]


def test_a_navigation_of_ones_own_is_offered_the_pages_it_lacks(app: Flask, login: Login) -> None:
    with app.app_context():
        preferences.save(navigation=[{"label": "Archive", "address": "/archive"}])
        posts.save(posts.Draft("About", "Who I am.", kind=PostKind.PAGE), publish=True)
    ana = login("ana")
    button = only(read(ana, "/admin/settings/reading"), "#left-out button").attributes
    assert button["value"] == "About /pages/about"
    typed = {"posts_per_page": "10", "navigation": "Archive /archive", "add": "About /pages/about"}
    secret = token(ana.get("/admin/settings/reading"))
    answer = ana.post("/admin/settings/reading/preview", data={"csrf_token": secret, **typed})
    shown = LexborHTMLParser(answer.text)
    assert words(only(shown, "#navigation")) == "Archive /archive About /pages/about"
    assert not shown.css("#left-out")
    assert '"/pages/about"' not in app.test_client().get("/").text  # nothing is saved yet


@pytest.mark.parametrize(("kind", "found"), [("page", "page"), ("post", "post"), (None, "post")])
def test_a_file_may_be_a_page(app: Flask, kind: str | None, found: str) -> None:
    with app.app_context():
        head = f"title: About\nkind: {kind}\n" if kind else "title: About\n"
        assert posts.publish_file(f"---\n{head}---\nWho I am.", "x").kind == found


def test_a_file_of_no_known_kind_is_refused() -> None:
    with pytest.raises(posts.PostError, match="post or page"):
        posts.parse_file("---\nkind: essay\n---\nx", "x")


def _turn(client: FlaskClient, post: Post, kind: str, body: str = "Words.", tags: str = "") -> None:
    typed = {"title": post.title, "body": body, "tags": tags, "kind": kind, "accept_linkbacks": "y"}
    assert send(client, f"/admin/posts/{post.id}", **typed, action="save").status_code == 303


def _links(page: str) -> list[str]:
    main = LexborHTMLParser(page).css_first("main")
    return [node.attributes.get("href") or "" for node in main.css("a")] if main else [page]


def _post(app: Flask, slug: str) -> Post:
    with app.app_context():
        post = lookup.by_slug(slug)
        assert post is not None
        return post
