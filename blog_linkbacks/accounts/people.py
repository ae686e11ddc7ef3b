"""People and their passwords."""

import secrets
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from blog_linkbacks.accounts import sessions
from blog_linkbacks.accounts.tables import Role, User
from blog_linkbacks.db import db, writing

MIN_PASSWORD = 8  # characters
MAX_PASSWORD = 1000  # bytes
MAX_NAME = 80  # characters

# 19 MiB for one login, so that eight at once stay modest.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def create_user(name: str, password: str, role: Role = Role.ADMIN) -> User:
    """Add a person, committed; ValueError with a sentence for a name or a password that will not do."""
    name = _tidy(name)
    _check_name(name)
    password_hash = _hashed(password)
    try:
        with writing() as session:
            if find_user(name) is not None:
                raise ValueError(f"There is already a user named {name}.")
            session.add(user := User(name=name, password_hash=password_hash, role=role))
    except IntegrityError:
        raise ValueError(f"There is already a user named {name}.") from None
    return user


def find_user(name: str) -> User | None:
    """The person of that name, whatever its case."""
    if "\0" in name:
        return None  # PostgreSQL takes no NUL
    same = func.lower(User.name) == func.lower(_tidy(name))  # the database folds both, as far as it can
    return db.session.scalar(select(User).where(same).order_by(User.id).limit(1))


def check_password(name: str, password: str) -> User | None:
    """The person, where name and password are right; takes as long for a name that nobody has."""
    user, nobody = find_user(name), _nobody()
    right = _verified(user.password_hash if user else nobody, password)
    return user if right else None


def change_password(user: User, password: str) -> None:
    """Give a new password and end every session; ValueError with a sentence for one that will not do."""
    password_hash = _hashed(password)
    user_id = user.id
    with writing() as session:
        session.get_one(User, user_id).password_hash = password_hash
        session.flush()
        sessions.end_all(user_id)


def change_role(user_id: int, role: Role) -> User:
    """Give a person another role and end their sessions.

    ValueError where it would leave no admin, LookupError where there is no such person.
    """
    with writing() as session:
        user = session.get(User, user_id)
        if user is None:
            raise LookupError(user_id)
        others = select(User.id).where(User.role == Role.ADMIN, User.id != user.id).limit(1)
        if role is not Role.ADMIN and session.scalar(others) is None:
            raise ValueError("The last admin stays an admin.")
        if user.role != role:
            user.role = role
            session.flush()
            sessions.end_all(user_id)
        return user


def folded(name: str) -> str:
    """A name as it is compared, for what must count one name's spellings as one."""
    return _tidy(name)[:1000].casefold()


def by_id(user_id: int) -> User:
    """The person of that id; LookupError where there is none."""
    user = db.session.get(User, user_id)
    if user is None:
        raise LookupError(user_id)
    return user


def find_id(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def everyone() -> Sequence[User]:
    """All people, by name."""
    return db.session.scalars(select(User).order_by(func.lower(User.name), User.id)).all()


def first_admin() -> User | None:
    """The admin who has been here longest."""
    return db.session.scalar(select(User).where(User.role == Role.ADMIN).order_by(User.id).limit(1))


def anyone() -> bool:
    """Whether there is any user yet."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _check_name(name: str) -> None:
    if not name:
        raise ValueError("A user needs a name.")
    if len(name) > MAX_NAME:
        raise ValueError(f"A name has at most {MAX_NAME} characters.")
    if not name.isprintable():
        raise ValueError("A name has only characters that can be seen.")


def _hashed(password: str) -> str:
    if len(password) < MIN_PASSWORD:
        raise ValueError(f"A password has at least {MIN_PASSWORD} characters.")
    if len(password.encode("utf-8", "replace")) > MAX_PASSWORD:
        raise ValueError(f"A password has at most {MAX_PASSWORD:,} bytes.")
    return _HASHER.hash(password.encode("utf-8", "replace"))


def _verified(password_hash: str, password: str) -> bool:
    given = password.encode("utf-8", "replace")
    try:
        return len(given) <= MAX_PASSWORD and _HASHER.verify(password_hash, given)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password has, to spend the same time on."""
    return _HASHER.hash(secrets.token_bytes(32))
