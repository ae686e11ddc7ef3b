"""The blog's own link graph: true at both ends after every change, without a request, a queue or a limit."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from blog_linkbacks import create_app, tasks
from blog_linkbacks.blog import graph
from blog_linkbacks.blog.tables import PostLink
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.sending.tables import Delivery
from tests.blog.garden import Garden
from tests.conftest import BASE
from tests.pages.pages import read
from tests.support.postgres import Database
from tests.support.web import Web

TO_BEDS = "See [the beds](/posts/no-dig-beds)."
THERE = ["Heaps: links here"]
HERE = ["No-dig beds: linked from here"]


@pytest.fixture
def environ(database: Database) -> dict[str, str]:
    """The fetcher may reach no address of this machine, and one linkback a day is all that intake takes."""
    return {
        "LINKBACKS_BASE_URL": BASE,
        "LINKBACKS_INTERNAL_HOSTS": "old.example",
        "LINKBACKS_RATE_LIMIT": "1 per day",
        **database.variables,
    }


@pytest.fixture
def garden(app: Flask) -> Garden:
    return Garden(app)


def _ends(garden: Garden) -> tuple[list[str], list[str]]:
    return garden.related("no-dig-beds"), garden.related("heaps")


def test_a_link_is_one_approved_record_by_policy(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    kept = garden.only()
    assert (kept.kind, kept.status, kept.internal, kept.decided_by) == (
        "pingback",
        "approved",
        True,
        "policy:internal",
    )
    assert (kept.source_url, kept.target_url) == (f"{BASE}/posts/heaps", f"{BASE}/posts/no-dig-beds")
    assert garden.decisions() == [("received", "approved", "policy:internal")]
    assert _ends(garden) == (THERE, HERE)


@pytest.mark.parametrize(
    "url",
    [
        f"{BASE}/posts/no-dig-beds",
        "/posts/no-dig-beds",
        "no-dig-beds",
        "../posts/./no-dig-beds",
        "//blog.example/posts/no-dig-beds",
        "https://BLOG.example:443/posts/no-dig-beds/",
        "http://www.blog.example/posts/no%2Ddig-beds?utm_source=me#top",
        "http://old.example/posts/no-dig-beds",
    ],
)
def test_every_spelling_of_the_address_counts(garden: Garden, url: str) -> None:
    garden.write("heaps", f"See [the beds]({url}).")
    assert _ends(garden) == (THERE, HERE)
    assert garden.only().target_url == f"{BASE}/posts/no-dig-beds"


@pytest.mark.parametrize(
    "url", ["http://far.example/posts/no-dig-beds", "/posts/no-dig-beds/trackback", "/posts/", "/tags/soil"]
)
def test_other_addresses_do_not(garden: Garden, url: str) -> None:
    garden.write("heaps", f"See [the beds]({url}).")
    assert garden.linkbacks() == []


def test_several_links_are_one_record_with_the_first_sentence(garden: Garden) -> None:
    garden.write("heaps", f"Look at [this](/posts/no-dig-beds#a). Again: [that]({BASE}/posts/no-dig-beds).")
    assert garden.only().excerpt == "Look at this."
    assert _ends(garden) == (THERE, HERE)


def test_a_link_to_itself_is_none(garden: Garden) -> None:
    garden.write("heaps", f"[Here](#x), [here](/posts/heaps) and [here]({BASE}/posts/heaps/).")
    garden.move("heaps", "piles")
    assert garden.linkbacks() == []


def test_an_edit_changes_the_sentence_at_both_ends(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    garden.write("heaps", "Go to [these beds](/posts/no-dig-beds) now.", title="Piles")
    kept = garden.only()
    assert (kept.before, kept.anchor, kept.after, kept.title) == ("Go to ", "these beds", " now.", "Piles")
    assert _ends(garden) == (["Piles: links here"], HERE)


def test_saving_again_decides_nothing_anew(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    before = garden.only()
    garden.write("heaps", TO_BEDS)
    garden.write("no-dig-beds", "Other words.")
    assert garden.only().version == before.version
    assert len(garden.decisions()) == 1


def test_a_link_taken_out_is_gone_and_put_back_is_approved(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    garden.write("heaps", "Nothing.")
    assert garden.only().status == "gone"
    assert _ends(garden) == ([], [])
    garden.write("heaps", TO_BEDS)
    assert garden.only().status == "approved"
    assert _ends(garden) == (THERE, HERE)


@pytest.mark.parametrize("end", ["heaps", "no-dig-beds"])
def test_unpublishing_either_end_ends_it_until_it_is_published_again(garden: Garden, end: str) -> None:
    body = {"heaps": TO_BEDS, "no-dig-beds": "Words."}[end]
    garden.write("heaps", TO_BEDS)
    garden.unpublish(end)
    assert garden.only().status == "gone"
    assert _ends(garden) == ([], [])
    garden.write(end, body)
    assert garden.only().status == "approved"
    assert _ends(garden) == (THERE, HERE)


@pytest.mark.parametrize("end", ["heaps", "no-dig-beds"])
def test_deleting_either_end_ends_it_for_good(garden: Garden, end: str) -> None:
    garden.write("heaps", TO_BEDS)
    garden.delete(end)
    garden.write("no-dig-beds" if end == "heaps" else "heaps", TO_BEDS)
    assert garden.only().status == "gone"
    assert garden.related("heaps") == [] == garden.related("no-dig-beds")


def test_a_new_address_of_either_end_is_the_one_shown(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    garden.move("heaps", "piles")
    garden.move("no-dig-beds", "beds")
    kept = garden.only()
    assert (kept.source_url, kept.target_url) == (f"{BASE}/posts/piles", f"{BASE}/posts/beds")
    assert garden.related("beds") == THERE
    assert garden.related("piles") == HERE


def test_a_link_by_a_former_address_counts_and_stays_one_record(garden: Garden) -> None:
    garden.move("no-dig-beds", "beds")
    garden.write("heaps", f"{TO_BEDS} And [again](/posts/beds).")
    assert garden.only().target_url == f"{BASE}/posts/beds"
    assert garden.related("beds") == THERE


def test_a_link_to_a_post_that_is_published_later_counts_from_then_on(garden: Garden) -> None:
    garden.write("heaps", "See [the worms](/posts/worms) soon.")
    assert garden.linkbacks() == []
    garden.write("worms", "They came.")
    assert garden.related("worms") == THERE
    assert garden.related("heaps") == ["Worms: linked from here"]


def test_a_link_to_an_address_that_a_post_takes_later_counts_too(garden: Garden) -> None:
    garden.write("heaps", "See [the worms](/posts/worms) soon.")
    garden.move("no-dig-beds", "worms")
    assert garden.related("worms") == THERE


def test_each_link_of_a_pair_has_its_own_record(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    garden.write("no-dig-beds", "From [heaps](/posts/heaps).")
    assert _ends(garden) == (["Heaps: each links to the other"], ["No-dig beds: each links to the other"])
    garden.write("no-dig-beds", "Nothing.")
    assert [row.status for row in garden.linkbacks()] == ["approved", "gone"]
    assert _ends(garden) == (THERE, HERE)


def test_a_closed_post_is_related_all_the_same(garden: Garden) -> None:
    garden.write("no-dig-beds", "Words.", accept_linkbacks=False)
    garden.write("heaps", TO_BEDS)
    assert _ends(garden) == (THERE, HERE)


def test_links_in_many_posts_are_never_too_many(garden: Garden) -> None:
    for number in range(5):
        garden.write(f"heaps-{number}", TO_BEDS)
    assert {row.status for row in garden.linkbacks()} == {"approved"}


def test_none_appears_among_responses_or_waits_for_anybody(garden: Garden, client: FlaskClient) -> None:
    garden.write("heaps", TO_BEDS)
    garden.write("heaps", "Nothing.")
    garden.write("heaps", TO_BEDS)
    page = read(client, "/posts/no-dig-beds")
    assert len(page.css("#related li")) == 1
    assert not page.css(".response")
    assert not page.css("#responses .count")
    with garden.app.app_context():
        counts = status_counts()
    assert {status: number for status, number in counts.items() if number} == {"approved": 1}


def test_the_counters_are_what_the_rows_say(garden: Garden) -> None:
    for number in range(4):
        garden.write(f"heaps-{number}", TO_BEDS)
    garden.write("heaps-0", "Nothing.")
    garden.unpublish("no-dig-beds")
    garden.write("no-dig-beds", "Words.")
    with garden.app.app_context():
        counts = {status: number for status, number in status_counts().items() if number}
    assert counts == {"approved": 3, "gone": 1}


def test_a_linkback_that_a_stranger_sends_of_an_own_link_meets_its_record(
    garden: Garden, client: FlaskClient
) -> None:
    garden.write("heaps", TO_BEDS)
    client.post("/webmention", data={"source": f"{BASE}/posts/heaps", "target": f"{BASE}/posts/no-dig-beds"})
    assert garden.only().status == "approved"


def test_nothing_is_asked_over_the_network(root: Path) -> None:
    """The blog's address is a server that would answer; the worker's whole work is done, and it was asked nothing."""
    with Web() as own:
        app = create_app({"LINKBACKS_BASE_URL": own.url("/").rstrip("/")}, root)
        garden = Garden(app)
        garden.write("beds", "Words.")
        garden.write("heaps", "See [the beds](/posts/beds).")
        garden.unpublish("beds")
        garden.write("beds", "More words.")
        with app.app_context():
            tasks.work_alone(5)
            deliveries = db.session.scalar(select(func.count()).select_from(Delivery))
        assert own.requests == []
    assert deliveries == 0
    assert garden.only().status == "approved"


def test_two_posts_hidden_from_each_other_stay_so_when_the_other_links_back(garden: Garden) -> None:
    garden.write("heaps", TO_BEDS)
    with garden.app.app_context():
        graph.hide(garden.only().id, garden.user("ida"))
    garden.write("no-dig-beds", "Back to [heaps](/posts/heaps).")
    assert _ends(garden) == ([], [])
    with garden.app.app_context():
        graph.show(garden.linkbacks()[0].id, garden.user("ida"))
    assert garden.related("heaps") == ["No-dig beds: each links to the other"]


def test_an_address_longer_than_any_of_ours_leads_to_no_post(garden: Garden) -> None:
    garden.write("heaps", f"[x](/posts/{'a' * 300}) {TO_BEDS}")
    with garden.app.app_context():
        slugs = db.session.scalars(select(PostLink.to_slug).order_by(PostLink.position)).all()
    assert slugs == [None, "no-dig-beds"]


def test_a_deleted_post_cannot_be_unpublished(garden: Garden, client: FlaskClient) -> None:
    garden.delete("no-dig-beds")
    with pytest.raises(LookupError):
        garden.unpublish("no-dig-beds")
    assert client.get("/posts/no-dig-beds").status_code == 410


def test_the_sentence_that_links_is_quoted_without_the_marks_of_footnotes(garden: Garden) -> None:
    garden.write("beds", "Words.")
    garden.write("worms", "See [the beds](/posts/beds)[^1] again.\n\n[^1]: Yes.")
    said = garden.only()
    assert (said.before, said.anchor, said.after) == ("See ", "the beds", " again.")
