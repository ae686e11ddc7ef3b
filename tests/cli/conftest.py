"""Commands as a person types them, on the test's blog."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """`run("linkbacks", "list")` gives the exit status and what was printed."""
    runner = app.test_cli_runner()

    def invoke(*words: str, stdin: str | bytes = "") -> Result:
        return runner.invoke(args=list(words), input=stdin)

    return invoke


@pytest.fixture
def listed(run: Run) -> Callable[..., Any]:
    """What `linkbacks list --json` prints, as objects."""

    def read(*options: str) -> Any:
        done = run("linkbacks", "list", "--json", *options)
        assert done.exit_code == 0
        return json.loads(done.stdout)

    return read
