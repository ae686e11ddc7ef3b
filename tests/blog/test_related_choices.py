"""An author hides and pins related posts on the edit page of a post, as a browser without scripts does."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import update

from blog_linkbacks import tasks
from blog_linkbacks.blog import graph
from blog_linkbacks.db import writing
from blog_linkbacks.linkbacks import Decision, Linkback
from blog_linkbacks.moderation import batches, decisions
from tests.blog.garden import Garden
from tests.conftest import BASE
from tests.pages.pages import linkback, only, read, token, words

Login = Callable[[str], FlaskClient]
TO_BEDS = "See [the beds](/posts/no-dig-beds)."


@pytest.fixture
def garden(app: Flask) -> Garden:
    """“Heaps” links to “No-dig beds”, and “Worms” does so after it."""
    made = Garden(app)
    made.write("heaps", TO_BEDS)
    made.write("worms", TO_BEDS)
    return made


def _choose(client: FlaskClient, garden: Garden, action: str, slug: str = "no-dig-beds", of: int = 0) -> None:
    """Press the button of the row of the linkback that is so many from the first."""
    kept = garden.linkbacks()[of]
    post_id = kept.post_id if slug == "no-dig-beds" else kept.source_post_id
    path = f"/admin/posts/{post_id}"
    desk, form = client.get(path), f'form[action="{path}/related/{kept.id}"]'
    only(LexborHTMLParser(desk.text), f'{form} button[name="action"][value="{action}"]')
    answer = client.post(f"{path}/related/{kept.id}", data={"action": action, "csrf_token": token(desk)})
    assert (answer.status_code, answer.location) == (303, f"{path}#related")


def _row(client: FlaskClient, garden: Garden, title: str) -> str:
    """What the edit page of “No-dig beds” says of a related post."""
    page = read(client, f"/admin/posts/{garden.linkbacks()[0].post_id}")
    rows = [words(row) for row in page.css("#related .choice-row") if title in words(row)]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("name", ["ana", "ida"])
@pytest.mark.parametrize("end", ["no-dig-beds", "heaps"])
def test_what_is_hidden_on_one_post_is_hidden_on_both(
    garden: Garden, login: Login, client: FlaskClient, name: str, end: str
) -> None:
    _choose(login(name), garden, "hide", end)
    assert garden.related("no-dig-beds") == ["Worms: links here"]
    assert garden.related("heaps") == []
    assert not read(client, "/posts/heaps").css("#related .related-title")
    assert garden.linkbacks()[0].decided_by == name


def test_it_stays_hidden_whatever_is_saved_at_either_end(garden: Garden, login: Login) -> None:
    _choose(login("ida"), garden, "hide")
    garden.write("heaps", f"Other words. {TO_BEDS}")
    garden.write("no-dig-beds", "Other words.")
    garden.unpublish("heaps")
    garden.write("heaps", TO_BEDS)
    assert garden.linkbacks()[0].status == "rejected"
    assert garden.related("heaps") == []


def test_it_is_listed_as_hidden_and_can_be_shown_again(garden: Garden, login: Login) -> None:
    ida = login("ida")
    _choose(ida, garden, "hide")
    assert "Hidden" in _row(ida, garden, "Heaps")
    _choose(ida, garden, "show")
    assert "Hidden" not in _row(ida, garden, "Heaps")
    assert garden.related("heaps") == ["No-dig beds: linked from here"]
    assert [made[:2] for made in garden.decisions()[-2:]] == [
        ("approved", "rejected"),
        ("rejected", "approved"),
    ]


def test_hiding_is_a_decision_that_a_moderator_can_undo(app: Flask, garden: Garden) -> None:
    ida, mo = garden.user("ida"), garden.user("mo")
    with app.app_context():
        graph.hide(garden.linkbacks()[0].id, ida)
        standing = decisions.standing_decision(garden.linkbacks()[0].id)
        assert standing is not None
        batches.undo(standing.batch or "", mo)
    assert garden.related("heaps") == ["No-dig beds: linked from here"]


def test_a_hidden_link_that_was_taken_out_does_not_come_back_by_undo(app: Flask, garden: Garden) -> None:
    ida, mo = garden.user("ida"), garden.user("mo")
    kept = garden.linkbacks()[0].id
    with app.app_context():
        graph.hide(kept, ida)
    garden.write("heaps", "Nothing.")
    with app.app_context():
        graph.show(kept, ida)
        assert garden.linkbacks()[0].status == "rejected"
        standing = decisions.standing_decision(kept)
        assert isinstance(standing, Decision)
        decisions.undo(standing.id, mo)
        tasks.work_alone(5)
    assert garden.linkbacks()[0].status == "gone"


def test_a_hidden_link_that_was_taken_out_is_not_listed(garden: Garden, login: Login) -> None:
    ida = login("ida")
    _choose(ida, garden, "hide")
    garden.write("heaps", "Nothing.")
    page = read(ida, f"/admin/posts/{garden.linkbacks()[0].post_id}")
    assert [words(row) for row in page.css("#related .choice-row a")] == ["Worms"]


def test_hiding_a_pair_hides_both_links(garden: Garden, login: Login) -> None:
    garden.write("no-dig-beds", "From [heaps](/posts/heaps).")
    ida = login("ida")
    _choose(ida, garden, "hide")
    assert garden.related("heaps") == []
    assert garden.related("no-dig-beds") == ["Worms: links here"]
    _choose(ida, garden, "show")
    assert garden.related("heaps") == ["No-dig beds: each links to the other"]


def test_a_pinned_post_comes_first_and_stays_so(garden: Garden, login: Login) -> None:
    assert garden.related("no-dig-beds")[0] == "Worms: links here"
    ida = login("ida")
    _choose(ida, garden, "pin")
    garden.write("heaps", f"Other words. {TO_BEDS}")
    garden.write("leaves", TO_BEDS)
    assert garden.related("no-dig-beds") == ["Heaps: links here", "Leaves: links here", "Worms: links here"]
    assert "Pinned" in _row(ida, garden, "Heaps")
    _choose(ida, garden, "unpin")
    assert garden.related("no-dig-beds")[-1] == "Heaps: links here"


def test_a_pinned_post_is_shown_however_many_are_newer(garden: Garden, login: Login) -> None:
    _choose(login("ida"), garden, "pin")
    for number in range(14):
        garden.write(f"leaves-{number}", TO_BEDS)
    shown = garden.related("no-dig-beds")
    assert (shown[0], len(shown)) == ("Heaps: links here", 12)


def test_a_page_of_the_blog_that_is_no_post_can_be_hidden(app: Flask, garden: Garden, login: Login) -> None:
    row = linkback(app, "no-dig-beds", internal=True, source_url=f"{BASE}/about", lifted_title="About")
    with app.app_context(), writing() as session:
        session.execute(update(Linkback).where(Linkback.id == row).values(checked_at=Linkback.received_at))
    _choose(login("ida"), garden, "hide", of=2)
    assert "About: links here" not in garden.related("no-dig-beds")


def test_htmx_gets_the_panel_and_a_word(garden: Garden, login: Login) -> None:
    ida, kept = login("ida"), garden.linkbacks()[0]
    path = f"/admin/posts/{kept.post_id}"
    answer = ida.post(
        f"{path}/related/{kept.id}",
        data={"action": "hide", "csrf_token": token(ida.get(path))},
        headers={"HX-Request": "true"},
    )
    fragment = LexborHTMLParser(answer.text)
    assert "<html" not in answer.text
    assert "Hidden" in words(only(fragment, "#related"))
    assert "“Heaps” is hidden on both posts." in words(only(fragment, "#toasts"))


def test_a_moderator_has_no_say_and_a_stranger_is_sent_to_sign_in(garden: Garden, login: Login) -> None:
    kept = garden.linkbacks()[0]
    path = f"/admin/posts/{kept.post_id}/related/{kept.id}"
    mo = login("mo")
    csrf = token(mo.get("/admin/account"))
    assert mo.post(path, data={"action": "hide", "csrf_token": csrf}).status_code == 403
    assert login("ida").post(path, data={"action": "hide"}).status_code == 400
    assert garden.linkbacks()[0].status == "approved"


@pytest.mark.parametrize(
    ("post", "kept", "action", "status"),
    [(1, 999, "hide", 404), (2, 1, "hide", 404), (999, 1, "hide", 404), (1, 1, "burn", 400), (1, 1, "", 400)],
)
def test_nonsense_is_refused(
    garden: Garden, login: Login, post: int, kept: int, action: str, status: int
) -> None:
    ida = login("ida")
    data = {"action": action, "csrf_token": token(ida.get("/admin/posts/1"))}
    assert ida.post(f"/admin/posts/{post}/related/{kept}", data=data).status_code == status
    assert garden.linkbacks()[0].status == "approved"


def test_a_linkback_from_elsewhere_is_nothing_to_choose_here(
    app: Flask, garden: Garden, login: Login
) -> None:
    row, ida = linkback(app, "no-dig-beds"), login("ida")
    data = {"action": "hide", "csrf_token": token(ida.get("/admin/posts/1"))}
    assert ida.post(f"/admin/posts/1/related/{row}", data=data).status_code == 404
    with app.app_context(), pytest.raises(LookupError):
        graph.pin(row, garden.user("ida"))


def test_a_draft_says_that_it_has_none_yet(garden: Garden, login: Login) -> None:
    garden.unpublish("no-dig-beds")
    page = read(login("ida"), f"/admin/posts/{garden.linkbacks()[0].post_id}")
    assert "A draft has none" in words(only(page, "#related"))
