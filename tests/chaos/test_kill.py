"""kill -9 of each process while a client writes: all comes back, nothing acknowledged is lost."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace

import psutil
import pytest
from tests.seed import furnish
from tests.stack import Stack, patience, team
from tests.writers import Writer, await_count, check_kept

pytestmark = pytest.mark.chaos
SOON = 15


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[SimpleNamespace]:
    stack = Stack(furnish(tmp_path_factory.mktemp("chaos")))
    try:
        stack.start()
        yield SimpleNamespace(stack=stack, team=team(stack))
    finally:
        stack.kill()


def kill(pids: set[int]) -> None:
    """Some may be gone already: a child ends by itself when its parent is killed."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", ["web", "live", "worker", "postgres"])
def test_killed_part_returns_and_nothing_is_lost(house, victim):
    stack = house.stack
    stack.await_healthy(30)
    with Writer(stack, house.team, f"kill-{victim}") as writer:
        await_count(writer, 10)
        for _ in range(2):
            before = stack.pids(victim)
            assert before
            kill(before)
            stack.await_healthy(patience(SOON), gone=frozenset(before))
            assert stack.pids(victim).isdisjoint(before)
            await_count(writer, len(writer.acknowledged) + 10)
    if victim in ("web", "postgres"):
        assert writer.failures, "the client never noticed: the kill proved nothing"
    check_kept(writer)


def test_web_worker_alone(house):
    """The process under granian that holds the requests, not granian itself."""
    stack = house.stack
    head = min(stack.pids("web"))
    inner = {child.pid for child in psutil.Process(head).children(recursive=True)}
    with Writer(stack, house.team, "inner") as writer:
        await_count(writer, 10)
        kill(inner)
        stack.await_healthy(patience(SOON), gone=frozenset(inner))
        await_count(writer, len(writer.acknowledged) + 10)
    check_kept(writer)


def test_the_chain_of_the_log_is_whole_after_all_that(house):
    bundle = house.stack.call(
        "GET", f"/api/v1/operations/{house.team.operation}/log/bundle", **house.team.headers
    )
    assert bundle.status == 200
    file = house.stack.home / "bundle.zip"
    file.write_bytes(bundle.body)
    house.stack.cli("audit", "verify", str(file))


def test_without_the_database_a_page_says_so(house):
    """The supervisor is held still, so that the absence lasts long enough to look at it."""
    stack = house.stack
    stack.await_healthy(30)
    browser = stack.sign_in()
    assert stack.call("GET", "/security/", **browser).status == 200
    before = stack.pids("postgres")
    stack.process.send_signal(signal.SIGSTOP)
    try:
        kill(before)
        time.sleep(0.5)
        page = stack.call("GET", "/account/login/")
        own = stack.call("GET", "/security/", **browser)
        data = stack.call("GET", "/api/v1/me", **house.team.headers)
        health = stack.call("GET", "/healthz")
    finally:
        stack.process.send_signal(signal.SIGCONT)
    assert page.status == 503 and b"The database is restarting" in page.body
    assert own.status == 503 and b"The database is restarting" in own.body
    assert data.status == 503 and data.json["title"] == "The database is restarting"
    assert health.status == 503 and health.json["database"] == "down"
    stack.await_healthy(patience(SOON), gone=frozenset(before))
    assert stack.call("GET", "/api/v1/me", **house.team.headers).status == 200
    assert stack.call("GET", "/security/", **browser).status == 200
