"""Promises in seconds cannot be judged on a machine that has no time for them."""

import pytest
from tests.stack import patience

TOO_SLOW = 4


@pytest.fixture(autouse=True)
def machine_with_time() -> None:
    if patience(1) > TOO_SLOW:
        pytest.skip(f"this machine is {patience(1):.1f} times too slow or too busy for chaos tests")
