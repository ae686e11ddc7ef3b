"""The public pages' style sheet: the sheets they need as one file, so that a reader asks once."""

import re
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

from blog_linkbacks.blog.blueprint import blueprint

SHEETS = ("tokens", "base", "buttons", "site", "prose", "code", "post", "related", "reading")
_YEAR = 365 * 24 * 3600

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s+")
_AROUND = re.compile(r" ?([{};]) ?|([,:]) ")


@blueprint.get("/public.css")
def sheet() -> Response:
    """All of it; with its version in the address it is kept for a year."""
    response = Response(_joined(Path(current_app.static_folder or "")), mimetype="text/css")
    response.add_etag()
    response.cache_control.public = True
    if request.args.get("v"):
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


@lru_cache(maxsize=4)
def _joined(static: Path) -> str:
    return "\n".join(_squeezed((static / "css" / f"{name}.css").read_text("utf-8")) for name in SHEETS)


def _squeezed(css: str) -> str:
    """Without comments and needless blanks; no string in these sheets holds what is taken away."""
    plain = _BLANK.sub(" ", _COMMENT.sub("", css)).strip()
    return _AROUND.sub(r"\1\2", plain).replace(";}", "}")
