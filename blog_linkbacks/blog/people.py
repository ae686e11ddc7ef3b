"""Pictures of people who responded, served from here: a reader's browser asks no other host for them."""

from flask import Response, abort, send_from_directory

from blog_linkbacks import faces, web
from blog_linkbacks.blog.blueprint import blueprint

_YEAR = 365 * 24 * 3600


@blueprint.get("/faces/<name>.webp")
def face(name: str) -> Response:
    """One picture; what an address shows never changes, so it is kept for a year."""
    if not name.isalnum():
        abort(404)
    response = send_from_directory(faces.folder(), f"{name}.webp", mimetype="image/webp", max_age=_YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = web.FILE_POLICY
    return response
