"""Delivers what the ledger says is due: one protocol for a target, webmention before pingback."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from blog_linkbacks import config, leases, web
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.fetch import FetchError
from blog_linkbacks.sending import ledger, notices, words
from blog_linkbacks.sending.discovery import Found, discover
from blog_linkbacks.sending.freshness import Memory
from blog_linkbacks.sending.notices import Result
from blog_linkbacks.sending.patience import NotNowError
from blog_linkbacks.sending.planning import plan
from blog_linkbacks.sending.reach import QUIET, Reach, reach_for
from blog_linkbacks.sending.rules import TRACKBACK
from blog_linkbacks.sending.tables import Delivery, DeliveryState
from blog_linkbacks.settings.preferences import site
from blog_linkbacks.vocabulary import Outcome

__all__ = ["deliver", "find", "plan", "process"]

TRIES = 8
GIVE_UP_AFTER = timedelta(days=3)

_FOUND: Memory[Found] = Memory()

logger = logging.getLogger(__name__)


def process(delivery_id: int) -> None:
    """Try one delivery that is due; nothing happens where it is not due or in other hands.

    The claim counts the attempt before anything is sent, and no transaction is open while it is. A process
    killed in between leaves its lease behind; once that is freed the delivery is tried once more, so a kill
    costs the remote one repeat at most.
    """
    lease = leases.claim(Delivery, delivery_id)
    if lease is not None:
        carry_out(delivery_id, lease)


def carry_out(delivery_id: int, lease: str) -> None:
    """Tell what was claimed under this lease, unless it was given up since; the lease ends in any case."""
    job = _job(delivery_id)
    _settle(job, lease, deliver(job) if job.due_at is not None else None)


def find(url: str, reach: Reach | None = None, *, whole: bool = False, anew: bool = False) -> Found:
    """What a page announces, asked anew unless its headers let the last answer stand; raises FetchError.

    The blog's own reach applies where none is given. What changed since it was told must be found `anew` (WM 3.1.4).
    """
    known = None if anew else _FOUND.get((url, whole))
    if known is not None:
        return known
    db.session.rollback()  # no transaction stays open while the network is asked
    own = reach or reach_for(web.base_url(), config.current().fetch_allow)
    found = discover(url, own, whole=whole)
    return _FOUND.keep((url, whole), found, found.fresh_for)


@dataclass(frozen=True, slots=True)
class Job:
    """All that a delivery needs to know, read before the network is used."""

    delivery_id: int
    due_at: datetime | None
    begun_at: datetime
    source: str
    target: str
    protocol: str
    title: str
    excerpt: str
    blog_name: str
    linked: bool
    content_hash: str
    update: bool
    anew: bool
    reach: Reach


def deliver(job: Job) -> Result:
    """Find the endpoint and tell it; every trouble is a result, never an error."""
    if job.reach.closed:
        return Result(DeliveryState.SILENT, QUIET)
    try:
        return _trackback(job) if job.protocol == TRACKBACK else _automatic(job)
    except FetchError as error:
        return _no_answer(job, error)
    except Exception:
        logger.exception("delivery %s failed", job.delivery_id)
        return Result(DeliveryState.RETRYING, "The delivery failed on this side; the log says why.")


def _automatic(job: Job) -> Result:
    found = find(job.target, job.reach, anew=job.anew)
    if found.webmention:
        return _told(job, "webmention", found.webmention)
    if found.pingback and not job.update:
        return _told(job, "pingback", found.pingback)
    return Result(DeliveryState.NO_ENDPOINT, _why_none(found))


def _why_none(found: Found) -> str:
    if found.pingback:
        return "The page takes only pingbacks, and those cannot tell of a change."
    return words.BY_HAND if found.trackback else found.detail


def _trackback(job: Job) -> Result:
    try:
        endpoint = find(job.target, job.reach, whole=True, anew=job.anew).trackback or job.target
    except FetchError as error:
        if error.outcome is Outcome.FORBIDDEN:
            raise
        endpoint = job.target  # an address that takes pings need not be a page
    return _told(job, TRACKBACK, endpoint)


def _told(job: Job, protocol: str, endpoint: str) -> Result:
    try:
        return _send(job, protocol, endpoint)
    except FetchError as error:
        result = _no_answer(job, error)
        return replace(result, protocol=protocol, endpoint=endpoint)


def _send(job: Job, protocol: str, endpoint: str) -> Result:
    if protocol == "webmention":
        return notices.send_webmention(job.reach, endpoint, job.source, job.target)
    if protocol == "pingback":
        return notices.send_pingback(job.reach, endpoint, job.source, job.target)
    fields = {"title": job.title, "url": job.source, "excerpt": job.excerpt, "blog_name": job.blog_name}
    return notices.send_trackback(job.reach, endpoint, fields)


def _no_answer(job: Job, error: FetchError) -> Result:
    if job.reach.held_back or (job.reach.quiet and error.outcome is Outcome.DNS_FAILURE):
        return Result(DeliveryState.SILENT, QUIET)
    if error.outcome.temporary:
        after = error.after if isinstance(error, NotNowError) else timedelta()
        return Result(DeliveryState.RETRYING, error.detail, after=after)
    return Result(DeliveryState.FAILED, error.detail)


def _job(delivery_id: int) -> Job:
    row = db.session.get_one(Delivery, delivery_id, populate_existing=True)
    told = select(Delivery.id).where(Delivery.post_id == row.post_id, Delivery.target_url == row.target_url)
    before = told.where(Delivery.id < row.id)
    by_webmention = told.where(Delivery.state == DeliveryState.DELIVERED, Delivery.protocol == "webmention")
    job = Job(
        delivery_id=row.id,
        due_at=row.due_at,
        begun_at=now(),
        source=row.source_url,
        target=row.target_url,
        protocol=row.protocol,
        title=row.title,
        excerpt=row.excerpt,
        blog_name=site().name,
        linked=row.linked,
        content_hash=row.content_hash,
        update=not row.linked or bool(db.session.scalar(select(exists(by_webmention)))),
        anew=row.attempts > 1 or bool(row.endpoint) or bool(db.session.scalar(select(exists(before)))),
        reach=reach_for(row.source_url, config.current().fetch_allow),
    )
    db.session.rollback()
    return job


def _settle(job: Job, lease: str, result: Result | None) -> None:
    """Write the result down where there is one, unless another process holds the row by now."""
    with writing() as session:
        row = session.get(Delivery, job.delivery_id, populate_existing=True)
        if row is None or row.lease_by != lease:
            return
        row.lease_by = row.lease_until = None
        if result is None:
            row.attempts -= 1
            return
        row.first_try_at = row.first_try_at or job.begun_at
        if row.due_at == job.due_at:
            _write(session, row, result)
        elif result.state == DeliveryState.DELIVERED:
            _told_meanwhile(session, row, job, result)
        if row.protocol != TRACKBACK:
            _let_go(session, row)


def _told_meanwhile(session: Session, row: Delivery, job: Job, result: Result) -> None:
    """It was given up, or its link taken out, while it was in hand: it is told all the same, and what has changed
    since is to be told after it."""
    _write(session, row, result)
    row.linked, row.content_hash = job.linked, job.content_hash
    session.flush()
    if row.protocol != TRACKBACK:
        plan(row.post_id)


def _let_go(session: Session, row: Delivery) -> None:
    """What had to wait for this one is due now; a pingback says it all, whatever changed meanwhile."""
    session.flush()
    for newer in session.scalars(select(Delivery).where(*_newer(row), Delivery.lease_by.is_(None))):
        if newer.state != DeliveryState.QUEUED or newer.attempts:
            continue
        if row.state == DeliveryState.DELIVERED and row.protocol == "pingback" and newer.linked:
            ledger.drop(newer, "It was told by pingback meanwhile, and those cannot tell of a change.")
        else:
            newer.due_at = min(newer.due_at or now(), now())


def _write(session: Session, row: Delivery, result: Result) -> None:
    row.state, row.response = result.state, result.words
    if result.protocol:
        row.protocol, row.endpoint, row.status_url = result.protocol, result.endpoint, result.status_url
    row.due_at = None
    if result.state == DeliveryState.RETRYING:
        _pause(session, row, result.after)
    row.finished_at = None if ledger.is_open(row) else now()


def _pause(session: Session, row: Delivery, asked: timedelta) -> None:
    """Try again later, and not before the remote asks; after three days, or where a newer row tells the same,
    no more."""
    newer = select(Delivery.id).where(*_newer(row))
    first = row.first_try_at or now()
    if row.attempts >= TRIES and now() - first >= GIVE_UP_AFTER:
        row.state = DeliveryState.FAILED
    elif row.protocol != TRACKBACK and session.scalar(select(exists(newer))):
        ledger.drop(row, f"A newer delivery tells it instead. Before: {row.response}"[:500])
    else:
        row.due_at = now() + max(leases.pause(row.attempts), asked) + _apart(row.id)


def _newer(row: Delivery) -> tuple[ColumnElement[bool], ...]:
    """Later automatic rows for the same target."""
    return (
        Delivery.post_id == row.post_id,
        Delivery.target_url == row.target_url,
        Delivery.id > row.id,
        Delivery.protocol != TRACKBACK,
    )


def _apart(delivery_id: int) -> timedelta:
    """Deliveries that were put off together come back one by one, for hosts that take one in 15 seconds."""
    return timedelta(seconds=17 * (delivery_id % 5))
