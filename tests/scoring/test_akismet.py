"""Akismet over real HTTP against a service of our own on loopback."""

import socket
import time
from collections.abc import Iterator

import akismet as library
import pytest

from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.policy import decide
from blog_linkbacks.scoring import AkismetClient, score
from blog_linkbacks.scoring.akismet_client import AkismetAnswer, AkismetUnavailable, said
from blog_linkbacks.vocabulary import Evidence, Kind, Outcome, SiteHistory, Status
from tests.scoring.cast import honest, subject
from tests.support.akismet import AkismetServer

KEY = "k3y-of-the-blog"
BLOG = "https://blog.example/"
POST_URL = "https://blog.example/sourdough"


@pytest.fixture
def server() -> Iterator[AkismetServer]:
    with AkismetServer(key=KEY) as running:
        yield running


def client(root: str, key: str = KEY, timeout: float = 5.0) -> AkismetClient:
    return AkismetClient(key, root, BLOG, Fetcher(trusted_origin=root), timeout)


CLAIM = subject(
    kind=Kind.TRACKBACK,
    title="My first loaf",
    excerpt="Bread at last.",
    author="Crumbs",
    user_agent="Pinger/2",
).claim


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("ham", AkismetAnswer(False)),
        ("spam", AkismetAnswer(True)),
        ("discard", AkismetAnswer(True, discard=True)),
    ],
)
def test_the_three_answers(server: AkismetServer, answer: str, expected: AkismetAnswer) -> None:
    server.answer = answer  # type: ignore[assignment]
    assert client(server.url).check(CLAIM, POST_URL) == expected


def test_what_is_asked(server: AkismetServer) -> None:
    client(server.url).check(CLAIM, POST_URL)
    [asked] = server.asked
    assert asked.method == "comment-check"
    assert asked.user_agent == library.USER_AGENT
    assert asked.fields == {
        "api_key": KEY,
        "blog": BLOG,
        "user_ip": "192.0.2.7",
        "user_agent": "Pinger/2",
        "referrer": "",
        "permalink": POST_URL,
        "comment_type": "trackback",
        "comment_author": "Crumbs",
        "comment_author_url": "https://crumbs.example/2026/first-loaf",
        "comment_content": "My first loaf\n\nBread at last.",
        "blog_charset": "UTF-8",
    }


def test_a_root_with_a_path_keeps_it(server: AkismetServer) -> None:
    assert client(f"{server.url}/api").check(CLAIM, POST_URL) == AkismetAnswer(False)


def test_a_pingback_is_asked_about_in_the_page_s_words() -> None:
    plain = subject()
    assert said(plain.claim, plain.evidence) == (
        "Crumbs",
        "My first loaf\n\nThen I found Anna's notes about feeding the starter with rye flour.",
    )


@pytest.mark.parametrize("method", ["submit_spam", "submit_ham"])
def test_submissions_say_exactly_what_was_asked(server: AkismetServer, method: str) -> None:
    asking = client(server.url)
    asking.check(CLAIM, POST_URL, author="Crumbs", content="Bread")
    getattr(asking, method)(CLAIM, POST_URL, author="Crumbs", content="Bread")
    assert server.heard(method.replace("_", "-")) == server.heard("comment-check")


def test_a_second_look_names_its_reason(server: AkismetServer) -> None:
    client(server.url).check(CLAIM, POST_URL, recheck="edit")
    assert server.heard("comment-check")[0]["recheck_reason"] == "edit"


def test_the_key_is_verified(server: AkismetServer) -> None:
    assert client(server.url).verify_key() is True
    assert client(server.url, key="another").verify_key() is False


@pytest.mark.parametrize(
    ("answer", "invalid", "words"),
    [
        ("invalid", True, "does not know the key"),
        ("error", False, "status 500"),
        ("garbage", False, "makes no sense"),
    ],
)
def test_no_usable_answer_says_why(server: AkismetServer, answer: str, invalid: bool, words: str) -> None:
    server.answer = answer  # type: ignore[assignment]
    with pytest.raises(AkismetUnavailable, match=words) as caught:
        client(server.url).check(CLAIM, POST_URL)
    assert caught.value.invalid_key is invalid
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_slow_service_is_given_up_in_time(server: AkismetServer) -> None:
    server.answer = "slow"
    start = time.monotonic()
    with pytest.raises(AkismetUnavailable, match="could not be reached"):
        client(server.url, timeout=0.5).check(CLAIM, POST_URL)
    assert time.monotonic() - start < 10


def test_a_service_that_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AkismetUnavailable, match="could not be reached"):
        client(f"http://127.0.0.1:{port}").check(CLAIM, POST_URL)


def test_spam_is_decisive_and_names_its_check(server: AkismetServer) -> None:
    server.answer = "spam"
    friend = subject(history=SiteHistory(approved=50, from_address_approved=50))
    found = score(friend, akismet=client(server.url))
    verdict = decide(friend, found)
    assert found.proof == "akismet"
    assert (verdict.status, verdict.rule, verdict.reason) == (
        Status.SPAM,
        "clear_spam",
        "Akismet says: spam.",
    )


def test_a_trusted_site_is_approved_whatever_akismet_says(server: AkismetServer) -> None:
    server.answer = "discard"
    trusted = subject(history=SiteHistory(rule="trust"))
    assert decide(trusted, score(trusted, akismet=client(server.url))).rule == "trusted"


def test_not_spam_lowers_the_score(server: AkismetServer) -> None:
    found = score(subject(), akismet=client(server.url))
    assert found.value < score(subject()).value
    assert found.opinions[-1].contribution == -1.5


def test_a_silent_service_holds_and_is_asked_again_later(server: AkismetServer) -> None:
    server.answer = "error"
    found = score(subject(), akismet=client(server.url))
    verdict = decide(subject(), found)
    assert found.ask_again == "akismet"
    assert found.opinions[-1].strength is None
    assert (verdict.status, verdict.rule) == (Status.PENDING, "hold")
    assert "could not be asked" in verdict.reason


def test_akismet_is_not_asked_about_our_own_posts_nor_about_pages_that_do_not_link(
    server: AkismetServer,
) -> None:
    score(subject(internal=True), akismet=client(server.url))
    score(subject(Evidence(Outcome.NO_LINK)), akismet=client(server.url))
    assert server.asked == []


def test_one_question_per_score(server: AkismetServer) -> None:
    score(subject(honest()), akismet=client(server.url))
    assert len(server.asked) == 1
