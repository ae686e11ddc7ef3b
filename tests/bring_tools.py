"""See that the tests have a Chromium and a Java: install Debian's where we may, else say exactly what to install.

Chromium drives the browser tests; Java runs the Nu HTML checker, which is among the packages of the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A program that the tests run: where it may be, and the Debian packages that bring it."""

    name: str
    variable: str
    names: tuple[str, ...]
    packages: tuple[str, ...]

    def find(self) -> str | None:
        """The one that the variable names, else the first that is on the PATH."""
        named = os.environ.get(self.variable)
        return named or next((path for name in self.names if (path := shutil.which(name))), None)


CHROMIUM = Tool(
    "Chromium",
    "LINKBACKS_CHROMIUM",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    ("chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"),
)
JAVA = Tool("Java", "LINKBACKS_JAVA", ("java",), ("default-jre-headless",))


def find() -> str | None:
    """The browser to test with."""
    return CHROMIUM.find()


def main() -> None:
    missing = [tool for tool in (CHROMIUM, JAVA) if not tool.find()]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {_listed(missing)} for the tests ...", flush=True)
        _install(package for tool in missing for package in tool.packages)
    else:
        sys.exit("\n".join(_wanted(tool) for tool in missing))


def _install(packages: Iterable[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _listed(tools: Iterable[Tool]) -> str:
    return " and ".join(tool.name for tool in tools)


def _wanted(tool: Tool) -> str:
    return (
        f"The tests need {tool.name}. Install it (Debian, Ubuntu: sudo apt-get install {tool.packages[0]}) "
        f"or name one: {tool.variable}=/path/to/{tool.names[0]} make test"
    )


if __name__ == "__main__":
    main()
