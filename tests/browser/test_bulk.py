"""All that match, in a real browser: the offer, the keys, the bar of the work, its undo, a phone, no script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.moderation import bulk
from tests.browser.conftest import Open, sign_in
from tests.browser.test_queue import look, problems
from tests.conftest import Live, running
from tests.moderation import crowd
from tests.moderation.world import keep, status

WAITING = 620


@pytest.fixture
def busy(environ: dict[str, str], root: Path) -> Iterator[Live]:
    """A blog with its worker, where more waits than is decided at once."""
    with running(environ, root) as served:
        crowd.wait(served.app, WAITING)
        yield served


def select_all(page: Page, number: str = f"{WAITING}") -> None:
    page.check("#select-page input")
    page.locator("#bulk-more", has_text=f"Select all {number} that match").click()
    expect(page.locator("#bulk-form")).to_be_visible()


def waiting(blog: Live) -> int:
    with blog.app.app_context():
        return status_counts()["pending"]


def late(blog: Live) -> int:
    return keep(blog.app, "https://late.example/", target=f"{blog.url}/posts/no-dig-beds")


def test_all_that_match_are_decided_in_the_background_and_undone_as_one(busy: Live, page: Page) -> None:
    look(page, busy)
    after = late(busy)
    select_all(page)
    expect(page.locator("#bulk-form")).to_be_focused()
    expect(page.locator("#bulk-said")).to_contain_text(f"All {WAITING} that match are selected")
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("Shift+S")
    expect(page.locator("#jobs .job")).to_contain_text(f"Marked as spam {WAITING}.")
    expect(page.locator("#jobs .job")).to_contain_text("1 that came since was left alone.")
    assert (waiting(busy), status(busy.app, after)) == (1, "pending")
    page.locator("#jobs button", has_text="Undo all of it").click()
    expect(page.locator(".job-count")).to_contain_text(f"Taken back: {WAITING}.")
    assert waiting(busy) == WAITING + 1
    page.goto(f"{busy.url}/admin/linkbacks")
    expect(page.locator("#jobs")).to_contain_text(f"Taken back: {WAITING}.")
    page.reload()
    expect(page.locator("#rows .row").first).to_be_visible()


def test_the_offer_comes_with_the_whole_page_and_goes_with_one_tick_less(busy: Live, page: Page) -> None:
    look(page, busy)
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("1 selected")
    expect(page.locator("#bulk-more")).to_be_hidden()
    select_all(page)
    page.locator("[data-bulk-page]").click()
    expect(page.locator("#bulk")).to_be_visible()
    expect(page.locator("#bulk-more")).to_be_focused()
    page.locator("#bulk-more").click()
    page.locator("#rows input[name=ids]").first.uncheck()
    expect(page.locator("#bulk-form")).to_be_hidden()
    expect(page.locator("#bulk-more")).to_be_hidden()
    shown = page.locator("#rows input[name=ids]").count()
    expect(page.locator("#bulk-count")).to_have_text(f"{shown - 1} selected")


def test_escape_clears_the_selection_and_keeps_the_focus_in_the_list(busy: Live, page: Page) -> None:
    look(page, busy)
    select_all(page)
    page.keyboard.press("Escape")
    expect(page.locator("#rows input:checked")).to_have_count(0)
    expect(page.locator("#bulk-form")).to_be_hidden()
    expect(page.locator("#rows [aria-current] .row-open")).to_be_focused()
    expect(page.locator("#bulk-said")).to_have_text("Nothing selected")
    page.keyboard.press("Shift+S")
    assert waiting(busy) == WAITING


def test_the_work_can_be_left_and_stopped(busy: Live, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 1)
    look(page, busy)
    select_all(page)
    page.locator("#bulk-form button[value=spam]").click()
    expect(page.locator("#jobs .job-count")).to_contain_text(re.compile(r"[1-9]\d* of"))
    page.goto(f"{busy.url}/admin/posts")
    page.goto(f"{busy.url}/admin/linkbacks")
    page.locator("#jobs button", has_text="Stop here").click()
    expect(page.locator("#jobs .job")).to_contain_text("then stopped")
    assert 0 < waiting(busy) < WAITING


def test_a_few_that_match_are_decided_at_once(blog: Live, page: Page) -> None:
    ids = [
        keep(blog.app, f"https://g{n}.example/", target=f"{blog.url}/posts/no-dig-beds") for n in range(60)
    ]
    look(page, blog)
    select_all(page, "60")
    page.locator("#bulk-form button[value=approve]").click()
    expect(page.locator(".notice")).to_contain_text("Approved 60.")
    assert status(blog.app, ids[59]) == "approved"
    page.locator(".notice button", has_text="Undo").click()
    expect(page.locator("#toasts, .notice").filter(has_text="Taken back: 60.").first).to_be_visible()
    assert status(blog.app, ids[59]) == "pending"


def test_without_a_script_there_is_a_page_that_says_what_will_happen(busy: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, busy)
    page.goto(f"{busy.url}/admin/linkbacks")
    late(busy)
    page.locator(".bulk-link a").click()
    expect(page.locator("h1")).to_have_text(f"Decide all {WAITING} that match")
    expect(page.locator("main")).to_contain_text("1 more came since. It is left alone.")
    page.fill("#reason", "All of a kind")
    page.locator("button", has_text=f"Reject all {WAITING}").click()
    page.wait_for_url("**/admin/jobs/*")
    for _ in range(60):
        if not page.locator("progress").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator(".job-count")).to_contain_text(f"Rejected {WAITING}.")
    page.locator("button", has_text="Undo all of it").click()
    page.wait_for_url("**/admin/jobs/*")
    expect(page.locator("main")).to_contain_text("Tak")


def test_a_phone_has_the_bar_at_the_bottom(busy: Live, opened: Open) -> None:
    page = opened(360, 760, is_mobile=True, has_touch=True)
    look(page, busy)
    select_all(page)
    box = page.locator("#bulk-form").bounding_box()
    assert box
    assert abs(box["y"] + box["height"] - 760) <= 1
    buttons = page.locator("#bulk-form button:visible").all()
    assert all((b.bounding_box() or {"height": 0})["height"] >= 44 for b in buttons)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(busy: Live, opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    look(page, busy)
    select_all(page)
    assert problems(page) == []
    page.goto(page.locator(".bulk-link a").evaluate("link => link.href"))
    assert problems(page) == []
    page.locator("button", has_text=f"Spam all {WAITING}").click()
    page.wait_for_url("**/admin/jobs/*")
    expect(page.locator(".job-count")).to_contain_text("Marked as spam")
    assert problems(page) == []
    page.goto(f"{busy.url}/admin/linkbacks")
    expect(page.locator("#jobs .job")).to_be_visible()
    assert problems(page) == []
