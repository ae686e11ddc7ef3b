"""The way in: the password, the second step where there is one, and the session at the end of it."""

import time
from dataclasses import dataclass

from flask import after_this_request, request, session
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from blog_linkbacks import limits, web
from blog_linkbacks.accounts import attempts, browsers, people, sessions, two_step
from blog_linkbacks.accounts.agents import family
from blog_linkbacks.accounts.attempts import CODES, PASSWORDS, Where
from blog_linkbacks.accounts.tables import Outcome, User

CODE_WITHIN = 300  # seconds between the password and the code
_RATE = "10 per minute; 60 per hour"


def _is_known_browser() -> bool:
    if request.endpoint != "accounts.code":
        return browsers.known_as(people.find_user(request.form.get("name", ""))) is not None
    owing = half()
    return browsers.known_as(owing.user if owing else None) is not None


# A browser that its person signed in with before is counted apart: a neighbour's guessing keeps no one out.
by_address = limits.limiter.limit(_RATE, methods=["POST"], exempt_when=_is_known_browser)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody whose password was right, and the row of that try."""

    user: User
    attempt_id: int


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose password was right a moment ago and who owes a code."""

    user: User
    attempt_id: int
    wanted: str


def by_password(name: str, password: str) -> Entry | None:
    """Who that is, or None; ThrottledError after ten failures for that name within fifteen minutes.

    A name that nobody has takes the same work and gets the same answers.
    """
    user = people.find_user(name)
    known = browsers.known_as(user)
    counts_in = attempts.bucket("browser", known) if known else attempts.bucket("name", people.folded(name))
    user_id = user.id if user else None
    attempt = attempts.begin(_where(), user_id, counts_in, Outcome.WRONG_PASSWORD, PASSWORDS)
    right = people.check_password(name, password)
    return Entry(right, attempt) if right else None


def by_code(half: Half, code: str) -> User | None:
    """The person, where the phone's code or a recovery code is right; ThrottledError after too many wrong ones."""
    user_id, recovery = half.user.id, two_step.is_recovery(code)
    counts_in = _recovery_bucket(user_id) if recovery else _code_bucket(half.user)
    attempt = attempts.begin(_where(), user_id, counts_in, Outcome.WRONG_CODE, CODES)
    right = (two_step.accept_recovery if recovery else two_step.accept)(user_id, code)
    if not right:
        return None
    outcome = Outcome.RECOVERY_CODE if recovery else Outcome.SIGNED_IN
    attempts.settle(attempt, outcome, instead_of=half.attempt_id)
    return people.by_id(user_id)


def is_own_password(user: User, password: str) -> bool:
    """Whether somebody who is signed in knows their password; ThrottledError after ten failures."""
    user_id, name = user.id, user.name
    counts_in = attempts.bucket("own", str(user_id))
    attempt = attempts.begin(_where(), user_id, counts_in, Outcome.WRONG_PASSWORD, PASSWORDS)
    right = people.check_password(name, password) is not None
    if right:
        attempts.forget(attempt)
    return right


def go_half(entry: Entry, wanted: str) -> None:
    """Remember in the cookie that the password was right; it opens nothing yet."""
    attempts.settle(entry.attempt_id, Outcome.HALF)
    session.clear()
    session["half"] = [entry.user.id, entry.user.session_key, int(time.time()), entry.attempt_id, wanted]


def half() -> Half | None:
    """Who owes a code; None once five minutes are over, or since that person's sessions all ended."""
    match session.get("half"):
        case [int(user_id), str(key), int(since), int(attempt_id), str(wanted)]:
            user = people.find_id(user_id)
            recent = 0 <= time.time() - since < CODE_WITHIN
            right = recent and user is not None and user.two_step and user.session_key == key
            return Half(user, attempt_id, wanted) if right and user else None
    return None


def finish(entry: Entry) -> None:
    """The password was enough."""
    attempts.settle(entry.attempt_id, Outcome.SIGNED_IN)
    begin_session(entry.user)


def begin_session(user: User) -> None:
    """A new session of that person in this browser; what was in the cookie before is gone."""
    leave()
    where = _where()
    token = sessions.begin(user.id, where.address, where.agent)
    session.permanent = True
    login_user(user)
    session["_user_id"] = token

    @after_this_request
    def known(response: Response) -> Response:
        browsers.mark(response, user)  # type: ignore[arg-type]
        return response


def leave() -> None:
    """End this browser's session, on the server's side too."""
    if token := session.get("_user_id"):
        sessions.end(str(token))
    logout_user()
    session.clear()


def token() -> str:
    """The token of this browser's session."""
    return str(session.get("_user_id", ""))


def _where() -> Where:
    return Where(web.sender_address(), family(request.headers.get("User-Agent", "")))


def _code_bucket(user: User) -> str:
    known = browsers.known_as(user)
    return attempts.bucket("code browser", known) if known else attempts.bucket("code", str(user.id))


def _recovery_bucket(user_id: int) -> str:
    return attempts.bucket("recovery", f"{user_id} {limits.sender_key()}")
