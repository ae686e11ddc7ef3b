"""Site preferences in the database, with their defaults."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import Model, db, writing
from blog_linkbacks.policy import Thresholds
from blog_linkbacks.vocabulary import CheckState


class Preference(Model):
    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Site:
    """What the blog calls itself and how it behaves; every field is one preference.

    `clear_spam` and `clear_ham` are scores, `clear_ham` None holds every stranger; `check_states` and
    `check_weights` override those of the named checks.
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

    @property
    def states(self) -> Mapping[str, CheckState]:
        return {name: CheckState(state) for name, state in self.check_states.items()}


def site() -> Site:
    """The preferences as they stand now."""
    known = {field.name for field in fields(Site)}
    stored = db.session.execute(select(Preference.name, Preference.value)).all()
    return Site(**{name: value for name, value in stored if name in known})


def save(**changes: object) -> Site:
    """Keep the named preferences; TypeError on an unknown name."""
    wanted = asdict(Site(**changes))  # type: ignore[arg-type]
    with writing() as session:
        for name in changes:
            session.merge(Preference(name=name, value=wanted[name]))
    return site()
