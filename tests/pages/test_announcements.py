"""What a post page announces, byte for byte (PB 2.1-2.3, TB Auto-Discovery, WM 3.1.2)."""

import re
import xml.etree.ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blog_linkbacks.settings import preferences
from tests.conftest import BASE, publish
from tests.pages.pages import age, close

PATTERN = re.compile(r'<link rel="pingback" href="([^"]+)" ?/?>')
RDF = re.compile(r"<!--\s*(<rdf:RDF.*?</rdf:RDF>)\s*-->", re.DOTALL)
RDF_NS = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
TRACKBACK = "{http://madskills.com/public/xml/rss/module/trackback/}"

NASTY = [
    'Tom & "Jerry" <b>bold</b>',
    "Ends the comment --> and <!-- begins one",
    "a--b---c----d",
    "--!> and -->",
    "It's ]]> über 日本 \U0001f33f",
    '<link rel="pingback" href="http://evil.example/">',
    "</title><script>alert(1)</script>",
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_headers_name_both_endpoints(client: FlaskClient, method: str) -> None:
    response = client.open("/posts/no-dig-beds", method=method)
    assert response.headers.getlist("X-Pingback") == [f"{BASE}/xmlrpc"]
    assert response.headers.getlist("Link") == [f'<{BASE}/webmention>; rel="webmention"']


def test_get_and_head_have_the_same_headers(client: FlaskClient) -> None:
    got, asked = client.get("/posts/no-dig-beds"), client.head("/posts/no-dig-beds")
    assert asked.data == b""
    fleeting = {"X-Request-Id", "Date"}
    assert {k: v for k, v in got.headers if k not in fleeting} == {
        k: v for k, v in asked.headers if k not in fleeting
    }


def test_elements_stand_early_in_the_head(client: FlaskClient) -> None:
    page = client.get("/posts/no-dig-beds").text
    assert PATTERN.findall(page) == [f"{BASE}/xmlrpc"]
    assert page.count(f'<link rel="webmention" href="{BASE}/webmention">') == 1
    assert page.encode().index(b'rel="pingback"') < 2000
    assert page.index('rel="pingback"') < page.index("</head>")


def test_endpoints_follow_the_base_url_and_not_the_host_header(client: FlaskClient) -> None:
    response = client.get("/posts/no-dig-beds", headers={"Host": "evil.example"})
    assert response.headers["X-Pingback"] == f"{BASE}/xmlrpc"
    assert "evil.example" not in response.text


def test_rdf_names_the_post_and_its_trackback_address(client: FlaskClient) -> None:
    description = _rdf(client.get("/posts/no-dig-beds").text)
    assert description[f"{DC}identifier"] == description[f"{RDF_NS}about"] == f"{BASE}/posts/no-dig-beds"
    assert description[f"{TRACKBACK}ping"] == f"{BASE}/posts/no-dig-beds/trackback"


@pytest.mark.parametrize("title", NASTY)
def test_any_title_survives_the_rdf_and_harms_nothing(app: Flask, client: FlaskClient, title: str) -> None:
    url = publish(app, title, "Words.", slug="nasty")
    page = client.get("/posts/nasty").text
    assert url == f"{BASE}/posts/nasty"
    assert _rdf(page)[f"{DC}title"] == title
    assert PATTERN.findall(page) == [f"{BASE}/xmlrpc"]
    assert "<script>alert" not in page


def test_a_post_about_pingback_shows_its_element_escaped(app: Flask, client: FlaskClient) -> None:
    element = '<link rel="pingback" href="http://evil.example/rpc" />'
    publish(
        app, "On pingback", f"Write `{element}` or\n\n```html\n{element}\n```\n\n{element}", summary=element
    )
    page = client.get("/posts/on-pingback").text
    assert PATTERN.findall(page) == [f"{BASE}/xmlrpc"]
    assert page.count("http://evil.example/rpc") >= 3


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_closed_post_announces_nothing(app: Flask, client: FlaskClient, method: str) -> None:
    close(app, "no-dig-beds")
    _announces_nothing(client, method, "/posts/no-dig-beds")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_post_announces_anything_while_the_site_takes_no_linkbacks(
    app: Flask, client: FlaskClient, method: str
) -> None:
    with app.app_context():
        preferences.save(accept_linkbacks=False)
    _announces_nothing(client, method, "/posts/no-dig-beds")


TRACES = {
    "pingback": ("X-Pingback", 'rel="pingback"'),
    "webmention": ('rel="webmention"',),
    "trackback": ("rdf:RDF", 'id="trackback-url"', "/no-dig-beds/trackback"),
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("kind", list(TRACES))
def test_a_kind_that_is_switched_off_is_announced_nowhere_and_the_others_stay(
    app: Flask, client: FlaskClient, kind: str, method: str
) -> None:
    with app.app_context():
        preferences.save(**{f"accept_{kind}s": False})
    response = client.open("/posts/no-dig-beds", method=method)
    said = f"{response.headers}\n{response.text}"
    for other, traces in TRACES.items():
        here = [trace for trace in traces if trace in said]
        in_headers = {"pingback": ["X-Pingback"], "webmention": ['rel="webmention"'], "trackback": []}[other]
        assert here == ([] if other == kind else list(traces) if method == "GET" else in_headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_post_past_its_age_announces_nothing_and_a_younger_one_all(
    app: Flask, client: FlaskClient, method: str
) -> None:
    with app.app_context():
        preferences.save(close_after=30)
    age(app, "no-dig-beds", days=30)
    age(app, "compost-basics", days=29)
    _announces_nothing(client, method, "/posts/no-dig-beds")
    assert "X-Pingback" in client.open("/posts/compost-basics", method=method).headers


def test_a_reader_who_has_the_page_hears_of_the_switch(app: Flask, client: FlaskClient) -> None:
    etag = client.get("/posts/no-dig-beds").headers["ETag"]
    with app.app_context():
        preferences.save(accept_linkbacks=False)
    again = client.get("/posts/no-dig-beds", headers={"If-None-Match": etag})
    assert (again.status_code, "X-Pingback" in again.headers) == (200, False)


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/posts/nothing-here"])
def test_other_pages_announce_nothing(client: FlaskClient, path: str) -> None:
    _announces_nothing(client, "GET", path)


def test_the_trackback_address_can_be_copied(client: FlaskClient) -> None:
    page = client.get("/posts/no-dig-beds").text
    assert f'<code id="trackback-url">{BASE}/posts/no-dig-beds/trackback</code>' in page
    assert 'data-copy="#trackback-url"' in page


def _rdf(page: str) -> dict[str, str]:
    blocks = RDF.findall(page)
    assert len(blocks) == 1
    return ET.fromstring(blocks[0])[0].attrib


def _announces_nothing(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert "X-Pingback" not in response.headers
    assert "Link" not in response.headers
    for trace in ('rel="pingback"', 'rel="webmention"', "rdf:RDF", "/trackback"):
        assert trace not in response.text
