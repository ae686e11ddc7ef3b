import pytest
from flask import Flask

from tests.sending.world import Blogger


@pytest.fixture
def blogger(app: Flask) -> Blogger:
    return Blogger(app)
