"""Pictures: the desk's page of them, uploads from there and from the editor, and the files as readers get them."""

from time import monotonic
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge

from blog_linkbacks import web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import pictures
from blog_linkbacks.blog.picture_files import KINDS, MAX_BYTES
from blog_linkbacks.blog.tables import Picture
from blog_linkbacks.db import db
from blog_linkbacks.imaging import BadPicture

PAGE = 24
MAX_ID = 2**63 - 1
YEAR = 365 * 24 * 3600
DRAINED = 250_000_000  # bytes of a body too large that are read away, so that the browser hears why
DRAINING = 30.0  # seconds

_TOO_LARGE = f"The file is larger than {MAX_BYTES // 1_000_000} MB. Make it smaller first."

blueprint = Blueprint("pictures", __name__)
blueprint.add_app_template_filter(pictures.shown, "as_shown")
blueprint.add_app_template_filter(pictures.thumbnail, "thumbnail")
blueprint.add_app_template_filter(pictures.in_markdown, "in_markdown")


@blueprint.url_value_preprocessor
def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A picture of the greatest size fits into its form, for who is signed in; all else keeps the usual bounds."""
    if request.method == "POST" and current_user.is_authenticated:
        request.max_content_length = MAX_BYTES + 100_000


@blueprint.get("/pictures/<file>")
def serve(file: str) -> Response:
    """A file of a picture that there is. It never changes, so it is kept for ever."""
    found = pictures.find(file)
    if found is None or not found[1].is_file():
        abort(404)
    picture, path = found
    response = send_file(path, KINDS[picture.kind], etag=file, max_age=YEAR)
    response.cache_control.public, response.cache_control.immutable = True, True
    response.headers["Content-Security-Policy"] = web.FILE_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/admin/pictures")
@web.needs(Role.AUTHOR)
def index() -> ResponseReturnValue:
    """The pictures there are, the newest first: how to write each in a post, and which posts show it."""
    return _page()


@blueprint.post("/admin/pictures")
@web.needs(Role.AUTHOR)
def upload() -> ResponseReturnValue:
    """Take in a picture; to a script the answer is JSON."""
    try:
        picture = _taken()
    except BadPicture as error:
        return _refused(error.reason, 422)
    if _asks_for_json():
        return _as_json(picture), 201
    flash(f"Added “{picture.title}”.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/admin/pictures/<int:picture_id>")
@web.needs(Role.AUTHOR)
def describe(picture_id: int) -> ResponseReturnValue:
    picture = _own(picture_id)
    pictures.describe(picture.id, request.form.get("alt", ""))
    flash("Saved the description. Posts that show the picture keep the one they have.")
    return redirect(url_for(".index", _anchor=f"picture-{picture.id}"), 303)


@blueprint.route("/admin/pictures/<int:picture_id>/delete", methods=["GET", "POST"])
@web.needs(Role.AUTHOR)
def delete(picture_id: int) -> ResponseReturnValue:
    """Ask, naming the posts that show it, then delete for good."""
    picture = _own(picture_id)
    if request.method == "GET":
        used, kept = pictures.uses([picture.id])[picture.id], pictures.kept_in(picture)
        posts = {use.post_id: use for use in (*used, *kept)}.values()
        return render_template("desk/picture_delete.html", picture=picture, posts=posts, form=FlaskForm())
    title = picture.title
    try:
        pictures.remove(picture)
    except BadPicture as error:
        return _refused(error.reason, 503)
    flash(f"Deleted “{title}”.")
    return redirect(url_for(".index"), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say why. The body is read away first, as far as is reasonable: a browser reads no answer before it has sent."""
    if not current_user.is_authenticated:
        return current_app.handle_http_exception(Forbidden())
    _drain()
    response = make_response(_refused(_TOO_LARGE, 413))
    response.headers["Connection"] = "close"
    return response


def _drain() -> None:
    left, until = min(request.content_length or 0, DRAINED), monotonic() + DRAINING
    if left <= (request.max_content_length or 0):
        return  # it was read, at least in part
    body = request.environ["wsgi.input"]
    while left > 0 and monotonic() < until:
        some = body.read(min(left, 65_536))
        if not some:
            return
        left -= len(some)


def _taken() -> Picture:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadPicture("Choose a picture first.")
    picture = pictures.add(file.stream, file.filename, current_user.id)
    alt = request.form.get("alt", "")
    if alt.strip() and not picture.alt:
        pictures.describe(picture.id, alt)
    pictures.tidy()
    return picture


def _refused(reason: str, status: int) -> tuple[dict[str, str] | str, int]:
    if _asks_for_json():
        return {"problem": reason}, status
    return _page(reason), status


def _page(problem: str = "") -> str:
    before = request.args.get("before", type=int)
    found = pictures.listed(PAGE + 1, before if before and before < MAX_ID else None)
    shown = found[:PAGE]
    number, size = pictures.amount()
    return render_template(
        "desk/pictures.html",
        pictures=shown,
        older=shown[-1].id if len(found) > PAGE else None,
        uses=pictures.uses(picture.id for picture in shown),
        number=number,
        size=size,
        problem=problem,
    )


def _as_json(picture: Picture) -> dict[str, Any]:
    return {
        "id": picture.id,
        "title": picture.title,
        "markdown": pictures.in_markdown(picture),
        "choice": render_template("desk/_cover_choice.html", picture=picture, chosen=picture.file),
        "alt": picture.alt,
    }


def _own(picture_id: int) -> Picture:
    """A picture that this person may change: their own, an admin any."""
    picture = db.session.get(Picture, picture_id) if picture_id < MAX_ID else None
    if picture is None:
        abort(404)
    if not may_change(picture):
        abort(403)
    return picture


@blueprint.app_template_global("largest_picture")
def largest() -> int:
    """The most that the file of a picture may have, in MB."""
    return MAX_BYTES // 1_000_000


@blueprint.app_template_global("may_change_picture")
def may_change(picture: Picture) -> bool:
    return bool(current_user.may()) or picture.user_id == current_user.id


def _asks_for_json() -> bool:
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
