"""kill -9 of each process while a client writes: all comes back, nothing acknowledged is lost."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace

import psutil
import pytest
from tests.seed import furnish
from tests.stack import Stack, Team, patience, team

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


class Writer:
    """Writes log entries with idempotency keys and repeats each until it is acknowledged."""

    def __init__(self, stack: Stack, who: Team, name: str) -> None:
        self.stack, self.team, self.name = stack, who, name
        self.acknowledged: list[str] = []
        self.failures = Counter()
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(3)
        ]

    def __enter__(self) -> "Writer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self._threads)

    def _work(self, number: int) -> None:
        count = 0
        while not self._end.is_set():
            event = f"{self.name}-{number}-{count}"
            if self._insist(event):
                self.acknowledged.append(event)
                count += 1

    def _insist(self, event: str) -> bool:
        for _ in range(300):
            try:
                answer = self.write(event)
            except OSError as error:
                self.failures[type(error).__name__] += 1
            else:
                if 200 <= answer.status < 300:
                    return True
                self.failures[answer.status] += 1
                assert answer.status in (409, 500, 503), answer.body
            time.sleep(0.1)
            if self._end.is_set():
                return False
        raise AssertionError(f"never acknowledged: {event}")

    def write(self, event: str):
        return self.stack.call(
            "POST",
            f"/api/v1/operations/{self.team.operation}/log",
            {"event": event},
            Idempotency_Key=event,
            **self.team.headers,
        )

    def kept(self) -> Counter:
        """Events of the log as the API gives them, all pages."""
        found, offset = Counter(), 0
        while offset is not None:
            path = f"/api/v1/operations/{self.team.operation}/log?limit=50&offset={offset}"
            page = self.stack.call("GET", path, **self.team.headers).json
            found.update(row["event"] for row in page["items"] if row["kind"] == "entry")
            offset = page["next"]
        return found


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


def await_count(writer: Writer, count: int, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while len(writer.acknowledged) < count:
        assert time.monotonic() < end, f"no progress: {writer.failures}"
        time.sleep(0.05)


def check_kept(writer: Writer) -> None:
    kept = writer.kept()
    lost = [event for event in writer.acknowledged if kept[event] == 0]
    doubled = [event for event, count in kept.items() if count > 1]
    assert (lost, doubled) == ([], [])
    for event in writer.acknowledged[-5:]:
        assert writer.write(event).status < 300
    assert sum(writer.kept().values()) == sum(kept.values()), "a repeat wrote again"


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
