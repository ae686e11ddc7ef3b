"""Akismet over real HTTP against a service of our own on loopback."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import akismet as library
import pytest

from blog_linkbacks.fetch import Fetcher
from blog_linkbacks.policy import Thresholds, decide
from blog_linkbacks.scoring import AkismetClient, score
from blog_linkbacks.scoring.akismet_breaker import PROBE, TOLERATED, Breaker, Condition, Trouble
from blog_linkbacks.scoring.akismet_client import AkismetAnswer, AkismetUnavailable, Usage
from blog_linkbacks.scoring.akismet_form import form, said
from blog_linkbacks.vocabulary import (
    Asked,
    CheckState,
    Evidence,
    Kind,
    Opinion,
    Outcome,
    Score,
    SiteHistory,
    Status,
    Subject,
)
from tests.scoring.cast import honest, subject
from tests.support.akismet import AkismetServer, Answer

KEY = "k3y-of-the-blog"
BLOG = "https://blog.example/"
FORM = {"blog": BLOG, "user_ip": "192.0.2.7", "comment_type": "pingback", "is_test": "1"}


@pytest.fixture
def server() -> Iterator[AkismetServer]:
    with AkismetServer(key=KEY) as running:
        yield running


@dataclass
class Clock:
    """Time that passes when a test says so."""

    moment: datetime = datetime(2026, 11, 24, tzinfo=UTC)
    conditions: list[Condition] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def breaker(self) -> Breaker:
        return Breaker(self.conditions.append, self)


def client(root: str, key: str = KEY, timeout: float = 5.0, breaker: Breaker | None = None) -> AkismetClient:
    return AkismetClient(key, root, BLOG, Fetcher(trusted_origin=root), timeout, breaker)


def opinion(found: Score) -> Opinion:
    return next(o for o in found.opinions if o.name == "akismet")


def stranger() -> Subject:
    """A site approved before, with nothing against it: what a generous threshold approves by itself."""
    return subject(history=SiteHistory(approved=3))


# What is asked


def test_everything_known_is_asked_and_nothing_invented(server: AkismetServer) -> None:
    made = subject(
        kind=Kind.TRACKBACK,
        title="My first loaf",
        excerpt="Bread at last.",
        author="Crumbs",
        user_agent="Pinger/2",
        referrer="https://crumbs.example/",
    )
    received = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    known = replace(
        made,
        received_at=received,
        target=replace(made.target, published_at=received - timedelta(days=1)),
    )
    score(known, akismet=client(server.url))
    [asked] = server.asked
    assert (asked.method, asked.user_agent) == ("comment-check", library.USER_AGENT)
    assert asked.fields == {
        "api_key": KEY,
        "blog": BLOG,
        "user_ip": "192.0.2.7",
        "user_agent": "Pinger/2",
        "referrer": "https://crumbs.example/",
        "permalink": "https://blog.example/sourdough",
        "comment_type": "trackback",
        "comment_author": "Crumbs",
        "comment_author_url": "https://crumbs.example/2026/first-loaf",
        "comment_content": "My first loaf\n\nBread at last.",
        "comment_date_gmt": "2026-11-24T09:30:00Z",
        "comment_post_modified_gmt": "2026-11-23T09:30:00Z",
        "comment_context": "bread",
        "blog_lang": "en",
        "blog_charset": "UTF-8",
    }


def test_what_is_unknown_is_left_out() -> None:
    asked = form(subject(), BLOG)
    assert asked.keys().isdisjoint({"user_agent", "referrer", "comment_date_gmt", "comment_author_email"})
    assert asked.keys().isdisjoint({"is_test", "recheck_reason", "user_role"})


def test_a_pingback_is_asked_about_in_the_page_s_words() -> None:
    plain = subject()
    assert said(plain.claim, plain.evidence) == (
        "Crumbs",
        "My first loaf\n\nThen I found Anna's notes about feeding the starter with rye flour.",
    )


def test_without_the_sender_s_address_nothing_is_asked(server: AkismetServer) -> None:
    found = score(subject(sender_ip=""), akismet=client(server.url))
    assert (server.asked, found.ask_again, opinion(found).strength) == ([], "", None)


def test_akismet_is_not_asked_about_our_own_posts_nor_about_pages_that_do_not_link(
    server: AkismetServer,
) -> None:
    score(subject(internal=True), akismet=client(server.url))
    score(subject(Evidence(Outcome.NO_LINK)), akismet=client(server.url))
    assert server.asked == []


def test_a_root_with_a_path_keeps_it(server: AkismetServer) -> None:
    assert not client(f"{server.url}/api").check(FORM).spam


# Answers


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("ham", AkismetAnswer(False, guid="guid-1")),
        ("warning", AkismetAnswer(False, guid="guid-1")),
        ("spam", AkismetAnswer(True, guid="guid-1")),
        ("discard", AkismetAnswer(True, discard=True, guid="guid-1")),
        ("recheck", AkismetAnswer(False, guid="guid-1", again_after=120.0)),
    ],
)
def test_the_usable_answers(server: AkismetServer, answer: Answer, expected: AkismetAnswer) -> None:
    server.answer = answer
    assert client(server.url).check(FORM) == expected


@pytest.mark.parametrize(
    ("answer", "trouble", "words"),
    [
        ("invalid", Trouble.KEY, "does not know the key. We were unable"),
        ("error", Trouble.AWAY, "status 500"),
        ("garbage", Trouble.GARBLED, "makes no sense"),
        ("limit", Trouble.LIMIT, "takes no more questions"),
        ("suspended", Trouble.LIMIT, "no more questions with this key for now. Your account was suspended"),
        ("expired", Trouble.LIMIT, "no more questions"),
    ],
)
def test_no_usable_answer_says_why(
    server: AkismetServer, answer: Answer, trouble: Trouble, words: str
) -> None:
    server.answer = answer
    with pytest.raises(AkismetUnavailable, match=words) as caught:
        client(server.url).check(FORM)
    assert caught.value.trouble is trouble
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_slow_service_is_given_up_in_time(server: AkismetServer) -> None:
    server.answer = "slow"
    start = time.monotonic()
    with pytest.raises(AkismetUnavailable, match="could not be reached"):
        client(server.url, timeout=0.5).check(FORM)
    assert time.monotonic() - start < 10


def test_a_service_that_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AkismetUnavailable, match="could not be reached"):
        client(f"http://127.0.0.1:{port}").check(FORM)


# Answers as signals and verdicts


def test_spam_is_decisive_and_names_its_check(server: AkismetServer) -> None:
    server.answer = "spam"
    friend = subject(history=SiteHistory(approved=50, from_address_approved=50))
    found = score(friend, akismet=client(server.url))
    verdict = decide(friend, found)
    assert found.proof == "akismet"
    assert (verdict.status, verdict.rule) == (Status.SPAM, "clear_spam")
    assert verdict.reason == "Akismet says: spam."


def test_a_trusted_site_is_approved_whatever_akismet_says(server: AkismetServer) -> None:
    server.answer = "discard"
    trusted = subject(history=SiteHistory(rule="trust"))
    assert decide(trusted, score(trusted, akismet=client(server.url))).rule == "trusted"


def test_not_spam_lowers_the_score(server: AkismetServer) -> None:
    found = score(subject(), akismet=client(server.url))
    assert found.value < score(subject()).value
    assert opinion(found).contribution == -1.5


SILENT: tuple[Answer, ...] = ("error", "garbage", "invalid", "limit", "suspended", "expired", "recheck")


@pytest.mark.parametrize("answer", SILENT)
def test_while_akismet_is_silent_nothing_is_approved_and_it_is_asked_again(
    server: AkismetServer, answer: Answer
) -> None:
    generous = Thresholds(ham=0.999)
    assert decide(stranger(), score(stranger()), generous).status is Status.APPROVED
    server.answer = answer
    found = score(stranger(), akismet=client(server.url))
    verdict = decide(stranger(), found, generous)
    assert (found.ask_again, opinion(found).strength) == ("akismet", None)
    assert (verdict.status, verdict.rule) == (Status.PENDING, "hold")
    assert verdict.reason == opinion(found).detail


def test_an_answer_that_is_not_sure_yet_says_when_to_ask_again(server: AkismetServer) -> None:
    server.answer = "recheck"
    found = score(subject(), akismet=client(server.url))
    assert found.again_after == 120.0
    assert found.asked is not None
    assert found.asked.provisional
    assert "asked again in 120 seconds" in opinion(found).detail


def test_switched_off_it_is_not_asked(server: AkismetServer) -> None:
    score(subject(), akismet=client(server.url), states={"akismet": CheckState.OFF})
    assert server.asked == []


# What was asked is remembered, and stands


def asked_before(server: AkismetServer, **changes: object) -> Asked:
    found = score(subject(), akismet=client(server.url)).asked
    assert found is not None
    return replace(found, **changes)  # type: ignore[arg-type]


def test_the_form_is_remembered_to_the_letter_without_the_key(server: AkismetServer) -> None:
    server.answer = "discard"
    asked = asked_before(server)
    assert {**asked.form, "api_key": KEY} == server.heard("comment-check")[0]
    assert (asked.answer, asked.guid, asked.provisional) == ("discard", "guid-1", False)


def test_an_answer_stands_for_a_day_for_the_same_words(server: AkismetServer) -> None:
    server.answer = "spam"
    again = replace(subject(), asked=asked_before(server))
    found = score(again, akismet=client(server.url))
    assert (found.proof, len(server.asked)) == ("akismet", 1)
    assert found.asked == again.asked


def test_without_a_client_the_remembered_answer_is_repeated(server: AkismetServer) -> None:
    server.answer = "spam"
    again = replace(subject(), asked=asked_before(server))
    assert opinion(score(again)).detail == "Akismet says: spam."


@pytest.mark.parametrize(
    ("evidence", "changes", "reason"),
    [
        (honest(title="Another title"), {}, "edit"),
        (honest(), {"at": "2026-01-01T00:00:00+00:00"}, "recheck"),
        (honest(), {"provisional": True}, "recheck"),
    ],
)
def test_asking_again_names_its_reason(
    server: AkismetServer, evidence: Evidence, changes: dict[str, object], reason: str
) -> None:
    again = replace(subject(evidence), asked=asked_before(server, **changes))
    score(again, akismet=client(server.url))
    assert server.heard("comment-check")[1]["recheck_reason"] == reason
    assert "recheck_reason" not in server.heard("comment-check")[0]


@pytest.mark.parametrize("method", ["submit_spam", "submit_ham"])
def test_submissions_say_exactly_what_was_asked(server: AkismetServer, method: str) -> None:
    asked = asked_before(server)
    moved = AkismetClient(KEY, server.url, "https://moved.example/", Fetcher(trusted_origin=server.url))
    getattr(moved, method)(asked.form)
    assert server.heard(method.replace("_", "-")) == server.heard("comment-check")


# Key and usage


def test_the_key_is_verified(server: AkismetServer) -> None:
    assert client(server.url).verify_key() is True
    assert client(server.url, key="another").verify_key() is False


@pytest.mark.parametrize(
    ("plan", "usage"),
    [
        ({"limit": 50000, "usage": 1234, "throttled": False}, Usage(1234, 50000, False)),
        ({"limit": "none", "usage": "7", "throttled": "true"}, Usage(7, None, True)),
    ],
)
def test_the_usage_is_read(server: AkismetServer, plan: dict[str, object], usage: Usage) -> None:
    server.plan = plan
    assert client(server.url).usage() == usage


@pytest.mark.parametrize("plan", [{}, {"usage": None}, {"usage": [1]}])
def test_a_usage_that_makes_no_sense_is_said_so(server: AkismetServer, plan: dict[str, object]) -> None:
    server.plan = plan
    with pytest.raises(AkismetUnavailable, match="makes no sense"):
        client(server.url).usage()


# Patience


def fails(asking: AkismetClient) -> AkismetUnavailable:
    with pytest.raises(AkismetUnavailable) as caught:
        asking.check(FORM)
    return caught.value


@pytest.mark.parametrize(("answer", "pause"), [("invalid", 600.0), ("limit", 900.0), ("suspended", 600.0)])
def test_after_a_refused_key_or_a_used_up_plan_nothing_more_is_asked_for_a_while(
    server: AkismetServer, answer: Answer, pause: float
) -> None:
    server.answer = answer
    clock = Clock()
    asking = client(server.url, breaker=clock.breaker())
    assert fails(asking).again_after == pause
    clock.wait(100)
    held = fails(asking)
    assert (held.asked, held.again_after, len(server.asked)) == (False, pause - 100, 1)
    assert "It is left alone for" in held.message


def test_pauses_grow_until_it_answers(server: AkismetServer) -> None:
    server.answer = "invalid"
    clock = Clock()
    asking = client(server.url, breaker=clock.breaker())
    for pause in (600.0, 1200.0, 2400.0, 3600.0, 3600.0):
        assert fails(asking).again_after == pause
        clock.wait(pause)
    server.answer = "ham"
    assert not asking.check(FORM).spam
    server.answer = "invalid"
    assert fails(asking).again_after == 600.0


def test_after_a_pause_one_question_goes_first(server: AkismetServer) -> None:
    clock = Clock()
    breaker = clock.breaker()
    breaker.failed(Trouble.LIMIT, "No more.")
    clock.wait(600)
    assert breaker.paused() is None
    held = breaker.paused()
    assert held is not None
    assert held.seconds == PROBE.total_seconds()


def test_a_service_that_is_away_is_asked_a_few_times_before_it_is_left_alone(server: AkismetServer) -> None:
    server.answer = "error"
    asking = client(server.url, breaker=Clock().breaker())
    assert [fails(asking).again_after for _ in range(TOLERATED + 2)] == [0.0] * TOLERATED + [60.0, 60.0]
    assert len(server.asked) == TOLERATED + 1


def test_a_valid_key_ends_the_pause(server: AkismetServer) -> None:
    server.answer = "invalid"
    asking = client(server.url, breaker=Clock().breaker())
    fails(asking)
    server.answer = "ham"
    assert asking.verify_key()
    assert not asking.check(FORM).spam


def test_checking_a_refused_key_again_does_not_make_the_pause_longer(server: AkismetServer) -> None:
    server.answer = "invalid"
    asking = client(server.url, breaker=Clock().breaker())
    fails(asking)
    assert [asking.verify_key() for _ in range(3)] == [False] * 3
    assert fails(asking).again_after == 600.0


def test_only_news_is_noted(server: AkismetServer) -> None:
    clock = Clock()
    asking = client(server.url, breaker=clock.breaker())
    answers: tuple[Answer, ...] = ("ham", "ham", "error", "error", "warning", "ham")
    for answer in answers:
        server.answer = answer
        if answer == "error":
            fails(asking)
        else:
            asking.check(FORM)
    assert clock.conditions == [
        Condition(),
        Condition(Trouble.AWAY, "The service answered with status 500."),
        Condition(alert="Your site asks more than its plan allows."),
        Condition(),
    ]
