"""What was decided and what waits, as cases to judge again: the opinions and the evidence that were kept of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, case, exists, or_, select
from sqlalchemy.orm import aliased, lazyload, load_only

from blog_linkbacks import facts
from blog_linkbacks.blog.lookup import post_url
from blog_linkbacks.blog.tables import Post
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Decision, Linkback, Signal, no_undo
from blog_linkbacks.moderation.pasts import Pasts
from blog_linkbacks.scoring.wordlist import look_up
from blog_linkbacks.settings import word_lists
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Asked, Opinion, Status, Subject, Target

DECIDED = (Status.APPROVED, Status.SPAM, Status.REJECTED)


@dataclass(frozen=True, slots=True)
class Case:
    """A linkback as the checks saw it when it came; `decided` is what a person made of it, None where it waits."""

    linkback: Linkback
    decided: Status | None
    subject: Subject
    opinions: Sequence[Opinion]

    @property
    def unanswered(self) -> bool:
        """Whether it is still to be looked at, because Akismet gave no answer."""
        return self.decided is None and self.linkback.due_at is not None


def decided(limit: int, host: str = "") -> list[Case]:
    """The latest standing decisions of people on scored linkbacks, of one host or domain where it is named."""
    standing = standing_decisions(limit, host).subquery()
    which = _rows(standing.c.to_status).join(standing, standing.c.linkback_id == Linkback.id)
    found = db.session.execute(which.order_by(standing.c.id.desc()))
    return _cases([(linkback, Status(to)) for linkback, to in found], None)


def waiting(limit: int, host: str = "") -> list[Case]:
    """The newest scored linkbacks that wait, as they stand now."""
    which = _rows().where(Linkback.status == Status.PENDING, *_judged(), *_from(host))
    found = db.session.scalars(which.order_by(Linkback.id.desc()).limit(limit))
    return _cases([(linkback, None) for linkback in found], now())


def standing_decisions(limit: int, host: str = "") -> Select[int, int, str]:
    """The latest decisions by people that no later one stands above: id, linkback_id and to_status."""
    by_person = (Decision.user_id.is_not(None), no_undo(Decision), Decision.to_status.in_(DECIDED))
    return (
        select(Decision.id, Decision.linkback_id, Decision.to_status)
        .join(Linkback, Linkback.id == Decision.linkback_id)
        .where(*by_person, Linkback.status == Decision.to_status, *_judged(), *_from(host))
        .where(~_undone(Decision), ~_overruled())
        .order_by(Decision.id.desc())
        .limit(limit)
    )


def _undone(decision: Any) -> Any:
    undo = aliased(Decision)
    return exists().where(undo.undoes_id == decision.id).correlate(decision)


def _overruled() -> Any:
    later = aliased(Decision)
    after = (later.linkback_id == Decision.linkback_id, later.id > Decision.id, no_undo(later))
    return exists().where(*after, ~_undone(later)).correlate(Decision)


def _judged() -> tuple[Any, ...]:
    return Linkback.score.is_not(None), Linkback.internal.is_(False)


def _from(host: str) -> tuple[Any, ...]:
    return (or_(Linkback.source_host == host, Linkback.source_site == host),) if host else ()


def _rows(*more: Any) -> Select[Any]:
    """Rows without their post, and with no more of their columns than a case needs."""
    needed = load_only(*(getattr(Linkback, name) for name in _COLUMNS))
    rows: Select[Any] = select(Linkback, *more).options(needed, lazyload(Linkback.post))
    return rows.execution_options(populate_existing=True)


_COLUMNS = (
    "status", "due_at", "post_id", "kind", "source_url", "source_host", "source_site", "target_url",
    "claimed_title", "claimed_excerpt", "claimed_author", "sender_ip", "user_agent", "referrer",
    "text_key", "lifted_title", "title", "lifted_author", "site_name", "author", "score", "evidence",
    "akismet", "received_at", "checked_at", "decided_at",
)  # fmt: skip


def _cases(found: Sequence[tuple[Linkback, Status | None]], at: datetime | None) -> list[Case]:
    rows = [linkback for linkback, _ in found]
    pasts, targets = Pasts(rows), _targets({row.post_id for row in rows})
    lists = word_lists.of(site())
    opinions = _opinions([row.id for row in rows])
    cases = []
    for linkback, to in found:
        evidence = facts.kept(linkback)
        if evidence is not None:
            seen = Subject(
                facts.claim(linkback),
                evidence,
                targets[linkback.post_id],
                pasts.of(linkback, at or _seen_at(linkback)),
                asked=Asked(**linkback.akismet) if linkback.akismet else None,
                received_at=linkback.received_at,
            )
            subject = replace(seen, listed=look_up(seen, lists))
            cases.append(Case(linkback, to, subject, opinions[linkback.id]))
    return cases


def _seen_at(linkback: Linkback) -> datetime:
    """When it was looked at, or decided on where it was looked at again since: its own decision is not its past."""
    seen = linkback.checked_at or linkback.received_at
    return min(seen, linkback.decided_at or seen)


def _targets(post_ids: Collection[int]) -> dict[int, Target]:
    posts, language = db.session.scalars(select(Post).where(Post.id.in_(post_ids))).all(), site().language
    return {post.id: _target(post, language) for post in posts}


def _target(post: Post, language: str) -> Target:
    tags = tuple(tag.tag for tag in post.tags)
    return Target((post_url(post),), post.title, post.text, tags, language, post.published_at)


def _opinions(linkback_ids: Sequence[int]) -> Mapping[int, list[Opinion]]:
    kept = defaultdict[int, list[Opinion]](list)
    columns = (Signal.linkback_id, Signal.name, Signal.version, Signal.group, Signal.strength)
    # A silent check's sentence is not read: most are silent.
    spoken = case((Signal.strength.is_not(None), Signal.detail), else_="")
    rows = db.session.execute(select(*columns, spoken).where(Signal.linkback_id.in_(linkback_ids)))
    for linkback_id, name, version, group, strength, detail in rows:
        kept[linkback_id].append(_opinion(name, version, group, strength, detail))
    return kept


@lru_cache(maxsize=2_000)
def _opinion(name: str, version: int, group: str, strength: float | None, detail: str) -> Opinion:
    """An opinion whose weight does not matter, because it is judged again under others."""
    return Opinion(name, version, group, 0.0, strength, detail)
