"""What is typed is kept apart from the post; a form that knows older words is told, never obeyed."""

import pytest
from flask import Flask

from blog_linkbacks.blog import drafts, lookup, posts
from blog_linkbacks.blog.markdown import count_words
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db

WORDS = {
    "title": "Beds",
    "body": "New *words*.",
    "slug": "",
    "tags": "soil",
    "summary": "",
    "accept_linkbacks": True,
    "untold": ["https://a.example/"],
}


def test_kept_words_leave_the_post_as_it_is(app: Flask) -> None:
    with app.app_context():
        post = _post("no-dig-beds")
        drafts.keep(post.id, WORDS, known=drafts.version(post.id), user_id=None)
        row = drafts.find(post.id)
        assert row is not None
        assert row.words is not None
        assert (row.words["title"], row.words["untold"]) == ("Beds", ["https://a.example/"])
        assert _post("no-dig-beds").title == "No-dig beds"
        assert drafts.titles([post.id]) == {post.id: "Beds"}


def test_an_older_form_is_refused_and_changes_nothing(app: Flask) -> None:
    with app.app_context():
        post_id, first = _post("no-dig-beds").id, drafts.version(1)
        drafts.keep(post_id, WORDS, known=first, user_id=None, tab="one")
        with pytest.raises(drafts.BehindError):
            drafts.keep(post_id, {**WORDS, "title": "Other"}, known=first, user_id=None, tab="two")
        assert drafts.titles([post_id]) == {post_id: "Beds"}


def test_a_window_whose_answer_was_lost_goes_on(app: Flask) -> None:
    with app.app_context():
        first = drafts.version(1)
        drafts.keep(1, WORDS, known=first, user_id=None, tab="one")
        drafts.keep(1, {**WORDS, "title": "Later"}, known=first, user_id=None, tab="one")
        assert drafts.titles([1]) == {1: "Later"}


def test_saving_settles_and_leaves_older_forms_behind(app: Flask) -> None:
    with app.app_context():
        kept = drafts.keep(1, WORDS, known=drafts.version(1), user_id=None, tab="one").version
        posts.save(posts.Draft("No-dig beds", "Saved."), post_id=1, publish=True)
        assert drafts.titles([1]) == {}
        with pytest.raises(drafts.BehindError):
            drafts.keep(1, WORDS, known=kept, user_id=None, tab="one")


def test_a_file_published_over_a_post_loses_no_kept_word(app: Flask) -> None:
    with app.app_context():
        kept = drafts.keep(1, WORDS, known=drafts.version(1), user_id=None, tab="one").version
        posts.publish_file("Saved.", "No-dig beds")
        assert drafts.titles([1]) == {1: "Beds"}
        with pytest.raises(drafts.BehindError):
            drafts.keep(1, WORDS, known=kept, user_id=None, tab="one")


def test_a_deleted_post_keeps_no_words_and_no_secret_address(app: Flask) -> None:
    with app.app_context():
        drafts.keep(1, WORDS, known=drafts.version(1), user_id=None)
        posts.delete("no-dig-beds")
        db.session.expire_all()
        row = drafts.find(1)
        assert row is not None
        assert row.words is None


@pytest.mark.parametrize("wrong", [{"body": "b" * 300_001}, {"title": "t" * 501}, {"summary": "a\0b"}])
def test_words_that_no_save_could_take_are_refused(app: Flask, wrong: dict[str, str]) -> None:
    with app.app_context():
        before = drafts.version(1)
        with pytest.raises(ValueError, match=r"characters|NUL"):
            drafts.keep(1, {**WORDS, **wrong}, known=before, user_id=None)
        assert drafts.version(1) == before


def test_a_drafts_address_follows_its_title_until_it_is_published(app: Flask) -> None:
    with app.app_context():
        post = posts.save(posts.Draft("Wo", "Words."), publish=False)
        assert post.slug == "wo"
        post = posts.save(posts.Draft("Worms", "Words."), post_id=post.id, publish=True)
        assert post.slug == "worms"
        assert lookup.by_slug("wo") is None
        post = posts.save(posts.Draft("Earthworms", "Words."), post_id=post.id, publish=True)
        assert post.slug == "worms"


def test_a_numbered_address_stays_when_nothing_changed(app: Flask) -> None:
    with app.app_context():
        post = posts.save(posts.Draft("No-dig beds", "Again."), publish=False)
        assert post.slug == "no-dig-beds-2"
        assert (
            posts.save(posts.Draft("No-dig beds", "More."), post_id=post.id, publish=False).slug == post.slug
        )


@pytest.mark.parametrize(
    ("html", "number"),
    [("", 0), ("<p>One, two - three.</p>", 3), ("<p>it’s well-known</p>", 2), ("<p>土を掘る</p>", 4)],
)
def test_words_are_counted_as_they_are_read(html: str, number: int) -> None:
    assert count_words(html) == number


def _post(slug: str) -> Post:
    post = lookup.by_slug(slug)
    assert post is not None
    return post
