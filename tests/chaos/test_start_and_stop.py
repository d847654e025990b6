"""Starting, starting again, being refused, and going without a trace."""

import json
import signal
import socket
import time
from collections.abc import Iterator

import pytest
from tests.seed import furnish
from tests.stack import Stack, free_ports, patience

pytestmark = pytest.mark.chaos
SECOND_START = 10


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    stack = Stack(furnish(tmp_path_factory.mktemp("start")))
    try:
        stack.start()
        stack.stop()
        yield stack
    finally:
        stack.kill()


@pytest.fixture
def running(stack: Stack) -> Iterator[Stack]:
    stack.start()
    yield stack
    if stack.process.poll() is None:
        stack.stop()
    stack.assert_gone()


def test_second_start_is_quick(stack):
    begun = time.monotonic()
    stack.start()
    took = time.monotonic() - begun
    assert stack.stop() == 0
    assert took < patience(SECOND_START), f"{took:.1f} s"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_all_and_leaves_nothing(running, number):
    assert len(running.leftovers()) > 5, "the check would see nothing anyway"
    assert running.stop(number) == 0
    running.assert_gone()


def test_kill_of_the_supervisor_takes_the_servers_along(running):
    """Nobody is there to tidy up, yet the next start works."""
    running.process.send_signal(signal.SIGKILL)
    running.process.wait(5)
    time.sleep(3)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", running.port)) != 0
    running.start()
    running.await_healthy(15)


def test_signal_during_start_leaves_nothing(stack):
    stack.launch()
    time.sleep(1.5)
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(25) == 0
    stack.assert_gone()


def test_two_of_one_home_are_refused_with_words(running):
    second = Stack(running.home)
    second.launch()
    code, words = second.ended()
    assert code == 1
    assert "already runs from this home" in words and "VARANGIAN_HOME" in words
    assert "Traceback" not in words
    assert running.health()["status"] == "ok"


@pytest.mark.parametrize("beside", [0, 1])
def test_port_in_use_is_refused_with_words(stack, beside):
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + beside))
        taken.listen()
        other = Stack(stack.home, port)
        other.launch()
        code, words = other.ended()
    assert code == 1
    assert f"Port {port + beside} cannot be used" in words and "VARANGIAN_PORT" in words
    assert "Traceback" not in words
    assert other.leftovers() == []


def test_port_of_another_house_is_not_shared(running, tmp_path):
    """SO_REUSEPORT would let both listen and each answer half of the requests."""
    other = Stack(tmp_path / "other", running.port)
    other.launch()
    code, words = other.ended(60)
    assert code == 1 and "Varangian is ready" not in words
    assert running.health()["status"] == "ok"


def test_ready_line_link_and_health(running):
    assert running.said[-2] == f"Varangian is ready: {running.url}"
    answer = running.call("GET", "/healthz")
    assert answer.status == 200
    assert set(json.loads(answer.body)) >= {"status", "version", "database", "live", "worker"}
    assert running.call("GET", running.link.removeprefix(running.url)).status == 200
