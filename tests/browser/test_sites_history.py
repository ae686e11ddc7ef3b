"""Sites, dossiers, the history, reasons and edits in a real browser: by key, by click, on a phone, without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from blog_linkbacks.db import now, writing
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import batches, decisions, editing, rules
from blog_linkbacks.moderation.actions import ACTIONS
from tests.browser.conftest import Open, sign_in
from tests.browser.test_queue import fill, look
from tests.conftest import Live
from tests.moderation.test_rules import mo
from tests.moderation.world import keep, read, status

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LABEL = "very-" * 11 + "long-label"
SEEN = {
    "outcome": "linked",
    "status": 200,
    "text": "Under compost. I learned it from this piece last spring. And then the worms came.",
    "sentence": {"before": "I learned it from ", "link": "this piece", "after": " last spring."},
}


@pytest.fixture
def queue(blog: Live, page: Page) -> list[int]:
    """Three rows wait that were seen to link here; Mo looks at them."""
    ids = waiting(blog)
    look(page, blog)
    return ids


def waiting(blog: Live) -> list[int]:
    ids = fill(blog)
    with blog.app.app_context(), writing() as session:
        for linkback_id in ids:
            session.get_one(Linkback, linkback_id).evidence = SEEN
    return ids


def test_a_rule_is_asked_for_by_key_and_made_by_enter(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("t")
    panel = page.locator("#evidence")
    expect(panel).to_contain_text("Would approve 1: it verifies.")
    expect(panel.locator("button[value=trust]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("garden1.example is trusted. Approved 1 that waited.")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Approved by rule “trusted site”")
    page.locator("#toasts form[data-undo] button").click()
    expect(page.locator(f"#linkback-{queue[0]} button[value=approve]")).to_be_visible()
    assert status(blog.app, queue[0]) == "pending"


def test_a_site_is_blocked_from_the_row_until_a_day(blog: Live, page: Page, queue: list[int]) -> None:
    page.locator(f"#linkback-{queue[1]} button[value=block]").click()
    page.fill("#evidence input[name=until]", f"{now().year + 1}-01-31")
    page.locator("#evidence button[value=block]").click()
    expect(page.locator("#toasts")).to_contain_text(
        f"blocked until 31 January {now().year + 1}. Marked as spam 1"
    )
    assert status(blog.app, queue[1]) == "spam"


def test_a_reason_is_given_by_key_after_the_rejection(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("d")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Rejected by mo")
    page.keyboard.press("3")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Only promotion")
    expect(page.locator(f"#linkback-{queue[1]} .row-open")).to_be_focused()


def test_a_reason_is_given_by_click_and_in_own_words(blog: Live, page: Page, queue: list[int]) -> None:
    row = page.locator(f"#linkback-{queue[0]}")
    row.locator("button[value=reject]").click()
    row.locator(".reasons summary").click()
    row.locator("button[data-reason='1']").click()
    expect(row).to_contain_text("Because: Off topic")
    row.locator(".reasons summary").click()
    row.locator("input[name=reason]").fill("Too loud")
    row.locator("input[name=reason]").press("Enter")
    expect(row).to_contain_text("Because: Too loud")


def _opened(page: Page, linkback_id: int) -> Locator:
    """The evidence of a row, asked for by a click and drawn: what stood there before it is gone."""
    panel = page.locator("#evidence")
    panel.evaluate("panel => { for (const child of panel.children) child.dataset.before = '' }")
    page.locator(f"#linkback-{linkback_id} .row-open").click()
    expect(panel.locator("[data-before]")).to_have_count(0)
    expect(panel.locator(".edit summary")).to_be_visible()
    return panel


def test_a_text_is_edited_beside_the_queue_and_goes_back(blog: Live, page: Page, queue: list[int]) -> None:
    panel = _opened(page, queue[0])
    panel.locator(".edit summary").click()
    panel.locator("#edit-author").fill("Mina Park")
    panel.locator("button[value=edit]").click()
    expect(panel).to_contain_text("Original: Gardener 1")
    expect(page.locator(f"#linkback-{queue[0]} .row-who")).to_contain_text("Mina Park")
    page.goto(f"{blog.url}/admin/linkbacks/{queue[0]}")
    page.locator(".edit summary").click()
    page.locator("button[value=original]").click()
    expect(page.locator(".notice")).to_contain_text("shows the original again")
    assert read(blog.app, queue[0]).shown_name == "Gardener 1"


def test_an_edit_begun_again_at_once_stays_open_and_its_undo_is_seen(
    blog: Live, page: Page, queue: list[int]
) -> None:
    panel = _opened(page, queue[0])
    panel.locator(".edit summary").click()
    panel.locator("#edit-author").fill("Mina Park")
    panel.locator("button[value=edit]").click()
    expect(panel).to_contain_text("Original: Gardener 1")
    panel.locator(".edit summary").click()
    page.wait_for_timeout(400)  # longer than the panel waits before it follows the hand
    expect(panel.locator("#edit-author")).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(panel).not_to_contain_text("Original: Gardener 1")


def test_the_history_takes_back_by_keyboard_alone(blog: Live, page: Page, queue: list[int]) -> None:
    page.keyboard.press("d")
    expect(page.locator(f"#linkback-{queue[0]}")).to_contain_text("Rejected by mo")
    page.goto(f"{blog.url}/admin/history")
    button = page.locator(".deed button", has_text="Undo")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("taken back")
    assert status(blog.app, queue[0]) == "pending"


def test_everything_works_without_scripts(blog: Live, opened: Open) -> None:
    ids = waiting(blog)
    page = opened(java_script_enabled=False)
    sign_in(page, blog)
    page.goto(f"{blog.url}/admin/linkbacks")
    page.locator(f"#linkback-{ids[0]} button[value=trust]").click()
    expect(page.locator("main")).to_contain_text("Would approve 1: it verifies.")
    page.locator("main button[value=trust]").click()
    expect(page.locator(".notice")).to_contain_text("garden1.example is trusted. Approved 1 that waited.")
    page.goto(f"{blog.url}/admin/linkbacks/{ids[1]}")
    page.locator(".edit summary").click()
    page.fill("#edit-title", "On soil")
    page.locator("button[value=edit]").click()
    expect(page.locator(".notice")).to_contain_text("title edited")
    page.goto(f"{blog.url}/admin/history")
    page.locator(".deed button", has_text="Undo").last.click()
    expect(page.locator(".notice")).to_contain_text("without a rule again. Taken back: 1.")
    page.goto(f"{blog.url}/admin/sites")
    page.click("table.sites th a >> nth=0")
    expect(page.locator("h1")).to_have_text("garden1.example")
    assert [status(blog.app, one) for one in ids] == ["pending"] * 3


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1280, "dark"), (360, "light")])
def test_every_screen_is_accessible_and_fits(blog: Live, opened: Open, width: int, scheme: str) -> None:
    first = _overfull(blog)
    page = opened(width=width, color_scheme=scheme, has_touch=width < 500)
    sign_in(page, blog, "ana")
    for path in (
        "/admin/sites",
        "/admin/sites?sort=waiting&q=never",
        "/admin/sites/garden1.example",
        f"/admin/sites/{LABEL}.example",
        "/admin/sites/www.garden1.example/rules?action=trust",
        "/admin/history",
        "/admin/history?rule=never",
        "/admin/settings/reasons",
        f"/admin/linkbacks/{first}",
    ):
        _sound(page, blog.url + path)


def _overfull(blog: Live) -> int:
    """Every state there is, long names, other letters and directions; the id of an edited linkback."""
    ids = waiting(blog)
    long = f"https://{LABEL}.{LABEL}.{LABEL}.example/{'path/' * 60}"
    target = f"{blog.url}/posts/no-dig-beds"
    more = [
        keep(blog.app, long, target=target, lifted_author="A" * 300, lifted_title="Title " * 80),
        keep(blog.app, "https://xn--mgbh0fb.example/1", target=target, lifted_author="مدونة الحديقة " * 9),
    ]
    blog.post("Friends", f"My [friend](https://www.garden1.example/{'x' * 200}).")
    with blog.app.app_context():
        decisions.act(ids[1], ACTIONS["reject"], mo(), reason="Off topic")
        batches.decide(dict.fromkeys(more), ACTIONS["spam"], mo())
        rules.set_rule("www.garden1.example", "trust", mo(), until=now().replace(year=now().year + 1))
        rules.set_rule("old.example", "block", mo(), until=now())
        editing.edit(ids[0], {"title": "On soil", "author": "Mina " * 20}, mo())
    return ids[0]


def _sound(page: Page, url: str) -> None:
    page.goto(url)
    for fold in page.locator("details.edit summary, details.around summary").all():
        fold.click()
    page.evaluate("scrollTo(0, 0)")  # what lies under the bar is no target
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], url
