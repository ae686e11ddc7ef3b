"""The page on judgement in a real browser: preview in place, no script, keyboard, never too wide, accessible."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blog_linkbacks import jobs
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.moderation import decisions, learning
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.settings import preferences, word_lists
from blog_linkbacks.vocabulary import Listing
from tests.browser.conftest import Open, sign_in
from tests.browser.test_pages import RULES
from tests.conftest import Live
from tests.moderation.people import publicly, user
from tests.moderation.world import arrive
from tests.support.web import Web

PATH = "/admin/settings/judgement"


@pytest.fixture
def judged(blog: Live, web: Web) -> Live:
    """Strangers are held; one linkback was marked as spam that a lower bar would have approved."""
    target = f"{blog.url}/posts/no-dig-beds"
    with blog.app.app_context():
        preferences.save(clear_ham=None)
    one = publicly(blog.app, arrive(blog.app, web, target=target))
    with blog.app.app_context():
        decisions.act(one, ACTIONS["spam"], user("ana"))
    return blog


def test_a_preview_comes_in_place_and_saves_nothing(judged: Live, page: Page) -> None:
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.fill("#clear_ham", "49")
    page.press("#clear_ham", "Enter")
    expect(page.locator("#preview")).to_contain_text("1 would have been approved, and you marked as spam")
    expect(page.locator("#clear_ham")).to_have_value("49")
    page.goto(judged.url + PATH)
    expect(page.locator("#approve")).not_to_be_checked()


def test_it_all_works_without_scripts(judged: Live, opened: Open) -> None:
    page = opened(java_script_enabled=False)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.click("text=Preview")
    expect(page.locator("#preview")).to_contain_text("would have been approved")
    expect(page.locator("#approve")).to_be_checked()
    page.locator(".family > summary").first.click()
    page.fill("[name='weight-link.placement']", "0")
    page.click(".judgement-foot >> text=Save")
    expect(page.locator("main .family[open]")).to_contain_text("changed")
    page.click("text=Score anew what waits")
    expect(page.locator(".job")).to_contain_text("Scoring anew what waits")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    judged: Live, opened: Open, width: int, scheme: str
) -> None:
    page = opened(width=width, color_scheme=scheme)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.check("#approve")
    page.click("text=Preview")
    expect(page.locator("#preview")).to_contain_text("would have been approved")
    for family in page.locator(".family > summary").all():
        family.click()
    page.locator(".confirm > summary").last.click()
    page.evaluate("scrollTo(0, 0)")  # nothing is under the bar at the top then
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scripts", [True, False])
def test_thresholds_and_checks_are_reset_after_a_second_look(
    judged: Live, opened: Open, scripts: bool
) -> None:
    with judged.app.app_context():
        preferences.save(clear_spam=0.6, check_weights={"link.placement": 0.0})
    page = opened(java_script_enabled=scripts)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    expect(page.locator("#clear_spam")).to_have_value("60")
    expect(page.locator("text=Reset them")).to_be_hidden()
    page.click("text=Reset thresholds and checks…")
    page.click("text=Reset them")
    expect(page.locator("#toasts")).to_contain_text("as it was at first")
    expect(page.locator("#clear_spam")).to_have_value("95")
    with judged.app.app_context():
        assert preferences.site().check_weights == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_learned_is_forgotten_after_a_second_look(judged: Live, opened: Open, scripts: bool) -> None:
    page = opened(java_script_enabled=scripts)
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    expect(page.locator("#learned")).to_contain_text("0 approved and 1 spam")
    page.click("text=Forget what was learned…")
    page.click("text=Forget all of it")
    expect(page.locator("#toasts")).to_contain_text("forgotten")
    expect(page.locator("#learned")).to_contain_text("Nothing yet.")
    with judged.app.app_context():
        assert learning.size().lessons == 0
        assert status_counts()["spam"] == 1, "the decision stands"


def test_what_waits_is_scored_anew_under_one_s_eyes(judged: Live, web: Web, page: Page) -> None:
    """The job's page counts by itself, from nothing to the sentence that says what came of it."""
    for path in ("/a", "/b", "/c"):
        arrive(judged.app, web, path, target=f"{judged.url}/posts/no-dig-beds")
    sign_in(page, judged, "ana")
    page.goto(judged.url + PATH)
    page.click("text=Score anew what waits")
    job = page.locator(".job")
    expect(job.locator("[role=status]")).to_have_text("0 of 3")
    with judged.app.app_context():
        [under_way] = jobs.running()
        jobs.process(under_way.id)
    expect(job.locator("[role=status]")).to_contain_text("Scored 3 linkbacks anew.")
    expect(job.locator("progress")).to_have_count(0)


WORDS = f"{PATH}/words"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_of_words_is_uploaded_edited_and_emptied(
    blog: Live, opened: Open, tmp_path: Path, scripts: bool
) -> None:
    words = tmp_path / "words.txt"
    words.write_text("# from elsewhere\ncasino\nthe\n-pill\ncheap bags\n")
    page = opened(java_script_enabled=scripts)
    sign_in(page, blog, "ana")
    page.goto(blog.url + PATH)
    page.click("text=Enter words, or import a list")
    page.set_input_files("#file-imported", words)
    page.click("#list-imported >> text=Take this file")
    some = page.locator("#list-imported")
    expect(some).to_contain_text("2 words and phrases")
    some.locator("summary", has_text="2 lines are left out").click()
    expect(some).to_contain_text("everyday words")
    page.fill("#text-imported", "casino")
    some.locator("button", has_text="Save").click()
    expect(some).to_contain_text("1 word or phrase")
    some.locator("summary", has_text="Empty the list").click()
    some.locator("button", has_text="Empty it").click()
    expect(some).to_contain_text("Empty: nothing is looked up.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", [WORDS, "/admin/settings/keeping"])
def test_axe_finds_nothing_on_words_and_keeping(
    blog: Live, opened: Open, path: str, width: int, scheme: str
) -> None:
    with blog.app.app_context():
        word_lists.save(Listing.IMPORTED, "\n".join([f"-left{n}" for n in range(80)] + ["casino", "w" * 100]))
    page = opened(width=width, color_scheme=scheme)
    sign_in(page, blog, "ana")
    page.goto(blog.url + path)
    for folded in page.locator(".word-list summary").all():
        folded.click()
    page.evaluate("scrollTo(0, 0)")  # nothing is under the bar at the top then
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
