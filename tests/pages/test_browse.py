"""The ways to a post: archive, tags, search, pages, older and newer, and what stands where nothing is."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import archive, pages, posts, search
from blog_linkbacks.blog.tables import PostKind
from tests.conftest import BASE, publish
from tests.pages.pages import linkback, only, read, words


def test_the_archive_lists_titles_under_their_months_and_counts_them(app: Flask, client: FlaskClient) -> None:
    for title, month in (("Old", 1), ("Older", 1), ("March", 3)):
        _publish(app, title, 2020, month)
    page = read(client, "/archive")
    assert [words(node) for node in page.css(".month h2")][1:] == ["March 2020", "January 2020"]
    assert [words(node) for node in page.css(".year")][-1] == "2020 3"
    year = read(client, "/archive/2020")
    assert [words(node) for node in year.css(".titles a")] == ["March", "Older", "Old"]
    assert [words(node) for node in year.css(".in-year a")] == ["March 1", "January 2"]
    assert only(year, 'link[rel="canonical"]').attributes["href"] == f"{BASE}/archive/2020"
    assert [words(node) for node in read(client, "/archive/2020/1").css(".titles a")] == ["Older", "Old"]


@pytest.mark.parametrize(
    "path", ["/archive/1999", "/archive/2020/13", "/archive/0", "/archive/99999", "/archive/x"]
)
def test_a_time_without_posts_answers_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_long_archive_is_paged(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PAGE", 2)
    for number in range(3):
        _publish(app, f"Post {number}", 2020, number + 1)
    older = only(read(client, "/archive/2020"), 'a[rel="next"]').attributes["href"]
    assert [words(node) for node in read(client, f"/archive/2020{older}").css(".titles a")] == ["Post 0"]


def test_tags_are_listed_with_their_counts(app: Flask, client: FlaskClient) -> None:
    publish(app, "Worms", "Words.", tags=("soil", "worms"))
    publish(app, "Moles", "Words.", tags=("soil",))
    assert [words(node) for node in read(client, "/tags").css(".tag-cloud li")] == ["soil 2", "worms 1"]
    assert "2 posts with this tag" in words(only(read(client, "/tags/soil"), ".site-intro p"))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("spade", ["No-dig beds"]),
        ("SPAD", ["No-dig beds"]),
        ("grow spade", ["No-dig beds"]),
        ("spade patience", []),
        ("dig-beds", ["No-dig beds"]),
        ("cafe", ["Café"]),
        ('"; DROP TABLE posts; --', []),
        ("*", []),
        ("' OR", []),
        ("掘らない", ["土"]),
    ],
)
def test_search_finds_published_posts_by_words(
    app: Flask, client: FlaskClient, q: str, found: list[str]
) -> None:
    publish(app, "Café", "A place.")
    publish(app, "土", "土を掘らない。")
    with app.app_context():
        posts.save(posts.Draft("Draft", "A secret spade."), publish=False)
    assert _hits(client, q) == found


def test_a_title_counts_more_than_a_text_and_the_words_are_marked(app: Flask, client: FlaskClient) -> None:
    publish(app, "Patience", "Nothing here.")
    assert _hits(client, "patience") == ["Patience", "Compost basics"]
    page = client.get("/search", query_string={"q": "worms <b>"}).text
    assert "<b>" not in page
    assert "<mark>worms</mark>" in client.get("/search?q=worms").text


def test_search_follows_what_becomes_of_a_post(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        post = posts.save(posts.Draft("Moles", "Burrows."), publish=True)
        assert _hits(client, "burrows") == ["Moles"]
        posts.save(posts.Draft("Moles", "Tunnels."), post_id=post.id, publish=True)
    assert (_hits(client, "burrows"), _hits(client, "tunnels")) == ([], ["Moles"])
    with app.app_context():
        posts.unpublish("moles")
    assert _hits(client, "tunnels") == []


def test_search_is_bounded_whatever_is_asked(client: FlaskClient) -> None:
    assert len(search.asked("a " * 5_000)) == search.MOST_WORDS
    assert client.get("/search", query_string={"q": "x" * 100_000}).status_code == 200


def test_a_page_stands_in_the_navigation_and_nowhere_else(app: Flask, client: FlaskClient) -> None:
    _page(app, "About")
    page = read(client, "/pages/about")
    assert not page.css("main time, .byline, #responses")
    assert only(page, '.site-nav a[aria-current="page"]').attributes["href"] == "/pages/about"
    assert "About" in words(only(read(client, "/"), ".site-nav"))
    for path in ("/", "/archive", "/feed.atom", "/feed.json"):
        assert "Who I am." not in client.get(path).text
    assert _hits(client, "who") == ["About"]


def test_a_page_takes_no_linkbacks_and_has_one_address(app: Flask, client: FlaskClient) -> None:
    _page(app, "About")
    answer = client.get("/posts/about")
    assert (answer.status_code, answer.location) == (301, f"{BASE}/pages/about")
    page = client.get("/pages/about")
    assert not {"X-Pingback", "Link"} & set(page.headers.keys())
    assert client.get("/pages/no-dig-beds").location == f"{BASE}/posts/no-dig-beds"
    linkback(app, "no-dig-beds")
    assert client.get("/pages/never").status_code == 404


def test_a_post_ends_with_the_way_to_the_older_and_the_newer(app: Flask, client: FlaskClient) -> None:
    _publish(app, "Old", 2020, 1)
    page = read(client, "/posts/no-dig-beds")
    assert words(only(page, ".is-older")) == "Older Old"
    assert words(only(page, ".is-newer")) == "Newer Compost basics"
    assert not read(client, "/posts/old").css(".is-older")
    assert not read(client, "/posts/compost-basics").css(".is-newer")


@pytest.mark.parametrize(
    ("path", "code", "say"), [("/never", 404, "Nothing at"), ("/posts/gone", 410, "taken down")]
)
def test_a_lost_reader_finds_a_search_box_and_the_latest_posts(
    app: Flask, client: FlaskClient, path: str, code: int, say: str
) -> None:
    publish(app, "Gone", "Words.")
    with app.app_context():
        posts.delete("gone")
    answer = client.get(path)
    assert answer.status_code == code
    assert say in answer.text
    assert 'role="search"' in answer.text
    assert "Compost basics" in answer.text
    assert ">Gone<" not in answer.text


def _publish(app: Flask, title: str, year: int, month: int) -> None:
    publish(app, title, "Words.", published_at=datetime(year, month, 2, tzinfo=UTC))


def _page(app: Flask, title: str) -> None:
    with app.app_context():
        pages.turn_into(posts.save(posts.Draft(title, "Who I am."), publish=True).id, PostKind.PAGE)


def _hits(client: FlaskClient, q: str) -> list[str]:
    answer = client.get("/search", query_string={"q": q})
    assert answer.status_code == 200
    from selectolax.lexbor import LexborHTMLParser

    return [words(node) for node in LexborHTMLParser(answer.text).css(".hits h2")]
