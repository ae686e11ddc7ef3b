"""Posts on the same subject, under the related posts, where the site asks for them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks.blog import graph, lookup
from blog_linkbacks.blog.neighbours import neighbours, terms
from blog_linkbacks.blog.tables import PostTerm
from blog_linkbacks.db import db
from blog_linkbacks.settings import preferences
from tests.blog.garden import Garden
from tests.pages.pages import only, read, words

SOIL = "Worms turn the clay into crumbs, and the clay holds the rain that worms need."
MORE_SOIL = "Rain on clay: what worms make of it in a wet spring."
TRAINS = "The night train to the coast leaves late, and its carriages are older than the timetable."


@pytest.fixture
def garden(app: Flask) -> Garden:
    """Three posts, two of them about clay and worms; nothing links anywhere."""
    made = Garden(app)
    made.write("clay", SOIL, tags=("soil",))
    made.write("wet-spring", MORE_SOIL, tags=("soil",))
    made.write("night-train", TRAINS, tags=("travel",))
    with app.app_context():
        preferences.save(neighbours=True)
    return made


def _near(garden: Garden, slug: str, links: int = 0) -> list[str]:
    with garden.app.app_context():
        post = lookup.by_slug(slug)
        assert post is not None
        return [entry.title for entry in neighbours(post, links)]


def test_a_post_on_the_same_subject_is_found(garden: Garden) -> None:
    assert _near(garden, "clay") == ["Wet spring"]
    assert _near(garden, "wet-spring") == ["Clay"]


def test_a_post_on_another_subject_has_none(garden: Garden) -> None:
    assert _near(garden, "night-train") == []


def test_it_is_off_until_it_is_switched_on(garden: Garden, client: FlaskClient) -> None:
    with garden.app.app_context():
        preferences.save(neighbours=False)
    assert _near(garden, "clay") == []
    assert not read(client, "/posts/clay").css("#neighbours")
    assert preferences.Site().neighbours is False


def test_they_are_listed_apart_from_related_posts_without_a_word_of_links(
    garden: Garden, client: FlaskClient
) -> None:
    page = read(client, "/posts/clay")
    said = words(only(page, "#neighbours"))
    assert said.startswith("On the same subject Wet spring")
    assert "link" not in said
    assert not page.css("#related li")
    assert not page.css("#neighbours q")


def test_three_links_are_enough(garden: Garden) -> None:
    assert _near(garden, "clay", links=2) == ["Wet spring"]
    assert _near(garden, "clay", links=3) == []


def test_what_a_link_relates_already_is_not_named_twice(garden: Garden) -> None:
    garden.write("clay", f"{SOIL} See [spring](/posts/wet-spring).", tags=("soil",))
    assert _near(garden, "clay") == []
    assert _near(garden, "wet-spring") == []


def test_what_a_person_hid_does_not_come_back_as_a_neighbour(garden: Garden) -> None:
    garden.write("clay", f"{SOIL} See [spring](/posts/wet-spring).", tags=("soil",))
    with garden.app.app_context():
        graph.hide(garden.only().id, garden.user("ida"))
    assert _near(garden, "clay") == []
    assert _near(garden, "wet-spring") == []


def test_a_post_that_is_taken_off_the_site_is_no_neighbour(garden: Garden) -> None:
    garden.unpublish("wet-spring")
    assert _near(garden, "clay") == []
    with garden.app.app_context():
        kept = db.session.scalars(select(PostTerm.post_id).distinct()).all()
        post = lookup.by_slug("wet-spring")
        assert post is not None
        assert post.id not in kept


def test_an_edit_moves_a_post_to_another_subject(garden: Garden) -> None:
    garden.write("wet-spring", TRAINS, title="Slow coaches", tags=("travel",))
    assert _near(garden, "clay") == []
    assert _near(garden, "night-train") == ["Slow coaches"]


def test_no_more_than_three_are_named_the_nearest_first(garden: Garden) -> None:
    for number in range(5):
        garden.write(f"clay-{number}", "Clay and rain.", tags=("soil",))
    garden.write("twin", SOIL, title="Clay", tags=("soil",))
    near = _near(garden, "clay")
    assert (near[0], len(near)) == ("Clay", 3)


def test_one_common_word_is_no_subject(garden: Garden) -> None:
    garden.write("brick", "Bricks are clay that met a fire once.", title="Bricks")
    assert "Bricks" not in _near(garden, "clay")


def test_terms_weigh_tags_and_title_before_text() -> None:
    found = terms("Clay", ["soil"], "Worms turn clay, and clay feeds beds with the rain.")
    assert list(found)[:2] == ["clay", "#soil"]
    assert "with" not in found
    assert sum(weight**2 for weight in found.values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("title", "text"),
    [("", ""), ("?!", "1 2 3 · …"), ("土", "土と雨"), ("A", "x" * 100_000), ("é" * 300, "\ud7ff")],
)
def test_any_text_has_bounded_terms(title: str, text: str) -> None:
    found = terms(title, [], text)
    assert len(found) <= 24
    assert all(len(term) <= 80 for term in found)
