"""A real Chromium for the browser tests: LINKBACKS_CHROMIUM, else the first one on the PATH."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.bring_tools import find
from tests.conftest import PASSWORD, Live, running

ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 20_000  # milliseconds
expect.set_options(timeout=WAIT)

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "The browser tests need Chromium; install it or name it in LINKBACKS_CHROMIUM."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(WAIT)
    yield made
    made.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages' consoles say: errors, warnings and policy violations; a test ends with none."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    made = context.new_page()
    listen(made, complaints)
    yield made
    assert complaints == []


@pytest.fixture
def opened(browser: Browser, complaints: list[str]) -> Iterator[Open]:
    """`opened(width=360)` gives a page in a browser context of its own, with the options of `new_context`."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, height: int = 900, **options: object) -> Page:
        made = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        made.set_default_timeout(WAIT)
        contexts.append(made)
        page = made.new_page()
        listen(page, complaints)
        return page

    yield open_page
    for made in contexts:
        made.close()
    assert complaints == []


def listen(page: Page, complaints: list[str]) -> None:
    """Keep what the console says, except that the server refused something: tests look at that."""

    def heard(kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            complaints.append(text)

    page.on("console", lambda message: heard(message.type, message.text))
    page.on("pageerror", lambda error: heard("error", str(error)))


def sign_in(page: Page, blog: Live, name: str = "mo") -> None:
    """Sign in through the login page."""
    page.goto(f"{blog.url}/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.is-primary")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def blog(environ: dict[str, str], home: Path) -> Iterator[Live]:
    """The blog over real HTTP, without its worker: nothing changes but what the test does."""
    with running(environ, home, worker=False) as served:
        yield served
