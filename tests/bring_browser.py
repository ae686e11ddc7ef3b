"""See that the browser tests have a Chromium: install Debian's where we may, else say exactly what to install."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")


def find() -> str | None:
    """The browser to test with: LINKBACKS_CHROMIUM, else the first that is on the PATH."""
    named = os.environ.get("LINKBACKS_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    if find():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        return
    sys.exit(
        "The tests need a Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium) "
        "or name one: LINKBACKS_CHROMIUM=/path/to/chrome make test"
    )


if __name__ == "__main__":
    main()
