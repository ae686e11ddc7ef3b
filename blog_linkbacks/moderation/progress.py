"""Jobs over HTTP: how far one is, and stopping it."""

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from blog_linkbacks import jobs, web
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.jobs import Job

blueprint = Blueprint("jobs", __name__, url_prefix="/admin/jobs")


@blueprint.get("/<token>")
@web.needs(Role.MODERATOR)
def show(token: str) -> str:
    """How far a job is: a page, or the fragment that polls until the job has ended."""
    return web.page_or_fragment("jobs/job.html", "jobs/_job.html", job=_job(token))


@blueprint.post("/<token>/stop")
@web.needs(Role.MODERATOR)
def stop(token: str) -> str | Response:
    jobs.stop(_job(token).id)
    return show(token) if web.wants_fragment() else redirect(url_for("jobs.show", token=token), 303)


def _job(token: str) -> Job:
    try:
        return jobs.by_token(token)
    except LookupError:
        abort(404)
