"""Workers that look at cameras, started by hand beside a house, and what the table says of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
from tests.stack import Stack, until

RUNS = """select c.name, r.owner, r.job, r.attempt, r.state,
coalesce(r.beat_at > now() - interval '4 seconds', false)
from surveillance_camera c join surveillance_camerarun r on r.camera_id = c.id order by c.name"""


def dsn_of(stack: Stack) -> str:
    """Of the embedded server, as its owner."""
    lines = (stack.home / "postgres" / "postmaster.pid").read_text().splitlines()
    return f"host={lines[4]} port={lines[3]} user=postgres dbname=varangian"


class Looker:
    """One worker of the queue ``vision``."""

    def __init__(self, stack: Stack, folder: Path, cameras: int = 6) -> None:
        environment = {
            **stack.environment,
            "VARANGIAN_DSN": dsn_of(stack),
            "VARANGIAN_DB_ROLE": "worker",
            "VARANGIAN_VISION_CAMERAS": str(cameras),
            "VARANGIAN_CAMERA_FILES": str(folder),
        }
        self.log = (stack.home / f"looker-{id(self)}.log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "varangian.surveillance.worker"],
            env=environment,
            stdout=self.log,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


def register(stack: Stack, actor: str, operation: str, name: str, source: str) -> dict:
    return stack.cli(
        "camera", "add", name, "--operation", operation, "--source", source,
        "--purpose", "Invented gate", "--legal-basis", "Consent of the owner",
        "--at", "60.1699", "24.9384", "--bearing", "45", actor=actor,
    )  # fmt: skip


def runs(dsn: str) -> list[tuple]:
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        return connection.execute(RUNS).fetchall()


def all_live(dsn: str, owner: int, count: int) -> list[tuple]:
    """The rows, when each camera beats and is live in the hands of this worker."""
    rows = runs(dsn)
    good = [r for r in rows if r[1].endswith(f"-{owner}") and r[4] == "live" and r[5]]
    return rows if len(good) == count else []


def await_live(dsn: str, owner: int, count: int, seconds: float) -> list[tuple]:
    return until(lambda: all_live(dsn, owner, count), seconds)
