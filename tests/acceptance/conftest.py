"""Two houses: an empty one for the main job, one with the worked operation. They end with these
tests, and the browser with them: it keeps an event loop running in its thread."""

import pytest
from tests.acceptance.browser import chromium, leave
from tests.acceptance.house import House
from tests.seed import furnish


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/acceptance" in str(item.path):
            item.add_marker(pytest.mark.acceptance)


@pytest.fixture(scope="package")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module", autouse=True)
def nobody_left_sitting():
    """Whoever still sits there when a file ends goes on listening, and slows every later one."""
    yield
    leave()


def _house(tmp_path_factory, name: str, **settings: str):
    home = tmp_path_factory.mktemp(name)
    stack = House(home if name == "empty" else furnish(home), **settings)
    try:
        yield stack.start()
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    yield from _house(tmp_path_factory, "empty")


@pytest.fixture(scope="package")
def worked_house(tmp_path_factory):
    yield from _house(tmp_path_factory, "worked", VARANGIAN_DEMO="1")


@pytest.fixture(scope="package")
def slug(worked_house) -> str:
    """The worked operation, named after its first day."""
    rows = worked_house.cli("operation", "list")
    return next(row["slug"] for row in rows if row["slug"].startswith("heron-20"))
