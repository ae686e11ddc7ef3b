"""The forms of the settings, one for each page; `kept` gives the preferences that a valid one stands for."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from blog_linkbacks.accounts.people import MAX_NAME, MAX_PASSWORD, MIN_PASSWORD
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.blog import markdown
from blog_linkbacks.settings import links
from blog_linkbacks.settings.preferences import Site
from blog_linkbacks.vocabulary import Kind

ACCENTS = {"blue": "Blue", "teal": "Teal", "green": "Green", "plum": "Plum", "rust": "Rust", "ink": "Ink"}
MAX_FOOTER = 2_000
MAX_DAYS = 36_500

_ROLES = [
    SelectChoice(Role.ADMIN.value, "Admin: writes, moderates, changes the settings"),
    SelectChoice(Role.MODERATOR.value, "Moderator: decides which linkbacks appear"),
    SelectChoice(Role.AUTHOR.value, "Author: writes posts"),
]
_LANGUAGE = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"}
_REGIONS |= {"Indian", "Pacific"}


def _between(low: int, high: int, message: str) -> Callable[[object, Field], None]:
    """WTForms' own NumberRange fails on a number of hundreds of digits."""

    def check(_form: object, field: Field) -> None:
        if field.data is None or not low <= field.data <= high:
            raise ValidationError(message)

    return check


_DAYS = [
    InputRequired("A whole number is needed; 0 for ever."),
    _between(0, MAX_DAYS, f"Between 0 and {MAX_DAYS:,} days."),
]


@lru_cache(maxsize=1)
def time_zones() -> list[str]:
    """The names of the places whose time this machine knows; UTC is always there."""
    return ["UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS)]


class GeneralForm(FlaskForm):
    name = StringField("Name of the blog", [DataRequired("A blog needs a name."), Length(max=120)])
    tagline = StringField("Tagline", [Length(max=200)], description="One line under the name.")
    author = StringField(
        "Author",
        [Length(max=120)],
        description="Who the posts are by, in feeds and beside each post; those already published change too.",
    )
    language = StringField(
        "Language",
        [
            DataRequired("A language is needed."),
            Regexp(f"^{_LANGUAGE}$", message="A code such as en or pt-BR is expected."),
        ],
        description="The language the posts are written in, as a code such as en, de or pt-BR.",
    )
    time_zone = SelectField(
        "Time zone",
        [InputRequired("Which time zone?")],
        description="The dates on the public pages are of this place, those of posts already published too.",
    )
    accent = RadioField(
        "Accent colour",
        choices=[SelectChoice(name, words) for name, words in ACCENTS.items()],
        description="For links and buttons, here and on the public pages.",
    )

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)
        self.time_zone.choices = [SelectChoice(name, name.replace("_", " ")) for name in time_zones()]

    @property
    def kept(self) -> dict[str, Any]:
        return {
            "name": self.name.data.strip(),
            "tagline": (self.tagline.data or "").strip(),
            "author": (self.author.data or "").strip(),
            "language": self.language.data,
            "time_zone": self.time_zone.data,
            "accent": self.accent.data,
        }


class ReadingForm(FlaskForm):
    posts_per_page = IntegerField(
        "Posts on a page",
        [InputRequired("A whole number is needed."), _between(1, 100, "Between 1 and 100.")],
        render_kw={"inputmode": "numeric"},
    )
    neighbours = BooleanField(
        "Name posts on the same subject",
        description="On a post with fewer than three related posts, up to three more that share its tags and words "
        "are listed below, under a heading of their own: no link between them is claimed.",
    )
    follow_trusted = BooleanField(
        "Let search engines follow links to trusted sites",
        description="Links to pages that wrote about a post are marked as not yours (ugc, nofollow). On: those to "
        "sites that you trust lose the mark, at all posts, old and new.",
    )
    pictures = RadioField(
        "Pictures of people",
        choices=[
            SelectChoice("show", "Show them, fetched once and kept here"),
            SelectChoice("never", "Never"),
        ],
        default="show",
        description="Beside an approved response stands the picture that its author’s page names. Readers ask no other "
        "site for it. Never: those kept here are deleted, and the first letter of the name stands instead.",
    )
    navigation = TextAreaField(
        "Navigation",
        description="One link a line, in their order: the words, then the address, such as “About /pages/about”, "
        "/archive, /tags, /search or https://… elsewhere. Empty: your pages, the archive and the search.",
        render_kw={"rows": 4, "spellcheck": "false"},
    )
    footer = TextAreaField(
        "Footer",
        [Length(max=MAX_FOOTER)],
        description="A few words at the foot of every public page, in Markdown.",
        render_kw={"rows": 3},
    )

    def validate_navigation(self, field: Field) -> None:
        try:
            links.read(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate_footer(self, field: Field) -> None:
        try:
            markdown.render((field.data or "")[:MAX_FOOTER])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def kept(self) -> dict[str, Any]:
        footer = (self.footer.data or "").strip()
        return {
            "posts_per_page": self.posts_per_page.data,
            "neighbours": self.neighbours.data,
            "follow_trusted": self.follow_trusted.data,
            "pictures": self.pictures.data == "show",
            "navigation": links.read(self.navigation.data or ""),
            "footer": footer,
            "footer_html": markdown.render(footer),
        }


class LinkbacksForm(FlaskForm):
    accept_linkbacks = BooleanField("Take linkbacks")
    accept_pingbacks = BooleanField("Pingbacks")
    accept_trackbacks = BooleanField("Trackbacks")
    accept_webmentions = BooleanField("Webmentions")
    close_after = IntegerField(
        "Close a post after",
        [
            InputRequired("A whole number is needed; 0 for never."),
            _between(0, MAX_DAYS, f"Between 0 and {MAX_DAYS:,} days."),
        ],
        render_kw={"inputmode": "numeric"},
    )

    @property
    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name in Site.__dataclass_fields__}


class KeepingForm(FlaskForm):
    keep_spam = IntegerField("Keep spam for", _DAYS, render_kw={"inputmode": "numeric"})
    keep_unverified = IntegerField("Keep unverified linkbacks for", _DAYS, render_kw={"inputmode": "numeric"})

    @property
    def kept(self) -> dict[str, Any]:
        return {"keep_spam": self.keep_spam.data, "keep_unverified": self.keep_unverified.data}


class PingForm(FlaskForm):
    kind = RadioField(
        "Send it as",
        choices=[SelectChoice(kind.value, kind.capitalize()) for kind in Kind],
        default=Kind.PINGBACK,
    )


class PersonForm(FlaskForm):
    name = StringField(
        "Name",
        [DataRequired("A user needs a name."), Length(max=MAX_NAME)],
        render_kw={"autocomplete": "off"},
    )
    password = PasswordField(
        "First password",
        [
            DataRequired("A password is needed."),
            Length(MIN_PASSWORD, MAX_PASSWORD, f"A password has at least {MIN_PASSWORD} characters."),
        ],
        description=f"At least {MIN_PASSWORD} characters; they change it after signing in.",
        render_kw={"autocomplete": "new-password"},
    )
    role = SelectField("Role", [InputRequired("Which role?")], choices=_ROLES, default=Role.MODERATOR.value)


class RoleForm(FlaskForm):
    role = SelectField("Role", choices=[SelectChoice(role.value, role.value.capitalize()) for role in Role])
