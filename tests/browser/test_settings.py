"""The settings in a real browser: previews in place, a test ping, no scripts, never too wide, accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live

PAGES = ("", "/reading", "/linkbacks", "/akismet", "/people")


def test_a_look_comes_in_place_while_one_writes(blog: Live, page: Page) -> None:
    sign_in(page, blog, "ana")
    page.goto(f"{blog.url}/admin/settings")
    page.fill("#name", "Nettles")
    page.check("input[value=plum]")
    expect(page.locator(".blog-preview.is-light[data-accent=plum]")).to_contain_text("Nettles")
    page.goto(f"{blog.url}/admin/settings/linkbacks")
    page.uncheck("#accept_trackbacks")
    expect(page.locator("#reach")).to_contain_text("Closes 2 of 2 posts to trackbacks.")
    page.click("#send-ping")
    expect(page.locator(".exact")).to_contain_text("registered.")


def test_it_all_works_without_scripts(blog: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ana")
    page.goto(f"{blog.url}/admin/settings/linkbacks")
    page.uncheck("#accept_linkbacks")
    page.click("text=See what it does")
    expect(page.locator("#reach")).to_contain_text("Closes 2 of 2 posts to webmentions.")
    expect(page.locator("#accept_linkbacks")).not_to_be_checked()
    page.click("text=Save")
    expect(page.locator("#toasts")).to_contain_text("0 of 2 posts take linkbacks now.")
    page.click("#send-ping")
    expect(page.locator(".exact")).to_contain_text("This post takes no linkbacks.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(blog: Live, opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width, color_scheme=scheme)
    sign_in(page, blog, "ana")
    for path in PAGES:
        page.goto(f"{blog.url}/admin/settings{path}")
        assert Axe().run(page, options=RULES).response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
