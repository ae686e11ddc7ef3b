"""Mangled bodies at the three endpoints; `tests.security.fuzz` sends many more of them."""

import random
import socket

import pytest
from flask import Flask

from tests.security import fuzz


@pytest.fixture
def environ() -> dict[str, str]:
    return fuzz.ENVIRON


def test_mangled_bodies_are_answered_and_leave_no_half_row(app: Flask) -> None:
    bodies = [fuzz.mangled(random.Random(seed)) for seed in range(5)]
    assert len({body for _, body, _ in bodies}) > 1
    client = app.test_client()
    # Every address in these bodies is a closed one or none at all: those that mangling made are left to the program.
    harmless = [body for body in (fuzz.mangled(random.Random(n)) for n in range(1200)) if is_harmless(body)]
    codes = [client.post(path, data=body, content_type=kind).status_code for path, body, kind in harmless]
    assert len(codes) > 300
    assert max(codes) < 500
    assert fuzz.half_rows(app) == []


def is_harmless(mangled: tuple[str, bytes, str]) -> bool:
    """Whether its source is still the closed address, or is fetched by a worker, which does not run here."""
    path, body, _ = mangled
    whole = (f"<string>{fuzz.SOURCE}</string>".encode(), f"url={fuzz.SOURCE}&".encode())
    return path == "/webmention" or any(piece in body for piece in whole)


def test_program_lets_nothing_but_loopback_be_asked() -> None:
    with pytest.raises(socket.gaierror):
        fuzz.only_loopback("socket.getaddrinfo", ("12.0.0.2", 1))
    with pytest.raises(socket.gaierror):
        fuzz.only_loopback("socket.connect", (None, ("12.0.0.2", 1)))
    fuzz.only_loopback("socket.connect", (None, ("127.0.0.2", 1)))
