"""Site preferences in the database, with their defaults."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import g, has_request_context
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import Model, db, writing
from blog_linkbacks.policy import Thresholds
from blog_linkbacks.vocabulary import CheckState, Kind

REASONS = ("Off topic", "Says too little", "Only promotion", "Copied text", "Not for this blog")


class Preference(Model):
    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Site:
    """What the blog calls itself and how it behaves; every field is one preference.

    `clear_spam` and `clear_ham` are scores, `clear_ham` None holds every stranger; `check_states` and
    `check_weights` override those of the named checks. `reasons` are for rejecting, on the keys 1 to 5.
    `close_after` is in days since a post was published, 0 for never. `time_zone` is an IANA name. `navigation`
    has a label and an address for each link, empty for the usual ones; `footer_html` is the sanitised `footer`.
    `pictures` of people who responded are fetched and shown. `word_lists` has the digest of each list that is not
    empty. `keep_spam` and `keep_unverified` are in days, 0 for ever.
    """

    name: str = "A blog with linkbacks"
    tagline: str = ""
    author: str = ""
    language: str = "en"
    posts_per_page: int = 10
    accept_linkbacks: bool = True
    clear_spam: float = Thresholds().spam
    neighbours: bool = False
    clear_ham: float | None = Thresholds().ham
    check_states: Mapping[str, str] = field(default_factory=dict)
    check_weights: Mapping[str, float] = field(default_factory=dict)
    reasons: Sequence[str] = REASONS
    follow_trusted: bool = False
    accept_pingbacks: bool = True
    accept_trackbacks: bool = True
    accept_webmentions: bool = True
    close_after: int = 0
    time_zone: str = "UTC"
    accent: str = "blue"
    navigation: Sequence[Mapping[str, str]] = ()
    footer: str = ""
    footer_html: str = ""
    word_lists: Mapping[str, str] = field(default_factory=dict)
    keep_spam: int = 15
    keep_unverified: int = 30
    pictures: bool = True

    @property
    def states(self) -> Mapping[str, CheckState]:
        return {name: CheckState(state) for name, state in self.check_states.items()}

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of linkback that the site as a whole takes."""
        taken = {
            Kind.PINGBACK: self.accept_pingbacks,
            Kind.TRACKBACK: self.accept_trackbacks,
            Kind.WEBMENTION: self.accept_webmentions,
        }
        return frozenset(kind for kind, on in taken.items() if on and self.accept_linkbacks)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the dates on its pages; UTC where this machine does not know it."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return UTC


def site() -> Site:
    """The preferences as they stand now; a request reads them once, and again after saving some."""
    if not has_request_context():
        return read()
    if "site" not in g:
        g.site = read()
    return cast(Site, g.site)


def save(**changes: object) -> Site:
    """Keep the named preferences; TypeError on an unknown name."""
    wanted = asdict(Site(**changes))  # type: ignore[arg-type]
    with writing() as session:
        for name in changes:
            session.merge(Preference(name=name, value=wanted[name]))
        session.flush()  # for what is read before an outer transaction ends
    if has_request_context():
        g.pop("site", None)
    return site()


def read() -> Site:
    """The preferences as the database has them, whatever the request read before."""
    known = {field.name for field in fields(Site)}
    stored = db.session.execute(select(Preference.name, Preference.value)).all()
    return Site(**{name: value for name, value in stored if name in known})
