"""Browsers that somebody signed in with before: their tries are counted apart from those of strangers.

So strangers who try a name until it is closed do not keep its owner out.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from blog_linkbacks.accounts.tables import User

_KEPT = 365 * 86_400  # seconds


def mark(response: Response, user: User) -> None:
    """Let this browser be known as that person's, until all their sessions end at once."""
    response.set_cookie(
        _cookie(),
        _serializer(user).dumps([user.id, known_as(user) or secrets.token_hex(8)]),
        max_age=_KEPT,
        path=current_app.config["SESSION_COOKIE_PATH"] or "/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def known_as(user: User | None) -> str | None:
    """The mark of this browser where that person signed in with it before."""
    value = request.cookies.get(_cookie(), "")
    if user is None or not value:
        return None
    try:
        user_id, word = _serializer(user).loads(value, max_age=_KEPT)
    except (BadData, TypeError, ValueError):
        return None
    return str(word) if user_id == user.id else None


def _serializer(user: User) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"], salt=f"known browser {user.id} {user.session_key}"
    )


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_known"
