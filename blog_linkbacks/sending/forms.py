"""The form for trackbacks by hand."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from blog_linkbacks.sending import trackbacks


class TrackbackForm(FlaskForm):
    """Addresses, one a line, and what is said to all. `again` is asked for where there is a warning."""

    urls = TextAreaField(
        "Addresses",
        [DataRequired("Name at least one address.")],
        description="One a line: a trackback address, or the page that you link to.",
    )
    title = StringField("Title", [Length(max=trackbacks.MAX_TITLE)])
    excerpt = TextAreaField(
        "Excerpt", [Length(max=5000)], description="Longer ones are cut at 252 characters."
    )
    again = BooleanField("Send all the same")

    @property
    def addresses(self) -> list[str]:
        return [line.strip() for line in (self.urls.data or "").splitlines() if line.strip()]

    def validate_urls(self, _field: TextAreaField) -> None:
        try:
            trackbacks.check(self.addresses)
        except trackbacks.TrackbackError as error:
            raise ValidationError(str(error)) from None
