"""The forms of sign-in, the first run and the own account."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from blog_linkbacks.accounts.people import MAX_NAME, MAX_PASSWORD, MIN_PASSWORD

_NEW_PASSWORD = [
    DataRequired("A password is needed."),
    Length(MIN_PASSWORD, MAX_PASSWORD, f"A password has at least {MIN_PASSWORD} characters."),
]
_NEW = {"autocomplete": "new-password"}


class LoginForm(FlaskForm):
    name = StringField(
        "Name",
        [DataRequired("Which name?")],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password", [DataRequired("Which password?")], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class AdminForm(FlaskForm):
    name = StringField(
        "Your name",
        [DataRequired("A user needs a name."), Length(max=MAX_NAME)],
        description="You sign in with it, and it stands beside your decisions.",
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Password", _NEW_PASSWORD, description=f"At least {MIN_PASSWORD} characters.", render_kw=_NEW
    )
    token = HiddenField()


class BlogForm(FlaskForm):
    name = StringField("Name of the blog", [DataRequired("A blog needs a name."), Length(max=120)])
    tagline = StringField("Tagline", [Length(max=200)], description="One line under the name.")


class PasswordForm(FlaskForm):
    old = PasswordField(
        "Present password", [DataRequired("Which password?")], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        "New password", _NEW_PASSWORD, description=f"At least {MIN_PASSWORD} characters.", render_kw=_NEW
    )
    again = PasswordField(
        "New password again",
        [DataRequired("Once more, please."), EqualTo("new", "The two differ.")],
        render_kw=_NEW,
    )


class CodeForm(FlaskForm):
    code = StringField(
        "Code",
        [DataRequired("Which code?"), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class ConfirmForm(FlaskForm):
    password = PasswordField(
        "Your password", [DataRequired("Which password?")], render_kw={"autocomplete": "current-password"}
    )
