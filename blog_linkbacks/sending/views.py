"""The ledger of deliveries."""

from flask import Blueprint

blueprint = Blueprint("sending", __name__, url_prefix="/admin/sent")
