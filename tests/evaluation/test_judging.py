"""A case's pages in place of the network: what verification sees of them."""

from pathlib import Path
from typing import Any

import pytest

from blog_linkbacks.evaluation import Judged, judge, posts_beside, read_cases, read_posts
from blog_linkbacks.evaluation.serving import RecordedFetcher
from blog_linkbacks.fetch import FetchError
from blog_linkbacks.vocabulary import NearMiss, Outcome, Placement, Status
from tests.evaluation.cases import first_case, judged, written

HERE = "http://flat.example/worms-at-home"
POST = "http://garden.example/posts/worms"


def _family(name: str) -> Judged:
    return next(one for one in judged() if one.case.family == name)


def _of_pages(folder: Path, *pages: dict[str, Any]) -> Judged:
    source = {"pages": [{"url": HERE, "status": 200, "body": "", **page} for page in pages]}
    path = written(folder, first_case(source=source))
    return judge(next(read_cases(path, read_posts(posts_beside(path)))))


def test_a_page_is_verified_as_if_fetched() -> None:
    one = judged()[0]
    seen = one.subject.evidence
    assert (seen.outcome, seen.placement, seen.status) == (Outcome.LINKED, Placement.ARTICLE, 200)
    assert (seen.final_url, seen.address, seen.title) == (HERE, "192.0.2.10", "Worms at home")
    assert one.verify_ms > 0


def test_redirects_are_followed_by_location() -> None:
    seen = _family("moved").subject.evidence
    assert (seen.outcome, seen.redirects) == (Outcome.LINKED, ("https://old.example/worms/",))


@pytest.mark.parametrize(
    ("family", "outcome", "miss"),
    [
        ("refused", Outcome.UNREACHABLE, None),
        ("missing", Outcome.NOT_FOUND, None),
        ("no_link", Outcome.NO_LINK, NearMiss.NOTHING),
        ("leads_here", Outcome.NO_LINK, NearMiss.REDIRECTED),
        ("round_and_round", Outcome.REDIRECT_LOOP, NearMiss.REDIRECTED),
    ],
)
def test_what_does_not_link_is_unverified(family: str, outcome: Outcome, miss: NearMiss | None) -> None:
    one = _family(family)
    assert (one.verdict.status, one.score) == (Status.UNVERIFIED, None)
    assert (one.subject.evidence.outcome, one.subject.evidence.near_miss) == (outcome, miss)


def test_a_hidden_link_is_spam_and_an_own_post_is_approved() -> None:
    assert _family("hidden").verdict.status is Status.SPAM
    assert _family("own").verdict.rule == "internal"


def test_a_redirect_to_nowhere_recorded_is_not_looked_up(tmp_path: Path) -> None:
    one = _of_pages(tmp_path, {"status": 302, "headers": {"location": "http://elsewhere.example/"}})
    assert one.subject.evidence.outcome is Outcome.DNS_FAILURE
    assert one.subject.evidence.final_url == "http://elsewhere.example/"


def test_a_redirect_off_the_web_is_forbidden(tmp_path: Path) -> None:
    one = _of_pages(tmp_path, {"status": 302, "headers": {"Location": "mailto:a@b.example"}})
    assert one.subject.evidence.outcome is Outcome.FORBIDDEN


def test_a_redirect_without_location_is_an_answer(tmp_path: Path) -> None:
    assert _of_pages(tmp_path, {"status": 302}).subject.evidence.outcome is Outcome.CLIENT_ERROR


def test_the_declared_type_counts(tmp_path: Path) -> None:
    body = f'<p><a href="{POST}">worms</a></p>'
    image = _of_pages(tmp_path, {"headers": {"Content-Type": "image/png"}, "body": body})
    text = _of_pages(tmp_path, {"headers": {"Content-Type": "text/plain"}, "body": body})
    undeclared = _of_pages(tmp_path, {"body": body})
    outcomes = [one.subject.evidence.outcome for one in (image, text, undeclared)]
    assert outcomes == [Outcome.NOT_TEXT, Outcome.NO_LINK, Outcome.LINKED]


@pytest.mark.parametrize(
    "declared", ["text/html; charset=Shift_JIS", "text/html; charset=windows-1252", "text/html"]
)
def test_text_is_read_as_recorded_whatever_its_encoding(tmp_path: Path, declared: str) -> None:
    body = f'<meta charset="iso-8859-1"><p>ミミズ café <a href="{POST}">worms</a></p>'
    one = _of_pages(tmp_path, {"headers": {"Content-Type": declared}, "body": body})
    assert one.subject.evidence.sentence.before == "ミミズ café "


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost.example/", "file:///etc/hostname"])
def test_a_recorded_case_has_no_network(url: str) -> None:
    fetcher = RecordedFetcher(judged()[0].case)
    with pytest.raises(FetchError, match="No page is recorded"):
        fetcher.get(url)
    with pytest.raises(FetchError):
        fetcher.head(url)
