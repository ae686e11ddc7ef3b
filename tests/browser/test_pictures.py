"""Pictures into a post in a real browser: by the button, dropped, pasted, as a cover; and without JavaScript."""

import base64
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import WAIT, Open, sign_in
from tests.conftest import Live
from tests.support import pictures as made_up

PHOTO = made_up.photograph(2000, 1200)
SHIFTS = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifted = (window.shifted ?? 0) + entry.value;
}).observe({type: "layout-shift", buffered: true})"""


def payload(name: str = "spade.jpg", content: bytes = PHOTO, kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def write(page: Page, blog: Live, words: str = "Before.") -> None:
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Of spades")
    page.click("[name=body]")
    page.keyboard.type(words)


def transfer(page: Page, name: str = "spade.jpg", content: bytes = PHOTO) -> object:
    """What is dragged: a file."""
    return page.evaluate_handle(
        """([name, content]) => {
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          const dragged = new DataTransfer();
          dragged.items.add(new File([bytes], name, { type: "image/jpeg" }));
          return dragged;
        }""",
        [name, base64.b64encode(content).decode()],
    )


def text_is(page: Page, pattern: str) -> None:
    expect(page.locator("[name=body]")).to_have_value(re.compile(pattern))


WRITTEN = r"^Before\.\n\n!\[\]\(/pictures/[0-9a-f]{32}\.jpg\)\n\n$"


def test_by_the_button_and_its_description_is_asked_for(page: Page, blog: Live) -> None:
    write(page, blog)
    with page.expect_file_chooser() as chooser:
        page.click("#add-picture")
    chooser.value.set_files([payload()])
    text_is(page, WRITTEN)
    expect(page.locator("#picture-status")).to_have_text(re.compile("Type what it shows"))
    expect(page.locator("#counts")).to_contain_text("1 picture has no description")
    page.keyboard.type("A spade")  # straight into the brackets
    text_is(page, r"!\[A spade\]\(/pictures/")
    expect(page.locator("#counts")).not_to_contain_text("description")
    image = page.locator("#preview img")
    expect(image).to_have_attribute("alt", "A spade")
    expect(image).to_have_js_property("complete", True)
    page.click(".savebar button.is-primary")
    page.goto(f"{blog.url}/posts/of-spades")
    assert page.evaluate("document.querySelector('.prose img').naturalWidth") > 0


def test_dropped_into_the_text(page: Page, blog: Live) -> None:
    write(page, blog)
    dragged = transfer(page)
    page.dispatch_event("[name=body]", "dragover", {"dataTransfer": dragged})
    expect(page.locator("[name=body]")).to_have_class(re.compile("is-over"))
    page.dispatch_event("[name=body]", "drop", {"dataTransfer": dragged})
    text_is(page, WRITTEN)
    expect(page.locator("[name=body]")).not_to_have_class(re.compile("is-over"))


def test_pasted_into_the_text(opened: Open, blog: Live) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    write(page, blog)
    png = made_up.encoded(made_up.scene(600, 400), "PNG")
    page.evaluate(
        """async (content) => {
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          const blob = new Blob([bytes], { type: "image/png" });
          await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }""",
        base64.b64encode(png).decode(),
    )
    page.keyboard.press("Control+V")
    text_is(page, WRITTEN.replace("jpg", "png"))


def test_several_come_in_their_order_while_one_writes_on(page: Page, blog: Live) -> None:
    write(page, blog, "")
    other = made_up.encoded(made_up.scene(400, 300))
    page.set_input_files("#picture-file", [payload("one.jpg"), payload("two.jpg", other)])
    page.keyboard.type("Meanwhile.")
    text_is(page, r"^!\[\]\(/pictures/\w+\.jpg\)\n\n!\[\]\(/pictures/\w+\.jpg\)\n\nMeanwhile\.$")


def test_what_is_refused_is_said_and_leaves_no_trace(page: Page, blog: Live, tmp_path: Path) -> None:
    write(page, blog)
    page.set_input_files("#picture-file", payload("letter.jpg", made_up.PDF))
    status = page.locator("#picture-status")
    expect(status).to_have_text("This is a PDF document, not a picture.")
    page.set_input_files("#picture-file", payload("drawing.png", made_up.SVG, "image/png"))
    expect(status).to_have_text(re.compile("This is an SVG drawing"))
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(16_000_000))
    page.set_input_files("#picture-file", large)
    expect(status).to_have_text("“large.jpg” is larger than 15 MB. Make it smaller first.")
    text_is(page, r"^Before\.\s*$")


def test_saving_waits_for_a_picture_under_way(page: Page, blog: Live) -> None:
    write(page, blog)
    page.set_input_files("#picture-file", payload())
    page.click("button:has-text('Save draft')")
    page.wait_for_url(re.compile(r"/admin/posts/\d+$"))
    expect(page.locator("#toasts")).to_contain_text(
        "Saved the draft “Of spades”. 1 picture has no description."
    )
    text_is(page, WRITTEN)


def test_a_cover_is_uploaded_chosen_and_shown(page: Page, blog: Live) -> None:
    write(page, blog)
    page.click("summary:has-text('Cover')")
    page.set_input_files("#cover-file", payload())
    expect(page.locator("#cover-status")).to_have_text(re.compile("Added and chosen"))
    expect(page.locator("[name=cover_alt]")).to_be_focused()
    page.keyboard.type("The garden")
    page.click(".savebar button.is-primary")
    page.wait_for_url(re.compile("/admin/posts$"))
    page.add_init_script(SHIFTS)
    for path in ("/posts/of-spades", "/"):
        page.goto(blog.url + path)
        expect(page.locator("img.u-featured")).to_have_js_property("complete", True)
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifted ?? 0") == 0
    page.goto(f"{blog.url}/posts/of-spades")
    expect(page.locator("img.post-cover")).to_have_attribute("alt", "The garden")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_have_no_barriers(opened: Open, blog: Live, width: int, colours: str) -> None:
    page = opened(width, color_scheme=colours, reduced_motion="reduce")  # nothing is seen half faded in
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/pictures")
    _no_barriers(page)
    page.set_input_files("#file", payload())
    page.click("button:has-text('Upload')")
    expect(page.locator(".picture")).to_have_count(1)
    _no_barriers(page)
    page.goto(f"{blog.url}/admin/posts/new")
    page.click("summary:has-text('Cover')")
    page.locator(".cover-choice input").nth(1).check()
    page.fill("[name=title]", "Covered")
    page.fill("[name=body]", "Words.")
    _no_barriers(page)
    page.click(".savebar button.is-primary")
    page.wait_for_url(re.compile("/admin/posts$"))
    for path in ("/posts/covered", "/"):
        page.goto(blog.url + path)
        _no_barriers(page)


def test_without_javascript_by_the_page_of_pictures(browser: Browser, blog: Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts")
    page.click("main a:has-text('Pictures')")
    expect(page.locator(".empty")).to_contain_text("No pictures yet.")
    page.set_input_files("#file", payload("letter.jpg", made_up.PDF))
    page.click("button:has-text('Upload')")
    expect(page.locator("[role=alert]")).to_contain_text(
        "This is a PDF document, not a picture. Nothing was kept."
    )
    page.set_input_files("#file", payload())
    page.fill("#alt", "A spade")
    page.click("button:has-text('Upload')")
    code = page.locator(".picture code")
    expect(code).to_have_text(re.compile(r"^!\[A spade\]\(/pictures/\w+\.jpg\)$"))
    expect(page.locator("[data-copy]")).to_be_hidden()
    words = code.inner_text()
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Of spades")
    page.fill("[name=body]", words)
    page.click("summary:has-text('Cover')")
    page.locator(".cover-choice input").nth(1).check()
    page.fill("[name=cover_alt]", "My garden")
    page.click(".savebar button.is-primary")
    page.goto(f"{blog.url}/posts/of-spades")
    expect(page.locator("img.post-cover")).to_have_attribute("alt", "My garden")
    expect(page.locator(".prose img")).to_have_attribute("alt", "A spade")
    page.goto(f"{blog.url}/admin/pictures")
    page.click(".picture a:has-text('Delete')")
    expect(page.locator(".notice")).to_contain_text("A post shows it, and will have a gap there")
    page.click("button:has-text('Delete for good')")
    expect(page.locator(".empty")).to_contain_text("No pictures yet.")
    context.close()


def _no_barriers(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
