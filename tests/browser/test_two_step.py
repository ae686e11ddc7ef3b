"""The account's screens in a real browser: accessible, at every width, in both themes, and without a script."""

import re

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import PASSWORD, Live


@pytest.mark.parametrize(
    ("width", "scheme", "scripts"),
    [(360, "light", True), (768, "dark", True), (1280, "light", False), (360, "dark", False)],
)
def test_the_second_step_from_beginning_to_end(
    blog: Live, opened: Open, width: int, scheme: str, scripts: bool
) -> None:
    page = opened(width=width, color_scheme=scheme, java_script_enabled=scripts)
    sign_in(page, blog, "mo")
    page.goto(f"{blog.url}/admin/account")
    sound(page, scripts)
    page.fill("#two-step [type=password]", PASSWORD)
    page.click("#two-step button:has-text('Set it up')")
    expect(page.locator(".qr")).to_be_visible()
    sound(page, scripts)
    secret = page.locator(".qr-secret").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    sound(page, scripts)
    code = page.locator(".recovery-codes code").first.inner_text()
    page.click("text=I have kept them")
    expect(page.locator("#two-step .badge")).to_have_text("On")
    sound(page, scripts)
    page.click("text=Sign out everywhere")
    page.fill("[name=name]", "mo")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.is-primary")
    expect(page.locator("h1")).to_have_text("One more step")
    sound(page, scripts)
    page.fill("[name=code]", code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/admin/account"))
    expect(page.locator("#sign-ins")).to_contain_text("Signed in with a recovery code")
    page.goto(f"{blog.url}/admin/account/sign-ins")
    sound(page, scripts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybodys_sign_ins(blog: Live, opened: Open, scheme: str) -> None:
    page = opened(width=360, color_scheme=scheme)
    sign_in(page, blog, "ana")
    page.goto(f"{blog.url}/admin/settings/people/sign-ins")
    expect(page.locator("tbody tr")).to_have_count(1)
    sound(page, True)


def sound(page: Page, scripts: bool) -> None:
    """Nothing is cut off, and axe finds nothing; it is a script, so that it needs them."""
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], page.url
