"""One supervised process: its command, its log file, its restarts."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024
CALM_SECONDS = 60
MOST_RESTARTS = 5


@dataclass
class Child:
    name: str
    command: list[str]
    role: str
    log_folder: Path
    process: subprocess.Popen[bytes] | None = None
    started: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_RESTARTS))
    restarts: int = 0

    def start(self) -> None:
        self.log_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.log_folder / f"{self.name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=die_with_parent,
                env={**os.environ, "VARANGIAN_DB_ROLE": self.role},
            )
        self.started.append(time.monotonic())

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def due(self) -> bool:
        """After five starts within a minute, one more a ten seconds."""
        if len(self.started) < MOST_RESTARTS:
            return True
        fast = self.started[-1] - self.started[0] < CALM_SECONDS
        return not fast or time.monotonic() - self.started[-1] > 10

    def restart(self) -> None:
        self.signal_group(signal.SIGKILL)
        self.restarts += 1
        self.start()

    def signal_group(self, number: signal.Signals) -> None:
        """To the process and all it started; whatever outlived its parent goes too."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


def die_with_parent() -> None:
    """Said in the child: if whoever started it is killed, it ends as well."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_all(children: list[Child], seconds: float = 8) -> None:
    """Ask, wait, insist."""
    for child in children:
        child.signal_group(signal.SIGTERM)
    end = time.monotonic() + seconds
    for child in children:
        if child.process is None:
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, end - time.monotonic()))
        child.signal_group(signal.SIGKILL)
