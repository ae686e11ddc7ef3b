"""`LINKBACKS_*` variables to one frozen `Config`; nonsense stops the start, naming the variable and the reason."""

import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from flask import current_app
from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from blog_linkbacks import urls

Network = IPv4Network | IPv6Network
T = TypeVar("T")


class ConfigError(ValueError):
    """A variable holds a value that makes no sense; the text names it and says why."""


@dataclass(frozen=True, slots=True)
class Config:
    """How this process was told to run. `base_url` is empty where it follows a loopback request's own root."""

    root: Path
    base_url: str
    database_url: str
    redis_url: str
    secret_key: str
    fetch_allow: tuple[Network, ...]
    akismet_key: str
    akismet_url: str
    rate_limit: str
    trusted_proxies: int
    internal_hosts: tuple[str, ...]

    @property
    def instance(self) -> Path:
        return self.root / "instance"

    @property
    def sqlite_path(self) -> Path | None:
        url = make_url(self.database_url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def current() -> Config:
    """The running app's configuration."""
    config: Config = current_app.config["LINKBACKS"]
    return config


def load(environ: Mapping[str, str], root: Path) -> Config:
    """Read and check every `LINKBACKS_*` variable (the contract's table); ConfigError on the first mistake."""

    def read(name: str, parse: Callable[[str], T], default: str = "") -> T:
        variable = f"LINKBACKS_{name}"
        value = environ.get(variable, "").strip() or default
        try:
            return parse(value)
        except ValueError as error:
            raise ConfigError(f"{variable}: {error}") from None

    instance = root / "instance"
    return Config(
        root=root,
        base_url=read("BASE_URL", _base_url),
        database_url=read("DATABASE_URL", lambda v: _database_url(v, root), "sqlite:///instance/blog.db"),
        redis_url=read("REDIS_URL", _redis_url),
        secret_key=environ.get("LINKBACKS_SECRET_KEY", "").strip() or read("SECRET_KEY", _kept_in(instance)),
        fetch_allow=read("FETCH_ALLOW", _networks),
        akismet_key=read("AKISMET_KEY", _akismet_key),
        akismet_url=read("AKISMET_URL", _akismet_url, "https://rest.akismet.com"),
        rate_limit=_rate_limit(environ),
        trusted_proxies=read("TRUSTED_PROXIES", _proxies, "0"),
        internal_hosts=read("INTERNAL_HOSTS", _hosts),
    )


def process_name() -> str:
    """A name for this process that no later one on any machine bears: host, process id and its start time."""
    return f"{socket.gethostname()}|{os.getpid()}|{_started(os.getpid())}"


def is_alive(name: str) -> bool:
    """Whether the process of that `process_name` may still run; one on another machine may."""
    host, pid, started = name.split("|")[:3]
    return host != socket.gethostname() or (started != "" and _started(int(pid)) == started)


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return _alive_without_proc(pid)


def _alive_without_proc(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "0"
    return "0"


def _base_url(value: str) -> str:
    if not value:
        return ""
    if not urls.is_web(value):
        raise ValueError(f"{value!r} is not a complete http or https URL, such as https://blog.example.org")
    parts = urlsplit(value)
    if parts.query or parts.fragment:
        raise ValueError("the site's root has no query and no fragment")
    return value.rstrip("/")


def _database_url(value: str, root: Path) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError(f"{value!r} is not a database URL, such as sqlite:///instance/blog.db") from None
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.drivername != "sqlite":
        raise ValueError(f"{url.drivername} is not supported; use sqlite or postgresql")
    if not url.database or url.database == ":memory:":
        raise ValueError("an SQLite database needs a file, because the worker must see it too")
    return url.set(database=str(root / url.database)).render_as_string()


def _redis_url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError(f"{value!r} is not a redis:// URL")
    _ = parts.port  # ValueError for one that is no number
    return value


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ValueError(f"{error}; it takes a comma list of networks, such as 127.0.0.0/8,::1/128") from None


def _akismet_key(value: str) -> str:
    if any(c.isspace() or not c.isprintable() for c in value):
        raise ValueError("a key has no spaces in it")
    return value


def _akismet_url(value: str) -> str:
    if not urls.is_web(value):
        raise ValueError(f"{value!r} is not a complete http or https URL")
    return value.rstrip("/")


def _rate_limit(environ: Mapping[str, str]) -> str:
    value = environ.get("LINKBACKS_RATE_LIMIT", "30 per minute").strip()
    try:
        _ = parse_many(value) if value else None
    except ValueError:
        raise ConfigError(f"LINKBACKS_RATE_LIMIT: {value!r} is not a rate, such as 30 per minute") from None
    return value


def _proxies(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 10:
        raise ValueError(f"{value!r} is not a number of proxies from 0 to 10")
    return int(value)


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    for name in names:
        if not urls.is_web(f"http://{name}") or "/" in name:
            raise ValueError(f"{name!r} is not a host name")
    return tuple(urls.site_key(f"http://{name}") for name in names)


def _kept_in(instance: Path) -> Callable[[str], str]:
    def kept(_value: str) -> str:
        try:
            instance.mkdir(parents=True, exist_ok=True)
            return kept_word(instance / "secret_key")
        except OSError as error:
            raise ValueError(f"none is set, and none can be kept in {instance}: {error.strerror}") from None

    return kept


def kept_word(path: Path) -> str:
    """The random word in a file of mode 0600, made whole at the first call: processes that start together agree."""
    with suppress(FileNotFoundError):
        if word := path.read_text().strip():
            return word
        path.unlink()
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        Path(beside).unlink()
    return path.read_text().strip()
