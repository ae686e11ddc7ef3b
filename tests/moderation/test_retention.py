"""Old spam goes, a few rows at a time, and nothing else; what is remembered of it stays true."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from blog_linkbacks import facts, intake, jobs, pipeline
from blog_linkbacks.db import Model, db, now, writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import Decision, Linkback, Signal, status_counts
from blog_linkbacks.moderation import decisions, feedback, history, learning, past, queue, retention
from blog_linkbacks.moderation.actions import ACTIONS
from blog_linkbacks.moderation.feedback import AkismetReport
from blog_linkbacks.moderation.log import TextEdit
from blog_linkbacks.moderation.pasts import Pasts
from blog_linkbacks.moderation.prints import Print
from blog_linkbacks.settings import preferences
from blog_linkbacks.vocabulary import Claim, Kind, Receipt, Refusal, Refused, SiteHistory, Status
from tests.moderation.people import user
from tests.moderation.world import POST, arrive, keep, status
from tests.support.statements import counting
from tests.support.web import Web

SPAM = Status.SPAM


@contextmanager
def later(**how_long: float) -> Iterator[None]:
    with time_machine.travel(now() + timedelta(**how_long), tick=True):
        yield


def clean(app: Flask) -> Job | None:
    """Begin what is due and do all of it."""
    with app.app_context():
        job = retention.start_due()
        while job and jobs.process(job.id):
            pass
        return db.session.get(Job, job.id, populate_existing=True) if job else None


def ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Linkback.id).order_by(Linkback.id)))


def rows(app: Flask, table: type[Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def counted_truly(app: Flask) -> None:
    with app.app_context():
        found = db.session.execute(select(Linkback.status, func.count()).group_by(Linkback.status)).all()
        assert {name: number for name, number in status_counts().items() if number} == {
            row[0]: row[1] for row in found
        }


def newest(app: Flask) -> int:
    """One that waits, so that the newest row of all is none of those that are looked at."""
    return keep(app, "http://newest.example/")


def decide(app: Flask, linkback_id: int, action: str) -> int:
    with app.app_context():
        return decisions.act(linkback_id, ACTIONS[action], user("ana")).id


def test_spam_goes_after_fifteen_days_and_unverified_after_thirty(app: Flask) -> None:
    spam = keep(app, "http://a.example/", status=SPAM)
    unread = keep(app, "http://b.example/", status=Status.UNVERIFIED)
    last = newest(app)
    with later(days=14, hours=23):
        assert clean(app) is None
    with later(days=15, hours=1):
        job = clean(app)
        assert job is not None
        assert job.message == "Deleted 1 spam linkback older than 15 days."
        assert ids(app) == [unread, last]
        counted_truly(app)
    with later(days=31):
        done = clean(app)
        assert done is not None
        assert done.message == "Deleted 1 unverified linkback older than 30 days."
    assert ids(app) == [last]
    assert spam not in ids(app)


@pytest.mark.parametrize(
    "kept", [Status.PENDING, Status.APPROVED, Status.REJECTED, Status.GONE, Status.RECEIVED]
)
def test_nothing_else_is_ever_deleted(app: Flask, kept: Status) -> None:
    one = keep(app, "http://a.example/")
    with app.app_context(), writing() as session:
        decisions.record(session, session.get_one(Linkback, one), kept, decisions.By(rule="x"))
    newest(app)
    with later(days=4000):
        assert clean(app) is None
    assert one in ids(app)


def test_what_has_work_left_stays(app: Flask) -> None:
    one = keep(app, "http://a.example/", status=Status.UNVERIFIED)
    newest(app)
    with app.app_context(), writing() as session:
        session.get_one(Linkback, one).due_at = now()
    with later(days=31):
        assert clean(app) is None


def test_zero_keeps_for_ever(app: Flask) -> None:
    keep(app, "http://a.example/", status=SPAM)
    newest(app)
    with app.app_context():
        preferences.save(keep_spam=0)
    with later(days=4000):
        assert clean(app) is None


def test_the_clock_starts_anew_with_each_decision(app: Flask) -> None:
    one = keep(app, "http://a.example/", status=SPAM)
    newest(app)
    with later(days=10):
        decide(app, one, "wait")
        decide(app, one, "spam")
        keep(app, "http://z.example/")
    with later(days=20):
        assert clean(app) is None
    with later(days=25, hours=1):
        assert clean(app) is not None


def test_an_undo_brings_back_whatever_is_not_deleted_yet(app: Flask) -> None:
    one = keep(app, "http://a.example/")
    newest(app)
    made = decide(app, one, "spam")
    with later(days=14), app.app_context():
        decisions.undo(made, user("ana"))
    with later(days=60):
        assert clean(app) is None
    assert status(app, one) == Status.PENDING


def test_the_newest_row_and_the_newest_decision_stay_so_that_no_id_is_given_twice(app: Flask) -> None:
    first = keep(app, "http://a.example/", status=SPAM)
    second = keep(app, "http://b.example/", status=SPAM)
    with later(days=16):
        clean(app)
        assert ids(app) == [second]
        third = keep(app, "http://c.example/")
    assert third > second > first
    with later(days=17):
        clean(app)
    assert ids(app) == [third]


def test_it_waits_while_other_work_is_at_many_linkbacks(app: Flask) -> None:
    keep(app, "http://a.example/", status=SPAM)
    newest(app)
    with later(days=16), app.app_context():
        bulk = jobs.start("bulk", "Approve: 900 linkbacks", total=900, params={})
        assert retention.start_due() is None
        jobs.KINDS["bulk"]
        with writing() as session:
            session.get_one(Job, bulk.id).state = "done"
        assert retention.start_due() is not None
        assert retention.start_due() is None, "one at a time"


def test_bulk_work_that_begins_meanwhile_ends_it_for_now(app: Flask) -> None:
    one = keep(app, "http://a.example/", status=SPAM)
    newest(app)
    with later(days=16), app.app_context():
        job = retention.start_due()
        assert job is not None
        jobs.start("bulk", "Approve: 900 linkbacks", total=900, params={})
        jobs.process(job.id)
    assert one in ids(app)


def test_all_that_hangs_on_a_linkback_goes_with_it(app: Flask, web: Web) -> None:
    one, other = arrive(app, web), newest(app)
    with app.app_context():
        row = db.session.get_one(Linkback, one)
        name = row.lifted_title
        with writing() as session:
            session.add(TextEdit(linkback_id=one, user_id=user("ana").id, before={}, after={"title": "x"}))
            session.add(TextEdit(linkback_id=other, user_id=user("ana").id))
            report = {"form": {}, "answer": "ham", "told": "spam", "wanted": "spam", "sent": 1}
            session.add(AkismetReport(linkback_id=one, **report))
    decide(app, one, "spam")
    keep(app, "http://last.example/")
    prints = rows(app, Print)
    with app.app_context():
        assert [row.linkback.id for row in queue.page(queue.filters({"status": "spam", "q": name})).rows] == [
            one
        ]
    with later(days=16):
        assert clean(app) is not None
    assert one not in ids(app)
    assert rows(app, Signal) == rows(app, AkismetReport) == 0
    assert rows(app, TextEdit) == 1
    assert rows(app, Decision) == len(ids(app))
    assert prints == 0 or rows(app, Print) < prints
    with app.app_context():
        assert queue.page(queue.filters({"status": "spam", "q": name})).rows == []
        assert [line.row.linkback_id for line in history.page(history.filters({})).lines] == [other]  # type: ignore[union-attr]
        assert feedback.tally().sent == 1, "reports that were sent stay counted"
    counted_truly(app)


def test_what_it_taught_stays_learned(app: Flask) -> None:
    one = keep(app, "http://a.example/", features="word: slots\nword: bonus")
    newest(app)
    decide(app, one, "spam")
    keep(app, "http://b.example/")
    with app.app_context():
        before = learning.size()
        assert before.spam == 1
    with later(days=16):
        clean(app)
    with app.app_context():
        assert learning.size() == before


def known(app: Flask, linkback_id: int) -> SiteHistory:
    with app.app_context():
        return facts.job(linkback_id).history


def test_a_spam_site_is_no_stranger_when_its_spam_is_gone(app: Flask) -> None:
    for path in "abc":
        keep(app, f"http://spam.example/{path}", status=SPAM, sender_ip="192.0.2.9")
    first = now()
    undone = decide(app, keep(app, "http://spam.example/d", sender_ip="192.0.2.9"), "approve")
    with app.app_context():
        decisions.undo(undone, user("ana"))
    decide(app, ids(app)[-1], "spam")
    newest(app)
    with later(days=16):
        clean(app)
        again = keep(app, "http://spam.example/e", sender_ip="192.0.2.9")
        seen = known(app, again)
        assert (seen.spam, seen.from_address_spam, seen.undone, seen.approved) == (4, 4, 1, 0)
        assert seen.first_seen is not None
        assert abs(seen.first_seen - first) < timedelta(minutes=1)
        with app.app_context():
            row = db.session.get_one(Linkback, again)
            as_then = Pasts([row]).of(row, now())
            assert (as_then.spam, as_then.from_address_spam, as_then.first_seen) == (4, 4, seen.first_seen)
            assert Pasts([row]).of(row, now() - timedelta(days=17)).spam == 0


def test_what_is_remembered_is_forgotten_after_a_year(app: Flask) -> None:
    keep(app, "http://a.example/", status=SPAM, sender_ip="192.0.2.9")
    newest(app)
    with later(days=16):
        clean(app)
        assert rows(app, past.PastLinkbacks) == 2
        keep(app, "http://b.example/", status=SPAM)
        keep(app, "http://c.example/")
    with later(days=370):
        clean(app)
    with app.app_context():
        assert [row.value for row in past.among(["a.example", "b.example"], [])] == ["b.example"]


def receive(app: Flask, source: str, kind: Kind = Kind.PINGBACK) -> Receipt | Refused:
    with app.app_context():
        return intake.receive(Claim(kind, source, POST))


def test_what_a_person_marked_as_spam_stays_decided(app: Flask) -> None:
    decide(app, keep(app, "http://a.example/page"), "spam")
    newest(app)
    with later(days=16):
        clean(app)
        answer = receive(app, "http://a.example/page/")
        assert answer == Refused(Refusal.ALREADY_REGISTERED)
        with app.app_context():
            row = db.session.scalars(select(Linkback).where(Linkback.source_site == "a.example")).one()
            assert (row.status, row.decided_by, row.due_at) == (SPAM, "policy:remembered", None)
            assert db.session.scalar(select(Decision.reason).where(Decision.linkback_id == row.id))
        receive(app, "http://z.example/")
    with later(days=33):
        clean(app)
        receipt = receive(app, "http://a.example/page", Kind.WEBMENTION)
        assert isinstance(receipt, Receipt)
        assert (receipt.status, receipt.check) == (SPAM, False), "remembered the second time too"


def test_what_a_rule_called_spam_is_judged_anew(app: Flask) -> None:
    keep(app, "http://a.example/page", status=SPAM)
    newest(app)
    with later(days=16):
        clean(app)
        receipt = receive(app, "http://a.example/page")
    assert isinstance(receipt, Receipt)
    assert receipt.status is Status.RECEIVED


def test_a_person_s_way_back_is_remembered_too(app: Flask) -> None:
    decide(app, keep(app, "http://a.example/page"), "spam")
    newest(app)
    with later(days=16):
        clean(app)
        receive(app, "http://a.example/page")
        with app.app_context():
            one = db.session.scalars(select(Linkback.id).where(Linkback.source_site == "a.example")).one()
            decide(app, one, "approve")
            with writing() as session:
                row = session.get_one(Linkback, one)
                decisions.record(session, row, Status.UNVERIFIED, decisions.By(rule="unverified"))
                row.due_at = None
        newest_again = keep(app, "http://y.example/")
    with later(days=60):
        clean(app)
        assert ids(app)[-1] == newest_again
        receipt = receive(app, "http://a.example/page")
    assert isinstance(receipt, Receipt)


def test_campaigns_that_nothing_is_left_of_go(app: Flask) -> None:
    from blog_linkbacks.linkbacks import Campaign

    with app.app_context(), writing() as session:
        session.add_all([Campaign(sort="site", key="a"), Campaign(sort="site", key="b")])
    with app.app_context():
        first, second = db.session.scalars(select(Campaign.id).order_by(Campaign.id))
    keep(app, "http://a.example/", status=SPAM, campaign_id=first)  # type: ignore[arg-type]
    keep(app, "http://b.example/", campaign_id=second)  # type: ignore[arg-type]
    with later(days=16):
        clean(app)
    with app.app_context():
        assert list(db.session.scalars(select(Campaign.id))) == [second]


def test_few_statements_however_much_is_kept_and_none_writes_where_nothing_is_old(app: Flask) -> None:
    for number in range(12):
        keep(app, f"http://site{number}.example/", status=SPAM)
    with app.app_context(), counting(app) as said:
        assert retention.start_due() is None
    assert len([one for one in said if one.startswith("SELECT")]) <= 3
    assert not [one for one in said if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_ten_rows_cost_a_fixed_number_of_statements(app: Flask) -> None:
    for number in range(61):
        keep(app, f"http://site{number}.example/", status=SPAM)
    newest(app)
    with later(days=16), counting(app) as said:
        clean(app)
    deletes = [one for one in said if one.startswith("DELETE FROM linkbacks")]
    assert 7 <= len(deletes) <= 8
    assert len(said) < 20 * len(deletes) + 40


def test_no_transaction_works_for_long(app: Flask) -> None:
    for number in range(300):
        keep(app, f"http://site{number}.example/", status=SPAM)
    newest(app)
    held: list[float] = []
    with later(days=16), app.app_context():
        job = retention.start_due()
        assert job is not None
        finished = False
        while not finished:
            started = time.thread_time()
            with writing() as session:
                finished = jobs.KINDS[retention.KIND].step(session, session.get_one(Job, job.id)).finished
            held.append(time.thread_time() - started)
    assert len(ids(app)) == 1
    assert sorted(held)[len(held) // 2] < 0.1, "seconds of CPU, whatever else the machine does"
    counted_truly(app)


def test_the_last_deletion_is_written_down(app: Flask) -> None:
    for path in "ab":
        keep(app, f"http://a.example/{path}", status=SPAM)
    keep(app, "http://b.example/", status=Status.UNVERIFIED)
    newest(app)
    with app.app_context():
        assert retention.last() is None
    with later(days=31):
        clean(app)
    with app.app_context():
        last = retention.last()
    assert last is not None
    words = "Deleted 2 spam linkbacks older than 15 days and 1 unverified linkback older than 30 days."
    assert last.words == words


def test_a_rescored_row_goes_by_its_last_decision(app: Flask, web: Web) -> None:
    one = arrive(app, web)
    decide(app, one, "spam")
    newest(app)
    with later(days=15, hours=1):
        with app.app_context():
            pipeline.process(one)
        clean(app)
    assert one not in ids(app)
