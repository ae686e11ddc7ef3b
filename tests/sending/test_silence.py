"""A blog that nobody can visit tells nobody outside the allowed networks."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from flask import Flask

from blog_linkbacks import create_app
from blog_linkbacks.config import Network
from blog_linkbacks.fetch import FetchError, Page
from blog_linkbacks.sending.reach import Reach, is_public_site, reach_for
from tests.sending.world import Blogger, fixed, receiver
from tests.support.web import Web

LOOPBACK: list[Network] = [ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5000",
        "http://localhost:5000",
        "http://[::1]/",
        "http://10.1.2.3/blog",
        "http://blog.test",
        "http://blog.example",
        "https://a.blog.localhost",
        "http://nas.local",
        "http://blog.invalid",
        "http://machine",
    ],
)
def test_private_sites_are_known(url: str) -> None:
    assert not is_public_site(url)


@pytest.mark.parametrize("url", ["https://gardenlog.org", "http://1.1.1.1/", "https://contest.com/blog"])
def test_public_sites_are_known(url: str) -> None:
    assert is_public_site(url)


def _get(reach: Reach, url: str) -> Page:
    return reach.get(url, deadline=2)


def test_a_quiet_reach_leaves_public_addresses_alone() -> None:
    reach = reach_for("http://blog.test/", LOOPBACK)
    with pytest.raises(FetchError):
        _get(reach, "http://1.1.1.1/")
    assert reach.held_back


def test_a_quiet_reach_reaches_what_is_allowed(web: Web) -> None:
    reach = reach_for("http://blog.test/", LOOPBACK)
    assert _get(reach, web.route("/page", "Hello")).body == b"Hello"
    assert not reach.held_back


def test_what_is_refused_anyhow_is_no_silence() -> None:
    reach = reach_for("http://blog.test/", LOOPBACK)
    with pytest.raises(FetchError):
        _get(reach, "http://10.0.0.1/")
    assert not reach.held_back


@pytest.fixture
def hermit(root: Path) -> Flask:
    """A blog on a private name with no network allowed."""
    return create_app({"LINKBACKS_BASE_URL": "http://blog.example"}, root)


def test_without_an_allowed_network_nothing_leaves(hermit: Flask, web: Web) -> None:
    blogger = Blogger(hermit)
    blogger.write(receiver(web, fixed("", 202)), "http://gardenlog.invalid/")
    assert (blogger.states(), web.requests) == (["silent", "silent"], [])
    assert "not public" in blogger.rows()[0].response


def test_a_public_target_is_not_contacted(blogger: Blogger) -> None:
    blogger.write("http://1.1.1.1/page")
    assert (blogger.row().state, blogger.row().attempts) == ("silent", 1)
