"""Fixtures for every kind of test; the database is started by tests/database.py."""

import os
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

CHAOS, ACCEPTANCE = "tests/chaos", "tests/acceptance"


class ByFile(LoadScopeScheduling):
    """All of chaos goes to one worker: two at once would judge each other."""

    def _split_scope(self, nodeid: str) -> str:
        return CHAOS if nodeid.startswith(CHAOS) else nodeid.split("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: they leave an event loop in their thread, and their files, which wait much,
    fill the time of the worker that has chaos."""
    items.sort(key=lambda item: [item.nodeid.startswith(one) for one in (ACCEPTANCE, CHAOS)])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """For tools/suite.py, which runs the files of what failed once more."""
    target = os.environ.get("VARANGIAN_FAILED_FILES")
    if not target or hasattr(terminalreporter.config, "workerinput"):
        return
    stats = terminalreporter.stats
    found = {
        one.nodeid.split("::")[0] for kind in ("failed", "error") for one in stats.get(kind, ())
    }
    Path(target).write_text("\n".join(sorted(found)))


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_up_when_asked() -> None:
    """Each test client sets up the middleware anew, and would read all static files each time."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def shared_data() -> Path:
    """Real samples, where the machine has them."""
    folder = os.environ.get("VARANGIAN_SHARED_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("VARANGIAN_SHARED_DATA names no folder of sample data")
    return Path(folder)


@pytest.fixture(autouse=True)
def the_console_forgets_who_acted():
    """``--as`` of one command must not speak for the tests after it."""
    yield
    from varangian.platform.ui.console import act_for

    act_for("")
