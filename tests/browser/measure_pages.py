"""`python -m tests.browser.measure_pages`: what the public pages cost a reader, in a real Chromium.

Prints for each page, light and dark: requests, to how many other hosts, bytes without images, plain and as a server in
front that compresses would send them, layout shift, and how many rules of axe (WCAG 2.2 AA) it breaks; at 360 and 1280
pixels. The post “Crowd” has 50 responses and 12 related posts.
"""

import gzip
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Response, sync_playwright

from tests.bring_tools import find
from tests.browser.conftest import ARGS
from tests.conftest import Live, running
from tests.scale.crowd import respond

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PATHS = ("/", "/posts/long", "/posts/crowd", "/archive", "/search?q=soil", "/never")
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 400);
})"""


def main() -> None:
    path = find()
    if not path:
        raise SystemExit("Chromium is needed; name it in LINKBACKS_CHROMIUM.")
    with (
        tempfile.TemporaryDirectory() as folder,
        running({"LINKBACKS_RATE_LIMIT": ""}, Path(folder), worker=False) as blog,
    ):
        _fill(blog)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGS)
            print(
                f"{'page':<16}{'px':>5} {'scheme':<6}{'requests':>9}{'foreign':>8}{'bytes':>8}{'gzip':>8}"
                f"{'shift':>7}{'axe':>5}"
            )
            for page in PATHS:
                for width, scheme in ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
                    print(
                        f"{page:<16}{width:>5} {scheme:<6}"
                        + _measured(browser, blog.url, page, width, scheme)
                    )
            browser.close()


def _measured(browser: Browser, root: str, path: str, width: int, scheme: str) -> str:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright marks what it is given
    page.goto(root + path, wait_until="networkidle")
    shift = page.evaluate(SHIFT)
    foreign = sum(urlsplit(one.url).netloc != urlsplit(root).netloc for one in answers)
    bodies = [one.body() for one in answers if one.request.resource_type != "image"]
    size, zipped = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
    broken = len(Axe().run(page, options=RULES).response["violations"])
    number = len(answers)
    context.close()
    return f"{number:>9}{foreign:>8}{size:>8,}{zipped:>8,}{shift:>7.3f}{broken:>5}"


def _fill(blog: Live) -> None:
    for number in range(12):
        blog.post(f"Note {number}", "It began with [a crowd](/posts/crowd) and soil.", tags=("soil",))
    blog.post(
        "Long",
        "Words about soil and worms, at some length. " * 250 + "\n\n```python\nx = 1\n```",
        tags=("soil",),
    )
    blog.post("Crowd", "Words about soil. " * 100, tags=("soil",))
    respond(blog.app, "crowd", 50)


if __name__ == "__main__":
    main()
