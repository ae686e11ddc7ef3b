"""What a person sets for the own screen: rows per page, density, keys and colours; kept with the user."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import writing

ROWS = (25, 50, 100, 200)
DENSITIES = {"comfortable": "Comfortable", "compact": "Compact"}
THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """`rows` to a page of the queue, `density` and `theme` by name, `keys` whether letters act on the queue."""

    rows: int = 50
    density: str = "comfortable"
    keys: bool = True
    theme: str = "system"


def of(user: Any) -> Preferences:
    """A person's preferences; what is missing or unknown is as at first."""
    kept = getattr(user, "preferences", None) or {}
    return Preferences(**{name: kept[name] for name, known in _KNOWN.items() if known(kept.get(name))})


def read(form: Mapping[str, str]) -> Preferences:
    """Preferences from a form. ValueError with a sentence where it names what there is not."""
    rows = form.get("rows", "")
    wanted = Preferences(
        rows=int(rows) if rows.isascii() and rows.isdigit() else 0,
        density=form.get("density", ""),
        keys=form.get("keys") == "on",
        theme=form.get("theme", ""),
    )
    if wrong := [name for name, known in _KNOWN.items() if not known(getattr(wanted, name))]:
        raise ValueError(f"There is no such choice: {', '.join(wrong)}.")
    return wanted


def save(user_id: int, wanted: Preferences) -> None:
    """Keep them with the user; what others keep there stays."""
    with writing() as session:
        user = session.get_one(User, user_id)
        user.preferences = {**user.preferences, **asdict(wanted)}


_KNOWN: Mapping[str, Callable[[Any], bool]] = {
    "rows": lambda value: value in ROWS,
    "density": lambda value: value in DENSITIES,
    "keys": lambda value: isinstance(value, bool),
    "theme": lambda value: value in THEMES,
}
