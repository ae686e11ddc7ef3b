from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.cli.conftest import Run

POST = """---
title: Leaf mould
slug: leaf-mould
tags: [soil, compost]
date: 2026-01-31
accept_linkbacks: {accept}
---
Leaves moulder. See [the beds](/posts/no-dig-beds).
"""


def _file(tmp_path: Path, text: str | bytes, name: str = "post.md") -> str:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_publishing_prints_the_address_alone(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    done = run("posts", "publish", _file(tmp_path, POST.format(accept="true")))
    assert done.stdout == "http://blog.example/posts/leaf-mould\n"
    assert done.exit_code == 0
    page = client.get("/posts/leaf-mould")
    assert page.status_code == 200
    assert "X-Pingback" in page.headers


def test_publishing_again_updates_in_place(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    first = run("posts", "publish", _file(tmp_path, POST.format(accept="true")))
    again = run(
        "posts", "publish", _file(tmp_path, POST.format(accept="false").replace("Leaves", "Beech leaves"))
    )
    assert again.stdout == first.stdout
    page = client.get("/posts/leaf-mould")
    assert "Beech leaves moulder" in page.text
    assert "X-Pingback" not in page.headers


def test_a_file_without_front_matter_is_named_after_itself(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    done = run("posts", "publish", _file(tmp_path, "Just words.", "a-dry_may.md"))
    assert done.stdout == "http://blog.example/posts/a-dry-may\n"
    assert "A dry may" in client.get("/posts/a-dry-may").text


def test_an_internal_link_is_told_at_once(run: Run, tmp_path: Path, listed) -> None:  # type: ignore[no-untyped-def]
    run("posts", "publish", _file(tmp_path, POST.format(accept="true")))
    (linkback,) = listed()
    assert linkback["internal"] is True
    assert (linkback["status"], linkback["decided_by"]) == ("approved", "policy:internal")
    assert linkback["target_url"] == "http://blog.example/posts/no-dig-beds"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"\xff\xfe not text", "not UTF-8 text (byte 0)"),
        ("---\ntitle: [\n---\nx", "front matter"),
        ("---\ntitle: x\n", "no line of --- ends it"),
        ("---\nlayout: wide\n---\nx", "unknown front matter: layout"),
        ("---\ndate: soon\n---\nx", "date: 'soon' is not a date"),
        ("---\naccept_linkbacks: perhaps\n---\nx", "accept_linkbacks: true or false"),
        ("---\ntitle: x\n---\na\0b", "NUL"),
        ("x" * 2_000_000, "longer than"),
    ],
)
def test_a_file_that_will_not_do_publishes_nothing(
    run: Run, client: FlaskClient, tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    done = run("posts", "publish", _file(tmp_path, text))
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert done.stdout == ""
    assert client.get("/posts/post").status_code == 404


def test_a_file_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("posts", "publish", str(tmp_path / "nowhere.md")).exit_code == 2
    assert run("posts", "publish", str(tmp_path)).exit_code == 2


def test_unpublished_is_404_and_comes_back_at_the_same_address(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    run("posts", "publish", file := _file(tmp_path, POST.format(accept="true")))
    assert run("posts", "unpublish", "leaf-mould").exit_code == 0
    assert client.get("/posts/leaf-mould").status_code == 404
    run("posts", "publish", file)
    assert client.get("/posts/leaf-mould").status_code == 200


def test_deleted_is_410(run: Run, client: FlaskClient) -> None:
    done = run("posts", "delete", "no-dig-beds")
    assert (done.exit_code, done.stdout) == (0, "")
    assert client.get("/posts/no-dig-beds").status_code == 410


@pytest.mark.parametrize("verb", ["unpublish", "delete"])
def test_an_unknown_slug_is_refused_by_name(run: Run, verb: str) -> None:
    done = run("posts", verb, "nowhere")
    assert done.exit_code == 1
    assert "There is no post with the slug 'nowhere'." in done.stderr


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-12:00"])
def test_a_date_that_no_calendar_holds_is_named(run: Run, tmp_path: Path, date: str) -> None:
    file = tmp_path / "soil.md"
    file.write_text(f"---\ntitle: Soil\ndate: {date}\n---\nWords.")
    done = run("posts", "publish", str(file))
    assert (done.exit_code, done.output.startswith("Error: date: ")) == (1, True)
