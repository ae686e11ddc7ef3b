"""The blueprint that the views of sign-in, the own account and the first run share."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
