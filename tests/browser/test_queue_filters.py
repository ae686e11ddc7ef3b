"""Filters, search and preferences in a real browser, wide and narrow, with and without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_queue import fill, look, problems
from tests.conftest import Live
from tests.moderation.world import keep, status


def test_a_filtered_list_has_an_address_that_names_only_what_narrows_it(blog: Live, page: Page) -> None:
    ids = fill(blog)
    keep(blog.app, "https://other.example/", 0.9, kind="trackback", target=f"{blog.url}/posts/no-dig-beds")
    look(page, blog)
    page.select_option("select[name=kind]", "pingback")
    page.click(".filters-more summary")
    page.fill("input[name=site]", "garden2.example")
    page.click(".filters-more button")
    expect(page.locator("#rows > li")).to_have_count(1)
    assert page.url.endswith("/admin/linkbacks?status=pending&kind=pingback&site=garden2.example")
    expect(page.locator(f"#linkback-{ids[1]}")).to_be_visible()
    page.click(".chip:has-text('garden2')")
    expect(page.locator("#rows > li")).to_have_count(3)


def test_search_is_a_key_away_and_says_when_nothing_matches(blog: Live, page: Page) -> None:
    fill(blog)
    look(page, blog)
    page.keyboard.press("/")
    page.keyboard.type("gardener 3")
    page.keyboard.press("Enter")
    expect(page.locator("#rows > li")).to_have_count(1)
    page.fill("#search", "nowhere")
    page.press("#search", "Enter")
    expect(page.locator(".empty h2")).to_have_text("Nothing matches.")


def test_on_a_phone_all_filters_fold_into_one(blog: Live, opened: Open) -> None:
    fill(blog)
    page = opened(360, 760, is_mobile=True, has_touch=True)
    look(page, blog)
    expect(page.locator("select[name=kind]")).to_be_hidden()
    page.locator(".filters-fold > summary").tap()
    page.select_option("select[name=sort]", "newest")
    page.locator(".filters-fields > button").tap()
    page.wait_for_url("**sort=newest")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_filters_work_without_a_script(blog: Live, opened: Open) -> None:
    fill(blog)
    page = opened(java_script_enabled=False)
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/linkbacks")
    page.fill("#search", "garden3")
    page.press("#search", "Enter")
    expect(page.locator("#rows > li")).to_have_count(1)


def test_keys_that_are_off_do_nothing(blog: Live, page: Page) -> None:
    ids = fill(blog)
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/preferences")
    page.uncheck("#keys-on")
    page.click("main button.is-primary")
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    page.goto(f"{blog.url}/admin/linkbacks")
    page.wait_for_selector("#rows form[data-htmx-powered]")
    for key in ("a", "s", "j", "?", "1"):
        page.keyboard.press(key)
    expect(page.locator("#keys")).to_be_hidden()
    assert [status(blog.app, id) for id in ids] == ["pending"] * 3


def test_the_account_s_colours_hold_until_a_browser_chooses_its_own(blog: Live, page: Page) -> None:
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/preferences")
    page.check("#theme-dark")
    page.click("main button.is-primary")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.click("[data-theme-switch]")
    page.goto(f"{blog.url}/admin/linkbacks")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(blog: Live, opened: Open, scheme: str) -> None:
    keep(blog.app, "https://a.example/", lifted_author="Mina", target=f"{blog.url}/posts/no-dig-beds")
    page = opened(color_scheme=scheme)
    look(page, blog)
    page.click(".filters-more summary")
    assert problems(page) == []
    page.goto(f"{blog.url}/admin/linkbacks?site=a.example&low=0")
    assert problems(page) == []
    page.goto(f"{blog.url}/admin/linkbacks?q=nothing")
    assert problems(page) == []
    page.goto(f"{blog.url}/admin/preferences")
    assert problems(page) == []
    page.goto(page.url.replace("preferences", "linkbacks/1"))
    assert problems(page) == []
