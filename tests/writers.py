"""A client that does not give up: it repeats each write until somebody acknowledges it."""

import threading
import time
from collections import Counter

from tests.stack import Answer, Stack, Team


class Writer:
    """Writes log entries with idempotency keys and repeats each until it is acknowledged."""

    def __init__(self, stack: Stack, who: Team, name: str) -> None:
        self.stack, self.team, self.name = stack, who, name
        self.acknowledged: list[str] = []
        self.failures = Counter()
        self.heard: list[float] = []
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
                    self.heard.append(time.monotonic())
                    return True
                self.failures[answer.status] += 1
                assert answer.status in (409, 500, 503), answer.body
            time.sleep(0.1)
            if self._end.is_set():
                return False
        raise AssertionError(f"never acknowledged: {event}")

    def write(self, event: str) -> Answer:
        return self.stack.call(
            "POST",
            f"/api/v1/operations/{self.team.operation}/log",
            {"event": event},
            Idempotency_Key=event,
            **self.team.headers,
        )

    def kept(self) -> Counter:
        """Events of the log as the API gives them, all pages. Rows slide to the next page while
        others write: each counts once."""
        found, offset = {}, 0
        while offset is not None:
            words = f"kind=entry&limit=50&offset={offset}"
            path = f"/api/v1/operations/{self.team.operation}/log?{words}"
            page = self.stack.call("GET", path, **self.team.headers).json
            found.update((row["serial"], row["event"]) for row in page["items"])
            offset = page["next"]
        return Counter(found.values())


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
    assert writer.kept() - kept == Counter(), "a repeat wrote again"
