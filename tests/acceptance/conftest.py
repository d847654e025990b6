"""Two houses for the run: an empty one for the main job, one with the worked operation."""

import pytest
from tests.acceptance.browser import chromium
from tests.acceptance.house import House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/acceptance" in str(item.path):
            item.add_marker(pytest.mark.acceptance)
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def browser():
    with chromium() as found:
        yield found


def _house(tmp_path_factory, name: str, **settings: str):
    stack = House(tmp_path_factory.mktemp(name), **settings)
    try:
        yield stack.start()
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    yield from _house(tmp_path_factory, "empty")


@pytest.fixture(scope="session")
def worked_house(tmp_path_factory):
    yield from _house(tmp_path_factory, "worked", VARANGIAN_DEMO="1")
