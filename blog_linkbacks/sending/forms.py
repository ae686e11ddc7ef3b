"""The forms for trackbacks by hand and for sending rules."""

import hashlib

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from blog_linkbacks.sending import rules, trackbacks
from blog_linkbacks.sending.tables import Rule
from blog_linkbacks.sending.words import RULES


class TrackbackForm(FlaskForm):
    """Addresses, one a line, and what is said to all.

    `send` comes with a preview, `previewed` says of what; `again` is asked for where there is a warning.
    """

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
    send = BooleanField("Send")
    previewed = HiddenField()

    @property
    def addresses(self) -> list[str]:
        return [line.strip() for line in (self.urls.data or "").splitlines() if line.strip()]

    @property
    def mark(self) -> str:
        """Changes with what would be sent."""
        said = repr((self.addresses, self.title.data or "", " ".join((self.excerpt.data or "").split())))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def changed_since_preview(self) -> bool:
        return bool(self.previewed.data != self.mark)

    def validate_urls(self, _field: TextAreaField) -> None:
        try:
            trackbacks.check(self.addresses)
        except trackbacks.TrackbackError as error:
            raise ValidationError(str(error)) from None


class RuleForm(FlaskForm):
    """Whether one site is told."""

    site = StringField(
        "Site", [DataRequired("Name a site."), Length(max=300)], description="Such as garden.example."
    )
    whole = BooleanField("Its whole domain, with every site below it")
    rule = RadioField(
        "Notices to it",
        choices=[SelectChoice(rule.value, said) for rule, said in RULES.items()],
        default=Rule.ASK.value,
    )

    def validate_site(self, field: StringField) -> None:
        try:
            rules.check(field.data or "", whole=bool(self.whole.data))
        except rules.RuleError as error:
            raise ValidationError(str(error)) from None
