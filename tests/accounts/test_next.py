"""Where signing in leads: to the page that was asked for, on this site, and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from tests.accounts.browser import Browser
from tests.conftest import BASE, PASSWORD

ELSEWHERE = (
    "https://evil.example/", "http://blog.example.evil.example/", "http://blog.example@evil.example/",
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", " //evil.example",
    "\x01//evil.example", "/ /evil.example", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x",
    "http:evil.example", "http:/evil.example", "https:\\evil.example", "evil.example", "?next=//evil.example",
    "/admin\r\nSet-Cookie: a=b", "/admin\nLocation: //evil.example", "/admin\0", "/../x", "/%2e%2e/x",
    "/a/..//evil.example", "/.%2E//evil.example", "",
)  # fmt: skip
HARMLESS = (
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/@evil.example",
    "/admin/?q=//evil.example",
)


def led_to(app: Flask, wanted: str) -> str:
    browser = Browser(app.test_client()).open("/login")
    browser.send("/login", name="ana", password=PASSWORD, next=wanted)
    assert browser.page.status_code == 303
    assert len(browser.page.headers.getlist("Set-Cookie")) == 2
    return browser.page.location


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_what_leads_elsewhere_leads_home(app: Flask, wanted: str) -> None:
    assert led_to(app, wanted) == "/admin/linkbacks"


def test_one_that_no_cookie_has_room_for_leads_home(app: Flask) -> None:
    assert led_to(app, f"/admin/sites?q={'x' * 1_500}") == "/admin/linkbacks"


@pytest.mark.parametrize("wanted", HARMLESS)
def test_what_only_looks_like_it_stays_on_this_site(app: Flask, wanted: str) -> None:
    assert urlsplit(urljoin(f"{BASE}/login", led_to(app, wanted))).netloc == "blog.example"


@pytest.mark.parametrize(
    "wanted", ["/admin/sites", "/admin/linkbacks?q=a+b&status=spam", "/admin/history?who=%C3%A4"]
)
def test_an_own_page_is_led_to(app: Flask, wanted: str) -> None:
    assert led_to(app, wanted) == wanted
