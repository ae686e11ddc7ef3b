import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from blog_linkbacks import intake, pipeline
from blog_linkbacks.db import db
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.vocabulary import Claim, Kind, Receipt
from tests.cli.conftest import Run
from tests.conftest import publish
from tests.support.pages import article
from tests.support.web import Web

TARGET = "http://blog.example/posts/no-dig-beds"
FIELDS = {
    "id", "kind", "status", "source_url", "target_url", "title", "excerpt", "author", "score", "signals",
    "internal", "received_at", "decided_at", "decided_by",
}  # fmt: skip
Listed = Callable[..., Any]


@pytest.fixture
def waiting(app: Flask, web: Web) -> int:
    """A pingback from a real page elsewhere, checked, waiting for a decision."""
    return _arrive(app, web.route("/notes", article(TARGET)))


def _arrive(app: Flask, source: str, target: str = TARGET, *, check: bool = True, **said: str) -> int:
    with app.app_context():
        kind = Kind(said.pop("kind", "pingback"))
        receipt = intake.receive(Claim(kind, source, target, **said))
        assert isinstance(receipt, Receipt)
        if check:
            pipeline.process(receipt.linkback_id)
        return receipt.linkback_id


def test_an_empty_list_is_an_empty_array(run: Run) -> None:
    assert json.loads(run("linkbacks", "list", "--json").stdout) == []


def test_an_object_has_the_fields_of_the_contract(web: Web, waiting: int, listed: Listed) -> None:
    (found,) = listed()
    assert set(found) == FIELDS
    assert found["id"] == waiting
    assert (found["kind"], found["status"], found["internal"]) == ("pingback", "pending", False)
    assert found["source_url"] == web.url("/notes")
    assert found["target_url"] == TARGET
    assert "clearest account of soil" in found["excerpt"]
    assert found["decided_by"] == "policy:hold"
    for moment in (found["received_at"], found["decided_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", moment)


def test_signals_add_up_to_the_score(waiting: int, listed: Listed) -> None:
    (found,) = listed()
    assert all(set(signal) == {"name", "score", "weight", "detail"} for signal in found["signals"])
    log_odds = sum(signal["score"] * signal["weight"] for signal in found["signals"])
    assert found["score"] == pytest.approx(1 / (1 + math.exp(-log_odds)))


def test_a_source_is_listed_exactly_as_sent_and_a_target_canonically(app: Flask, listed: Listed) -> None:
    source = "HTTP://News.Example:80/A%7Eb/?utm_source=x#top"
    _arrive(app, source, "http://BLOG.example/posts/no-dig-beds/?a=1#x", check=False)
    (found,) = listed()
    assert found["source_url"] == source
    assert found["target_url"] == TARGET
    assert found["score"] is None
    assert found["decided_at"] is None


def test_the_newest_comes_first_and_filters_narrow(app: Flask, waiting: int, listed: Listed) -> None:
    other = "http://blog.example/posts/compost-basics"
    second = _arrive(app, "http://a.example/1", other, check=False)
    assert [found["id"] for found in listed()] == [second, waiting]
    assert [found["id"] for found in listed("--status", "pending")] == [waiting]
    assert [
        found["id"] for found in listed("--target", "https://blog.example/posts/compost-basics/?x#y")
    ] == [second]
    assert listed("--target", "http://elsewhere.example/posts/compost-basics") == []
    assert listed("--status", "spam", "--target", other) == []


def test_an_unpublished_posts_linkbacks_are_still_found(run: Run, waiting: int, listed: Listed) -> None:
    run("posts", "unpublish", "no-dig-beds")
    assert [found["id"] for found in listed("--target", TARGET)] == [waiting]


def test_a_trackback_is_listed_with_what_it_said(app: Flask, listed: Listed) -> None:
    said = {"title": "T", "excerpt": "e" * 255, "author": "Blog 日本"}
    _arrive(app, "http://a.example/1", kind="trackback", check=False, **said)
    (found,) = listed()
    assert {name: found[name] for name in said} == said


def test_without_json_it_is_a_table(run: Run, waiting: int, web: Web) -> None:
    head, row = run("linkbacks", "list").stdout.splitlines()
    assert head.split() == ["ID", "STATUS", "KIND", "SCORE", "RECEIVED", "SOURCE", "POST"]
    assert row.split()[:3] == [str(waiting), "pending", "pingback"]
    assert row.endswith("no-dig-beds")


def test_a_table_row_is_one_line_whatever_was_sent(app: Flask, run: Run) -> None:
    _arrive(app, "http://a.example/\u2028\u202e" + "x" * 300, check=False)
    assert len(run("linkbacks", "list").stdout.split("\n")) == 3


@pytest.mark.parametrize(
    ("verb", "status"), [("approve", "approved"), ("reject", "rejected"), ("spam", "spam")]
)
def test_a_decision_is_that_of_the_oldest_admin(
    run: Run, waiting: int, listed: Listed, verb: str, status: str
) -> None:
    done = run("linkbacks", verb, str(waiting))
    assert (done.exit_code, done.stdout) == (0, "")
    (found,) = listed()
    assert (found["status"], found["decided_by"]) == (status, "ana")


def test_somebody_else_can_decide(run: Run, waiting: int, listed: Listed) -> None:
    assert run("linkbacks", "approve", str(waiting), "--as", "mo").exit_code == 0
    assert listed()[0]["decided_by"] == "mo"
    assert "no user named eve" in run("linkbacks", "spam", str(waiting), "--as", "eve").stderr


def test_several_are_decided_together_or_not_at_all(
    run: Run, app: Flask, waiting: int, listed: Listed
) -> None:
    second = _arrive(app, "http://a.example/1", check=False)
    refused = run("linkbacks", "reject", str(waiting), str(second), "999")
    assert refused.exit_code == 1
    assert "There is no linkback 999." in refused.stderr
    assert {found["status"] for found in listed()} == {"pending", "received"}
    assert run("linkbacks", "reject", str(waiting), str(second)).exit_code == 0
    assert {found["status"] for found in listed()} == {"rejected"}


def test_what_is_so_already_stays_as_it_is(run: Run, waiting: int) -> None:
    assert run("linkbacks", "approve", str(waiting)).exit_code == 0
    assert run("linkbacks", "approve", str(waiting)).exit_code == 0
    (entry,) = json.loads(run("linkbacks", "list", "--json").stdout)
    assert entry["status"] == "approved"


@pytest.mark.parametrize(
    "words",
    [("approve",), ("approve", "x"), ("approve", "0"), ("list", "--status", "lost"), ("recheck",),
     ("recheck", "1", "--due"), ("explain",), ("nonsense",)],
)  # fmt: skip
def test_wrong_use_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    assert run("linkbacks", *words).exit_code == 2


@pytest.mark.parametrize("verb", ["approve", "spam", "recheck", "explain"])
def test_an_unknown_linkback_is_refused_by_number(run: Run, verb: str) -> None:
    done = run("linkbacks", verb, "12345678901234567")
    assert done.exit_code == 1
    assert "There is no linkback 12345678901234567." in done.stderr


def test_a_recheck_notices_that_the_link_is_gone(run: Run, web: Web, waiting: int, listed: Listed) -> None:
    run("linkbacks", "approve", str(waiting))
    web.route("/notes", "<!doctype html><title>Empty</title><p>Nothing here any more.")
    done = run("linkbacks", "recheck", str(waiting))
    assert (done.exit_code, done.stderr.strip()) == (0, f"{waiting}: gone")
    assert listed()[0]["status"] == "gone"


def test_a_recheck_leaves_a_decided_rejection(run: Run, waiting: int) -> None:
    run("linkbacks", "reject", str(waiting))
    assert run("linkbacks", "recheck", str(waiting)).stderr.strip() == f"{waiting}: rejected"


def test_all_that_is_due_is_checked(app: Flask, run: Run, web: Web, listed: Listed) -> None:
    from blog_linkbacks.db import now, writing
    from blog_linkbacks.linkbacks import Linkback

    ids = [_arrive(app, web.route(f"/n{number}", article(TARGET)), check=False) for number in range(3)]
    with app.app_context(), writing() as session:
        for linkback_id in ids:
            session.get_one(Linkback, linkback_id).due_at = now()
    assert run("linkbacks", "recheck", "--due").exit_code == 0
    assert {found["status"] for found in listed()} == {"pending"}
    assert run("linkbacks", "recheck", "--due").stderr == ""


def test_a_score_is_explained_in_sentences(run: Run, waiting: int) -> None:
    done = run("linkbacks", "explain", str(waiting))
    assert done.exit_code == 0
    assert done.stdout.startswith("Score 0.")
    assert "The page links to this post." in done.stdout
    assert "Akismet is not configured." in done.stdout


def test_what_has_no_score_is_said_so(app: Flask, run: Run) -> None:
    linkback_id = _arrive(app, "http://a.example/1", check=False)
    done: Result = run("linkbacks", "explain", str(linkback_id))
    assert done.exit_code == 1
    assert "has no score" in done.stderr


def test_with_no_user_nobody_can_decide(environ: dict[str, str], root) -> None:  # type: ignore[no-untyped-def]
    from blog_linkbacks import create_app

    done = create_app(environ, root).test_cli_runner().invoke(args=["linkbacks", "approve", "1"])
    assert done.exit_code == 1
    assert "no admin to decide as" in done.stderr


def test_explain_says_that_a_link_of_one_s_own_is_not_scored(app: Flask, run: Run) -> None:
    publish(app, "Beds again", "After [no-dig beds](/posts/no-dig-beds) came more.")
    with app.app_context():
        one = db.session.scalars(select(Linkback.id).where(Linkback.internal)).one()
    told = run("linkbacks", "explain", str(one))
    assert told.exit_code == 1
    assert "a link of the blog's own: approved by rule, not scored." in told.stderr
