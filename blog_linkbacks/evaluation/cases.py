"""Labelled linkbacks from a file: what was sent, what stood at the source, and what it was."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from blog_linkbacks import urls
from blog_linkbacks.evaluation.lines import CaseError, Record, records
from blog_linkbacks.protocols.plain import plain
from blog_linkbacks.protocols.trackback import MAX_TEXT
from blog_linkbacks.vocabulary import Claim, Kind, Target

__all__ = ["Case", "CaseError", "RecordedPage", "posts_beside", "read_cases", "read_posts"]

POSTS = ("posts.jsonl.gz", "posts.jsonl")


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """One answer as it was recorded. Status 0 means that the connection was refused."""

    url: str
    address: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True, slots=True)
class Case:
    """One linkback with its label. `pages` are the answers on the way, the first at the source's address."""

    id: str
    family: str
    spam: bool
    claim: Claim
    target: Target
    internal: bool
    pages: tuple[RecordedPage, ...]
    received: datetime | None = None


def posts_beside(path: Path) -> Path:
    """The file of posts in the same folder as a file of cases; raises CaseError where there is none."""
    for name in POSTS:
        if (found := path.parent / name).is_file():
            return found
    raise CaseError(f"There is no {' or '.join(POSTS)} beside {path}; name the file of posts with --posts.")


def read_posts(path: Path) -> dict[str, Target]:
    """The posts of a file by their id: `id`, `url`, `title`, `text`, `lang`. Raises CaseError, also for none."""
    posts = {record.text("id", needed=True): _target(record) for record in records(path)}
    if not posts:
        raise CaseError(f"{path}: there are no posts in this file.")
    return posts


def read_cases(path: Path, posts: Mapping[str, Target]) -> Iterator[Case]:
    """The cases of a file, one at a time, in its order. Raises CaseError, also for none."""
    empty = True
    for record in records(path):
        empty = False
        yield _case(record, posts)
    if empty:
        raise CaseError(f"{path}: there are no cases in this file.")


def _target(record: Record) -> Target:
    url = record.text("url", needed=True)
    if not urls.is_web(url):
        raise record.wrong("url", "a complete http or https URL")
    return Target((url,), record.text("title"), record.text("text"), language=record.text("lang"))


def _case(record: Record, posts: Mapping[str, Target]) -> Case:
    wanted = record.text("target", needed=True)
    if (target := posts.get(wanted)) is None:
        raise CaseError(f"{record.place}: there is no post with the id {wanted[:80]!r}.")
    claim = _claim(record, target.urls[0])
    return Case(
        id=record.text("id") or record.place.rpartition(" ")[2],
        family=record.text("family") or "(none)",
        spam=_choice(record, "label", ("ham", "spam")) == "spam",
        claim=claim,
        target=target,
        internal=urls.site_key(claim.source_url) == urls.site_key(target.urls[0]),
        pages=tuple(_page(page) for page in record.inner("source").list("pages")),
        received=_moment(record),
    )


def _claim(record: Record, target_url: str) -> Claim:
    """As the endpoints take it: only a trackback says anything of its page."""
    sent = record.inner("submission")
    kind = Kind(_choice(record, "kind", tuple(Kind)))
    return Claim(
        kind,
        urls.clean(sent.text("source_url", needed=True)),
        target_url,
        title=_said(kind, sent.text("title")),
        excerpt=_said(kind, sent.text("excerpt")),
        author=_said(kind, sent.text("blog_name")),
        sender_ip=sent.text("sender_ip"),
        user_agent=sent.text("user_agent"),
        referrer=sent.text("referrer"),
    )


def _said(kind: Kind, text: str) -> str:
    return plain(text, MAX_TEXT) if kind is Kind.TRACKBACK else ""


def _page(record: Record) -> RecordedPage:
    return RecordedPage(
        url=record.text("url", needed=True),
        address=record.text("ip"),
        status=record.number("status"),
        headers=record.pairs("headers"),
        body=record.text("body"),
    )


def _choice(record: Record, name: str, choices: tuple[str, ...]) -> str:
    value = record.text(name, needed=True)
    if value not in choices:
        raise record.wrong(name, " or ".join(choices))
    return value


def _moment(record: Record) -> datetime | None:
    text = record.text("received")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise record.wrong("received", "a moment in ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
