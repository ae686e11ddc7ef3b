"""What comes while one looks, two people at once, and hands that are faster than the wire."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_queue import fill, look
from tests.conftest import Live
from tests.moderation.world import keep, status


@pytest.fixture
def queue(blog: Live, page: Page) -> list[int]:
    ids = fill(blog)
    look(page, blog)
    return ids


def ask(page: Page) -> None:
    """Have the page ask now, as it does when its tab comes to the front."""
    with page.expect_response(lambda response: "/news" in response.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def places(page: Page) -> list[float]:
    boxes = [row.bounding_box() for row in page.locator("#rows > li").all()]
    return [box["y"] for box in boxes if box]


def test_what_comes_is_told_without_moving_a_row_and_shown_by_hand(
    blog: Live, page: Page, queue: list[int]
) -> None:
    page.keyboard.press("j")
    page.keyboard.press("x")
    before = places(page)
    post = f"{blog.url}/posts/no-dig-beds"
    genuine = keep(blog.app, "https://new.example/", 0.01, target=post, lifted_author="Newcomer")
    spam = keep(blog.app, "https://spam.example/", 0.99, target=post, lifted_author="Seller")
    ask(page)
    expect(page.locator("#arrivals")).to_have_text("2 new · show")
    expect(page).to_have_title(re.compile(r"^\(5\) "))
    expect(page.locator("#spoken")).to_have_text("2 new.")
    assert places(page) == before
    page.click("#arrivals")
    expect(page.locator("#rows > li")).to_have_count(5)
    ids = page.locator("#rows > li").evaluate_all("rows => rows.map((row) => Number(row.dataset.id))")
    assert ids == [*queue, genuine, spam]
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    expect(page.locator(f"#linkback-{queue[1]} input[name=ids]")).to_be_checked()
    expect(page.locator("#arrivals")).to_be_hidden()
    page.locator(f"#linkback-{genuine} button[value=approve]").click()
    expect(page.locator(f"#linkback-{genuine}")).to_contain_text("Approved by mo")


def test_all_that_match_means_all_up_to_what_was_brought_in(blog: Live, page: Page, queue: list[int]) -> None:
    keep(blog.app, "https://new.example/", 0.01, target=f"{blog.url}/posts/no-dig-beds")
    as_drawn = page.locator(".bulk-link a").get_attribute("href")
    ask(page)
    page.click("#arrivals")
    expect(page.locator("#rows > li")).to_have_count(4)
    for place in (".bulk-link a", "#bulk-more"):
        fresh = page.locator(place).get_attribute("href" if "link" in place else "data-url")
        assert fresh != as_drawn
        assert "1 more" not in page.request.get(f"{blog.url}{fresh}").text()
    page.locator("#select-page input").check()
    expect(page.locator("#bulk-more")).to_have_text("Select all 4 that match")


def test_nothing_is_told_where_nothing_happened(blog: Live, page: Page, queue: list[int]) -> None:
    with page.expect_response(lambda response: "/news" in response.url) as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 204
    expect(page.locator("#arrivals")).to_be_hidden()


def test_a_row_that_somebody_else_decided_is_marked_in_place(
    blog: Live, page: Page, opened: Open, queue: list[int]
) -> None:
    other = opened()
    look(other, blog, "ana")
    before = places(page)
    other.locator(f"#linkback-{queue[1]} button[value=spam]").click()
    expect(other.locator(f"#linkback-{queue[1]}")).to_contain_text("Marked as spam by ana")
    ask(page)
    expect(page.locator(f"#linkback-{queue[1]} .row-when")).to_have_text("Marked as spam by ana")
    expect(page.locator("#count-spam")).to_have_text("1")
    assert places(page) == before
    other.locator(f"#linkback-{queue[1]} button", has_text="Undo").click()
    expect(other.locator(f"#linkback-{queue[1]} button[value=spam]")).to_be_visible()
    ask(page)
    expect(page.locator(f"#linkback-{queue[1]} .row-when")).to_contain_text("pingback")


def slow(page: Page) -> Callable[[], None]:
    """Hold back every decision until the returned function is called."""
    page.evaluate("""() => {
        const real = window.fetch;
        const gate = new Promise((open) => { window.letGo = open; });
        window.fetch = (to, ...rest) =>
            String(to).includes("/decisions") ? gate.then(() => real(to, ...rest)) : real(to, ...rest);
    }""")
    return lambda: page.evaluate("letGo()")


def test_keys_pressed_before_the_answer_decide_the_next_rows(
    blog: Live, page: Page, queue: list[int]
) -> None:
    let_go = slow(page)
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.press("d")
    assert [status(blog.app, id) for id in queue] == ["pending"] * 3
    let_go()
    expect(page.locator(".row.is-decided")).to_have_count(3)
    expect(page.locator("#all-done")).to_be_focused()
    assert [status(blog.app, id) for id in queue] == ["approved", "spam", "rejected"]


def test_undo_pressed_before_the_answer_takes_that_decision_back(
    blog: Live, page: Page, queue: list[int]
) -> None:
    let_go = slow(page)
    page.keyboard.press("a")
    page.keyboard.press("z")
    let_go()
    expect(page.locator(f"#linkback-{queue[0]} .row-open")).to_be_focused()
    expect(page.locator(f"#linkback-{queue[0]} button[value=approve]")).to_be_visible()
    assert status(blog.app, queue[0]) == "pending"


def test_a_stale_key_press_leaves_the_hand_where_it_is(
    blog: Live, page: Page, opened: Open, queue: list[int]
) -> None:
    other = opened()
    look(other, blog, "ana")
    other.locator(f"#linkback-{queue[0]} button[value=spam]").click()
    expect(other.locator(f"#linkback-{queue[0]}")).to_contain_text("Marked as spam by ana")
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Already marked as spam by ana")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    assert status(blog.app, queue[0]) == "spam"


def test_a_blog_that_is_away_loses_no_row(
    blog: Live, page: Page, queue: list[int], complaints: list[str]
) -> None:
    page.route("**/decisions", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("did not reach the blog")
    page.unroute("**/decisions")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Approved by mo")
    complaints.clear()


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_a_modifier_are_the_browser_s(
    blog: Live, page: Page, queue: list[int], modifier: str
) -> None:
    for key in ("d", "u", "b"):
        page.evaluate(
            "([key, modifier]) => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {key, [modifier]: true, bubbles: true}))",
            [key, {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]],
        )
    assert [status(blog.app, id) for id in queue] == ["pending"] * 3


def test_every_change_is_heard(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("x")
    expect(page.locator("#spoken")).to_have_text("Gardener 1 selected. 1 selected.")
    page.keyboard.press("x")
    expect(page.locator("#spoken")).to_have_text("Gardener 1 no longer selected. 0 selected.")
    page.keyboard.press("d")
    expect(page.locator("#toasts[role=status]")).to_contain_text("Rejected “Gardener 1”. 2 waiting.")
