"""Named rate limits."""

import ipaddress

from flask import Flask, Response
from flask_limiter import Limiter

from blog_linkbacks import config
from blog_linkbacks.web import sender_address


def sender_key() -> str:
    """The sender's address; of IPv6 its /64, because one machine holds all of it."""
    try:
        address = ipaddress.ip_address(sender_address())
    except ValueError:
        return sender_address()
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def intake_limit() -> str:
    return config.current().rate_limit


limiter = Limiter(key_func=sender_key, headers_enabled=True, in_memory_fallback_enabled=True)

intake = limiter.shared_limit(
    intake_limit, scope="intake", exempt_when=lambda: not intake_limit(), methods=["POST"]
)
sign_in = limiter.limit("10 per minute; 60 per hour", methods=["POST"])


def init_app(app: Flask, redis_url: str) -> None:
    """Count in Redis where it is configured, so that all processes share the limits, else in memory."""
    app.after_request(_no_needless_wait)  # before the limiter's own, so that it runs after that
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    limiter.init_app(app)


def _no_needless_wait(response: Response) -> Response:
    """Retry-After goes with a 429 alone; on a success a polite sender would take it as a request to wait."""
    if response.status_code != 429:
        response.headers.pop("Retry-After", None)
    return response
