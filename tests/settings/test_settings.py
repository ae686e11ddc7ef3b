from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks import create_app
from blog_linkbacks.db import writing
from blog_linkbacks.settings import preferences
from tests.accounts.browser import Browser
from tests.conftest import PASSWORD
from tests.moderation.world import HTMX
from tests.pages.pages import only, read, words
from tests.support.akismet import AkismetServer

GENERAL = "/admin/settings"
READING = "/admin/settings/reading"
AKISMET = "/admin/settings/akismet"
ZONES = [
    ("UTC", "1 January 2026"),
    ("America/Lima", "31 December 2025"),
    ("Nowhere/At-all", "1 January 2026"),
]
PAGES = [
    GENERAL,
    READING,
    "/admin/settings/linkbacks",
    "/admin/settings/keeping",
    "/admin/settings/reasons",
    AKISMET,
    "/admin/settings/people",
]


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> Browser:
    return Browser(login("ana")).open(GENERAL)


def _site(app: Flask) -> preferences.Site:
    with app.app_context():
        return preferences.site()


@pytest.mark.parametrize("path", PAGES)
def test_only_admins_see_the_settings(login: Callable[[str], FlaskClient], path: str) -> None:
    assert login("mo").get(path).status_code == login("ida").get(path).status_code == 403


@pytest.mark.parametrize("path", [*PAGES, "/admin/settings/judgement"])
def test_every_page_leads_to_every_other_and_says_where_one_is(ana: Browser, path: str) -> None:
    page = read(ana.client, path)
    links = page.css("nav.subnav a")
    assert {link.attributes["href"] for link in links} == {*PAGES, "/admin/settings/judgement"}
    assert only(page, "nav.subnav a[aria-current=page]").attributes["href"] == path


def test_what_is_saved_is_what_stands(app: Flask, ana: Browser) -> None:
    general = {
        "name": "The Long Border",
        "tagline": "Soil",
        "author": "Wren",
        "language": "pt-BR",
        "time_zone": "America/Sao_Paulo",
        "accent": "plum",
    }
    ana.send(GENERAL, **general)
    assert ana.page.status_code == 303
    ana.open(READING).send(
        READING,
        posts_per_page="5",
        neighbours="y",
        follow_trusted="y",
        navigation="About us /pages/about\n\nCode  https://code.example/?a=b",
        footer="By *Wren*",
    )
    assert ana.page.status_code == 303
    changed = general | {
        "posts_per_page": 5,
        "neighbours": True,
        "follow_trusted": True,
        "navigation": [
            {"label": "About us", "address": "/pages/about"},
            {"label": "Code", "address": "https://code.example/?a=b"},
        ],
        "footer": "By *Wren*",
        "footer_html": "<p>By <em>Wren</em></p>\n",
    }
    assert asdict(_site(app)) == asdict(preferences.Site()) | changed


def test_every_preference_survives_being_saved(app: Flask) -> None:
    before = _site(app)
    with app.app_context():
        preferences.save(**{field.name: getattr(before, field.name) for field in fields(before)})
    after = _site(app)
    assert asdict(after) == asdict(before) | {"reasons": list(before.reasons), "navigation": []}


@pytest.mark.parametrize("path", [GENERAL, READING])
def test_saving_a_page_as_it_is_changes_nothing(app: Flask, ana: Browser, path: str) -> None:
    ana.open(READING).send(READING, navigation="About /pages/about", footer="Hello")
    before = _site(app)
    ana.open(path).send(path)
    assert ana.page.status_code == 303
    assert _site(app) == before


@pytest.mark.parametrize(
    ("path", "field", "value", "sentence"),
    [
        (GENERAL, "name", " ", "A blog needs a name."),
        (GENERAL, "name", "x" * 121, "longer than 120"),
        (GENERAL, "language", "en; drop", "A code such as en or pt-BR"),
        (GENERAL, "time_zone", "Mars/Olympus", "Not a valid choice"),
        (GENERAL, "time_zone", "../../etc/passwd", "Not a valid choice"),
        (GENERAL, "accent", "red; }", "Not a valid choice"),
        (READING, "posts_per_page", "0", "Between 1 and 100."),
        (READING, "posts_per_page", "many", "Not a valid integer"),
        (READING, "posts_per_page", "9" * 5000, "Not a valid integer"),
        (READING, "navigation", "/pages/about", "Line 1: the words come first"),
        (
            READING,
            "navigation",
            "Home /\nBad javascript:alert(1)",
            "Line 2: javascript:alert(1) is no address",
        ),
        (READING, "navigation", "Evil //evil.example", "Line 1: //evil.example is no address"),
        (READING, "navigation", "Evil /\\evil.example", "is no address"),
        (READING, "navigation", "x" * 41 + " /", "longer than 40"),
        (READING, "navigation", "Home /\n" * 13, "At most 12 links; there are 13."),
        (READING, "footer", "x" * 2001, "longer than 2000"),
    ],
)
def test_nonsense_is_named_at_its_field_and_nothing_is_saved(
    app: Flask, ana: Browser, path: str, field: str, value: str, sentence: str
) -> None:
    before = _site(app)
    ana.open(path).send(path, **{field: value})
    assert ana.page.status_code == 422
    assert sentence in ana.text
    assert "The preview comes back" in ana.text
    assert _site(app) == before


def test_a_footer_shows_as_markdown_and_never_as_a_script(ana: Browser) -> None:
    ana.open(READING).send(READING, footer="**Bold** <script>alert(1)</script> [x](javascript:alert(1))")
    page = ana.client.get("/").text
    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_the_navigation_is_in_the_order_given(ana: Browser) -> None:
    assert "Archive" in words(only(read(ana.client, "/"), "nav.site-nav"))
    ana.open(READING).send(READING, navigation="Zebras /tags/zebras\nFriends https://friend.example/")
    links = read(ana.client, "/").css("nav.site-nav a")
    assert [(link.text(), link.attributes["href"]) for link in links][:2] == [
        ("Zebras", "/tags/zebras"),
        ("Friends", "https://friend.example/"),
    ]
    assert "Archive" not in [link.text() for link in links]


def test_the_accent_is_named_on_every_page(ana: Browser) -> None:
    ana.send(GENERAL, accent="rust")
    for path in ("/", "/posts/no-dig-beds", GENERAL):
        assert 'data-accent="rust"' in ana.client.get(path).text.partition("<head>")[0]


@pytest.mark.parametrize(
    ("zone", "day"),
    ZONES,
)
def test_dates_on_the_pages_are_of_the_time_zone(
    app: Flask, client: FlaskClient, zone: str, day: str
) -> None:
    from blog_linkbacks.blog import lookup

    with app.app_context():
        preferences.save(time_zone=zone)
        with writing():
            post = lookup.by_slug("no-dig-beds")
            assert post is not None
            post.published_at = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    stamp = only(read(client, "/posts/no-dig-beds"), ".post-head time.dt-published")
    assert (stamp.text(), stamp.attributes["datetime"]) == (day, "2026-01-01T01:30:00Z")


@pytest.mark.parametrize(
    ("path", "action"), [(GENERAL, "/admin/settings/preview"), (READING, "/admin/settings/reading/preview")]
)
def test_a_preview_shows_what_is_entered_and_saves_nothing(
    app: Flask, ana: Browser, path: str, action: str
) -> None:
    before = _site(app)
    entered = {"name": "Nettles", "navigation": "Weeds /weeds", "footer": "_Mine_"}
    sent = ana.open(path).fields(path) | entered
    fragment = ana.client.post(action, data=sent, headers=HTMX)
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert ("Nettles" if path == GENERAL else "<em>Mine</em>") in fragment.text
    whole = ana.client.post(action, data=sent)
    assert ("Nettles" if path == GENERAL else "Weeds") in whole.text
    assert _site(app) == before


def test_without_a_key_the_page_says_so(ana: Browser) -> None:
    ana.open(AKISMET)
    assert "Not configured" in ana.text
    assert "Check the key" not in ana.text


@pytest.mark.parametrize(
    ("known", "sentence"), [("right-key", "The key is valid."), ("another", "does not know this key")]
)
def test_the_key_is_checked_at_the_service(root, environ, app, known, sentence) -> None:  # type: ignore[no-untyped-def]
    with AkismetServer(key=known) as service:
        made = create_app(
            {**environ, "LINKBACKS_AKISMET_KEY": "right-key", "LINKBACKS_AKISMET_URL": service.url}, root
        )
        ana = _signed_in(made).open(AKISMET).send(AKISMET)
        assert sentence in ana.follow().text
        assert service.asked[0].method == "verify-key"
    assert "right-key" not in ana.page.text


def test_a_service_that_is_away_is_said_so(root, environ, app) -> None:  # type: ignore[no-untyped-def]
    with AkismetServer() as service:
        away = service.url
    made = create_app({**environ, "LINKBACKS_AKISMET_KEY": "right-key", "LINKBACKS_AKISMET_URL": away}, root)
    ana = _signed_in(made).open(AKISMET).send(AKISMET).follow()
    assert "The key could not be checked." in ana.text


def _signed_in(app: Flask) -> Browser:
    return Browser(app.test_client()).open("/login").send("/login", name="ana", password=PASSWORD)
