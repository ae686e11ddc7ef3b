"""Pictures of people in a real browser: fetched, shown from this blog alone, accessible, in their place at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from blog_linkbacks import tasks
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.db import now
from blog_linkbacks.moderation import actions, decisions
from tests.browser.conftest import Open
from tests.browser.measure_pages import SHIFT
from tests.browser.test_pages import RULES
from tests.conftest import Live
from tests.faces.files import picture
from tests.pages.pages import linkback
from tests.support.web import Web

SHOWN = "image => image.complete && image.naturalWidth === 96 && image.offsetWidth === 36"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_faces_are_shown_without_another_host_a_shift_or_a_violation(
    blog: Live, opened: Open, web: Web, width: int, scheme: str
) -> None:
    for number, sort in enumerate(("like", "repost", "mention", "reply", "like", "mention")):
        photo = web.route(f"/{number}.jpg", picture()) if number < 4 else ""
        _approved(blog, number, photo, sort)
    with blog.app.app_context():
        tasks.work_alone(30)
    page = opened(width=width, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{blog.url}/posts/no-dig-beds")
    page.locator("#responses").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    images = page.locator("#responses img")
    assert [images.nth(place).evaluate(SHOWN) for place in range(images.count())] == [True] * 4
    assert all(url.startswith(blog.url) for url in asked)
    assert page.evaluate(SHIFT) == 0
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert _links(page) == ["Writer 0", "Writer 1", "Writer 4"]


def _links(page: Page) -> list[str]:
    """What the links of the faces are called, for those who hear the page."""
    names = (f"Writer {number}" for number in range(6))
    return [
        name for name in names if page.locator(".faces").get_by_role("link", name=name, exact=True).count()
    ]


def _approved(blog: Live, number: int, photo: str, sort: str) -> None:
    source = f"https://garden{number}.example/"
    row = linkback(
        blog.app,
        "no-dig-beds",
        status="pending",
        source_url=source,
        response=sort,
        author_photo=photo,
        lifted_author=f"Writer {number}",
        checked_at=now(),
    )
    with blog.app.app_context():
        mo = find_user("mo")
        assert mo is not None
        decisions.act(row, actions.APPROVE, mo)
