"""The page on judgement: what stands, what is saved, and the look before saving."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.db import db, writing
from blog_linkbacks.linkbacks import Linkback, Signal
from blog_linkbacks.moderation import decisions, learning
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.scoring import CHECKS
from blog_linkbacks.settings import check_words, judgement_form, preferences
from blog_linkbacks.settings.judgement_form import Judgement
from blog_linkbacks.vocabulary import CheckState
from tests.accounts.browser import Browser
from tests.moderation.people import publicly, user
from tests.moderation.world import HTMX, arrive, keep
from tests.support.web import Web

PAGE = "/admin/settings/judgement"
PLACEMENT = next(check.weight for check in CHECKS if check.name == "link.placement")


@pytest.fixture
def ana(login: Callable[[str], FlaskClient]) -> Browser:
    return Browser(login("ana")).open(PAGE)


def site(app: Flask) -> preferences.Site:
    with app.app_context():
        return preferences.site()


def decide(app: Flask, linkback_id: int, action: str) -> None:
    with app.app_context():
        decisions.act(linkback_id, ACTIONS[action], user("ana"))


@pytest.mark.parametrize("name", ["mo", "ida"])
def test_only_admins_see_and_change_it(login: Callable[[str], FlaskClient], name: str) -> None:
    client = login(name)
    assert client.get(PAGE).status_code == 403
    token = client.get("/admin/account").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    for path in ("", "/preview", "/reset", "/state", "/learned/reset"):
        assert client.post(PAGE + path, data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_each_check_has_a_sentence_and_a_family(ana: Browser, check: object) -> None:
    name, group = check.name, check.group  # type: ignore[attr-defined]
    assert check_words.sentence(name).endswith(("?", "."))
    assert group in check_words.FAMILIES
    assert f'name="weight-{name}"' in ana.page.text


def test_what_is_saved_is_what_stands_and_only_what_differs_is_kept(app: Flask, ana: Browser) -> None:
    ana.send(
        PAGE, clear_spam="90", clear_ham="10", **{"weight-link.placement": "0.5", "state-link.rel": "shadow"}
    )
    assert ana.page.status_code == 303
    kept = site(app)
    assert (kept.clear_spam, kept.clear_ham) == (0.9, 0.1)
    assert kept.check_weights == {"link.placement": 0.5}
    assert kept.check_states == {"link.rel": "shadow"}
    assert "Saved." in ana.follow().text


def test_strangers_are_held_where_the_box_is_not_ticked(app: Flask, ana: Browser) -> None:
    ana.send(PAGE, approve=None)
    assert site(app).clear_ham is None
    assert "checked" not in ana.follow().page.text.partition('id="approve"')[2].partition(">")[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clear_spam", "49"),
        ("clear_spam", "101"),
        ("clear_spam", ""),
        ("clear_spam", "٩٠"),
        ("clear_ham", "50"),
        ("clear_ham", "-1"),
        ("weight-link.placement", "8.1"),
        ("weight-link.placement", "nan"),
        ("weight-link.placement", "1e999"),
        ("weight-link.placement", "x"),
        ("state-link.placement", "maybe"),
    ],
)
def test_nonsense_is_named_and_nothing_is_saved(app: Flask, ana: Browser, name: str, value: str) -> None:
    before = site(app)
    ana.send(PAGE, **{name: value})
    assert ana.page.status_code == 422
    assert "Nothing was saved" in ana.text
    assert site(app) == before


def test_the_defaults_come_back(app: Flask, ana: Browser) -> None:
    ana.send(PAGE, clear_spam="60", approve=None, **{"weight-link.placement": "0", "state-link.rel": "off"})
    ana.follow().send(f"{PAGE}/reset")
    assert ana.page.status_code == 303
    with app.app_context():
        assert Judgement.of(preferences.site()) == judgement_form.standard()
        assert preferences.site().check_weights == {}


def test_a_preview_shows_what_would_have_gone_otherwise_and_changes_nothing(
    app: Flask, web: Web, ana: Browser
) -> None:
    ana.send(PAGE, approve=None)
    one = publicly(app, arrive(app, web))
    decide(app, one, "spam")
    before = site(app)
    ana.open(PAGE)
    form = {"csrf_token": ana.page.text.partition('name="csrf_token" value="')[2].partition('"')[0]}
    form |= {"clear_spam": "95", "approve": "y", "clear_ham": "49"}
    shown = ana.client.post(f"{PAGE}/preview", data=form)
    assert "1</strong> would have been approved, and you marked as spam" in shown.text
    assert f'href="/admin/linkbacks/{one}"' in shown.text
    assert "<h1>" in shown.text
    part = ana.client.post(f"{PAGE}/preview", data=form, headers=HTMX).text
    assert part.lstrip().startswith('<section class="panel preview"')
    assert "would have been approved" in part
    assert site(app) == before


def test_a_preview_of_nonsense_says_so(ana: Browser) -> None:
    token = ana.page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    form = {"csrf_token": token, "clear_spam": "7"}
    assert ana.client.post(f"{PAGE}/preview", data=form).status_code == 422
    assert "between 50 and 100" in ana.client.post(f"{PAGE}/preview", data=form, headers=HTMX).text


def wrong_twelve_times(app: Flask, state: CheckState, strength: float) -> None:
    for number in range(12):
        one = keep(app, f"http://site{number}.example/")
        with app.app_context(), writing() as session:
            row = session.get_one(Linkback, one)
            said = {"version": 1, "group": "link", "weight": 1.0, "detail": "x", "strength": strength}
            row.signals = [Signal(name="link.rel", state=state, **said)]
        decide(app, one, "approve" if number > 1 else "spam")


def test_a_check_that_is_mostly_wrong_is_proposed_for_trial(app: Flask, ana: Browser) -> None:
    wrong_twelve_times(app, CheckState.ON, 0.5)
    for number in range(20, 24):
        decide(app, keep(app, f"http://site{number}.example/"), "spam")
    assert "Right 2 of 12 times: put it on trial?" in ana.open(PAGE).text
    ana.send(f"{PAGE}/state", check="link.rel=shadow")
    assert site(app).check_states == {"link.rel": "shadow"}
    assert "put it on trial?" not in ana.follow().text


def test_a_state_of_no_check_is_refused(app: Flask, ana: Browser) -> None:
    for check in ("", "link.rel", "link.rel=maybe", "nothing=off"):
        ana.open(PAGE).send(f"{PAGE}/state", check=check)
        assert ana.page.status_code == 400
    assert site(app).check_states == {}


def test_what_was_learned_is_shown_in_words_and_forgotten_on_demand(
    app: Flask, web: Web, ana: Browser
) -> None:
    decide(app, arrive(app, web), "approve")
    assert "1 approved and 0 spam" in ana.open(PAGE).text
    ana.send(f"{PAGE}/learned/reset")
    assert ana.page.status_code == 303
    with app.app_context():
        assert learning.size().lessons == 0
        db.session.rollback()
    assert "Nothing yet." in ana.follow().text


def test_the_settings_lead_there(ana: Browser) -> None:
    assert f'href="{PAGE}"' in ana.open("/admin/settings").page.text
