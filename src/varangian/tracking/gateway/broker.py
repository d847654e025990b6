"""NATS as an MQTT broker: its configuration, two accounts and its life as a child process.

Devices may publish and cannot listen: a topic may carry a token, and nobody else reads it.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from varangian.kernel.results import Refused
from varangian.platform.processes.children import die_with_parent

SECONDS = 15
MOST_LOG = 1024 * 1024
VIOLATION = b"Publish Violation"
PUBLISH = (
    "owntracks.>",
    "msh.>",
    "shellies.>",
    "zigbee2mqtt.>",
    "frigate.events",
    "*.events.rpc",
    "*.online",
)
CONFIGURATION = """server_name: "varangian_gateway"
listen: "127.0.0.1:{inner}"
pid_file: "{folder}/nats.pid"
log_file: "{folder}/nats.log"
logfile_size_limit: 5MB
logfile_max_num: 2
jetstream {{ store_dir: "{folder}/store", max_mem: 64MB, max_file: 1GB }}
max_payload: 65536
mqtt {{ listen: "{listen}", ack_wait: "5s", max_ack_pending: 1000{tls} }}
authorization {{ users: [
  {{ user: "house", password: "{house}" }}
  {{ user: "device", password: "{device}", permissions: {{
    publish: [{publish}], subscribe: {{ deny: [">"] }} }} }}
] }}
"""


@dataclass(frozen=True)
class Account:
    house: str
    device: str


def account(folder: Path) -> Account:
    """Made once; the file is for the service account alone."""
    path = folder / "accounts.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {"house": secrets.token_urlsafe(24), "device": secrets.token_urlsafe(12)}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(made, out)
    return Account(**json.loads(path.read_text()))


def program() -> str:
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise Refused("The broker is not installed", mend="Install varangian[mqtt].")
    return found


def configuration(folder: Path, listen: str, inner: int, tls: tuple[str, str] | None) -> str:
    known = account(folder)
    pair = f', tls {{ cert_file: "{tls[0]}", key_file: "{tls[1]}" }}' if tls else ""
    publish = ", ".join(f'"{subject}"' for subject in PUBLISH)
    return CONFIGURATION.format(
        inner=inner,
        folder=folder,
        listen=listen,
        tls=pair,
        house=known.house,
        device=known.device,
        publish=publish,
    )


class Broker:
    def __init__(self, folder: Path, host: str, port: int, tls: tuple[str, str] | None) -> None:
        self.folder, self.host, self.port, self.tls = folder, host, port, tls
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "nats.log"
        self.read = 0

    def start(self) -> None:
        """Returns when it listens."""
        path = self.folder / "nats.conf"
        _end_leftover(self.folder)
        self.read = _size(self.log)
        text = configuration(self.folder, f"{self.host}:{self.port}", _free_port(), self.tls)
        path.touch(mode=0o600)
        path.write_text(text)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [program(), "-c", str(path)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                preexec_fn=die_with_parent,
            )
        end = time.monotonic() + SECONDS
        while not self._answers():
            if not self.alive() or time.monotonic() > end:
                self.stop()
                raise Refused("The broker did not start", where=str(self.log))
            time.sleep(0.05)

    def _answers(self) -> bool:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host  # noqa: S104
        with contextlib.suppress(OSError), socket.create_connection((host, self.port), 0.5):
            return True
        return False

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def refused(self) -> int:
        """How often since the last look a device published where it may not."""
        if _size(self.log) < self.read:
            self.read = 0
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(self.read)
            lines = log.read(MOST_LOG).rpartition(b"\n")[0]
            self.read += len(lines)
            return lines.count(VIOLATION)
        return 0

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _end_leftover(folder: Path) -> None:
    """Of a gateway that was killed: it would hold the port and the store."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((folder / "nats.pid").read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if str(folder / "nats.conf").encode() not in words:
            return
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + SECONDS
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.05)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
