"""The moderation queue in a real browser: by click, by key, by two people, on a phone, without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.moderation.actions import SPAM
from blog_linkbacks.moderation.decisions import act
from tests.browser.conftest import Open, sign_in
from tests.conftest import Live
from tests.moderation.world import arrive, keep, status
from tests.support.web import Web


def fill(blog: Live, number: int = 3) -> list[int]:
    """Rows that wait, the most likely genuine first."""
    return [
        keep(
            blog.app,
            f"https://garden{n}.example/soil",
            score=0.1,
            target=f"{blog.url}/posts/no-dig-beds",
            lifted_author=f"Gardener {n}",
            before="I learned it from ",
            anchor="this piece",
            after=" last spring.",
            reason="The link stands in the article.",
        )
        for n in range(1, number + 1)
    ]


def look(page: Page, blog: Live, name: str = "mo") -> None:
    """Sign in and open the queue; until htmx has taken the forms over, a key sends them plainly."""
    sign_in(page, blog, name)
    page.goto(f"{blog.url}/admin/linkbacks")
    page.wait_for_selector("#rows form[data-htmx-powered]")


@pytest.fixture
def queue(blog: Live, page: Page) -> list[int]:
    """Three rows wait; Mo looks at them."""
    ids = fill(blog)
    look(page, blog)
    return ids


def test_approving_by_click_collapses_the_row_and_says_so(blog: Live, page: Page, queue: list[int]) -> None:
    page.locator(f"#linkback-{queue[0]} button[value=approve]").click()
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Approved by mo")
    expect(page.locator("#toasts")).to_contain_text("Approved “Gardener 1”. 2 waiting.")
    expect(page.locator("#count-pending")).to_have_text("2")
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    expect(page.locator(f"#linkback-{queue[1]}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    assert status(blog.app, queue[0]) == "approved"


def test_keys_decide_one_row_after_the_other(blog: Live, page: Page, queue: list[int]) -> None:
    for key, index in (("a", 0), ("s", 1), ("d", 2)):
        expect(page.locator(f"#linkback-{queue[index]}")).to_have_attribute("aria-current", "true")
        page.keyboard.press(key)
        expect(page.locator(f"#linkback-{queue[index]}")).to_have_class(re.compile("is-decided"))
    expect(page.locator("#all-done")).to_be_visible()
    expect(page.locator("#all-done")).to_be_focused()
    assert [status(blog.app, id) for id in queue] == ["approved", "spam", "rejected"]


def test_z_takes_back_one_decision_after_the_other(blog: Live, page: Page, queue: list[int]) -> None:
    for index in (0, 1):
        page.keyboard.press("a")
        expect(page.locator(f"#linkback-{queue[index]}")).to_have_class(re.compile("is-decided"))
    for index in (1, 0):
        page.keyboard.press("z")
        expect(page.locator(f"#linkback-{queue[index]} button[value=approve]")).to_be_visible()
        expect(page.locator(f"#linkback-{queue[index]} .row-open")).to_be_focused()
    assert [status(blog.app, id) for id in queue] == ["pending"] * 3


def test_the_toast_and_the_row_both_offer_the_way_back(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("s")
    page.locator("#toasts .toast button", has_text="Undo").click()
    expect(page.locator(f"#linkback-{queue[0]} button[value=spam]")).to_be_visible()
    expect(page.locator("#toasts form")).to_have_count(0)
    page.locator(f"#linkback-{queue[0]} button[value=reject]").click()
    page.locator(f"#linkback-{queue[0]} button", has_text="Undo").click()
    expect(page.locator(f"#linkback-{queue[0]} button[value=spam]")).to_be_visible()
    assert status(blog.app, queue[0]) == "pending"


def test_j_and_k_move_and_skip_what_is_decided(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("j")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[2]} .row-open")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#linkback-{queue[0]} .row-open")).to_be_focused()


def test_keys_stay_out_of_the_way_while_typing(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("asdzjx")
    expect(page.locator("#search")).to_have_value("asdzjx")
    assert [status(blog.app, id) for id in queue] == ["pending"] * 3


def test_a_stale_click_shows_who_was_faster(blog: Live, page: Page, opened: Open, queue: list[int]) -> None:
    other = opened()
    look(other, blog, "ana")
    other.locator(f"#linkback-{queue[0]} button[value=spam]").click()
    expect(other.locator(f"#linkback-{queue[0]}")).to_contain_text("Marked as spam by ana")
    page.locator(f"#linkback-{queue[0]} button[value=approve]").click()
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Already marked as spam by ana, just now.")
    expect(page.locator("#count-spam")).to_have_text("1")
    assert status(blog.app, queue[0]) == "spam"


def test_the_hand_is_on_the_next_row_before_the_answer_comes(
    blog: Live, page: Page, queue: list[int]
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/decisions", hold)
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    expect(page.locator(f"#linkback-{queue[0]}")).to_have_class(re.compile("is-sent"))
    page.keyboard.press("j")
    page.wait_for_function("() => document.querySelector('.is-sent.htmx-request, .is-sent .htmx-request')")
    assert status(blog.app, queue[0]) == "pending"
    held[0].continue_()
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Approved by mo")
    expect(page.locator(f"#linkback-{queue[2]} .row-open")).to_be_focused()


def test_a_refused_key_is_told_in_its_place_and_the_hand_stays(
    blog: Live, page: Page, queue: list[int]
) -> None:
    with blog.app.app_context():
        ana = find_user("ana")
        assert ana is not None
        act(queue[0], SPAM, ana)
    page.keyboard.press("a")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Already marked as spam by ana, just now.")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()
    assert status(blog.app, queue[0]) == "spam"


def test_a_selection_is_decided_and_undone_as_one(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("2 selected")
    page.keyboard.press("Shift+A")
    expect(page.locator("#toasts")).to_contain_text("Approved 2. 1 waiting.")
    expect(page.locator(".row.is-decided")).to_have_count(2)
    expect(page.locator(f"#linkback-{queue[2]} .row-open")).to_be_focused()
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("Taken back: 2. 3 waiting.")
    assert [status(blog.app, id) for id in queue] == ["pending"] * 3


def test_the_whole_page_is_selected_by_one_tick(blog: Live, page: Page, queue: list[int]) -> None:
    page.check("#select-page input")
    expect(page.locator("#bulk-count")).to_have_text("3 selected")
    page.locator("#bulk button[value=spam]").click()
    expect(page.locator("#all-done")).to_be_visible()
    assert [status(blog.app, id) for id in queue] == ["spam"] * 3


def test_blocking_a_site_asks_first_and_decides_what_waits_from_it(
    blog: Live, page: Page, queue: list[int]
) -> None:
    page.keyboard.press("t")
    expect(page.locator("#evidence .rule-form button[value=trust]")).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("#evidence .rule-form button[value=block]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text(
        "garden1.example is blocked. Marked as spam 1 that waited."
    )
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Marked as spam by rule “blocked site”")
    page.keyboard.press("z")
    expect(page.locator(f"#linkback-{queue[0]} button[value=approve]")).to_be_visible()
    page.goto(f"{blog.url}/admin/sites")
    expect(page.locator("main")).not_to_contain_text("Blocked")


def test_the_end_of_a_search_does_not_say_that_nothing_waits(blog: Live, page: Page) -> None:
    fill(blog)
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/linkbacks?site=garden1.example")
    page.locator("#rows button[value=approve]").first.click()
    expect(page.locator("#all-done")).to_contain_text("All that match are decided.")
    page.locator("#all-done").get_by_text("Show all").click()
    expect(page.locator("#rows > li")).to_have_count(2)


def test_the_evidence_follows_the_row_in_hand(blog: Live, page: Page, web: Web) -> None:
    first = arrive(blog.app, web, "/one", target=f"{blog.url}/posts/no-dig-beds")
    second = arrive(blog.app, web, "/two", target=f"{blog.url}/posts/compost-basics")
    look(page, blog)
    expect(page.locator(f"#evidence [data-of='{first}']")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(f"#evidence [data-of='{second}']")).to_be_visible()
    expect(page.locator("#evidence")).to_contain_text("The link stands inside the article.")
    expect(page.locator("#evidence")).to_contain_text("Held for a person")


def test_the_help_sheet_opens_and_shuts(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert status(blog.app, queue[0]) == "pending"


def test_an_empty_queue_says_that_nothing_waits(blog: Live, page: Page) -> None:
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/linkbacks")
    expect(page.locator(".empty h2")).to_have_text("Nothing waits.")


def test_a_phone_has_the_actions_in_reach_and_the_evidence_in_a_sheet(blog: Live, opened: Open) -> None:
    ids = fill(blog)
    page = opened(360, 760, is_mobile=True, has_touch=True)
    look(page, blog)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [b.bounding_box() for b in page.locator(f"#linkback-{ids[0]} .row-actions > .button").all()]
    assert all(box and box["height"] >= 40 for box in boxes)
    expect(page.locator("#evidence")).to_be_hidden()
    page.locator(f"#linkback-{ids[0]} .row-open").tap()
    expect(page.locator("#evidence h2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#evidence")).to_be_hidden()
    page.locator(f"#linkback-{ids[0]} button[value=approve]").tap()
    expect(page.locator(f"#linkback-{ids[0]}")).to_contain_text("Approved by mo")


def test_everything_works_without_a_script(blog: Live, opened: Open) -> None:
    ids = fill(blog)
    page = opened(java_script_enabled=False)
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/linkbacks")
    page.locator(f"#linkback-{ids[0]} button[value=approve]").click()
    expect(page.locator(".notice")).to_contain_text("Approved “Gardener 1”. 2 waiting.")
    assert status(blog.app, ids[0]) == "approved"
    page.locator(".notice button", has_text="Undo").click()
    expect(page.locator(".notice")).to_contain_text("taken back")
    assert status(blog.app, ids[0]) == "pending"
    page.check(f"#linkback-{ids[0]} input[name=ids]")
    page.check(f"#linkback-{ids[1]} input[name=ids]")
    page.locator("#bulk button[value=spam]").click()
    expect(page.locator(".notice")).to_contain_text("Marked as spam 2.")
    page.locator(f"#linkback-{ids[2]} .row-open").click()
    expect(page.locator("section.evidence h2")).to_contain_text("Why")
    page.locator("button[value=reject]").click()
    assert status(blog.app, ids[2]) == "rejected"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(blog: Live, opened: Open, web: Web, scheme: str) -> None:
    arrive(blog.app, web, "/one", target=f"{blog.url}/posts/no-dig-beds")
    fill(blog)
    page = opened(color_scheme=scheme)
    look(page, blog)
    expect(page.locator("#evidence h2")).to_be_visible()
    page.keyboard.press("x")
    assert problems(page) == []
    page.keyboard.press("a")
    expect(page.locator(".row.is-decided")).to_have_count(1)
    page.wait_for_timeout(300)
    assert problems(page) == []
    page.goto(f"{blog.url}/admin/sites")
    assert problems(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_however_far_it_is_scrolled(
    blog: Live, opened: Open, scheme: str
) -> None:
    fill(blog, 5)
    page = opened(360, 760, color_scheme=scheme)
    look(page, blog)
    for y in range(0, 1000, 110):
        page.evaluate(f"scrollTo(0, {y})")
        assert problems(page) == []


def problems(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]
