"""flask linkbacks rescore."""

import pytest
from flask import Flask

from blog_linkbacks.settings import preferences
from tests.cli.conftest import Run
from tests.moderation.world import arrive, keep, read, status
from tests.support.web import Web


@pytest.fixture(autouse=True)
def held(app: Flask) -> None:
    with app.app_context():
        preferences.save(clear_ham=None)


def test_named_linkbacks_are_scored_anew(app: Flask, web: Web, run: Run) -> None:
    one = arrive(app, web)
    done = run("linkbacks", "rescore", str(one), str(one))
    assert done.exit_code == 0
    score = f"{read(app, one).score:.2f}"
    assert done.stderr == f"{one}: pending, {score} -> {score}\n"


def test_all_that_wait_follow_the_settings(app: Flask, web: Web, run: Run) -> None:
    spammy = {
        "title": "x",
        "excerpt": "A note on soil, see http://beds.example/",
    }
    one, other = arrive(app, web, said=spammy), keep(app, "http://unseen.example/")
    with app.app_context():
        preferences.save(clear_spam=0.5)
    done = run("linkbacks", "rescore", "--waiting")
    assert done.exit_code == 0
    assert done.stderr.splitlines()[0].startswith(f"{one}: spam, 0.")
    assert (
        done.stderr.splitlines()[1] == f"{other}: pending, not scored: no page that links here is known of it"
    )
    assert status(app, one) == "spam"


@pytest.mark.parametrize("words", [(), ("1", "--waiting")])
def test_either_ids_or_all_that_wait(run: Run, words: tuple[str, ...]) -> None:
    assert run("linkbacks", "rescore", *words).exit_code == 2


def test_an_unknown_id_is_named_and_nothing_is_done(app: Flask, web: Web, run: Run) -> None:
    one = arrive(app, web)
    done = run("linkbacks", "rescore", str(one), "999")
    assert done.exit_code == 1
    assert done.stderr == "Error: There is no linkback 999.\n"
