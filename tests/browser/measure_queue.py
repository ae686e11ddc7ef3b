"""What a decision costs by keyboard: `python -m tests.browser.measure_queue` prints requests, bytes, keys and time.

Bytes are those of the response to one decision, headers included, as sent and as gzip would send them.
"""

import gzip
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, Response, expect, sync_playwright

from blog_linkbacks.moderation import preferences
from tests.bring_tools import find
from tests.browser.conftest import ARGS, sign_in
from tests.conftest import Live, running
from tests.moderation.world import keep

ENVIRON = {"LINKBACKS_FETCH_ALLOW": "127.0.0.0/8", "LINKBACKS_RATE_LIMIT": ""}
GOAL_BYTES, GOAL_MS = 6_000, 100

# From the key to the frame after focus is on the next row, as the page itself sees it.
_WATCH = """() => {
    window.waits = [];
    let pressed = 0;
    addEventListener("keydown", () => { pressed = performance.now(); }, true);
    addEventListener("focusin", (event) => {
        if (pressed && event.target.matches(".row-open"))
            requestAnimationFrame(() => { waits.push(performance.now() - pressed); pressed = 0; });
    });
}"""


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with blog() as served, page_on(served) as page:
        for rows in (50, 200):
            print(f"{rows} rows: " + timed(served, page, rows))
        print("clearing 20 mixed items: " + cleared(served, page))


@contextmanager
def blog() -> Iterator[Live]:
    with tempfile.TemporaryDirectory() as folder, running(ENVIRON, Path(folder), worker=False) as served:
        yield served


@contextmanager
def page_on(served: Live) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        sign_in(page, served)
        yield page
        browser.close()


def timed(served: Live, page: Page, rows: int) -> str:
    """Twenty decisions on a full page, each waited for; the evidence that follows the hand is counted apart."""
    fill(served, rows, f"timed{rows}")
    with served.app.app_context():
        preferences.save(2, preferences.Preferences(rows=rows))
    open_queue(page, served)
    heard: list[Response] = []

    def hear(response: Response) -> None:
        heard.append(response)

    page.on("response", hear)
    page.evaluate(_WATCH)
    for number in range(20):
        page.keyboard.press("asd"[number % 3])
        expect(page.locator(".row.is-decided")).to_have_count(number + 1)
        page.wait_for_timeout(200)
    page.remove_listener("response", hear)
    waits: list[float] = page.evaluate("waits")
    return f"{said(heard)}; key to focus {median(waits):.0f} ms, at most {max(waits):.0f} ms (goal {GOAL_MS})"


def said(heard: list[Response]) -> str:
    posts = [response for response in heard if response.request.method == "POST"]
    panels = [response for response in heard if response.request.method == "GET"]
    raw = median(size(response, packed=False) for response in posts)
    packed = median(size(response, packed=True) for response in posts)
    panel = median(size(response, packed=True) for response in panels) if panels else 0
    return (
        f"{len(posts) / 20:g} request a decision, {raw:,.0f} B as sent, {packed:,.0f} B gzipped "
        f"(goal {GOAL_BYTES:,}); the next row's evidence {len(panels) / 20:g} request, {panel:,.0f} B gzipped"
    )


def size(response: Response, *, packed: bool) -> int:
    body = response.body()
    head = sum(len(name) + len(value) + 4 for name, value in response.all_headers().items()) + 19
    return head + len(gzip.compress(body, 6) if packed else body)


def cleared(served: Live, page: Page) -> str:
    """From the page as it opens to “Nothing waits”, without waiting between the keys."""
    decide_all(page, served)
    fill(served, 20, "mixed")
    open_queue(page, served)
    for number in range(20):
        page.keyboard.press("aasd"[number % 4])
    page.wait_for_selector("#all-done:not([hidden])")
    return "20 key presses"


def decide_all(page: Page, served: Live) -> None:
    """Empty the queue, so that what follows stands alone."""
    while True:
        page.goto(f"{served.url}/admin/linkbacks")
        if not page.locator("#rows > li").count():
            return
        page.wait_for_selector("#rows form[data-htmx-powered]")
        page.check("#select-page input")
        page.keyboard.press("Shift+S")
        page.wait_for_selector("#page-done:not([hidden]), #all-done:not([hidden])")


def open_queue(page: Page, served: Live) -> None:
    page.goto(f"{served.url}/admin/linkbacks")
    page.wait_for_selector("#rows form[data-htmx-powered]")


def fill(served: Live, rows: int, name: str) -> None:
    for number in range(rows):
        keep(
            served.app,
            f"https://{name}-{number}.example/notes/soil",
            score=number / rows,
            target=f"{served.url}/posts/no-dig-beds",
            lifted_author=f"Gardener {number}",
            before=f"In bed {number} I learned from ",
            anchor="this piece on no-dig beds",
            after=" how little the soil needs of me each spring.",
            reason="The link stands in the article.",
        )


if __name__ == "__main__":
    main()
