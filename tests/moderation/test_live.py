"""What happened while somebody looks: nothing costs nothing, arrivals are counted, others' decisions are named."""

import re

from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.moderation.decisions import standing_decision
from blog_linkbacks.vocabulary import Status
from tests.moderation.test_queue import Login
from tests.moderation.world import keep, send
from tests.support.statements import counting


def drawn(client: FlaskClient) -> str:
    """The decision up to which the page that is drawn now knows."""
    found = re.search(r'data-upto="(\d+)"', client.get("/admin/linkbacks").text)
    assert found
    return found[1]


def news(client: FlaskClient, upto: str, query: str = "") -> tuple[int, str]:
    response = client.get(f"/admin/linkbacks/news?drawn={upto}&since={upto}{query}")
    return response.status_code, response.text


def test_nothing_is_said_where_nothing_happened(app: Flask, login: Login) -> None:
    keep(app, "https://a.example/")
    client = login("mo")
    upto = drawn(client)
    with counting(app) as asked:
        assert news(client, upto) == (204, "")
    about = [sql for sql in asked if "decisions" in sql or "linkbacks" in sql]
    assert len(about) == 1


def test_what_came_is_counted_where_it_belongs(app: Flask, login: Login) -> None:
    client = login("mo")
    upto = drawn(client)
    keep(app, "https://a.example/")
    keep(app, "https://b.example/", kind="trackback")
    keep(app, "https://c.example/", status=Status.SPAM)
    assert 'data-arrived="2"' in news(client, upto)[1]
    assert "2 new · show" in news(client, upto)[1]
    assert 'data-arrived="1"' in news(client, upto, "&kind=trackback")[1]
    assert 'data-arrived="1"' in news(client, upto, "&status=spam")[1]


def test_what_others_decided_is_named_and_the_own_is_not(app: Flask, login: Login) -> None:
    first, second = keep(app, "https://a.example/"), keep(app, "https://b.example/")
    mo, ana = login("mo"), login("ana")
    upto = drawn(mo)
    send(mo, f"/admin/linkbacks/{first}/decisions", action="approve")
    send(ana, f"/admin/linkbacks/{second}/decisions", action="spam")
    said = news(mo, upto)[1]
    assert f'data-changed="{second}">Marked as spam by ana' in said
    assert f'data-changed="{first}"' not in said


def test_what_was_there_and_came_back_is_no_arrival(app: Flask, login: Login) -> None:
    kept, client = keep(app, "https://a.example/"), login("mo")
    upto = drawn(client)
    send(client, f"/admin/linkbacks/{kept}/decisions", action="approve")
    assert 'data-arrived="0"' in news(client, upto)[1]
    assert 'data-arrived="1"' in news(client, upto, "&status=approved")[1]
    with app.app_context():
        made = standing_decision(kept)
    assert made is not None
    send(client, f"/admin/decisions/{made.id}/undo")
    assert 'data-arrived="0"' in news(client, upto)[1]


def test_only_moderators_hear_of_it(app: Flask, login: Login) -> None:
    assert login("ida").get("/admin/linkbacks/news").status_code == 403
    assert app.test_client().get("/admin/linkbacks/news").status_code == 303
