"""Which addresses may be reached, in every spelling that a system's resolver takes."""

from ipaddress import ip_network

import pytest

from blog_linkbacks.fetch import Fetcher, FetchError
from blog_linkbacks.fetch.addresses import is_public, plain
from blog_linkbacks.vocabulary import Outcome
from tests.support.web import Web

SPELLINGS = """
127.0.0.1 127.0.0.2 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 0177.1 017700000001
localhost LOCALHOST localhost. 127.0.0.1. 0 0.0.0.0 0.0 0x0 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1]
[::ffff:7f00:1] [::ffff:0:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1]
[2002:7f00:1::] [2001:0:7f00:1::] 10.0.0.1 10.1 0xa000001 172.16.0.1 172.31.255.255 192.168.1.1 192.168.257
169.254.169.254 0xa9fea9fe 2852039166 [::ffff:169.254.169.254] [fd00:ec2::254] [fc00::1] [fe80::1]
[fe80::1%25lo] [fec0::1] [ff02::1] 100.64.0.1 168.63.129.16 192.0.0.192 192.88.99.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 [2001:db8::1] [3fff::1] [5f00::1] [100::1] 127.0.0.1%2f
①②⑦.⓪.⓪.① 127。0。0。1 １２７.0.0.1 １２７.０.０.１ 127．0．0．1 0x7f.0x0.0x0.0x1 0177.0.0.01 127.0.0.1..
127.000.000.001 0251.0376.0251.0376 [64:ff9b::a9fe:a9fe] [2002:a00:1::1] [fd00::1] [fe80::1%25eth0] [::1%25lo]
[::7f00:1] [0000::1] [::ffff:a9fe:a9fe] 012.0.0.1 0xa.0.0.1 167772161 0xc0a80001 3232235521 192.168.1 239.255.255.255
user@127.0.0.1 example.com@127.0.0.1 127.0.0.1%00.example.com sub.localhost ip6-localhost
"""


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_spellings_of_closed_addresses_are_refused(host: str) -> None:
    with Web() as web, pytest.raises(FetchError) as caught:
        Fetcher().get(f"http://{host}:{web.port}/", deadline=3)
    assert caught.value.outcome in (Outcome.FORBIDDEN, Outcome.UNREACHABLE, Outcome.DNS_FAILURE)
    assert caught.value.address == ""
    assert web.requests == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "0x7f.1", "2130706433", "0177.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "①②⑦.⓪.⓪.①"],
)
def test_refusal_of_loopback_says_forbidden(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        Fetcher().get(f"http://{host}/", deadline=3)
    assert caught.value.outcome is Outcome.FORBIDDEN


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(plain(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
@pytest.mark.parametrize(
    ("port", "permitted"), [(80, True), (443, True), (1024, True), (8080, True), (22, False), (25, False)]
)
def test_ports_of_public_addresses(address: str, port: int, permitted: bool) -> None:
    assert Fetcher().permits(("http", "x.example", port), address) is permitted


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00::5"])
def test_allowed_networks_may_be_reached_on_any_port(address: str) -> None:
    fetcher = Fetcher([ip_network("10.1.0.0/16"), ip_network("fd00::/8")])
    assert fetcher.permits(("http", "x.example", 22), address)
    assert not fetcher.permits(("http", "x.example", 80), "10.2.0.1")


def test_allowed_network_is_no_licence_for_its_neighbour() -> None:
    with Web("127.0.0.2") as web, pytest.raises(FetchError) as caught:
        Fetcher([ip_network("127.0.0.1/32")]).get(web.url("/"))
    assert (caught.value.outcome, web.requests) == (Outcome.FORBIDDEN, [])


def test_trusted_origin_may_be_reached_and_nothing_beside_it() -> None:
    with Web() as trusted, Web() as other:
        trusted.route("/", "yes")
        fetcher = Fetcher(trusted_origin=trusted.url(""))
        assert fetcher.get(trusted.url("/")).body == b"yes"
        trusted.route("/away", status=302, headers={"Location": other.url("/")})
        for url in (other.url("/"), trusted.url("/away")):
            with pytest.raises(FetchError) as caught:
                fetcher.get(url)
            assert caught.value.outcome is Outcome.FORBIDDEN
        assert other.requests == []


@pytest.mark.parametrize(
    "port", [1080, 3306, 5432, 6000, 6379, 6667, 9200, 10080, 11211, 27017, 22, 25, 0, 65_536]
)
def test_ports_of_other_services_are_not_asked_of_public_hosts(port: int) -> None:
    assert not Fetcher().permits(("http", "h.example", port), "93.184.216.34")


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 5000, 8000, 8080, 8443, 9000, 65_535])
def test_ports_where_pages_stand_may_be_asked_of_public_hosts(port: int) -> None:
    assert Fetcher().permits(("http", "h.example", port), "93.184.216.34")
