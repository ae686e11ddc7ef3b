"""How long spam is kept: the page, the look before saving, and what the queue's tabs say."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import jobs
from blog_linkbacks.db import now
from blog_linkbacks.moderation import retention
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Status
from tests.moderation.world import HTMX, keep, token

PAGE = "/admin/settings/keeping"
SPAM_TAB = "/admin/linkbacks?status=spam"


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> FlaskClient:
    return login("ana")


def form(client: FlaskClient, spam: object, unverified: object = 30) -> dict[str, object]:
    return {"csrf_token": token(client), "keep_spam": spam, "keep_unverified": unverified}


@pytest.mark.parametrize("name", ["mo", "ida"])
def test_only_admins_see_and_change_it(login: Callable[[str], FlaskClient], name: str) -> None:
    client = login(name)
    assert client.get(PAGE).status_code == 403
    data = {
        "csrf_token": client.get("/admin/account")
        .text.partition('csrf-token" content="')[2]
        .partition('"')[0]
    }
    for path in ("", "/preview"):
        assert client.post(PAGE + path, data=data).status_code == 403


def test_it_is_fifteen_and_thirty_days_at_first_and_what_is_saved_stands(
    app: Flask, ana: FlaskClient
) -> None:
    page = ana.get(PAGE).text
    assert 'value="15"' in page
    assert 'value="30"' in page
    assert "Nothing was deleted yet." in page
    assert ana.post(PAGE, data=form(ana, 3, 0)).status_code == 303
    with app.app_context():
        site = preferences.site()
    assert (site.keep_spam, site.keep_unverified) == (3, 0)
    assert "Of what is unverified nothing is ever deleted." in ana.get(PAGE).text


@pytest.mark.parametrize("spam", ["-1", "36501", "", "x", "1.5", "9" * 400])
def test_nonsense_is_named_and_nothing_is_saved(app: Flask, ana: FlaskClient, spam: str) -> None:
    assert ana.post(PAGE, data=form(ana, spam)).status_code == 422
    with app.app_context():
        assert preferences.site().keep_spam == 15
    assert (
        "once both numbers make sense" in ana.post(f"{PAGE}/preview", data=form(ana, spam), headers=HTMX).text
    )


def test_a_look_before_saving_counts_and_changes_nothing(app: Flask, ana: FlaskClient) -> None:
    for path in "ab":
        keep(app, f"http://a.example/{path}", status=Status.SPAM)
    keep(app, "http://b.example/")
    data = form(ana, 3)
    with time_machine.travel(now() + timedelta(days=4), tick=True):
        part = ana.post(f"{PAGE}/preview", data=data, headers=HTMX).text
        assert '<strong class="num">2</strong> spam are older than 3 days and would be deleted.' in part
        whole = ana.post(f"{PAGE}/preview", data=data)
        assert whole.status_code == 200
        assert "would be deleted" in whole.text
    with app.app_context():
        assert preferences.site().keep_spam == 15


def test_the_spam_tab_says_how_long_and_what_was_deleted_last(app: Flask, ana: FlaskClient) -> None:
    keep(app, "http://a.example/", status=Status.SPAM)
    keep(app, "http://b.example/")
    assert "deleted 15 days after it was last decided" in ana.get(SPAM_TAB).text
    assert "after it was last decided" not in ana.get("/admin/linkbacks?status=rejected").text
    with time_machine.travel(now() + timedelta(days=16), tick=True):
        with app.app_context():
            job = retention.start_due()
            assert job is not None
            assert "Deleting now" in ana.get(SPAM_TAB).text
            assert ana.get(f"/admin/jobs/{job.token}").status_code == 200
            while jobs.process(job.id):
                pass
        for page in (SPAM_TAB, PAGE):
            assert "Deleted 1 spam linkback older than 15 days." in ana.get(page).text


def test_the_worker_s_sweep_begins_it(app: Flask) -> None:
    keep(app, "http://a.example/", status=Status.SPAM)
    keep(app, "http://b.example/")
    with time_machine.travel(now() + timedelta(days=16), tick=True):
        app.extensions["linkback_tasks"].sweep()
        with app.app_context():
            assert retention.under_way() is not None
