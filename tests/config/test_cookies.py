"""Two blogs on one host, on different ports: cookies know no ports."""

from pathlib import Path

from blog_linkbacks import create_app
from tests.conftest import BASE


def test_two_blogs_on_one_host_have_cookies_of_their_own(tmp_path: Path) -> None:
    names = set()
    for name in ("one", "two"):
        app = create_app({"LINKBACKS_BASE_URL": BASE}, tmp_path / name)
        names |= {app.config["SESSION_COOKIE_NAME"], app.config["REMEMBER_COOKIE_NAME"]}
    assert len(names) == 4


def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    create_app({"LINKBACKS_BASE_URL": BASE}, tmp_path)
    for path in (tmp_path / "instance").glob("blog.db*"):
        assert path.stat().st_mode & 0o077 == 0
