"""GET /healthz: whether the database and a worker answer."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blog_linkbacks import tasks
from blog_linkbacks.db import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 and JSON when the database and a worker work, 503 otherwise (the contract's Health)."""
    database = _database_answers()
    worker = database and tasks.worker_is_alive()
    body = {"database": "ok" if database else "unreachable", "worker": "ok" if worker else "not seen"}
    return jsonify(body), 200 if database and worker else 503


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
