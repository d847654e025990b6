"""Programs that come in wheels and make tiles: run, watched, and stopped when nobody waits."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from .errors import BadMap, Progress

PATIENCE_S = 3600.0
POLL_S = 0.1


def run(words: Sequence[str | Path], step: str, tell: Progress, *, usual_s: float) -> None:
    """:param usual_s: how long this takes as a rule; the bar creeps towards the end after it."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={"PATH": os.defpath, "LC_ALL": "C", "TMPDIR": tempfile.gettempdir()},
        )
        try:
            while process.poll() is None:
                taken = time.monotonic() - started
                tell(step, taken / (taken + usual_s))
                if taken > PATIENCE_S:
                    raise BadMap(f"{step} took more than an hour", "Cut a smaller extract.")
                _wait(process)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode:
            raise _refusal(Path(str(words[0])).name, process.returncode, _tail(said))


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(POLL_S)
    except subprocess.TimeoutExpired:
        return


def _tail(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read()[-4000:].decode(errors="replace").strip().splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _refusal(program: str, code: int, words: str) -> BadMap:
    told = f": {words[:200]}" if words else ""
    return BadMap(f"{program} ended with {code}{told}", "Try another extract of the same place.")
