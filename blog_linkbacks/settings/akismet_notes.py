"""What is known of the Akismet service, kept so that every process can say it: its condition and the plan's usage."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from blog_linkbacks.db import db, now, writing
from blog_linkbacks.scoring.akismet_breaker import Condition, Trouble
from blog_linkbacks.scoring.akismet_client import Usage
from blog_linkbacks.settings.preferences import Preference

CONDITION = "akismet_condition"
USAGE = "akismet_usage"


@dataclass(frozen=True, slots=True)
class Noted:
    """The last condition and the last usage that a process met, each with its moment; None where there is none."""

    condition: Condition | None = None
    condition_at: datetime | None = None
    usage: Usage | None = None
    usage_at: datetime | None = None

    @property
    def paused_until(self) -> datetime | None:
        until = self.condition.until if self.condition else None
        return until if until and until > now() else None


def keep(condition: Condition) -> None:
    """Write down how the service is now."""
    until = condition.until.isoformat() if condition.until else None
    _keep(CONDITION, asdict(condition) | {"until": until})


def keep_usage(usage: Usage) -> None:
    """Write down how much of the plan is used."""
    _keep(USAGE, asdict(usage))


def noted() -> Noted:
    """What was written down last."""
    condition, usage = _read(CONDITION), _read(USAGE)
    return Noted(
        _condition(condition) if condition else None,
        datetime.fromisoformat(condition["at"]) if condition else None,
        Usage(usage["used"], usage["limit"], usage["throttled"]) if usage else None,
        datetime.fromisoformat(usage["at"]) if usage else None,
    )


def _keep(name: str, value: dict[str, Any]) -> None:
    with writing() as session:
        session.merge(Preference(name=name, value=value | {"at": now().isoformat()}))


def _read(name: str) -> dict[str, Any] | None:
    row = db.session.get(Preference, name, populate_existing=True)
    return row.value if row else None


def _condition(value: dict[str, Any]) -> Condition:
    return Condition(
        Trouble(value["trouble"]) if value["trouble"] else None,
        value["words"],
        datetime.fromisoformat(value["until"]) if value["until"] else None,
        value["alert"],
    )
