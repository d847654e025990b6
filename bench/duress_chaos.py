"""10,000 presses while all is killed, cut, skewed and filled up: how many are lost or double?

200 people press and repeat each press until it was heard, half of them with clocks a day off, over
a line that is cut again and again. Meanwhile web, live, worker and PostgreSQL are killed in turn,
PostgreSQL is also restarted in order, and the disk of the house is full for some seconds (its home
is a small file system of its own, where this may be mounted). Prints one JSON line; the limits are
zero lost, zero double, every press answered by a call and every call by an alert.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.cut import Line  # noqa: E402
from tests.press import Crowd, account, connect, enrol  # noqa: E402
from tests.stack import Stack, team  # noqa: E402

PEOPLE, PRESSES = 200, 10_000
VICTIMS = ("web", "live", "postgres", "worker")
DISK_MB = 700
FULL_S = 4.0
ANSWER_S = 120


class Harm:
    """One kind of harm after the other, for as long as people press."""

    def __init__(self, stack: Stack, lines: list[Line], disk: bool) -> None:
        self.stack, self.lines, self.disk = stack, lines, disk
        self.done: Counter[str] = Counter()
        self._round = 0

    def next(self) -> None:
        kinds = [*(f"kill {name}" for name in VICTIMS), "cut the line", "restart the database"]
        kinds += ["fill the disk"] if self.disk else []
        kind = kinds[self._round % len(kinds)]
        self._round += 1
        if kind.startswith("kill "):
            self._kill(kind.removeprefix("kill "))
        elif kind == "cut the line":
            for line in self.lines:
                line.cut(2.0)
            time.sleep(2.0)
        elif kind == "restart the database":
            for pid in self.stack.pids("postgres"):
                os.kill(pid, signal.SIGINT)
        else:
            self._fill()
        self.done[kind] += 1
        with suppress(AssertionError):
            self.stack.await_healthy(60)

    def _kill(self, name: str) -> None:
        for pid in self.stack.pids(name):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _fill(self) -> None:
        ballast = self.stack.home / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(b"\0" * 65_536)
        time.sleep(FULL_S)
        ballast.unlink()


def small_disk(folder: Path) -> bool:
    """A file system of its own that can be filled without harm to anybody else."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def measure(stack: Stack, people: int, presses: int, disk: bool) -> dict[str, Any]:
    who = team(stack)
    phones = enrol(stack, who.operation, people)
    web, live = Line(stack.port), Line(stack.port + 1)
    for phone in phones:
        phone.web, phone.live = web.url, live.url
    crowd = Crowd(phones, presses // people, threads=6)
    harm = Harm(stack, [web, live], disk)
    begun = time.monotonic()
    crowd_of = crowd.start()
    while any(thread.is_alive() for thread in crowd_of):
        harm.next()
        time.sleep(1)
    lasted = time.monotonic() - begun
    found = settled(stack, set(crowd.heard))
    times = sorted(crowd.heard.values())
    return {
        **found,
        "lasted_s": round(lasted),
        "heard_within_2_s_percent": round(100 * sum(t < 2 for t in times) / len(times), 1),
        "longest_wait_s": round(times[-1], 1),
        "harm": dict(harm.done),
        "answers_on_the_way": dict(crowd.faults),
    }


def settled(stack: Stack, heard: set[str]) -> dict[str, int]:
    """Once the tick has looked after what was left behind."""
    end = time.monotonic() + ANSWER_S
    while True:
        found = account(lambda: connect(stack), heard)
        if not found["unanswered"] or time.monotonic() > end:
            return found
        time.sleep(1)


def main() -> dict[str, Any]:
    given = argparse.ArgumentParser()
    given.add_argument("--people", type=int, default=PEOPLE)
    given.add_argument("--presses", type=int, default=PRESSES)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as folder:
        home = Path(folder) / "home"
        disk = small_disk(home)
        stack = Stack(home)
        try:
            stack.start(240)
            found = measure(stack, asked.people, asked.presses, disk)
        finally:
            stack.kill()
            if disk:
                threading.Event().wait(1)
                subprocess.run(["umount", "-l", str(home)], check=False)
    found["disk_was_filled"] = disk
    good = not (found["lost"] or found["doubled"] or found["unanswered"])
    return {"bench": "duress_chaos", **found, "met": good and not found["calls_without_alert"]}


if __name__ == "__main__":
    print(json.dumps(main()))
