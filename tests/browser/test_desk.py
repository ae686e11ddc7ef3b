"""The writing desk in a real browser: words kept while typing, a crash, two windows, leaving, the phone."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live

SAVED = re.compile(r"^Saved \d\d:\d\d")


def test_words_are_kept_while_typing_and_survive_a_crash(blog: Live, opened: Open) -> None:
    page = opened()
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Worms")
    page.locator("[name=body]").press_sequentially("Some words")
    expect(page.locator("#counts")).to_have_text("2 words · 0 links")
    expect(page.locator("#kept")).to_have_text(SAVED)
    expect(page).to_have_url(f"{blog.url}/admin/posts/3")
    page.locator("[name=body]").press_sequentially(" and more")
    with page.expect_response("**/admin/posts/3/draft"):
        pass
    context = page.context
    page.close()  # as a crash: nothing is asked
    again = context.new_page()
    again.goto(f"{blog.url}/admin/posts/3")
    expect(again.locator("[name=body]")).to_have_value("Some words and more")
    expect(again.locator("#restored")).to_contain_text("Restored")
    again.click("button:has-text('Publish') >> nth=0")
    again.wait_for_url("**/admin/posts")
    again.goto(f"{blog.url}/posts/worms")
    expect(again.locator(".prose")).to_have_text("Some words and more")


def test_a_published_text_changes_only_at_update(blog: Live, page: Page) -> None:
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/1")
    page.fill("[name=body]", "Changed.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"^Saved \d\d:\d\d.*, not yet published"))
    assert "Changed." not in page.request.get(f"{blog.url}/posts/no-dig-beds").text()
    page.click("button:has-text('Update')")
    page.wait_for_url("**/admin/posts")
    assert "Changed." in page.request.get(f"{blog.url}/posts/no-dig-beds").text()


def test_of_two_windows_the_older_is_told_and_may_have_its_way(blog: Live, opened: Open) -> None:
    older = opened()
    sign_in(older, blog, "ida")
    older.goto(f"{blog.url}/admin/posts/1")
    newer = older.context.new_page()
    newer.goto(f"{blog.url}/admin/posts/1")
    newer.fill("[name=body]", "Newer.")
    expect(newer.locator("#kept")).to_have_text(SAVED)
    older.fill("[name=body]", "Older.")
    expect(older.locator("#behind")).to_contain_text("Newer words of this post were kept")
    older.click("#behind button")
    expect(older.locator("#kept")).to_have_text(SAVED)
    newer.reload()
    expect(newer.locator("[name=body]")).to_have_value("Older.")


def test_leaving_with_words_not_kept_asks(blog: Live, opened: Open) -> None:
    page = opened()
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/1")
    page.locator("[name=body]").press_sequentially("x")
    asked = _asked(page)
    page.click("text=Posts >> nth=0")
    page.wait_for_url("**/admin/posts")
    assert asked == ["beforeunload"]


def test_saving_at_once_asks_nothing(blog: Live, page: Page) -> None:
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/1")
    page.fill("[name=body]", "Changed.")
    asked = _asked(page)
    page.click("button:has-text('Update')")
    page.wait_for_url("**/admin/posts")
    assert asked == []
    assert "Changed." in page.request.get(f"{blog.url}/posts/no-dig-beds").text()


def test_the_desk_has_no_fault_that_axe_finds_and_fits_a_phone(blog: Live, opened: Open) -> None:
    page = opened(width=360, height=740)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Worms")
    page.fill("[name=publish_at]", "2031-01-31T09:00")
    page.click("button:has-text('Schedule')")
    page.wait_for_url("**/admin/posts/3")
    page.click("button:has-text('Make a preview link')")
    expect(page.locator("#preview-url")).to_contain_text("/preview/")
    page.fill("[name=body]", "Words.")
    expect(page.locator("#kept")).to_have_text(SAVED)
    page.reload()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(page.locator("#preview-url").text_content() or "")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.goto(f"{blog.url}/admin/posts?state=scheduled")
    expect(page.locator("tbody tr")).to_contain_text("31 January 2031, 09:00 (UTC)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _asked(page: Page) -> list[str]:
    """What the page asks from now on; each question is answered with yes."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    return asked
