"""Write down what a check came to, in one short transaction, and say when to look again."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from blog_linkbacks import faces, leases
from blog_linkbacks.db import now, writing
from blog_linkbacks.facts import Job, text_key
from blog_linkbacks.linkbacks import Linkback, Signal
from blog_linkbacks.moderation import campaigns
from blog_linkbacks.moderation.decisions import By, record
from blog_linkbacks.scoring import learned
from blog_linkbacks.verification.sentences import shortened
from blog_linkbacks.vocabulary import Evidence, Kind, Outcome, Score, Status, Subject, Verdict

TRIES = 8
GIVE_UP_AFTER = timedelta(days=3)
MAX_EXCERPT = 1000
MAX_TRACKBACK = 255

_OPEN = (Status.RECEIVED, Status.PENDING, Status.UNVERIFIED)
_NO_LONGER_LINKS = (Outcome.GONE, Outcome.NO_LINK, Outcome.NOT_TEXT)


def settle(job: Job, lease: str, subject: Subject, score: Score | None, verdict: Verdict) -> None:
    """Settle the work held under `lease`; nothing is written where another process holds it by now."""
    evidence = subject.evidence
    with writing() as session:
        linkback = session.get(Linkback, job.linkback_id, populate_existing=True)
        if linkback is None or linkback.lease_by != lease:
            return
        linkback.lease_by = linkback.lease_until = None
        linkback.checked_at = now()
        if linkback.due_at == job.due_at:
            linkback.due_at = _look_again(linkback, evidence, score)
        if linkback.status in _OPEN:
            fresh = linkback.version == job.version
            _judge(session, linkback, subject, score, verdict if fresh else _as_it_is(linkback, verdict))
        elif linkback.status == Status.APPROVED:
            _keep_or_drop(session, linkback, evidence)
        elif linkback.status == Status.GONE and evidence.outcome is Outcome.LINKED:
            _return(session, linkback, evidence, verdict)
        session.flush()
        faces.follow(session, [linkback.id])


def _as_it_is(linkback: Linkback, verdict: Verdict) -> Verdict:
    """Somebody decided while the source was fetched: that stands, whatever policy would say."""
    return replace(verdict, status=Status(linkback.status))


def _judge(
    session: Session, linkback: Linkback, subject: Subject, score: Score | None, verdict: Verdict
) -> None:
    if linkback.status == Status.PENDING and subject.evidence.outcome.temporary:
        return
    _write(linkback, subject.evidence)
    linkback.reason = verdict.reason
    if score is not None:
        linkback.features = "\n".join(learned.features(subject))
        if score.asked:
            linkback.akismet = asdict(score.asked)
        mark(session, linkback, score)
        linkback.reason = verdict.reason or score.reason
    if linkback.status != verdict.status:
        record(session, linkback, verdict.status, By(rule=verdict.rule), reason=verdict.reason)
        campaigns.join(session, linkback)


def _keep_or_drop(session: Session, linkback: Linkback, evidence: Evidence) -> None:
    if evidence.outcome in _NO_LONGER_LINKS:
        record(session, linkback, Status.GONE, By(rule="link_gone"), reason=evidence.detail)
    elif evidence.outcome is Outcome.LINKED:
        _stage(linkback, evidence)


def _return(session: Session, linkback: Linkback, evidence: Evidence, verdict: Verdict) -> None:
    """Back with the text that was approved; from a site that was blocked meanwhile, it stays away."""
    if verdict.rule == "blocked":
        return
    _stage(linkback, evidence)
    record(session, linkback, Status.APPROVED, By(rule="returned"), reason="The link is back.")


def _stage(linkback: Linkback, evidence: Evidence) -> None:
    """Only text that nobody approved yet may change what readers see without being asked for."""
    if linkback.evidence is None:
        _write(linkback, evidence)
    elif _differs(linkback, evidence):
        linkback.staged = _as_json(evidence)
    else:
        linkback.author_photo = evidence.author_photo


def _write(linkback: Linkback, evidence: Evidence) -> None:
    linkback.evidence = _as_json(evidence)
    linkback.text_key = text_key(linkback, evidence)
    linkback.lifted_title, linkback.lifted_author = evidence.title, evidence.author
    claimed = not linkback.internal  # what strangers say of the blog's own pages is not repeated
    linkback.title = (claimed and linkback.claimed_title) or evidence.title
    linkback.author = (claimed and linkback.claimed_author) or evidence.author
    linkback.excerpt = (claimed and linkback.claimed_excerpt) or _excerpt(linkback, evidence)
    linkback.author_url = evidence.author_url
    linkback.author_photo = evidence.author_photo
    linkback.site_name = evidence.site_name
    linkback.response = evidence.response
    sentence = evidence.sentence
    linkback.before, linkback.anchor, linkback.after = sentence.before, sentence.link, sentence.after


def _excerpt(linkback: Linkback, evidence: Evidence) -> str:
    lifted = evidence.sentence.text if linkback.kind == Kind.PINGBACK else evidence.excerpt
    most = MAX_TRACKBACK if linkback.kind == Kind.TRACKBACK else MAX_EXCERPT
    text = lifted or evidence.excerpt or evidence.sentence.text
    return shortened(text, most) or text[:most]


def mark(session: Session, linkback: Linkback, score: Score) -> None:
    """Give a linkback this score, with the signals that add up to it."""
    linkback.score = score.value
    linkback.told_by = next((o.name for o in score.opinions if o.detail == score.reason), "")
    linkback.signals = [
        Signal(
            name=opinion.name,
            version=opinion.version,
            group=opinion.group,
            weight=opinion.weight,
            strength=opinion.strength,
            state=opinion.state,
            detail=opinion.detail,
        )
        for opinion in score.opinions
    ]
    session.flush()
    campaigns.join(session, linkback)


def _look_again(linkback: Linkback, evidence: Evidence, score: Score | None) -> datetime | None:
    unasked = score is not None and score.ask_again and linkback.status in _OPEN
    if not evidence.outcome.temporary and not unasked:
        return None
    if linkback.attempts >= TRIES and now() - linkback.received_at > GIVE_UP_AFTER:
        return None
    if score is None or not unasked:
        return now() + leases.pause(linkback.attempts)
    silent = timedelta(seconds=score.again_after)
    return now() + (silent if score.asked and silent else max(silent, leases.pause(linkback.attempts)))


def _differs(linkback: Linkback, evidence: Evidence) -> bool:
    sentence = evidence.sentence
    return (linkback.before, linkback.anchor, linkback.after) != (
        sentence.before,
        sentence.link,
        sentence.after,
    )


def _as_json(evidence: Evidence) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(evidence).items()
    }
