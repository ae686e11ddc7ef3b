"""The session's cookie: what is the same for everybody does not depend on it."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Sessions(SecureCookieSessionInterface):
    """As Flask's own, but `Vary: Cookie` only where an answer may differ between people.

    Flask-Login looks into the session at every answer, which Flask takes for such a difference.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or not _is_for_everybody(response):
            super().save_session(app, session, response)


def _is_for_everybody(response: Response) -> bool:
    return request.endpoint == "static" or response.cache_control.public is True
