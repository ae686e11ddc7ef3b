"""A busy remote that names a pause is left alone for so long, a minute to a day."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from blog_linkbacks.fetch import Page
from blog_linkbacks.sending.patience import asked
from tests.sending.world import Blogger, fixed, receiver
from tests.support.web import Web

PAUSES = {
    "seconds": ("7200", 429, 7200),
    "also with 503": ("600", 503, 600),
    "a minute at least": ("1", 429, 60),
    "a day at most": ("999999999999", 429, 86_400),
    "a date that is over": ("Fri, 31 Dec 1999 23:59:59 GMT", 429, 60),
    "another status": ("7200", 500, 0),
    "nonsense": ("soon", 429, 0),
    "no date of any year": ("Fri, 31 Dec 99999999999 23:59:59 GMT", 429, 0),
    "less than none": ("-5", 429, 0),
    "no word": ("", 429, 0),
}


@pytest.mark.parametrize("name", PAUSES)
def test_the_pause_is_read_and_bounded(name: str) -> None:
    said, status, seconds = PAUSES[name]
    page = Page("http://a.example/", status, (("Retry-After", said),))
    assert asked(page) == timedelta(seconds=seconds)


def test_a_date_is_so_far_off() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
    page = Page("http://a.example/", 503, (("Retry-After", at),))
    assert timedelta(hours=2, minutes=59) < asked(page) <= timedelta(hours=3)


@pytest.mark.parametrize(("said", "least", "most"), [("7200", 7200, 7300), ("5", 60, 180)])
def test_the_next_try_waits_as_the_endpoint_asks(
    blogger: Blogger, web: Web, said: str, least: int, most: int
) -> None:
    blogger.write(receiver(web, fixed("Slow down", 429, Retry_After=said)))
    assert blogger.row().state == "retrying"
    assert least <= _pause(blogger) <= most


def test_the_next_try_waits_as_the_page_asks(blogger: Blogger, web: Web) -> None:
    blogger.write(web.route("/page", "Back soon", 503, headers={"Retry-After": "3600"}))
    assert 3600 <= _pause(blogger) <= 3700


def _pause(blogger: Blogger) -> float:
    row = blogger.row()
    assert row.due_at is not None
    assert row.first_try_at is not None
    return (row.due_at - row.first_try_at).total_seconds()
