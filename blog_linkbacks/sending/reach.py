"""How far notices may go: a blog that nobody outside can visit tells nobody outside about itself."""

from collections.abc import Sequence

from blog_linkbacks import urls
from blog_linkbacks.fetch import Fetcher, Origin
from blog_linkbacks.fetch.addresses import Network, is_in, is_public, plain

QUIET = "Not told: this blog's address is not public, so only receivers in LINKBACKS_FETCH_ALLOW are told."
_PRIVATE_NAMES = ("test", "example", "localhost", "invalid", "local", "internal", "home.arpa")


class Reach(Fetcher):
    """A fetcher for one delivery. A quiet one reaches the allowed networks alone.

    `held_back` tells that a public receiver was left alone.
    """

    def __init__(self, allow: Sequence[Network], *, quiet: bool) -> None:
        super().__init__(allow)
        self.quiet = quiet
        self.closed = quiet and not allow
        self.held_back = False
        self._networks = tuple(allow)

    def permits(self, origin: Origin, address: str) -> bool:
        usual = super().permits(origin, address)
        if not self.quiet or not usual:
            return usual
        allowed = is_in(plain(address), self._networks)
        self.held_back = self.held_back or not allowed
        return allowed


def reach_for(url: str, allow: Sequence[Network]) -> Reach:
    """The reach that the owner of a page at `url` has."""
    return Reach(allow, quiet=not is_public_site(url))


def is_public_site(url: str) -> bool:
    """Whether others can visit a URL: not at a private address, nor under a name for private use."""
    host = urls.host(url)
    if urls.is_address(host):
        return is_public(plain(host))
    return "." in host and not any(f".{host}".endswith(f".{name}") for name in _PRIVATE_NAMES)
