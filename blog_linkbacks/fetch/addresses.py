"""Which network addresses are public. Own tables: `ipaddress.is_global` differs by Python release. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CLOSED_V4 = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = [
    ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]
_TRANSLATED = IPv6Network("64:ff9b::/96")


def plain(text: str) -> Address:
    """The address that is really meant: IPv4 inside ::ffff:0:0/96 or 64:ff9b::/96 (NAT64) is taken out.

    Raises ValueError where the text is no address.
    """
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether a page of the open web can stand at this (plain) address."""
    if isinstance(address, IPv4Address):
        return not is_in(address, _CLOSED_V4)
    return address in _OPEN_V6 and not is_in(address, _CLOSED_V6)


def network_of(text: str) -> str:
    """What one machine's owner holds around an address: of IPv6 its /64, of IPv4 the address itself."""
    address = plain(text)
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), 64), strict=False))


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)
