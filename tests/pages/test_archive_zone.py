"""The archive's months are those of the site's time zone, at midnight and on every database."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.blog import posts
from blog_linkbacks.settings import preferences
from tests.conftest import publish
from tests.pages.pages import only, read, words

NEW_YEAR = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "month"),
    [
        ("UTC", "2020-01-01T00:00:00", (2020, 1)),
        ("UTC", "2019-12-31T23:59:59", (2019, 12)),
        ("Europe/Berlin", "2019-12-31T23:00:00", (2020, 1)),
        ("Europe/Berlin", "2019-12-31T22:59:59", (2019, 12)),
        ("Europe/Berlin", "2020-06-30T22:00:00", (2020, 7)),
        ("Europe/Berlin", "2020-06-30T21:59:59", (2020, 6)),
        ("America/New_York", "2020-01-01T04:59:59", (2019, 12)),
        ("America/New_York", "2020-01-01T05:00:00", (2020, 1)),
        ("Pacific/Kiritimati", "2019-12-31T10:00:00", (2020, 1)),
        ("Pacific/Pago_Pago", "2020-01-01T10:59:59", (2019, 12)),
        ("Asia/Kathmandu", "2020-02-29T18:15:00", (2020, 3)),
        ("Asia/Kathmandu", "2020-02-29T18:14:59", (2020, 2)),
    ],
)
def test_a_post_near_midnight_is_of_the_month_on_the_sites_calendar(
    app: Flask, client: FlaskClient, zone: str, moment: str, month: tuple[int, int]
) -> None:
    publish(app, "Midnight", "Words.", published_at=datetime.fromisoformat(moment).replace(tzinfo=UTC))
    with app.app_context():
        preferences.save(time_zone=zone)
    year, number = month
    assert _titles(client, f"/archive/{year}/{number}") == ["Midnight"]
    assert _titles(client, f"/archive/{year}") == ["Midnight"]
    name = f"{datetime(year, number, 1):%B %Y}"
    page = read(client, "/archive")
    assert words(page.css(".month h2")[-1]) == name
    assert words(page.css("nav.years > a")[-1]) == f"{year} 1"
    assert name in words(only(read(client, f"/archive/{year}/{number}"), "h1"))
    day = words(only(read(client, f"/archive/{year}/{number}"), ".titles time"))
    assert day.endswith(name)


def test_the_months_beside_it_have_no_such_post(app: Flask, client: FlaskClient) -> None:
    publish(app, "Midnight", "Words.", published_at=NEW_YEAR)
    with app.app_context():
        preferences.save(time_zone="America/New_York")
    assert client.get("/archive/2020").status_code == 404
    assert client.get("/archive/2020/1").status_code == 404


def test_the_counts_agree_with_the_lists(app: Flask, client: FlaskClient) -> None:
    for hour in range(0, 72, 3):
        moment = datetime(2019, 12, 30 + hour // 24, hour % 24, tzinfo=UTC) if hour < 48 else None
        publish(app, f"Post {hour}", "Words.", published_at=moment or NEW_YEAR.replace(hour=hour % 24))
    with app.app_context():
        preferences.save(time_zone="Asia/Tokyo")
    for path in ("/archive/2019/12", "/archive/2020/1"):
        page = read(client, path)
        counted = int(words(only(page, '[aria-current="page"] .count')))
        assert counted == len(page.css(".titles li")) > 0


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("date", ["2020-03-01", "2020-03-01 00:00:00", "2020-03-31 23:59:59"])
def test_the_date_of_a_file_is_one_of_the_sites_time_zone(
    app: Flask, client: FlaskClient, zone: str, date: str
) -> None:
    with app.app_context():
        preferences.save(time_zone=zone)
        posts.publish_file(f"---\ntitle: Filed\ndate: {date}\n---\nWords.", "x")
    assert _titles(client, "/archive/2020/3") == ["Filed"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_trouble(
    app: Flask, client: FlaskClient, zone: str, year: int
) -> None:
    first = datetime(year, 1, 1, tzinfo=UTC) if year == 1 else datetime(year, 12, 31, 23, tzinfo=UTC)
    publish(app, "Far", "Words.", published_at=first)
    with app.app_context():
        preferences.save(time_zone=zone)
    for path in ("/archive", "/", "/posts/far", "/feed.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path


def _titles(client: FlaskClient, path: str) -> list[str]:
    return [words(node) for node in read(client, path).css(".titles a")]
