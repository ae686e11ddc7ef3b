"""The settings page's part on Akismet: whether it works, how much of the plan is used, what it was told."""

from dataclasses import dataclass, field

from blog_linkbacks import config, pipeline
from blog_linkbacks.moderation.feedback import Tally, tally
from blog_linkbacks.scoring.akismet_client import AkismetClient, AkismetUnavailable, Usage
from blog_linkbacks.settings import akismet_notes
from blog_linkbacks.settings.akismet_notes import Noted


@dataclass(frozen=True, slots=True)
class Panel:
    """What the page shows; `url` is empty without a key, `result` what a check of the key just now came to."""

    url: str = ""
    noted: Noted = field(default_factory=Noted)
    usage: str = ""
    reports: Tally = field(default_factory=Tally)
    result: str = ""
    good: bool = True


def panel(result: str = "", good: bool = True) -> Panel:
    """All that is known without asking the service."""
    settings = config.current()
    if not settings.akismet_key:
        return Panel(result=result, good=good)
    noted = akismet_notes.noted()
    usage = usage_in_words(noted.usage) if noted.usage else ""
    return Panel(settings.akismet_url, noted, usage, tally(), result, good)


def check() -> tuple[str, bool]:
    """Ask the service about the key and the plan: a sentence, and whether it is good news."""
    client = pipeline.akismet()
    if client is None:
        return "No key is configured: set LINKBACKS_AKISMET_KEY and start again.", False
    try:
        valid = client.verify_key()
    except AkismetUnavailable as error:
        return f"The key could not be checked. {error}", False
    if not valid:
        return "The service does not know this key for this blog.", False
    return f"The key is valid. {_usage(client)}", True


def usage_in_words(usage: Usage) -> str:
    asked = f"{usage.used:,} of {usage.limit:,}" if usage.limit is not None else f"{usage.used:,}"
    slowed = " The service holds this key back, because it went over its limit." if usage.throttled else ""
    plan = "" if usage.limit is not None else ", with no limit"
    return f"Asked this month: {asked}{plan}.{slowed}"


def _usage(client: AkismetClient) -> str:
    try:
        usage = client.usage()
    except AkismetUnavailable:
        return "How much of the plan is used could not be read."
    akismet_notes.keep_usage(usage)
    return usage_in_words(usage)
