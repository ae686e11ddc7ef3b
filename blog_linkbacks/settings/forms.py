"""The forms of the settings page."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from blog_linkbacks.accounts.people import MAX_NAME, MAX_PASSWORD, MIN_PASSWORD
from blog_linkbacks.accounts.tables import Role

_ROLES = [
    SelectChoice(Role.ADMIN.value, "Admin: writes, moderates, changes the settings"),
    SelectChoice(Role.MODERATOR.value, "Moderator: decides which linkbacks appear"),
    SelectChoice(Role.AUTHOR.value, "Author: writes posts"),
]
_LANGUAGE = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"


class SiteForm(FlaskForm):
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
    posts_per_page = IntegerField(
        "Posts on a page",
        [InputRequired("A whole number is needed."), NumberRange(1, 100, "Between 1 and 100.")],
        render_kw={"inputmode": "numeric"},
    )
    accept_linkbacks = BooleanField(
        "Take linkbacks",
        description="Off: no post, old or new, announces an endpoint, and every new linkback is refused. "
        "What is approved stays visible. On: each post follows its own switch again.",
    )
    clear_spam = IntegerField(
        "Clear spam from",
        [InputRequired("A whole number is needed."), NumberRange(50, 100, "Between 50 and 100.")],
        description="From this score up, of 100, a linkback goes to spam without waiting for you. "
        "What is decided already keeps its status.",
        render_kw={"inputmode": "numeric"},
    )
    neighbours = BooleanField(
        "Name posts on the same subject",
        description="On a post with fewer than three related posts, up to three more that share its tags and words "
        "are listed below, under a heading of their own: no link between them is claimed.",
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
