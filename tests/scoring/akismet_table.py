"""What each of Akismet's answers does to a linkback, and what Akismet is told of decisions; over real HTTP.

`python -m tests.scoring.akismet_table` serves a blog, a page that links to it, and a service that speaks as Akismet
does, and prints what happens.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from blog_linkbacks import create_app, leases, pipeline
from blog_linkbacks.accounts.people import create_user, find_user
from blog_linkbacks.accounts.tables import Role
from blog_linkbacks.db import db, now
from blog_linkbacks.linkbacks import Linkback
from blog_linkbacks.moderation import actions, decisions, feedback
from blog_linkbacks.moderation.feedback import AkismetReport
from tests.conftest import BASE, PASSWORD, publish
from tests.moderation.world import arrive
from tests.support.akismet import ANSWERS, AkismetServer, Answer, Asked
from tests.support.web import Web

WORDS: dict[Answer, str] = {
    "ham": "false",
    "spam": "true",
    "discard": "true, pro-tip discard",
    "recheck": "false, recheck-after 120",
    "warning": "false, alert 10011 (plan too small)",
    "invalid": "invalid",
    "error": "status 500",
    "slow": "nothing for 30 s",
    "garbage": "a page of HTML",
    "limit": "status 429, Retry-After 900",
    "suspended": "false, alert 10009 (suspended)",
    "expired": "invalid, alert 10009 (suspended)",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, AkismetServer() as service, Web(address="127.0.0.2") as web:
        app = _blog(Path(folder), service)
        print("| answer | signal | verdict | the same linkback later | the next linkback |")
        print("| --- | --- | --- | --- | --- |")
        for answer in ANSWERS:
            print(_line(app, service, web, answer))
        for number, (title, play) in enumerate(PLAYS.items()):
            _begin(service, "spam" if title.startswith("Akismet says spam") else "ham")
            _told(app, service, arrive(app, web, f"/told-{number}"), title, play)
        with app.app_context():
            db.engine.dispose()


def _blog(root: Path, service: AkismetServer) -> Flask:
    environ = {
        "LINKBACKS_BASE_URL": BASE,
        "LINKBACKS_FETCH_ALLOW": "127.0.0.0/8",
        "LINKBACKS_RATE_LIMIT": "",
        "LINKBACKS_AKISMET_KEY": "a1b2c3",
        "LINKBACKS_AKISMET_URL": service.url,
    }
    app = create_app(environ, root)
    with app.app_context():
        create_user("mo", PASSWORD, Role.MODERATOR)
    publish(app, "No-dig beds", "How to grow without a spade.")
    return app


def _line(app: Flask, service: AkismetServer, web: Web, answer: Answer) -> str:
    _begin(service, answer)
    first, second = (arrive(app, web, f"/{answer}-{number}") for number in (1, 2))
    with app.app_context():
        row = db.session.get_one(Linkback, first)
        signal = next(one.detail for one in row.signals if one.name == "akismet")
        verdict = f"{row.status} ({row.decided_by})"
        return f"| {WORDS[answer]} | {signal} | {verdict} | {_later(row)} | {_next(service, second)} |"


def _later(row: Linkback) -> str:
    if row.due_at is None:
        return "stands"
    return f"asked again in {round((row.due_at - now()).total_seconds())} s"


def _next(service: AkismetServer, linkback_id: int) -> str:
    row = db.session.get_one(Linkback, linkback_id)
    if len(service.heard("comment-check")) == 2:
        return f"asked; {row.status}"
    return f"not asked, held until the pause ends; {row.status}"


def _told(
    app: Flask, service: AkismetServer, linkback_id: int, title: str, play: Callable[[int], None]
) -> None:
    with app.app_context():
        play(linkback_id)
    print(f"\n{title}")
    [question] = [asked for asked in service.asked if asked.method == "comment-check"]
    for asked in service.asked:
        print(f"  {asked.method}: {_fields(asked, question)}")


def _fields(asked: Asked, question: Asked) -> str:
    if asked is question:
        return ", ".join(f"{name}={value!r}" for name, value in asked.fields.items())
    return "the same fields, letter for letter" if asked.fields == question.fields else f"{asked.fields}"


def _begin(service: AkismetServer, answer: Answer) -> None:
    pipeline._akismet.cache_clear()  # a process that has not met the service yet
    service.asked.clear()
    service.answer = answer


def _decide(linkback_id: int, name: str) -> int:
    mo = find_user("mo")
    assert mo is not None
    return decisions.act(linkback_id, actions.ACTIONS[name], mo).id


def _undo(decision_id: int) -> None:
    mo = find_user("mo")
    assert mo is not None
    decisions.undo(decision_id, mo)


def _send() -> None:
    for _ in range(2):
        for report_id in leases.due(AkismetReport):
            feedback.process(report_id, pipeline.akismet())


def _missed(linkback_id: int) -> None:
    _decide(linkback_id, "spam")
    _send()


def _rescued(linkback_id: int) -> None:
    _decide(linkback_id, "approve")
    _send()


def _undone_in_time(linkback_id: int) -> None:
    _undo(_decide(linkback_id, "spam"))
    _send()


def _undone_late(linkback_id: int) -> None:
    decision = _decide(linkback_id, "spam")
    _send()
    _undo(decision)
    _send()


PLAYS: dict[str, Callable[[int], None]] = {
    "Akismet says ham, a person approves (they agree)": _rescued,
    "Akismet says ham, a person says spam": _missed,
    "Akismet says spam, a person approves": _rescued,
    "Akismet says ham, a person says spam and undoes it before the report went out": _undone_in_time,
    "Akismet says ham, a person says spam and undoes it after the report went out": _undone_late,
}

if __name__ == "__main__":
    main()
