"""What strangers, authors and admins write is text on every screen, in a real browser.

The policy is switched off for the most part, so that escaping alone must hold; and once more with the policy on, that
it has nothing to say. No payload may open a dialog, leave markup that could act, or point anywhere but to the web.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page

from tests.browser.conftest import sign_in
from tests.conftest import Live, running
from tests.security.hostile import Hostile, fill, fill_people, fill_preferences
from tests.security.payloads import ADDRESSES, ALL, MARKUP
from tests.support.web import Web

# Looks for what the page must not contain, whoever wrote it.
INSPECT = """() => {
  const bad = [], here = location.origin;
  const addresses = ["href", "src", "action", "formaction", "xlink:href", "poster", "data", "background", "srcset"];
  const inside = ["hx-get", "hx-post", "hx-put", "hx-delete", "hx-patch", "action", "formaction"];
  for (const node of document.querySelectorAll("*")) {
    const say = (what) => bad.push(what + " in " + node.outerHTML.slice(0, 160));
    const name = node.localName;
    if (["iframe", "frame", "object", "embed", "base", "applet", "style", "math"].includes(name)) say(name);
    if (name === "script" && node.type === "application/ld+json") JSON.parse(node.textContent);
    else if (name === "script" && !(node.src || "").startsWith(here + "/static/")) say("script");
    if (name === "link" && node.rel === "stylesheet" && !node.href.startsWith(here)) say("stylesheet");
    if (name === "meta" && node.httpEquiv) say("http-equiv");
    for (const { name: key, value } of node.attributes) {
      if (/^on|^hx-on|^style$|^srcdoc$/i.test(key)) say(key);
      if (key.startsWith("hx-") && /^\\s*(js|javascript):/i.test(value)) say(key);
      if (addresses.includes(key)) {
        let url;
        try { url = new URL(value, document.baseURI); } catch { continue; }
        const known = ["http:", "https:", "mailto:"].concat(key === "src" && name === "img" ? ["data:"] : []);
        if (!known.includes(url.protocol)) say(key);
        if (inside.includes(key) && url.origin !== here) say(key);
      }
      if (inside.includes(key) && new URL(value, document.baseURI).origin !== here) say(key);
    }
  }
  if (document.body && document.body.innerText.includes("1337")) bad.push("a template ran");
  return bad;
}"""


@dataclass
class Watched:
    """A page that keeps what went wrong, wherever it goes."""

    page: Page
    root: str
    wrong: list[str] = field(default_factory=list)
    seen: int = 0

    def __post_init__(self) -> None:
        def dialog(opened: Dialog) -> None:
            if opened.type != "beforeunload":  # the editor's own: what was typed is not saved
                self.wrong.append(f"{self.page.url}: a dialog")
            opened.accept()

        self.page.on("dialog", dialog)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))
        self.page.on("console", lambda line: self._heard(line.text))

    def look(self, path: str) -> None:
        """Open an address of the blog and inspect what is there."""
        self.page.goto(path if path.startswith("http") else self.root + path, wait_until="load")
        self.inspect()

    def inspect(self) -> None:
        self.wrong += [f"{self.page.url}: {what}" for what in self.page.evaluate(INSPECT)]
        self.seen += 1

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.wrong.append(f"{self.page.url}: {text[:300]}")


@dataclass
class World:
    """The hostile blog, and a page of it with the policy off (`bare`) and one with it on (`strict`), both Ana's."""

    blog: Live
    posts: list[Hostile]
    bare: Watched
    strict: Watched


@pytest.fixture(scope="module")
def world(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    environ = {"LINKBACKS_FETCH_ALLOW": "127.0.0.0/8", "LINKBACKS_RATE_LIMIT": ""}
    root = tmp_path_factory.mktemp("hostile")
    with Web(address="127.0.0.2") as web, running(environ, root, worker=False) as blog:
        filled = [fill(blog.app, web, number, payload) for number, payload in enumerate(ALL)]
        watched = []
        for bypass in (True, False):
            context = browser.new_context(bypass_csp=bypass, viewport={"width": 1280, "height": 900})
            page = context.new_page()
            sign_in(page, blog, "ana")
            watched.append(Watched(page, blog.url))
        yield World(blog, filled, *watched)
        for one in watched:
            one.page.context.close()


def settled(watched: Watched, least: int) -> None:
    assert watched.seen >= least
    assert watched.wrong == []
    watched.seen = 0


def test_there_are_enough_payloads() -> None:
    assert len(set(ALL)) >= 130


def test_the_watch_sees_payloads_that_are_not_escaped(browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    caught = 0
    with Web(address="127.0.0.2") as web:
        watched = Watched(context.new_page(), web.url(""))
        for number, payload in enumerate(MARKUP):
            page = f"<!doctype html><title>x</title><body><div>{payload}</div>"
            try:
                watched.look(web.route(f"/{number}", page))
                caught += bool(watched.wrong)
            except Error:  # it has led elsewhere
                caught += 1
            watched.wrong.clear()
    context.close()
    assert caught >= 65


def test_post_pages(world: World) -> None:
    for hostile in world.posts:
        world.bare.look(hostile.post)
    settled(world.bare, len(ALL))


def test_evidence_pages(world: World) -> None:
    for number, hostile in enumerate(world.posts):
        for linkback in hostile.linkbacks[number % 2 :]:
            world.bare.look(f"/admin/linkbacks/{linkback}")
    settled(world.bare, len(ALL))


def test_the_queue_with_every_status_on_every_page(world: World) -> None:
    for watched in (world.bare, world.strict):
        for status in ("pending", "approved", "spam", "rejected", "unverified", "gone"):
            watched.look(f"/admin/linkbacks?status={status}&group=off&sort=newest")
            while (older := watched.page.locator("a[rel=next]").first).count():
                watched.look(older.get_attribute("href") or "")
        settled(watched, 10)


def test_the_editor_and_its_preview(world: World) -> None:
    for number, hostile in enumerate(world.posts):
        world.bare.look(f"/admin/posts/{hostile.post_id}")
        if number % 6 == 0:
            body = "\n\n".join(other.payload for other in world.posts[number : number + 6])
            world.bare.page.fill("textarea[name=body]", f"marker-{number}\n\n{body}")
            world.bare.page.locator(".preview, #preview").get_by_text(f"marker-{number}").first.wait_for()
            world.bare.inspect()
    settled(world.bare, len(ALL))


def test_what_is_searched_for_and_filtered_by(world: World) -> None:
    screens = (
        "/admin/linkbacks?q={}", "/admin/history?who={}&rule={}", "/admin/sites?q={}", "/admin/posts?q={}&state={}",
        "/admin/linkbacks?kind={}&site={}&reason={}&language={}", "/admin/sent?state={}&q={}", "/tags/{}",
        "/admin/sites/{}", "/admin/sent/trackback?url={}", "/{}", "/admin/linkbacks/all?q={}&action={}",
        "/first-run?token={}", "/admin/posts/reach?url={}", "/admin/pictures?before={}", "/admin/sent/sites?site={}",
    )  # fmt: skip
    for number, payload in enumerate(ALL):
        world.bare.look(f"/search?q={quote(payload)}")
        world.bare.look(screens[number % len(screens)].replace("{}", quote(payload, safe="")))
    settled(world.bare, 2 * len(ALL))


def test_lists_feeds_of_pages_and_the_desk(world: World) -> None:
    for watched in (world.bare, world.strict):
        for path in ("/", "/archive", "/tags", "/admin/posts", "/admin/history", "/admin/sites", "/admin/sent",
                     "/admin/account", "/admin/settings", "/admin/settings/judgement", "/admin/settings/reasons",
                     f"/posts/hostile-1/responses?{urlencode({'before': ALL[0]})}"):  # fmt: skip
            watched.look(path)
        settled(watched, 12)


def test_the_policy_has_nothing_to_report(world: World) -> None:
    for hostile in world.posts[::3]:
        world.strict.look(hostile.post)
        world.strict.look(f"/admin/linkbacks/{hostile.linkbacks[1]}")
    settled(world.strict, 2 * len(ALL) // 3)


def test_what_signing_in_is_given(world: World) -> None:
    context = world.bare.page.context.browser.new_context(bypass_csp=True)  # type: ignore[union-attr]
    stranger = Watched(context.new_page(), world.blog.url)
    for payload in (*ADDRESSES, *ALL[:8]):
        stranger.look(f"/login?{urlencode({'next': payload})}")
    stranger.page.fill("input[name=name]", ALL[0])
    stranger.page.fill("input[name=password]", ALL[0])
    stranger.page.click("main button.is-primary")
    stranger.inspect()
    context.close()
    settled(stranger, len(ADDRESSES))


def test_the_names_of_people(world: World) -> None:
    assert fill_people(world.blog.app) > 80
    for watched in (world.bare, world.strict):
        for path in ("/admin/settings/people", "/admin/settings/people/sign-ins", "/admin/history"):
            watched.look(path)
        settled(watched, 3)


def test_what_the_blog_is_called(world: World) -> None:
    for payload in (*ALL[::9], "</script><script>alert(1)</script>"):
        fill_preferences(world.blog.app, payload)
        for path in ("/", "/posts/hostile-0", "/login", "/admin/settings", "/admin/linkbacks", "/nowhere"):
            world.bare.look(path)
    settled(world.bare, 90)
