"""Related posts: the blog's own links, both directions, true at once after every change."""

from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser

from blog_linkbacks.blog import lookup, posts
from tests.conftest import BASE, publish
from tests.pages.pages import linkback, only, read, words

BODY = "Heaps come first. See [the beds](/posts/no-dig-beds) for what follows."


def test_a_link_shows_on_both_posts_at_once(app: Flask, client: FlaskClient) -> None:
    url = publish(app, "Heaps", BODY)
    there = read(client, "/posts/no-dig-beds")
    assert _titles(there) == ["Heaps"]
    assert only(there, "#related a").attributes["href"] == url
    assert words(only(there, ".related-why")) == "links here"
    assert words(only(there, ".related-quote")) == "See the beds for what follows."
    assert only(there, ".related-quote mark").text() == "the beds"
    here = read(client, "/posts/heaps")
    assert _titles(here) == ["No-dig beds"]
    assert words(only(here, ".related-why")) == "linked from here"


def test_an_absolute_link_counts_as_the_same(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", f"See [the beds]({BASE}/posts/no-dig-beds#top).")
    assert _titles(read(client, "/posts/no-dig-beds")) == ["Heaps"]


def test_posts_that_link_to_each_other_are_named_once(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", BODY)
    _rewrite(app, "no-dig-beds", "Back to [heaps](/posts/heaps).")
    for path in ("/posts/no-dig-beds", "/posts/heaps"):
        page = read(client, path)
        assert len(_titles(page)) == 1
        assert words(only(page, ".related-why")) == "each links to the other"


def test_a_post_is_never_related_to_itself(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", "I said so [above](/posts/heaps#top) and [here](#here).")
    assert _titles(read(client, "/posts/heaps")) == []


def test_a_link_that_is_taken_out_is_no_longer_related(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", BODY)
    _rewrite(app, "heaps", "Heaps come first.")
    assert _titles(read(client, "/posts/no-dig-beds")) == []
    assert _titles(read(client, "/posts/heaps")) == []


def test_unpublishing_and_deleting_end_it_on_both_sides(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", BODY)
    with app.app_context():
        posts.unpublish("no-dig-beds")
    assert _titles(read(client, "/posts/heaps")) == []
    _rewrite(app, "no-dig-beds", "Words.")
    assert _titles(read(client, "/posts/heaps")) == ["No-dig beds"]
    with app.app_context():
        posts.delete("heaps")
    assert _titles(read(client, "/posts/no-dig-beds")) == []


def test_a_draft_is_not_related(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        posts.save(posts.Draft("Secret", BODY), publish=False)
    assert _titles(read(client, "/posts/no-dig-beds")) == []


def test_a_former_address_still_relates_and_the_present_one_is_shown(app: Flask, client: FlaskClient) -> None:
    publish(app, "Heaps", BODY)
    with app.app_context():
        post = lookup.by_slug("no-dig-beds")
        assert post is not None
        posts.save(posts.Draft("Beds, renamed", "Words.", slug="beds"), post_id=post.id, publish=True)
    page = read(client, "/posts/heaps")
    assert _titles(page) == ["Beds, renamed"]
    assert only(page, "#related a").attributes["href"] == f"{BASE}/posts/beds"


def test_an_own_page_that_is_no_post_is_related_by_its_title(app: Flask, client: FlaskClient) -> None:
    linkback(app, "no-dig-beds", internal=True, source_url=f"{BASE}/about", lifted_title="About this garden")
    page = read(client, "/posts/no-dig-beds")
    assert _titles(page) == ["About this garden"]
    assert only(page, "#related a").attributes["href"] == f"{BASE}/about"
    assert not page.css(".response")


def test_no_more_than_a_dozen_are_shown_with_both_directions_among_them(
    app: Flask, client: FlaskClient
) -> None:
    for number in range(15):
        publish(app, f"Heaps {number}", BODY)
    _rewrite(app, "no-dig-beds", "See [compost](/posts/compost-basics).")
    titles = _titles(read(client, "/posts/no-dig-beds"))
    assert len(titles) == 12
    assert "Compost basics" in titles


def test_hostile_sentences_stay_text(app: Flask, client: FlaskClient) -> None:
    publish(app, "<b>Heaps</b>", "A `<script>alert(1)</script>` and [a `<b>` link](/posts/no-dig-beds).")
    page = read(client, "/posts/no-dig-beds")
    assert not page.css("#related script, #related b")
    assert "<script>alert(1)</script>" in words(only(page, ".related-quote"))
    assert _titles(page) == ["<b>Heaps</b>"]


def _titles(page: LexborHTMLParser) -> list[str]:
    return [words(node) for node in page.css("#related .related-title a")]


def _rewrite(app: Flask, slug: str, body: str) -> None:
    with app.app_context():
        post = lookup.by_slug(slug)
        assert post is not None
        posts.save(posts.Draft(post.title, body), post_id=post.id, publish=True)
