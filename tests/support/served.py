"""The blog as a process of its own, started as its users start it, killed as machines kill it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

PROJECT = Path(__file__).resolve().parent.parent.parent


class Served:
    """`flask run` (or another `flask` command) over a copy-free root of its own."""

    def __init__(self, root: Path, environ: dict[str, str], *command: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.root = root
        self.command = command or ("run", "--port", str(self.port))
        self.environ = {"LINKBACKS_BASE_URL": self.url, **environ}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flask",
                "--app",
                f"blog_linkbacks:create_app(root='{self.root}')",
                *self.command,
            ],
            cwd=PROJECT,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if self.command[0] == "run":
            self._wait()

    def run(self, *command: str, text: str = "") -> subprocess.CompletedProcess[str]:
        """Another `flask` command over the same root."""
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "flask",
                "--app",
                f"blog_linkbacks:create_app(root='{self.root}')",
                *command,
            ],
            cwd=PROJECT,
            env=self._environment(),
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End the process with a signal, kill -9 by default, and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=30)
            self.process = None

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINKBACKS_")}
        return {**kept, **self.environ}

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{self.url}/healthz", timeout=2).status_code in (200, 503):
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("the blog did not start")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
