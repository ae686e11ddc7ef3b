"""The second step of signing in: codes from a phone (RFC 6238), and recovery codes for the day it is lost."""

import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from blog_linkbacks.accounts import sessions
from blog_linkbacks.accounts.tables import RecoveryCode, User
from blog_linkbacks.db import db, writing

RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that reads like another; 16 of them are 80 bits
_STEP = 30  # seconds
_DRIFTS = (0, -1, 1)  # steps that the phone's clock may be off


def offer(user_id: int) -> None:
    """Make a new secret that a code must confirm before it counts."""
    with writing() as session:
        secret = pyotp.random_base32()
        session.execute(update(User).where(User.id == user_id).values(totp_offered=secret))


def address(user: User, issuer: str) -> str:
    """The offered secret as the `otpauth:` address that a phone reads."""
    return pyotp.TOTP(user.totp_offered).provisioning_uri(name=user.name, issuer_name=issuer or "Blog")


def drawing(text: str) -> tuple[int, str]:
    """A QR code of a text: its size in modules, quiet zone of four included, and its path for an SVG."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=4))
    dots = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), "".join(dots)


def confirm(user_id: int, code: str) -> list[str] | None:
    """Turn the second step on where the code fits the offered secret; the recovery codes, or None.

    Every session of that person ends.
    """
    with writing() as session:
        user = session.get_one(User, user_id, populate_existing=True)
        step = _step_of(user.totp_offered, code, 0) if user.totp_offered else None
        if step is None:
            return None
        user.totp_secret, user.totp_offered, user.totp_step = user.totp_offered, "", step
        session.flush()
        sessions.end_all(user_id)
        return _new_codes(session, user_id)


def accept(user_id: int, code: str) -> bool:
    """Whether this is the phone's code; no code is accepted twice, nor one older than the last."""
    with writing() as session:
        user = session.get_one(User, user_id, populate_existing=True)
        step = _step_of(user.totp_secret, code, user.totp_step) if user.totp_secret else None
        if step is not None:
            user.totp_step = step
        return step is not None


def accept_recovery(user_id: int, code: str) -> bool:
    """Whether this is one of the recovery codes; it is good for this once."""
    with writing() as session:
        used = delete(RecoveryCode).where(
            RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hashed(_plain(code))
        )
        return bool(session.execute(used.returning(RecoveryCode.user_id)).all())


def is_recovery(code: str) -> bool:
    """Whether this is written like a recovery code, and not like the phone's six digits."""
    return len(_plain(code)) == 16


def renew_codes(user_id: int) -> list[str]:
    """New recovery codes; the old ones are good for nothing any more."""
    with writing() as session:
        return _new_codes(session, user_id)


def codes_left(user_id: int) -> int:
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return db.session.scalar(counted) or 0


def turn_off(user_id: int) -> None:
    """No second step any more; secret and recovery codes are forgotten, and every session ends."""
    with writing() as session:
        none = {"totp_secret": "", "totp_offered": "", "totp_step": 0}
        session.execute(update(User).where(User.id == user_id).values(**none))
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        sessions.end_all(user_id)


def _step_of(secret: str, code: str, after: int) -> int | None:
    given, now_step = "".join(code.split()), int(time.time()) // _STEP
    totp = pyotp.TOTP(secret, interval=_STEP)
    fitting = [
        now_step + drift
        for drift in _DRIFTS
        if hmac.compare_digest(given.encode("utf-8", "replace"), totp.generate_otp(now_step + drift).encode())
    ]
    return next((step for step in fitting if step > after), None)


def _new_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    plain = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(code)) for code in plain)
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain]


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())[:64]


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
