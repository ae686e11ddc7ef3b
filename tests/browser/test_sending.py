"""The ledger, the rules and trackbacks in a real browser: rows that tick to done in place, with and without scripts."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blog_linkbacks.sending import rules
from blog_linkbacks.sending.tables import Rule
from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live, running
from tests.sending.nine import tell_nine
from tests.sending.world import Blogger, fixed, in_turn, receiver
from tests.support.web import Answer, Request, Web

HOST = "127.0.0.2"


@pytest.fixture
def working(environ: dict[str, str], root: Path) -> Iterator[Live]:
    """The blog over real HTTP with its worker."""
    with running(environ, root) as served:
        yield served


def _publish(page: Page, blog: Live, *targets: str) -> None:
    """Write and publish, until the next page has come."""
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Many links")
    page.fill("[name=body]", "\n\n".join(f"[x]({target})" for target in targets))
    page.click("button:has-text('Publish')")
    page.wait_for_url("**/admin/posts")


def test_two_hundred_links_are_published_at_once_and_tick_to_done(
    working: Live, page: Page, web: Web
) -> None:
    published = threading.Event()

    def once_published(_request: Request) -> Answer:
        published.wait(60)
        return Answer("", 202)

    for number in range(200):
        receiver(web, once_published, f"/{number}", "/wm")
    sign_in(page, working, "ida")
    _publish(page, working, *(web.url(f"/{number}") for number in range(200)))
    head = page.locator(".telling-head strong")
    expect(head).to_have_text("0 of 200 told")
    published.set()
    expect(head).to_have_text("200 of 200 told", timeout=90_000)
    expect(page.locator("#telling .badge").first).to_have_text("told by webmention")
    expect(page.locator("#telling")).not_to_have_attribute("hx-get", "x")
    assert page.locator("#telling").get_attribute("hx-get") is None
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def test_rows_tick_in_place_in_ledger_and_editor(working: Live, opened: Open, web: Web) -> None:
    slow = receiver(web, fixed("", 202), "/slow")
    looked_at = threading.Event()

    def when_looked_at(_request: Request) -> Answer:
        looked_at.wait(15)
        return Answer("", 202)

    web.answer("/wm", when_looked_at)
    ledger, editor = opened(), opened()
    for page in (ledger, editor):
        sign_in(page, working, "ida")
    _publish(editor, working, slow)
    ledger.goto(f"{working.url}/admin/sent")
    editor.goto(f"{working.url}/admin/posts/3")
    expect(ledger.locator("tbody .badge")).to_have_text("Waiting")
    expect(editor.locator(".outlink .badge")).to_have_text("waits to be told")
    looked_at.set()
    expect(ledger.locator("tbody .badge")).to_have_text("Told")
    expect(editor.locator(".outlink .badge")).to_have_text("told by webmention")
    expect(ledger.locator("#watch[hx-get]")).to_have_count(0)
    expect(editor.locator("#watch[hx-get]")).to_have_count(0)


def test_giving_up_and_sending_again_swap_the_row(blog: Live, page: Page, web: Web) -> None:
    Blogger(blog.app).write(
        receiver(web, in_turn(Answer("", 500))), receiver(web, fixed("No", 400), "/b", "/wm/b")
    )
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/sent")
    page.evaluate("window.stays = true")
    page.locator("tr:has-text('/page') button:has-text('Give up')").press("Enter")
    expect(page.locator("tr:has-text('/page') .badge")).to_have_text("Given up")
    expect(page.locator("tr:has-text('/page') button:has-text('Send again')")).to_be_focused()
    page.locator("tr:has-text('/b') button:has-text('Send again')").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr:has-text('/b')").first.locator(".badge")).to_have_text("Waiting")
    expect(page.locator(".toast").last).to_contain_text("is told again")
    assert page.evaluate("window.stays")
    assert page.locator("#watch[hx-get]").count() == 1


def test_the_ledger_works_without_scripts(blog: Live, opened: Open, web: Web) -> None:
    Blogger(blog.app).write(receiver(web, in_turn(Answer("", 500))))
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/sent?site={HOST}")
    page.click("button:has-text('Give up')")
    assert page.url.endswith(f"/admin/sent?site={HOST}")
    expect(page.locator("tbody .badge")).to_have_text("Given up")


def test_a_site_that_asks_first_is_chosen_and_sent_from_the_editor(blog: Live, page: Page, web: Web) -> None:
    target = receiver(web, fixed("", 202))
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Links")
    page.fill("[name=body]", f"[x]({target})")
    expect(page.locator(".outlink .badge")).to_have_text("webmention")
    expect(page.locator(".outlink-why")).to_contain_text("/wm when the post is published")
    page.select_option(".outlink-rule", label="Ask first")
    expect(page.locator(".outlink .badge")).to_have_text("webmention, asks first")
    assert page.input_value("[name=body]") == f"[x]({target})"
    page.click("button:has-text('Publish')")
    page.wait_for_url("**/admin/posts")
    page.goto(f"{blog.url}/admin/posts/3")
    expect(page.locator(".outlink .badge")).to_have_text("asks first")
    page.locator(".outlink a:has-text('Send')").press("Enter")
    expect(page.locator(".outlink .badge")).to_have_text("waits to be told")


def test_a_rule_chosen_without_scripts_is_kept_with_the_post(blog: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=body]", "[x](http://garden.example/)")
    page.click("button:has-text('Preview')")
    page.select_option(".outlink-rule", label="Never tell")
    page.click("button:has-text('Preview')")
    expect(page.locator(".outlink .badge")).to_have_text("never told")
    expect(page.locator("[name=tell]")).to_have_count(0)


def test_a_trackback_is_previewed_from_the_writing_page(blog: Live, page: Page, web: Web) -> None:
    Blogger(blog.app).write(words="All about soil.")
    url = web.answer("/tb", fixed("<response><error>0</error></response>"))
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/3")
    page.click("text=Send a trackback")
    page.fill("[name=urls]", url)
    page.fill("[name=excerpt]", "word " * 80)
    expect(page.locator(".counter")).to_have_text("399 of 252")
    page.click("button:has-text('Preview')")
    expect(page.locator("#what-is-sent")).to_contain_text("Cut at 252 characters.")
    expect(page.locator("#what-is-sent .badge")).to_have_text("sent there")
    assert not web.seen("/tb", "POST")
    page.fill("[name=title]", "Another")
    page.click("button:has-text('Send 1 trackback')")
    expect(page.locator("#what-is-sent")).to_contain_text("Another")
    page.click("button:has-text('Send 1 trackback')")
    page.wait_for_url("**/admin/sent?post=3")


def test_links_are_checked_without_scripts(blog: Live, opened: Open, web: Web) -> None:
    told, none = receiver(web, fixed("", 202)), web.route("/none", "<p>Hello")
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Links")
    page.fill("[name=body]", f"[x]({told}) [y]({none})")
    page.click("button:has-text('Preview')")
    expect(page.locator(".outlink .badge")).to_have_text(["asked on publishing"] * 2)
    page.uncheck(f"[name=tell][value='{told}']")
    page.click("button:has-text('Check links')")
    expect(page.locator(".outlink .badge")).to_have_text(["webmention", "takes none"])
    expect(page.locator("[name=tell][type=checkbox]")).to_have_count(1)
    expect(page.locator("[name=tell][type=checkbox]")).not_to_be_checked()
    expect(page.locator("select.outlink-rule")).to_have_count(1)
    expect(page.locator("[name=title]")).to_have_value("Links")
    expect(page.locator("button:has-text('Check links')")).to_have_count(0)
    assert web.seen("/wm") == []


def test_choices_go_without_a_jump_once_a_page_takes_none(blog: Live, page: Page, web: Web) -> None:
    none = web.route("/none", "<p>Hello")
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=body]", f"[x]({none})")
    expect(page.locator(".outlink .badge")).to_have_text("takes none")
    for choice in ("[name=tell]", ".outlink-rule"):
        expect(page.locator(choice)).not_to_be_visible()
    before = page.locator(".outlink").bounding_box()
    page.locator("[name=body]").press_sequentially(" and on")
    expect(page.locator(".outlink [type=checkbox], .outlink select")).to_have_count(0)
    assert page.locator(".outlink").bounding_box() == before


def test_on_a_phone_all_that_can_be_done_with_a_post_is_in_one_row(blog: Live, opened: Open) -> None:
    page = opened(width=360, has_touch=True)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/1")
    actions = page.locator(".savebar > :is(a, button)")
    expect(actions).to_have_text(["Update", "Unpublish", "Preview", "Send a trackback", "Delete"])
    boxes = [box for action in actions.all() if (box := action.bounding_box())]
    assert len(boxes) == 5
    assert len({round(box["y"] + box["height"] / 2) for box in boxes}) == 1
    assert max(box["x"] + box["width"] for box in boxes) <= 360


def _two_related(blog: Live) -> str:
    blog.post("Worms", "They like [beds](/posts/no-dig-beds).")
    blog.post("Moles", "They like [beds](/posts/no-dig-beds) too.")
    return f"{blog.url}/admin/posts/1"


def _titles(page: Page, blog: Live) -> list[str]:
    """The related posts as a reader sees them, in a page of its own."""
    reader = page.context.new_page()
    reader.goto(f"{blog.url}/posts/no-dig-beds")
    titles = reader.locator("#related .related-title a").all_inner_texts()
    reader.close()
    return titles


def test_a_related_post_is_pinned_hidden_and_undone_in_place(blog: Live, page: Page) -> None:
    editor = _two_related(blog)
    sign_in(page, blog, "ida")
    page.goto(editor)
    page.evaluate("window.stays = true")
    worms = page.locator(".choice-row:has-text('Worms')")
    worms.locator("button:has-text('Pin')").press("Enter")
    expect(worms.locator(".badge")).to_have_text("Pinned")
    expect(page.locator(".choice-row").first).to_contain_text("Worms")
    expect(worms.locator("button:has-text('Unpin')")).to_be_focused()
    assert _titles(page, blog) == ["Worms", "Moles"]
    worms.locator("button:has-text('Hide')").press("Enter")
    expect(worms.locator(".badge")).to_have_text("Hidden")
    expect(worms.locator("button:has-text('Show')")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("“Worms” is hidden on both posts.")
    assert _titles(page, blog) == ["Moles"]
    page.locator(".toast button:has-text('Undo')").press("Enter")
    expect(worms.locator("button:has-text('Hide')")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("shown again")
    assert sorted(_titles(page, blog)) == ["Moles", "Worms"]
    assert page.evaluate("window.stays")


def test_a_related_post_is_hidden_and_pinned_without_scripts(blog: Live, opened: Open) -> None:
    editor = _two_related(blog)
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ida")
    page.goto(editor)
    page.click(".choice-row:has-text('Moles') button:has-text('Hide')")
    assert page.url == f"{editor}#related"
    expect(page.locator(".toast")).to_contain_text("“Moles” is hidden on both posts.")
    expect(page.locator(".choice-row:has-text('Moles') .badge")).to_have_text("Hidden")
    assert _titles(page, blog) == ["Worms"]
    page.click(".choice-row:has-text('Moles') button:has-text('Show')")
    page.click(".choice-row:has-text('Worms') button:has-text('Pin')")
    assert _titles(page, blog) == ["Worms", "Moles"]


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), (360, "light"), (1280, "dark"), (1280, "light")]
)
def test_every_screen_is_accessible_and_fits(
    blog: Live, opened: Open, web: Web, width: int, scheme: str
) -> None:
    tell_nine(Blogger(blog.app), web)
    with blog.app.app_context():
        rules.set_rule("garden.example", Rule.NEVER)
        rules.set_rule("blog.somewhere.example", Rule.ASK)
    Blogger(blog.app).write("http://blog.somewhere.example/a", "http://garden.example/b", post="asks")
    page = opened(width=width, color_scheme=scheme, has_touch=width < 500)
    sign_in(page, blog, "ida")
    for path in (
        "/admin/sent",
        "/admin/sent/sites",
        "/admin/sent/trackback?post=3",
        "/admin/posts/3",
        "/admin/posts/4",
    ):
        page.goto(blog.url + path)
        _sound(page)
    page.goto(f"{blog.url}/admin/sent/trackback?post=3")
    page.fill("[name=urls]", "http://garden.example/tb\n" + web.url("/tb"))
    page.click("button:has-text('Preview')")
    _sound(page)


def _sound(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], page.url
