"""The public pages and the writing desk in a real browser: live preview, no script, accessible, never too wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blog_linkbacks.blog.tables import PostKind
from tests.browser.conftest import Open, sign_in
from tests.conftest import Live
from tests.pages.pages import linkback
from tests.support.web import Web

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PUBLIC = (
    "/",
    "/posts/long",
    "/posts/no-dig-beds",
    "/posts/no-dig-beds/responses",
    "/tags",
    "/tags/soil",
    "/archive",
    "/search?q=compost",
    "/pages/about",
    "/posts/never-was",
)
DESK = (
    "/admin/posts",
    "/admin/posts?state=pages",
    "/admin/posts/new",
    "/admin/posts/3",
    "/admin/posts/3/delete",
)
LONG = """A [link](/posts/no-dig-beds) and `a_very_long_name_that_goes_on_and_on_and_on_and_on_and_on()`.

```python
def layers(depth: int) -> list[str]: return ["compost"] * depth  # a long line that scrolls sideways
```

| Bed | Year one | Year two | Year three | Year four |
| --- | ---: | ---: | ---: | ---: |
| Beans | 3.2 kg | 7.9 kg | 8.1 kg | 8.4 kg |
"""


def test_the_preview_follows_the_typing_and_keeps_what_was_unticked(blog: Live, page: Page, web: Web) -> None:
    told = web.route("/page", '<link rel="webmention" href="/wm">', headers={"Content-Type": "text/html"})
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Worms")
    page.locator("[name=body]").press_sequentially(f"*Hello* [x]({told})")
    expect(page.locator("#preview em")).to_have_text("Hello")
    expect(page.locator(".outlink .badge")).to_have_text("webmention")
    page.uncheck("[name=tell]")
    page.locator("[name=body]").press_sequentially(" **more**")
    expect(page.locator("#preview strong")).to_have_text("more")
    expect(page.locator("[name=tell]")).not_to_be_checked()
    page.fill("[name=body]", "")
    expect(page.locator("#preview")).to_have_text("The preview appears here.")


def test_enter_in_the_title_shows_a_preview_and_publishes_nothing(blog: Live, page: Page) -> None:
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=body]", "Some *words*.")
    page.fill("[name=title]", "Worms")
    page.press("[name=title]", "Enter")
    expect(page.locator("[name=title]")).to_have_value("Worms")
    page.goto(f"{blog.url}/admin/posts")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_post_is_published_without_scripts(blog: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, blog, "ida")
    page.goto(f"{blog.url}/admin/posts/new")
    page.fill("[name=title]", "Worms")
    page.fill("[name=body]", "Some *words*.")
    page.click("button:has-text('Preview')")
    expect(page.locator("#preview em")).to_have_text("words")
    page.click("button:has-text('Publish')")
    page.goto(f"{blog.url}/posts/worms")
    expect(page.locator(".e-content em")).to_have_text("words")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(blog: Live, opened: Open, width: int, scheme: str) -> None:
    blog.post("Long", LONG, tags=("soil",))
    blog.post("About", "Who I am.", kind=PostKind.PAGE)
    _crowd(blog)
    page = opened(width=width, color_scheme=scheme, has_touch=width < 500)
    for path in PUBLIC:
        _sound(page, blog.url + path)
    sign_in(page, blog, "ida")
    for path in DESK:
        _sound(page, blog.url + path)


def _crowd(blog: Live) -> None:
    for number, response in enumerate(["mention", "reply", "like", "repost"] * 3):
        source = f"https://site{number}.example/"
        name = "Nobody" * 30 if number == 0 else f"Writer {number}"
        linkback(
            blog.app,
            "no-dig-beds",
            source_url=source,
            source_key=source,
            response=response,
            lifted_author=name,
            anchor="x" * 200 if number == 1 else "this piece",
        )


def _sound(page: Page, url: str) -> None:
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], url
