"""Site preferences in the database, with their defaults."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from blog_linkbacks.db import Model, db, writing


class Preference(Model):
    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Site:
    """What the blog calls itself and how it behaves; every field is one preference."""

    name: str = "A blog with linkbacks"
    tagline: str = ""
    author: str = ""
    language: str = "en"
    posts_per_page: int = 10
    accept_linkbacks: bool = True
    clear_spam: float = 0.95
    neighbours: bool = False


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
