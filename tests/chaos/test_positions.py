"""kill -9 while phones speak: what a phone was told is kept is kept, once."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import psycopg
import pytest
from tests.chaos.test_kill import SOON, kill
from tests.seed import furnish
from tests.stack import Stack, patience, team

pytestmark = pytest.mark.chaos
PHONES = 6


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[SimpleNamespace]:
    stack = Stack(furnish(tmp_path_factory.mktemp("positions")))
    try:
        stack.start()
        who = team(stack)
        made = [
            stack.cli("device", "enrol", who.operation, f"Phone {n}", actor=who.leader)
            for n in range(PHONES)
        ]
        with owner(stack) as connection:
            connection.execute("update tracking_device set emergency_until = now() + '1 day'")
        addresses = [row["url"].split("/ingest/")[1] for row in made]
        yield SimpleNamespace(stack=stack, secrets=addresses, ids=[row["id"] for row in made])
    finally:
        stack.kill()


def owner(stack: Stack) -> psycopg.Connection:
    lines = (stack.home / "postgres" / "postmaster.pid").read_text().splitlines()
    words = f"host={lines[4]} port={lines[3]} user=postgres dbname=varangian"
    return psycopg.connect(words, autocommit=True)


class Phone(threading.Thread):
    """Ten positions a second of its own clock, each sent again until it is taken."""

    def __init__(self, port: int, secret: str, start: float) -> None:
        super().__init__(daemon=True)
        self.port, self.secret, self.begun = port, secret, start
        self.taken: list[float] = []
        self.failures = 0
        self.end = threading.Event()

    def run(self) -> None:
        for count in range(100_000):
            at = self.begun + count
            while not self.end.is_set():
                if self.told(at):
                    self.taken.append(at)
                    break
                self.failures += 1
                time.sleep(0.1)
            if self.end.wait(0.1):
                return

    def told(self, at: float) -> bool:
        body = json.dumps({"_type": "location", "lat": 60.17, "lon": 24.94, "tst": at})
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=25)
            with closing(line):
                line.request("POST", f"/ingest/{self.secret}", body)
                status = line.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        assert status in (200, 503), status
        return status == 200


@pytest.mark.parametrize("victim", ["live", "postgres", "worker"])
def test_nothing_that_was_acknowledged_is_lost_or_doubled(house, victim):
    stack = house.stack
    stack.await_healthy(30)
    start = time.time() - 20_000 - 2_000 * ["live", "postgres", "worker"].index(victim)
    phones = [Phone(stack.port + 1, secret, round(start)) for secret in house.secrets]
    for phone in phones:
        phone.start()
    wait_for(phones, 5)
    for _ in range(2):
        before = stack.pids(victim)
        kill(before)
        stack.await_healthy(patience(SOON), gone=frozenset(before))
        wait_for(phones, min(len(phone.taken) for phone in phones) + 5)
    for phone in phones:
        phone.end.set()
    for phone in phones:
        phone.join(30)
    if victim != "worker":
        assert sum(phone.failures for phone in phones), "nobody noticed: the kill proved nothing"
    asked = "select extract(epoch from at)::bigint from tracking_position where device_id = %s"
    with owner(stack) as connection:
        for phone, pk in zip(phones, house.ids, strict=True):
            rows = [row[0] for row in connection.execute(asked, [pk])]
            assert len(rows) == len(set(rows))
            assert not {round(at) for at in phone.taken} - set(rows)


def test_a_call_for_help_is_committed_before_it_is_answered(house):
    house.stack.await_healthy(30)
    asked = "select emergency_until from tracking_device where id = %s"
    with owner(house.stack) as connection:
        connection.execute("update tracking_device set emergency_until = null")
        line = http.client.HTTPConnection("127.0.0.1", house.stack.port + 1, timeout=25)
        with closing(line):
            line.request("GET", f"/ingest/{house.secrets[0]}?lat=60.17&lon=24.94&alarm=sos")
            assert line.getresponse().status == 200
        assert connection.execute(asked, [house.ids[0]]).fetchone()[0] is not None


def wait_for(phones: list[Phone], count: int, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while min(len(phone.taken) for phone in phones) < count:
        assert time.monotonic() < end, [len(phone.taken) for phone in phones]
        time.sleep(0.05)
