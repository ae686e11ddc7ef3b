"""The first run, signing in, the own account and the settings are accessible in both themes."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from blog_linkbacks import create_app
from blog_linkbacks.accounts import first_run
from blog_linkbacks.db import db
from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import PASSWORD, Live


@dataclass(frozen=True)
class New:
    """A blog that was started for the first time, and the word that its console shows."""

    url: str
    token: str


@pytest.fixture
def new(environ: dict[str, str], root: Path) -> Iterator[New]:
    server = make_server("127.0.0.1", 0, Flask("placeholder"), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    server.app = made = create_app({**environ, "LINKBACKS_BASE_URL": url}, root)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    with made.app_context():
        yield New(url, first_run.token())
        server.shutdown()
        thread.join()
        server.server_close()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1280, "light"), (360, "dark")])
def test_the_first_run_is_accessible_at_every_step(new: New, opened: Open, width: int, scheme: str) -> None:
    page = opened(width=width, color_scheme=scheme, has_touch=width < 500, reduced_motion="reduce")
    for query in ("", "?token=wrong", f"?token={new.token}"):
        page.goto(f"{new.url}/first-run{query}")
        _sound(page)
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step] h2")).to_have_text("Name the blog")
    _sound(page)
    page.fill("[name=name]", "Garden notes")
    page.click("button:has-text('Keep the name')")
    expect(page.locator("[aria-current=step] h2")).to_have_text("Send yourself a test pingback")
    _sound(page)
    page.click("button:has-text('Publish both')")
    expect(page.locator("h1")).to_have_text("Ready")
    expect(page.locator(".step .badge")).to_have_text("approved")
    _sound(page)


def _sound(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(blog: Live, opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.goto(f"{blog.url}/login")
    assert Axe().run(page, options=RULES).response["violations"] == []
    sign_in(page, blog, "ana")
    for path in ("/admin/settings", "/admin/account"):
        page.goto(blog.url + path)
        assert Axe().run(page, options=RULES).response["violations"] == []
