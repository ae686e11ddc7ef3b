"""Files of labelled linkbacks, good and bad."""

import json
from pathlib import Path
from typing import Any

import pytest

from blog_linkbacks.evaluation import Case, CaseError, posts_beside, read_cases, read_posts
from blog_linkbacks.vocabulary import Kind
from tests.evaluation.cases import CASES, POSTS, first_case, written


def _read(path: Path) -> list[Case]:
    return list(read_cases(path, read_posts(posts_beside(path))))


def _refusal(path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        _read(path)
    return str(caught.value)


def test_a_case_says_what_the_sender_said() -> None:
    third = _read(CASES)[2]
    assert (third.claim.kind, third.claim.author, third.spam) == (Kind.TRACKBACK, "Fields", False)
    assert third.claim.target_url == third.target.urls[0] == "http://garden.example/posts/hedge"


def test_only_a_trackback_says_anything_of_its_page(tmp_path: Path) -> None:
    said = first_case()["submission"] | {"title": "A title", "excerpt": "<b>Words</b>"}
    files = [first_case(submission=said), first_case(submission=said, kind="trackback")]
    pingback, trackback = _read(written(tmp_path, *files))
    assert (pingback.claim.title, trackback.claim.title, trackback.claim.excerpt) == ("", "A title", "Words")


def test_a_post_of_the_blog_itself_is_internal() -> None:
    assert [case.family for case in _read(CASES) if case.internal] == ["own"]


def test_compression_is_seen_by_content_whatever_the_name(tmp_path: Path) -> None:
    assert len(_read(written(tmp_path, first_case(), compress=True))) == 1


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    assert len(_read(written(tmp_path, "\ufeff" + json.dumps(first_case()), "", first_case()))) == 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"label": "maybe"}, "label must be ham or spam"),
        ({"kind": "fax"}, "kind must be pingback or trackback or webmention"),
        ({"target": "nowhere"}, "no post with the id 'nowhere'"),
        ({"target": 7}, "target must be a text"),
        ({"submission": None}, "submission must be an object"),
        ({"submission": {"source_url": ""}}, "submission.source_url must be a text"),
        ({"source": {"pages": []}}, "source.pages must be a list of objects, at least one"),
        ({"source": {"pages": [{"url": "http://a.example/", "status": "200"}]}}, "source.pages[0].status must be"),
        ({"source": {"pages": [{"url": "http://a.example/", "status": 200, "headers": [1]}]}}, "headers must be"),
        ({"received": "yesterday"}, "received must be a moment in ISO 8601"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_line(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    refusal = _refusal(written(tmp_path, first_case(), first_case(**changes)))
    assert "line 2" in refusal
    assert what in refusal


@pytest.mark.parametrize(
    ("line", "what"), [("{", "not JSON"), ("[1]", "not a JSON object"), ("[" * 100_000, "not JSON")]
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str, what: str) -> None:
    refusal = _refusal(written(tmp_path, first_case(), line))
    assert "line 2" in refusal
    assert what in refusal


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, first_case())
    path.write_bytes(path.read_bytes() + b'{"id": "\xff"}\n')
    assert "line 2: not UTF-8 text (byte 8)" in _refusal(path)


def test_a_file_cut_short_in_compression_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, first_case(), compress=True)
    path.write_bytes(path.read_bytes()[:-300])
    assert "cannot be read after line" in _refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "there are no cases" in _refusal(written(tmp_path))


def test_posts_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="--posts"):
        posts_beside(tmp_path / "some.jsonl")
    (tmp_path / "posts.jsonl").write_text("\n")
    with pytest.raises(CaseError, match="no posts"):
        read_posts(tmp_path / "posts.jsonl")


def test_half_characters_are_replaced(tmp_path: Path) -> None:
    (case,) = _read(written(tmp_path, first_case(family="half \ud800")))
    assert case.family == "half ?"
    assert read_posts(POSTS)["worms"].title == "A worm bin on the balcony"
