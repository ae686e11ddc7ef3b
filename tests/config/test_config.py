import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest

from blog_linkbacks import ROOT
from blog_linkbacks.config import Config, ConfigError, load


def _load(tmp_path: Path, **environ: str) -> Config:
    return load({f"LINKBACKS_{name}": value for name, value in environ.items()}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "blog.example"),
        ("BASE_URL", "ftp://blog.example"),
        ("BASE_URL", "http://"),
        ("BASE_URL", "https://user:secret@blog.example"),
        ("BASE_URL", "https://blog.example/?a=1"),
        ("BASE_URL", "https://blog.example:port"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://localhost/blog"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "localhost:6379"),
        ("FETCH_ALLOW", "127.0.0.0/33"),
        ("FETCH_ALLOW", "localhost"),
        ("AKISMET_KEY", "two words"),
        ("AKISMET_URL", "akismet.example"),
        ("RATE_LIMIT", "a lot"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("TRUSTED_PROXIES", "11"),
        ("INTERNAL_HOSTS", "a b"),
        ("INTERNAL_HOSTS", "https://blog.example/"),
    ],
)
def test_a_mistake_is_named_with_its_variable_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _load(tmp_path, **{name: value})
    message = str(caught.value)
    assert message.startswith(f"LINKBACKS_{name}: ")
    assert "\n" not in message


def test_defaults_need_no_variable(tmp_path: Path) -> None:
    config = _load(tmp_path)
    assert config.base_url == ""
    assert config.sqlite_path == tmp_path / "instance" / "blog.db"
    assert config.fetch_allow == ()
    assert config.rate_limit == "30 per minute"
    assert config.trusted_proxies == 0


def test_a_blank_variable_is_as_none(tmp_path: Path) -> None:
    assert _load(tmp_path, BASE_URL=" ", DATABASE_URL="", TRUSTED_PROXIES="").trusted_proxies == 0


def test_a_blank_rate_limit_turns_it_off(tmp_path: Path) -> None:
    assert _load(tmp_path, RATE_LIMIT="").rate_limit == ""


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_understood_in_every_spelling(tmp_path: Path, scheme: str) -> None:
    config = _load(tmp_path, DATABASE_URL=f"{scheme}://u:p%40ss@db.example/blog")
    assert config.database_url == "postgresql+psycopg://u:p%40ss@db.example/blog"
    assert config.sqlite_path is None


def test_a_relative_sqlite_path_starts_at_the_projects_root(tmp_path: Path) -> None:
    assert _load(tmp_path, DATABASE_URL="sqlite:///data/x.db").sqlite_path == tmp_path / "data" / "x.db"


def test_an_absolute_sqlite_path_stays(tmp_path: Path) -> None:
    assert _load(tmp_path, DATABASE_URL="sqlite:////var/x.db").sqlite_path == Path("/var/x.db")


def test_networks_hosts_and_root_are_tidied(tmp_path: Path) -> None:
    config = _load(
        tmp_path,
        FETCH_ALLOW="127.0.0.1/8, ::1",
        INTERNAL_HOSTS="WWW.Old.example, b.example:8080",
        BASE_URL="https://x.example/b/",
    )
    assert config.fetch_allow == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert config.internal_hosts == ("old.example", "b.example:8080")
    assert config.base_url == "https://x.example/b"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = _load(tmp_path).secret_key
    path = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) == 64
    assert _load(tmp_path).secret_key == first


def test_an_empty_secret_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").touch(0o600)
    assert len(_load(tmp_path).secret_key) == 64


def test_a_given_secret_leaves_no_file(tmp_path: Path) -> None:
    assert _load(tmp_path, SECRET_KEY="given").secret_key == "given"
    assert not (tmp_path / "instance" / "secret_key").exists()


def test_the_start_stops_with_one_line_and_status_1() -> None:
    environ = {**os.environ, "LINKBACKS_TRUSTED_PROXIES": "many"}
    command = [sys.executable, "-m", "flask", "run", "--port", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "LINKBACKS_TRUSTED_PROXIES: 'many' is not a number of proxies from 0 to 10"


def test_processes_that_start_together_keep_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: _load(tmp_path).secret_key, range(32)))
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret_key"]
