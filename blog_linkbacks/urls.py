"""Normalise and compare URLs. Pure: no network, no database."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

import idna
from publicsuffixlist import PublicSuffixList

MAX_LENGTH = 2048

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_cid|mc_eid|igshid|_ga|_gl|mkt_tok)(?:=|$)", re.IGNORECASE
)
_STRAY = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+(%[\w]+)?")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_KEEP = "!$&'()*+,;=:@/?-._~"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def is_web(url: str) -> bool:
    """Whether this is a complete http or https URL that a page can have: a host, no user name, no stray characters."""
    parts = _split(url)
    if parts is None or len(url) > MAX_LENGTH or _STRAY.search(clean(url)) or "@" in parts.netloc:
        return False
    return bool(_HOST.fullmatch(_host(parts)))


def resolve(base: str, reference: str) -> str | None:
    """The absolute URL of a `href` found at `base`, or None where it makes no http(s) URL (HTML 2.4.1, URL 4.4)."""
    try:
        url = urljoin(base, clean(reference))
    except ValueError:
        return None
    return url if _split(url) is not None else None


def clean(url: str) -> str:
    """Without the spaces around it and the tabs and line breaks inside it, as URL parsers drop them (URL 4.4)."""
    return re.sub(r"[\t\r\n]", "", url.strip(" \t\r\n\f\v\0"))


def page_key(url: str) -> str:
    """One string for all the spellings of one page.

    Folded: scheme, `www.`, case and IDN of the host, default port, percent-escapes (RFC 3986, 6.2.2), dot segments,
    trailing slash, fragment, tracking parameters. The query counts.
    """
    parts = _split(url)
    if parts is None:
        return clean(url)
    query = _page_query(parts.query)
    return f"{_origin_key(parts)}{_path_key(parts.path)}" + (f"?{query}" if query else "")


def post_key(url: str) -> str:
    """As `page_key`, but the query does not count: for the addresses of this blog's own posts."""
    return page_key(url).partition("?")[0]


def site_key(url: str) -> str:
    """`host` or `host:port` of a URL, folded as in `page_key`; empty where it has none."""
    parts = _split(url)
    return _origin_key(parts) if parts is not None else ""


def host(url: str) -> str:
    """The host name in lower case ASCII, without port; empty where there is none."""
    parts = _split(url)
    return _host(parts) if parts is not None else ""


@lru_cache(maxsize=4096)
def registrable(host_name: str) -> str:
    """The registrable domain of a host (`a.b.example.co.uk` gives `example.co.uk`); an IP address is its own."""
    if is_address(host_name):
        return host_name
    return _suffixes().privatesuffix(host_name) or host_name


def is_address(host_name: str) -> bool:
    try:
        ipaddress.ip_address(host_name.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(clean(url))
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.netloc else None


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str:
    name = name.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return name


def _host(parts: SplitResult) -> str:
    return _ascii_host(parts.hostname or "")


def _origin_key(parts: SplitResult) -> str:
    name = _host(parts).removeprefix("www.")
    if ":" in name:
        name = f"[{name}]"
    port = parts.port
    return name if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"


def _path_key(path: str) -> str:
    return _without_dots(_percent_key(path)).rstrip("/")  # `%2e` is a dot, too


def _without_dots(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1] or [""]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _page_query(query: str) -> str:
    return _percent_key("&".join(p for p in query.split("&") if p and not _TRACKING.match(p)))


def _percent_key(text: str) -> str:
    decoded = _PERCENT.sub(_needless_escape, text)
    return quote(decoded, safe=_KEEP + "%")


def _needless_escape(match: re.Match[str]) -> str:
    byte = unquote_to_bytes(match.group())
    return byte.decode() if byte[0] in _UNRESERVED else match.group().upper()
