"""Between the server and the app: reverse proxies that are trusted, and a site's root that has a path."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from blog_linkbacks.config import Config


def init_app(app: Flask, settings: Config) -> None:
    """Serve below the root's path, and believe as many proxies as there are about address and scheme alone."""
    path = urlsplit(settings.base_url).path
    if path:
        app.config["SESSION_COOKIE_PATH"] = path
        app.wsgi_app = Mounted(app.wsgi_app, path)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=0
        )


class Mounted:
    """Moves the root's path from PATH_INFO into SCRIPT_NAME; a proxy may have taken it off already."""

    def __init__(self, app: WSGIApplication, path: str) -> None:
        self.app = app
        self.path = unquote_to_bytes(path).decode("latin-1")  # as PEP 3333 spells paths

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not environ.get("SCRIPT_NAME") and f"{path}/".startswith(f"{self.path}/"):
            environ["PATH_INFO"] = path[len(self.path) :]
        environ["SCRIPT_NAME"] = self.path
        return self.app(environ, start_response)
