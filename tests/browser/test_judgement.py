"""The page on judgement in a real browser: preview in place, no script, keyboard, never too wide, accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blog_linkbacks.moderation import decisions
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.settings import preferences
from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live
from tests.moderation.people import publicly, user
from tests.moderation.world import arrive
from tests.support.web import Web

PATH = "/admin/settings/judgement"


@pytest.fixture
def judged(blog: Live, web: Web) -> Live:
    """Strangers are held; one linkback was marked as spam that a lower bar would have approved."""
    target = f"{blog.url}/posts/no-dig-beds"
    with blog.app.app_context():
        preferences.save(clear_ham=None)
    one = publicly(blog.app, arrive(blog.app, web, target=target))
    with blog.app.app_context():
        decisions.act(one, ACTIONS["spam"], user("ana"))
    return blog


def test_a_preview_comes_in_place_and_saves_nothing(judged: Live, page: Page) -> None:
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.fill("#clear_ham", "49")
    page.press("#clear_ham", "Enter")
    expect(page.locator("#preview")).to_contain_text("1 would have been approved, and you marked as spam")
    expect(page.locator("#clear_ham")).to_have_value("49")
    page.goto(judged.url + PATH)
    expect(page.locator("#approve")).not_to_be_checked()


def test_it_all_works_without_scripts(judged: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.click("text=Preview")
    expect(page.locator("#preview")).to_contain_text("would have been approved")
    expect(page.locator("#approve")).to_be_checked()
    page.locator(".family > summary").first.click()
    page.fill("[name='weight-link.placement']", "0")
    page.click(".judgement-foot >> text=Save")
    expect(page.locator("main .family[open]")).to_contain_text("changed")
    page.click("text=Score anew what waits")
    expect(page.locator(".job")).to_contain_text("Scoring anew what waits")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    judged: Live, opened: Open, width: int, scheme: str
) -> None:
    page = opened(width=width, color_scheme=scheme)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.click("text=Preview")
    expect(page.locator("#preview")).to_contain_text("would have been approved")
    for family in page.locator(".family > summary").all():
        family.click()
    page.locator(".confirm > summary").last.click()
    page.evaluate("scrollTo(0, 0)")  # nothing is under the bar at the top then
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
