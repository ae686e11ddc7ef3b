"""The public blog's blueprint; the modules that hold its views bring their routes to it."""

from datetime import datetime

from flask import Blueprint

from blog_linkbacks.blog import lookup
from blog_linkbacks.blog.responses import author_link
from blog_linkbacks.settings.preferences import site

blueprint = Blueprint("blog", "blog_linkbacks.blog.views")
blueprint.add_app_template_filter(lookup.post_url, "post_url")
blueprint.add_app_template_filter(author_link, "author_link")


@blueprint.app_template_filter("day")
def day(moment: datetime) -> str:
    """A date in words in the site's time zone, such as “24 November 2026”."""
    return local(moment).strftime("%-d %B %Y")


@blueprint.app_template_filter("month")
def month(moment: datetime) -> str:
    """A month in words, such as “November 2026”."""
    return moment.strftime("%B %Y")


def local(moment: datetime) -> datetime:
    """A moment in the site's time zone; as it is where the calendar ends before that."""
    try:
        return moment.astimezone(site().zone)
    except OverflowError:
        return moment
