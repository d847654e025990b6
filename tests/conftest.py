"""Fixtures for every kind of test; the database is started by tests/database.py."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def shared_data() -> Path:
    """Real samples, where the machine has them."""
    folder = os.environ.get("VARANGIAN_SHARED_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VARANGIAN_SHARED_DATA names no folder of sample data")
    return Path(folder)
