"""Campaigns in a real browser, and a whole visit by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_queue import fill, look, problems
from tests.conftest import PASSWORD, Live
from tests.moderation.world import arrive, status
from tests.support.web import Web


def burst(blog: Live, web: Web, number: int = 4) -> list[int]:
    """Arrivals with the same words, which one row stands for."""
    target = f"{blog.url}/posts/no-dig-beds"
    return [arrive(blog.app, web, f"/same{n}", target=target) for n in range(number)]


def statuses(blog: Live, ids: list[int]) -> set[str]:
    return {status(blog.app, one) for one in ids}


def test_one_key_press_decides_a_campaign_and_one_takes_it_back(blog: Live, page: Page, web: Web) -> None:
    ids = burst(blog, web)
    look(page, blog)
    expect(page.locator("#rows > .row")).to_have_count(1)
    expect(page.locator("#rows .row-who")).to_contain_text("4 with the same words")
    page.keyboard.press("s")
    expect(page.locator("#toasts")).to_contain_text("Marked as spam 4")
    assert statuses(blog, ids) == {"spam"}
    page.keyboard.press("z")
    expect(page.locator("#count-pending")).to_have_text("4")
    expect(page.locator("#rows .row-who")).to_contain_text("4 with the same words")
    assert statuses(blog, ids) == {"pending"}


def test_a_member_is_decided_alone_inside(blog: Live, page: Page, web: Web) -> None:
    ids = burst(blog, web)
    look(page, blog)
    page.locator("#rows .row-more a").click()
    expect(page.locator("h1")).to_contain_text("4 with the same words")
    page.locator(f"#linkback-{ids[1]} button[value=approve]").click()
    expect(page.locator(f"#linkback-{ids[1]}")).to_have_class(re.compile("is-decided"))
    assert [status(blog.app, one) for one in ids].count("approved") == 1


def test_a_campaign_is_decided_without_a_script(blog: Live, opened: Open, web: Web) -> None:
    ids = burst(blog, web)
    page = opened(java_script_enabled=False)
    page.goto(f"{blog.url}/login")
    page.fill("input[name=name]", "mo")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.is-primary")
    page.goto(f"{blog.url}/admin/linkbacks")
    page.locator("#rows button[value=reject]").click()
    expect(page.locator(".notice")).to_contain_text("Rejected 4")
    assert statuses(blog, ids) == {"rejected"}
    page.get_by_role("button", name="Undo").first.click()
    assert statuses(blog, ids) == {"pending"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    blog: Live, opened: Open, web: Web, width: int, scheme: str
) -> None:
    burst(blog, web)
    page = opened(width=width, color_scheme=scheme, reduced_motion="reduce")
    look(page, blog)
    assert problems(page) == []
    page.locator("#rows .row-more a").click()
    expect(page.locator("h1")).to_contain_text("4 with the same words")
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_from_the_login_to_an_empty_queue_by_keyboard_alone(blog: Live, page: Page) -> None:
    ids = fill(blog)
    page.goto(f"{blog.url}/login?next=/admin/linkbacks")
    for name, words in (("name", "mo"), ("password", PASSWORD)):
        for _ in range(12):
            if page.evaluate("document.activeElement.name") == name:
                break
            page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows form[data-htmx-powered]")
    for key in ("a", "d", "s"):
        page.keyboard.press(key)
    expect(page.locator("#all-done")).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("Nothing waits.")
    assert [status(blog.app, one) for one in ids] == ["approved", "rejected", "spam"]


def test_a_number_key_gives_the_reason_of_a_rejection(blog: Live, page: Page) -> None:
    ids = fill(blog)
    look(page, blog)
    page.keyboard.press("d")
    expect(page.locator(f"#linkback-{ids[0]} button[data-reason='1']")).to_be_attached()
    page.keyboard.press("1")
    expect(page.locator("#toasts")).to_contain_text("Off topic")
    page.goto(f"{blog.url}/admin/history")
    expect(page.locator("main")).to_contain_text("Off topic")
