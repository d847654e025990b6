"""Fixtures for every kind of test; the database is started by tests/database.py."""

import os
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

HOUSES = ("tests/acceptance", "tests/chaos")


class ByHouse(LoadScopeScheduling):
    """Tests that share a house of real processes go to one worker; the others by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return next((house for house in HOUSES if file.startswith(house)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByHouse:
    config.option.loadscopereorder = False
    return ByHouse(config, log)


@pytest.fixture
def shared_data() -> Path:
    """Real samples, where the machine has them."""
    folder = os.environ.get("VARANGIAN_SHARED_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VARANGIAN_SHARED_DATA names no folder of sample data")
    return Path(folder)
