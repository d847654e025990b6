"""Seconds of the first and the second start, and the memory of all processes after ten idle ones.

PSS counts shared pages once, so the sum is what the house really takes.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import psutil  # noqa: E402
from tests.stack import Stack  # noqa: E402

IDLE = 10
TARGETS = {"second_s": 10, "memory_mb": 500}


def started(stack: Stack) -> tuple[float, float]:
    """Seconds by the clock, and seconds of all processors over the same time."""
    before, begun = psutil.cpu_times(), time.perf_counter()
    stack.start(180)
    took, after = time.perf_counter() - begun, psutil.cpu_times()
    busy = after.user + after.system - before.user - before.system
    return round(took, 1), round(busy, 1)


def memory(stack: Stack) -> dict[str, float]:
    """PSS in MB by part."""
    parts: dict[str, float] = {}
    known = {pid: name for name in ("web", "live", "worker") for pid in stack.pids(name)}
    known[stack.process.pid] = "supervisor"
    for process in stack.leftovers():
        name = known.get(process.pid, "postgres")
        parts[name] = parts.get(name, 0) + process.memory_full_info().pss / 1e6
    postmaster = next(iter(stack.pids("postgres")))
    for process in psutil.Process(postmaster).children(recursive=True):
        if process.pid not in {one.pid for one in stack.leftovers()}:
            parts["postgres"] += process.memory_full_info().pss / 1e6
    return {name: round(size, 1) for name, size in sorted(parts.items())}


def main() -> dict[str, Any]:
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as folder:
        stack = Stack(Path(folder), VARANGIAN_DEMO="1")
        try:
            first, first_cpu = started(stack)
            stack.stop()
            second, second_cpu = started(stack)
            time.sleep(IDLE)
            parts = memory(stack)
            begun = time.perf_counter()
            stack.stop()
            stopped = round(time.perf_counter() - begun, 1)
        finally:
            stack.kill()
    whole = round(sum(parts.values()), 1)
    return {
        "bench": "start",
        "load_before": load,
        "first_s": first,
        "first_cpu_s": first_cpu,
        "second_s": second,
        "second_cpu_s": second_cpu,
        "stop_s": stopped,
        "memory_mb": whole,
        "memory_by_part_mb": parts,
        "targets": TARGETS,
        "met": {"second_s": second < TARGETS["second_s"], "memory_mb": whole < 500},
    }


if __name__ == "__main__":
    json.dump(main(), sys.stdout, indent=2)
    sys.stdout.write("\n")
