"""What every template has: the site, the navigation's count, and times in words."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from blog_linkbacks import web
from blog_linkbacks.db import now
from blog_linkbacks.linkbacks import status_counts
from blog_linkbacks.settings.preferences import Site, site
from blog_linkbacks.vocabulary import Status

_STEPS = ((60, "s"), (60, "min"), (24, "h"), (30, "d"), (12, "mo"))


def init_app(app: Flask) -> None:
    app.add_template_filter(ago, "ago")
    app.add_template_filter(iso, "iso")
    app.add_template_filter(exact, "exact")
    app.add_template_filter(percent, "percent")
    app.add_template_global(web.absolute_for, "absolute_for")
    app.context_processor(_shared)


def ago(moment: datetime | None) -> str:
    """A past moment in words, such as “4 min ago”; empty for None."""
    if moment is None:
        return ""
    number = max(0.0, (now() - moment).total_seconds())
    if number < 10:
        return "just now"
    for step, unit in _STEPS:
        if number < step:
            return f"{int(number)} {unit} ago"
        number /= step
    return f"{int(number)} y ago"


def iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def exact(moment: datetime | None) -> str:
    return moment.astimezone(site().zone).strftime("%-d %B %Y, %H:%M %Z") if moment else ""


def percent(score: float | None) -> int:
    """A score from 0 to 1 as a whole number of 100."""
    return round((score or 0.0) * 100)


def _shared() -> dict[str, Any]:
    try:
        return _from_database()
    except SQLAlchemyError:  # the page that says so must still be rendered
        return {"site": Site(), "base_url": web.base_url(), "current_user": None, "nav_waiting": 0}


def _from_database() -> dict[str, Any]:
    shown: dict[str, Any] = {"site": site(), "base_url": web.base_url()}
    if request and request.path.startswith("/admin") and current_user and current_user.is_authenticated:
        shown["nav_waiting"] = status_counts()[Status.PENDING]
    return shown
