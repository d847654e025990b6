"""The whole house as real processes, in a home of its own, for tests and benchmarks."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil

INHERITED = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER")
MARKS = {
    "web": "varangian.config.wsgi",
    "live": "varangian.config.asgi",
    "worker": "varangian.platform.jobs.worker",
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Stack:
    """``varangian up`` under a home folder; ``stop`` is Ctrl-C."""

    inside: tuple[str, ...] = ()
    """Before each command: where it runs, if not here."""
    verb: tuple[str, ...] = ("up",)

    def __init__(self, home: Path, port: int = 0, **settings: str) -> None:
        self.home = home
        self.port = port or free_ports()
        own = {"VARANGIAN_HOME": str(home), "VARANGIAN_PORT": str(self.port)}
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in INHERITED and not name.startswith(("VARANGIAN_", "COV_"))
        }
        quiet = {"VARANGIAN_DEMO": "0", "VARANGIAN_VISION": "0"}
        self.environment = {**kept, **quiet, **own, **settings}
        self.url = f"http://127.0.0.1:{self.port}"
        self.live_url = f"http://127.0.0.1:{self.port + 1}"
        self.said: list[str] = []
        self.link = ""
        self.process: subprocess.Popen[str] | None = None
        self._ready = threading.Event()

    def start(self, seconds: float = 480) -> "Stack":
        """Returns when it says that it is ready; raises with its words when it is not."""
        self.launch()
        end = time.monotonic() + seconds
        while not self._ready.wait(0.05):
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError("the stack did not start:\n" + "\n".join(self.said[-30:]))
        return self

    def launch(self) -> None:
        self._ready.clear()
        self.process = subprocess.Popen(
            [*self.inside, sys.executable, "-m", "varangian.cli", *self.verb],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            self.said.append(line.rstrip())
            if "Sign in once with" in line:
                self.link = line.split()[-1]
            if line.startswith("Varangian is ready"):
                self._ready.set()

    def ended(self, seconds: float = 30) -> tuple[int, str]:
        """Exit code and all words of a start that was refused."""
        code = self.process.wait(seconds)
        time.sleep(0.2)
        return code, "\n".join(self.said)

    def stop(self, number: int = signal.SIGINT, seconds: float = 40) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """For tear-down: whatever state a test left behind."""
        for process in [self.process] if self.process else []:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        for left in self.leftovers():
            with contextlib.suppress(psutil.Error):
                left.kill()

    def leftovers(self) -> list[psutil.Process]:
        """Processes that carry this home in their environment or command."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                    continue
                home = str(self.home)
                words = process.cmdline()
                if process.environ().get("VARANGIAN_HOME") == home or any(home in w for w in words):
                    found.append(process)
        return found

    def assert_gone(self, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while (left := self.leftovers()) and time.monotonic() < end:
            time.sleep(0.1)
        assert not left, [process.cmdline() for process in left]
        assert not (self.home / "postgres" / "postmaster.pid").exists()
        for port in (self.port, self.port + 1):
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", port)) != 0, f"port {port} still answers"

    def cli(self, *words: str, actor: str = "", check: bool = True) -> Any:
        """Run one command with ``--json``; returns what it printed."""
        before = ["--as", actor] if actor else []
        done = subprocess.run(
            [*self.inside, sys.executable, "-m", "varangian.cli", *before, *words, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=patience(180),
        )
        assert not check or done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout) if done.stdout.strip() else None

    def call(
        self, method: str, path: str, body: Any = None, seconds: float = 30, **headers: str
    ) -> Answer:
        """One request; an answer of any status, or OSError when nobody answered."""
        data = None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            sent["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data, sent, method=method)
        opener = urllib.request.build_opener(_Stay)
        try:
            with opener.open(request, timeout=seconds) as answer:
                return Answer(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), dict(error.headers))

    def sign_in(self, link: str = "") -> dict[str, str]:
        """Press the button behind a one-time link; returns the headers of that browser."""
        path = (link or self.link).removeprefix(self.url)
        page = self.call("GET", path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)[1].decode()
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()
        cookie = page.headers["set-cookie"].split(";")[0]
        head = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(self.url + path, form, head, method="POST")
        try:
            urllib.request.build_opener(_Stay).open(request, timeout=30)
        except urllib.error.HTTPError as answer:
            for line in answer.headers.get_all("set-cookie") or ():
                if line.startswith("__Host-session="):
                    return {"Cookie": line.split(";")[0]}
        raise AssertionError("the link did not sign in")

    def health(self) -> dict[str, str]:
        try:
            return self.call("GET", "/healthz", seconds=2).json
        except (OSError, ValueError):
            return {"status": "no answer"}

    def pids(self, name: str) -> set[int]:
        """Of ``web``, ``live``, ``worker``: the process that ``up`` started, and its children."""
        if name == "postgres":
            file = self.home / "postgres" / "postmaster.pid"
            return {int(file.read_text().split()[0])} if file.exists() else set()
        mine = psutil.Process(self.process.pid).children()
        found: set[int] = set()
        for one in mine:
            with contextlib.suppress(psutil.Error):  # one that ends meanwhile hides no other
                if any(MARKS[name] in word for word in one.cmdline()):
                    found |= {one.pid, *(child.pid for child in one.children(recursive=True))}
        return found

    def await_healthy(self, seconds: float = 15, gone: frozenset[int] = frozenset()) -> float:
        """Seconds until all parts are well and none of the ``gone`` processes is counted on."""
        begun = time.monotonic()
        state: dict[str, str] = {}
        while time.monotonic() - begun < seconds:
            state = self.health()
            alive = any(psutil.pid_exists(pid) and _running(pid) for pid in gone)
            if state.get("status") == "ok" and not alive:
                return time.monotonic() - begun
            time.sleep(0.1)
        raise AssertionError(f"not well after {seconds} s: {state}\n" + "\n".join(self.said[-10:]))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect is an answer."""


def patience(seconds: float) -> float:
    """A promise in seconds, stretched by as much as the machine is slow or has other work."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)) * max(1.0, slowness())


@cache
def slowness() -> float:
    """How often longer a plain loop takes here than on the machine where the promises were made."""
    begun, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return (time.process_time() - begun) / 0.045


def _running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def free_ports() -> int:
    """A port whose neighbour is free as well."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port


@dataclass(frozen=True)
class Team:
    leader: str
    operation: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def team(stack: Stack) -> Team:
    """A detail leader with a token that may write, and an operation, all by the command line."""
    leader = "leader@example.org"
    stack.cli("user", "create", leader, "Lea Leader")
    stack.cli("engagement", "create", "Invented client", "--slug", "invented", actor=leader)
    stack.cli(
        "principal", "create", "HERON", "--engagement", "invented", "--slug", "heron", actor=leader
    )
    made = stack.cli("operation", "create", "Two days", "--principal", "heron", actor=leader)
    token = stack.cli("token", "create", "tests", "--write", actor=leader)["secret"]
    return Team(leader, made["slug"], token)


def until(found: Any, seconds: float = 20) -> Any:
    """Ask again until it answers with something."""
    end = time.monotonic() + patience(seconds)
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.2)
    assert answer, "it never came"
    return answer
