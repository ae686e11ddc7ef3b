"""Rules for linking sites: what they would decide, what they decide at once and from then on, and the way back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog_linkbacks import jobs
from blog_linkbacks.accounts.people import find_user
from blog_linkbacks.accounts.tables import User
from blog_linkbacks.db import db, now, writing
from blog_linkbacks.jobs import Job
from blog_linkbacks.linkbacks import Decision, Linkback, SiteRule, site_rule
from blog_linkbacks.moderation import ruled, rules
from blog_linkbacks.moderation.decisions import ConflictError
from blog_linkbacks.moderation.log import RuleChange
from tests.moderation.world import arrive, keep, read, send, status
from tests.support.web import Web

Login = Callable[[str], FlaskClient]


def seen(app: Flask, source: str) -> int:
    """A row that waits and whose page was seen to link here."""
    linkback_id = keep(app, source)
    with app.app_context(), writing() as session:
        session.get_one(Linkback, linkback_id).evidence = {"outcome": "linked"}
    return linkback_id


def mo() -> User:
    user = find_user("mo")
    assert user is not None
    return user


def test_trust_approves_what_waits_from_the_host_and_nothing_else(app: Flask) -> None:
    waiting, other = seen(app, "https://a.example/1"), seen(app, "https://b.example/1")
    with app.app_context():
        applied = rules.set_rule("A.example", "trust")
        assert applied.report.done == (waiting,)
        decision = db.session.scalars(select(Decision).where(Decision.batch == applied.report.batch)).one()
        assert decision.by == "policy:trusted"
    assert (status(app, waiting), status(app, other)) == ("approved", "pending")


def test_trust_never_publishes_what_does_not_verify(app: Flask) -> None:
    unseen = keep(app, "https://a.example/1")
    with app.app_context():
        assert rules.set_rule("a.example", "trust").report.left == (unseen,)
    row = read(app, unseen)
    assert row.status == "pending"
    assert row.due_at is not None


def test_what_a_rule_would_do_is_counted_before(app: Flask, login: Login) -> None:
    seen(app, "https://www.a.example/1")
    seen(app, "https://www.a.example/2")
    keep(app, "https://blog.a.example/3")
    page = login("mo").get("/admin/sites/www.a.example/rules?action=trust").text
    assert "Would approve 2: all verify." in page
    assert "Would approve 3, of which 2 verify" in page
    assert "Would mark 3 as spam." in login("mo").get("/admin/sites/www.a.example/rules?action=block").text
    assert "Nothing waits from there." in login("mo").get("/admin/sites/new.example/rules?action=block").text


def test_a_rule_for_a_domain_holds_for_all_below_it(app: Flask) -> None:
    below = keep(app, "https://blog.site.example/1")
    with app.app_context():
        rules.set_rule("site.example", "block")
    assert status(app, below) == "spam"


def test_the_scope_of_the_form_is_the_host_or_its_domain(app: Flask, login: Login) -> None:
    client = login("mo")
    send(client, "/admin/sites/blog.site.example/rules", action="block", scope="site.example")
    with app.app_context():
        assert site_rule("other.site.example") == "block"
    answer = send(client, "/admin/sites/blog.site.example/rules", action="block", scope="b.example")
    assert answer.status_code == 400


def test_the_more_exact_host_keeps_its_own_rule(app: Flask) -> None:
    good = seen(app, "https://good.site.example/1")
    with app.app_context():
        rules.set_rule("good.site.example", "trust")
        rules.set_rule("site.example", "block")
        assert site_rule("good.site.example") == "trust"
    assert status(app, good) == "approved"


def test_the_rule_decides_later_arrivals(app: Flask, web: Web) -> None:
    with app.app_context():
        rules.set_rule("127.0.0.2", "trust")
    assert status(app, arrive(app, web)) == "approved"


def test_a_rule_ends_with_its_date_and_says_so(app: Flask, login: Login) -> None:
    with app.app_context():
        rules.set_rule("a.example", "block", until=now() - timedelta(seconds=1))
        assert site_rule("a.example") == ""
        assert rules.listing() == []
        assert [rule.host for rule in rules.ended()] == ["a.example"]
    page = login("mo").get("/admin/sites").text
    assert "Rules that have ended" in page
    assert "Blocked until" in page


def test_a_rule_from_the_form_holds_to_the_end_of_its_day(app: Flask, login: Login) -> None:
    day = (now() + timedelta(days=3)).date()
    client = login("mo")
    answer = send(client, "/admin/sites/a.example/rules", htmx=True, action="trust", until=day.isoformat())
    assert f"a.example is trusted until {day:%-d %B %Y}." in answer.text
    with app.app_context():
        (rule,) = rules.listing()
        assert rule.until is not None
        assert rule.until.date() == day + timedelta(days=1)


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "9999-12-31", "2500-01-01"])
def test_a_day_that_makes_no_sense_is_refused(login: Login, until: str) -> None:
    answer = send(login("mo"), "/admin/sites/a.example/rules", action="trust", until=until)
    assert answer.status_code == 400


def test_clearing_says_whether_there_was_a_rule_and_can_be_undone(app: Flask) -> None:
    with app.app_context():
        rules.set_rule("a.example", "block")
        change = rules.clear_rule("a.example")
        assert change is not None
        assert rules.clear_rule("a.example") is None
        assert site_rule("a.example") == ""
        rules.undo(change, mo())
        assert site_rule("a.example") == "block"


@pytest.mark.parametrize("host", ["", " ", "a b", "http://", "user@a.example", "-", "x" * 3000])
def test_what_is_no_host_is_refused(app: Flask, host: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match="no host name"):
        rules.set_rule(host, "trust")


def test_an_unknown_action_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="trusted or blocked"):
        rules.set_rule("a.example", "love")


def test_a_whole_address_is_taken_for_its_host(app: Flask) -> None:
    with app.app_context():
        assert rules.set_rule("https://Gärten.example/x?y", "trust").host == "xn--grten-gra.example"


def test_blocking_from_the_queue_answers_with_the_rows_of_the_page(app: Flask, login: Login) -> None:
    here, gone = keep(app, "https://a.example/1"), keep(app, "https://a.example/2")
    answer = send(
        login("mo"), "/admin/sites/a.example/rules", htmx=True, action="block", **{f"version-{here}": 2}
    )
    assert "a.example is blocked. Marked as spam 2 that waited." in answer.text
    assert f'id="linkback-{here}"' in answer.text
    assert f'id="linkback-{gone}"' not in answer.text


def test_undoing_a_rule_takes_back_the_rule_and_its_decisions(app: Flask, login: Login) -> None:
    waiting = seen(app, "https://a.example/1")
    client = login("mo")
    send(client, "/admin/sites/a.example/rules", action="trust")
    answer = send(client, f"/admin/rules/{_change(app)}/undo", htmx=True)
    assert "a.example is without a rule again. Taken back: 1." in answer.text
    assert status(app, waiting) == "pending"
    with app.app_context():
        assert site_rule("a.example") == ""


def test_a_second_undo_of_a_rule_is_refused_with_a_sentence(app: Flask, login: Login) -> None:
    client = login("mo")
    send(client, "/admin/sites/a.example/rules", action="trust")
    send(client, f"/admin/rules/{_change(app)}/undo")
    again = send(client, f"/admin/rules/{_change(app)}/undo")
    assert again.status_code == 409
    assert "was taken back already, by mo." in again.text


def test_undoing_a_rule_puts_back_the_one_before_with_its_date(app: Flask) -> None:
    until = now() + timedelta(days=3)
    with app.app_context():
        first = rules.set_rule("a.example", "block", until=until)
        second = rules.set_rule("a.example", "trust")
        with pytest.raises(ConflictError, match="changed since"):
            rules.undo(first.change_id, mo())
        rules.undo(second.change_id, mo())
        (rule,) = rules.listing()
        assert (rule.action, rule.until) == ("block", until)


def test_the_undo_of_a_rules_batch_takes_the_rule_along(app: Flask, login: Login) -> None:
    seen(app, "https://a.example/1")
    with app.app_context():
        batch = rules.set_rule("a.example", "trust").report.batch
    answer = send(login("mo"), f"/admin/batches/{batch}/undo")
    assert (answer.status_code, answer.location) == (307, f"/admin/rules/{_change(app)}/undo")


def test_many_that_wait_are_decided_in_the_background_until_the_rule_is_taken_back(app: Flask) -> None:
    first = keep(app, "https://a.example/0")
    with app.app_context():
        _copies(first, ruled.AT_ONCE)
        applied = rules.set_rule("a.example", "block", mo())
        assert applied.job is not None
        assert status(app, first) == "pending"
        jobs.process(applied.job.id)
        job = db.session.get_one(Job, applied.job.id, populate_existing=True)
        assert job.message == f"Marked as spam {ruled.AT_ONCE + 1} from a.example."
        again = rules.set_rule("a.example", "trust", mo())
        assert again.job is None


def test_a_job_ends_where_its_rule_was_taken_back(app: Flask) -> None:
    first = keep(app, "https://a.example/0")
    with app.app_context():
        _copies(first, ruled.AT_ONCE)
        applied = rules.set_rule("a.example", "block", mo())
        assert applied.job is not None
        rules.undo(applied.change_id, mo())
        jobs.process(applied.job.id)
        assert db.session.get_one(Job, applied.job.id, populate_existing=True).done == 0
    assert status(app, first) == "pending"


def test_a_job_ends_where_its_change_was_taken_back_though_an_equal_rule_stands(app: Flask) -> None:
    first = keep(app, "https://a.example/0")
    with app.app_context():
        _copies(first, ruled.AT_ONCE)
        with writing() as session:
            session.add(SiteRule(host="a.example", action="block"))
        applied = rules.set_rule("a.example", "block", mo(), until=now() + timedelta(days=9))
        assert applied.job is not None
        rules.undo(applied.change_id, mo())
        jobs.process(applied.job.id)
    assert status(app, first) == "pending"


def test_only_moderators_make_rules(app: Flask, login: Login) -> None:
    assert login("ida").get("/admin/sites/a.example/rules?action=trust").status_code == 403
    client = login("ida")
    token = client.get("/admin/posts").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    sent = client.post("/admin/sites/a.example/rules", data={"csrf_token": token, "action": "trust"})
    assert sent.status_code == 403
    with app.app_context():
        assert db.session.scalars(select(SiteRule)).all() == []


def test_a_bad_host_or_verb_over_http_is_refused(login: Login) -> None:
    client = login("mo")
    assert send(client, "/admin/sites/a%20b/rules", action="trust").status_code == 400
    assert send(client, "/admin/sites/a.example/rules", action="love").status_code == 400
    assert client.get("/admin/sites/a.example/rules?action=love").status_code == 400
    assert send(client, "/admin/rules/77/undo").status_code == 404


def _change(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(RuleChange.id).order_by(RuleChange.id.desc()).limit(1)) or 0


def _copies(first: int, number: int) -> None:
    """As many more rows like one that waits."""
    with writing() as session:
        one = session.get_one(Linkback, first)
        columns = ("kind", "status", "post_id", "source_host", "source_site", "target_url", "score")
        same = {name: getattr(one, name) for name in columns}
        for n in range(number):
            url = f"https://a.example/copy/{n}"
            session.add(Linkback(**same, source_url=url, source_key=url))
