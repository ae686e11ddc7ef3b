"""The blueprint of the settings; the modules that hold its pages bring their routes to it."""

from flask import Blueprint

blueprint = Blueprint("settings", "blog_linkbacks.settings.views", url_prefix="/admin/settings")
