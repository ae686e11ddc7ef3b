"""`flask linkbacks evaluate`, as a person types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.evaluation.cases import CASES, POSTS, first_case, written

Evaluate = Callable[..., Result]


@pytest.fixture
def evaluate(app: Flask) -> Evaluate:
    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=["linkbacks", "evaluate", *words])

    return run


def test_it_prints_the_figures(evaluate: Evaluate) -> None:
    done = evaluate(str(CASES))
    assert done.exit_code == 0
    assert done.stdout.startswith("15 cases: 7 ham, 8 spam\n")
    for words in ("AUC ", "ham lost ", "left to a person ", "FAMILY ", "PREDICTED", "the whole run: "):
        assert words in done.stdout


def test_it_prints_a_line_for_each_case(evaluate: Evaluate) -> None:
    lines = evaluate(str(CASES), "--cases").stdout.splitlines()
    assert lines[11].startswith("c12\tspam\trefused\t-\tunverified\tunverified\t")
    assert lines[15].startswith("15 cases")


def test_it_prints_what_else_is_wished_for(evaluate: Evaluate) -> None:
    done = evaluate(str(CASES), "--leave-one-out", "--by-family", "--replay", "2, 5")
    for words in ("WITHOUT", "Every family left out once", "5 (5 ham, 0 spam)", "as before"):
        assert words in done.stdout


def test_everything_is_in_the_json(evaluate: Evaluate) -> None:
    done = evaluate(str(CASES), "--json", "--leave-one-out", "--by-family", "--replay", "5")
    told = json.loads(done.stdout)
    assert told["figures"]["cases"] == len(told["cases"]) == 15
    assert told["cases"][11]["status"] == "unverified"
    assert len(told["reliability"]) == 10
    assert told["without"]
    assert told["elsewhere"]["families"]
    assert told["replays"][0]["undone"] is True


def test_posts_elsewhere_are_named(evaluate: Evaluate, tmp_path: Path) -> None:
    path = written(tmp_path, first_case())
    (tmp_path / "posts.jsonl").unlink()
    assert evaluate(str(path)).exit_code == 2
    assert evaluate(str(path), "--posts", str(POSTS)).exit_code == 0


@pytest.mark.parametrize("line", ["{", "", '{"id": 1}'])
def test_a_file_that_cannot_be_used_is_wrong_use(evaluate: Evaluate, tmp_path: Path, line: str) -> None:
    done = evaluate(str(written(tmp_path, line)))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "some.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("numbers", ["0", "a", "3,", "-1", "99999999999", "²"])
def test_numbers_that_are_none_are_wrong_use(evaluate: Evaluate, numbers: str) -> None:
    assert evaluate(str(CASES), "--replay", numbers).exit_code == 2
