"""What every view shares: the site's root, page-or-fragment, CSRF, roles, security headers, error pages.

The only reader of HX-* headers.
"""

import functools
import hashlib
import ipaddress
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, abort, g, has_request_context, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from blog_linkbacks import config, urls

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()

DEFAULT_ROOT = "http://127.0.0.1:5000"


def init_app(app: Flask) -> None:
    """CSRF, security headers, error pages, and the refusal of hosts that are not ours."""
    app.before_request(_know_the_root)  # first: every answer names its request, a refused form's too
    csrf.init_app(app)
    app.after_request(_harden)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(Exception, _failed)
    version = _static_version(Path(app.static_folder or ""))
    app.context_processor(lambda: {"static_version": version})


def base_url() -> str:
    """The site's canonical root without a slash at its end: as configured, else the loopback request's own."""
    configured = config.current().base_url
    if configured:
        return configured
    if has_request_context():
        return request.url_root.rstrip("/")
    return served_at() or DEFAULT_ROOT


def absolute(path: str) -> str:
    """The canonical URL of a path of this site."""
    return base_url() + path


def absolute_for(endpoint: str, **values: Any) -> str:
    """The canonical URL of one of the site's pages."""
    return absolute(url_for(endpoint, **values).removeprefix(request.script_root))


def root_path() -> str:
    """The path of the site's root: empty, or such as `/blog`."""
    return urlsplit(base_url()).path


def is_own(url: str) -> bool:
    """Whether a URL is at the blog's own domain: the root's host and port, or one of LINKBACKS_INTERNAL_HOSTS."""
    if on_site(url):
        return True
    hosts = config.current().internal_hosts
    return urls.site_key(url) in hosts or urls.host(url).removeprefix("www.") in hosts


def on_site(url: str) -> bool:
    """Whether a URL is at the root's own host and port."""
    key = urls.site_key(url)
    return key != "" and key == urls.site_key(base_url())


def site_path(url: str) -> str | None:
    """The path of one of this site's URLs below its root, or None where it lies outside."""
    prefix = urls.post_key(base_url())
    key = urls.post_key(url)
    if not is_own(url):
        return None
    if on_site(url):
        return key.removeprefix(prefix) or "/" if (key + "/").startswith(prefix + "/") else None
    path = key.partition("/")[1] + key.partition("/")[2]
    return (path.removeprefix(root_path()) if f"{path}/".startswith(f"{root_path()}/") else path) or "/"


def remember_served_at(root: str) -> None:
    """Keep where this checkout is served, for command lines that have no request to learn it from."""
    (config.current().instance / "served_at").write_text(root)


def served_at() -> str:
    try:
        return (config.current().instance / "served_at").read_text().strip()
    except OSError:
        return ""


def wants_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def asked_from() -> str:
    """The address of the page from which htmx asks; empty where it does not say."""
    return request.headers.get("HX-Current-URL", "")


def page_or_fragment(page: str, fragment: str, **context: Any) -> str:
    """The whole page, or only its fragment where htmx asks for that."""
    return render_template(fragment if wants_fragment() else page, **context)


def needs(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guard a view: signed in, and an admin or one of these roles; else the login page or 403."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        @login_required
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.may(*roles):
                abort(403)
            return view(*args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return guard


def sender_address() -> str:
    return request.remote_addr or ""


def _know_the_root() -> None:
    g.request_id = secrets.token_hex(8)
    asked = request.path
    if request.method in ("GET", "HEAD"):
        asked += unquote(request.query_string.decode("latin-1"))
    if "\0" in asked:
        abort(404)  # PostgreSQL takes no NUL
    if not config.current().base_url and not _is_loopback(urlsplit(request.url_root).hostname or ""):
        abort(
            400, "Set LINKBACKS_BASE_URL to the address that readers use; without it only loopback is served."
        )


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src {images}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


# Of a file that is shown by itself; browsers style it from within.
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox"
)


def _harden(response: Response) -> Response:
    private = request.path.startswith("/admin")
    images = "'self' data:" if private else "'self' data: https:"
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY.format(images=images))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin" if private else "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
    headers.setdefault("X-Request-Id", g.get("request_id", ""))
    location = headers.get("Location", "")
    if location.startswith(request.host_url) and not on_site(location):  # it repeats a Host that is not ours
        headers["Location"] = location.removeprefix(request.host_url.rstrip("/"))
    if private:
        headers["Cache-Control"] = "no-store"
    if config.current().base_url.startswith("https:"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _error_page(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    allow = [(name, value) for name, value in error.get_headers() if name == "Allow"]  # RFC 9110, 15.5.6
    return *_page(error.code or 500, error.name, error.description or ""), allow


def _failed(error: Exception) -> tuple[str, int]:
    from flask import current_app

    current_app.logger.exception("request %s failed", g.get("request_id", ""), exc_info=error)
    return _page(500, "Something went wrong", "The fault is ours; nothing that was accepted is lost.")


def _page(code: int, name: str, description: str) -> tuple[str, int]:
    page = render_template(
        "errors/error.html", code=code, name=name, description=description, request_id=g.get("request_id", "")
    )
    return page, code


def _static_version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
