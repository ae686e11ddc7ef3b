"""Signing in, the own account and the settings are accessible in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(blog: Live, opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.goto(f"{blog.url}/login")
    assert Axe().run(page, options=RULES).response["violations"] == []
    sign_in(page, blog, "ana")
    for path in ("/admin/settings", "/admin/account"):
        page.goto(blog.url + path)
        assert Axe().run(page, options=RULES).response["violations"] == []
