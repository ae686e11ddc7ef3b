"""The key is checked in place: the result beside the button, the focus kept, accessible in both themes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live, running
from tests.support.akismet import AkismetServer


@pytest.fixture
def service() -> Iterator[AkismetServer]:
    with AkismetServer() as server:
        yield server


@pytest.fixture
def asking(environ: dict[str, str], root: Path, service: AkismetServer) -> Iterator[Live]:
    akismet = {"LINKBACKS_AKISMET_KEY": "a1b2c3", "LINKBACKS_AKISMET_URL": service.url}
    with running({**environ, **akismet}, root, worker=False) as blog:
        yield blog


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_key_is_checked_in_place(
    asking: Live, service: AkismetServer, opened: Open, width: int, scheme: str
) -> None:
    page = opened(width=width, color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, asking, "ana")
    page.goto(f"{asking.url}/admin/settings/akismet")
    result = page.locator("#akismet [role=status]")
    for answer, sentence in (("ham", "The key is valid."), ("invalid", "does not know this key")):
        service.answer = answer  # type: ignore[assignment]
        page.click("#check-key")
        expect(result).to_contain_text(sentence)
        expect(page.locator("#check-key")).to_be_focused()
        found = Axe().run(page, context="#akismet", options=RULES).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert "a1b2c3" not in page.content()
