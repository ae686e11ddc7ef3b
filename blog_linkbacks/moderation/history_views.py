"""The history over HTTP: the page and its exports."""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, abort, render_template, request, session, stream_with_context

from blog_linkbacks import web
from blog_linkbacks.accounts import people
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import now
from blog_linkbacks.moderation import answers, editing, history, history_export, words

blueprint = Blueprint("history", __name__, url_prefix="/admin/history")
blueprint.context_processor(answers.shared)
blueprint.add_app_template_filter(editing.named, "edited_what")

_EXPORTS: dict[str, tuple[str, Callable[[history.Filters], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", history_export.as_csv),
    "json": ("application/json", history_export.as_json),
}


@blueprint.get("")
@web.needs(Role.MODERATOR)
def show() -> str:
    chosen = history.filters(request.args)
    return render_template(
        "moderation/history.html",
        filters=chosen,
        page=history.page(chosen),
        people=people.everyone(),
        rules=words.RULES,
        done=session.pop("done", None),
        state=words.rule_state,
    )


@blueprint.get("/export.<form>")
@web.needs(Role.MODERATOR)
def export(form: str) -> Response:
    """All that the filters let through, in a stream."""
    if form not in _EXPORTS:
        abort(404)
    kind, lines = _EXPORTS[form]
    chosen = history.filters(request.args)
    name = f"history-{now():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(lines(chosen)), content_type=kind, headers=headers)
