"""People press while every process is killed in turn: no press is lost and none counts twice."""

import signal
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from tests.chaos.test_kill import kill
from tests.press import Crowd, account, connect, enrol
from tests.seed import furnish
from tests.stack import Stack, patience, team

pytestmark = pytest.mark.chaos
PEOPLE, EACH = 10, 20


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[SimpleNamespace]:
    stack = Stack(furnish(tmp_path_factory.mktemp("duress")))
    try:
        stack.start()
        who = team(stack)
        yield SimpleNamespace(stack=stack, team=who, phones=enrol(stack, who.operation, PEOPLE))
    finally:
        stack.kill()


def answered(stack: Stack, seconds: float = 20) -> None:
    """The tick has looked after what was left behind."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connect(stack) as connection:
            left = connection.execute(
                "select count(*) from protection_press where call_id is null"
            ).fetchone()
        if left == (0,):
            return
        time.sleep(0.2)


def test_no_press_is_lost_or_doubled_while_everything_is_killed(house):
    stack = house.stack
    stack.await_healthy(30)
    crowd = Crowd(house.phones, EACH, pause=0.05)
    threads = crowd.start()
    for victim in ("web", "live", "postgres", "worker"):
        before = stack.pids(victim)
        assert before
        kill(before)
        stack.await_healthy(patience(20), gone=frozenset(before))
    for thread in threads:
        thread.join(patience(120))
    assert not any(thread.is_alive() for thread in threads), crowd.faults
    answered(stack, patience(20))
    found = account(lambda: connect(stack), set(crowd.heard))
    assert found == {
        "acknowledged": PEOPLE * EACH,
        "kept": PEOPLE * EACH,
        "lost": 0,
        "doubled": 0,
        "unanswered": 0,
        "calls_without_alert": 0,
    }, crowd.faults


def test_a_press_gets_in_by_live_while_web_is_dead_still(house):
    """The supervisor sleeps, so that web stays away."""
    stack = house.stack
    stack.await_healthy(30)
    stack.process.send_signal(signal.SIGSTOP)
    try:
        kill(stack.pids("web"))
        good, door = house.phones[0].press("by-live")
        assert good and door.endswith(str(stack.port + 1))
    finally:
        stack.process.send_signal(signal.SIGCONT)
    stack.await_healthy(patience(20))


def test_a_button_that_presses_once_is_heard_when_the_database_is_back(house):
    """The door holds on to a press while PostgreSQL restarts: webhooks do not repeat."""
    stack = house.stack
    stack.await_healthy(30)
    before = stack.pids("postgres")
    kill(before)
    good, _ = house.phones[1].press("once-only", seconds=patience(30))
    assert good
    stack.await_healthy(patience(20), gone=frozenset(before))
    with connect(stack) as connection:
        rows = connection.execute(
            "select count(*) from protection_press where key like %s", ["%:once-only"]
        ).fetchone()
    assert rows == (1,)
