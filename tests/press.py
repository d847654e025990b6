"""Phones that press, and repeat each press until it was heard: for the chaos test and its bench."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg
from tests.stack import Stack

from varangian.platform.database.embedded import DATABASE, OWNER

DAY = 86_400


@dataclass
class Phone:
    """One key of one person. A press goes to live, and to web when live does not answer; a page
    asks both at once."""

    name: str
    path: str
    web: str
    live: str
    skew_s: float = 0.0

    def press(self, key: str, seconds: float = 5) -> tuple[bool, str]:
        """Heard or not, and by which door or why not."""
        body = json.dumps({"key": key, "at": time.time() + self.skew_s, "lat": 60.17, "lon": 24.95})
        said = ""
        for door in (self.live, self.web):
            parts = urlsplit(door)
            line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
            try:
                line.request("POST", self.path, body, {"Content-Type": "text/plain"})
                status = line.getresponse().status
            except (OSError, http.client.HTTPException) as error:
                said = type(error).__name__
            else:
                if status == 200:
                    return True, parts.netloc
                said = str(status)
            finally:
                with suppress(OSError):
                    line.close()
        return False, said


@dataclass
class Crowd:
    """Phones in threads; each insists on every press of its own before the next."""

    phones: list[Phone]
    each: int
    pause: float = 0.0
    threads: int = 8
    heard: dict[str, float] = field(default_factory=dict)
    """Key of a press to the seconds until it was answered."""
    faults: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        rows = [self.phones[n :: self.threads] for n in range(self.threads)]
        found = [threading.Thread(target=self._work, args=(row,), daemon=True) for row in rows]
        for thread in found:
            thread.start()
        return found

    def run(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        threads = self.start()
        while any(thread.is_alive() for thread in threads):
            meanwhile()
            time.sleep(0.05)

    def _work(self, phones: list[Phone]) -> None:
        for number in range(self.each):
            for phone in phones:
                self._insist(phone, f"{phone.name}-{number}")
                if self.pause:
                    time.sleep(self.pause)

    def _insist(self, phone: Phone, key: str) -> None:
        begun = time.monotonic()
        while True:
            good, said = phone.press(key)
            if good:
                break
            with self._lock:
                self.faults[said] += 1
            time.sleep(0.2)
        again, _ = phone.press(key) if len(self.heard) % 10 == 0 else (True, "")
        with self._lock:
            self.heard[key] = time.monotonic() - begun
            self.faults["repeated"] += again and len(self.heard) % 10 == 1


ENROL = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
from varangian.platform.database.connect import database_at_hand
with database_at_hand():
    import django
    django.setup()
    from varangian.operations import queries
    from varangian.platform.access.context import acting
    from varangian.platform.access.models import Membership, User
    from varangian.platform.access.scope import SYSTEM
    from varangian.protection.services.keys import issue_key
    found = []
    with acting(SYSTEM, purpose="enrol"):
        operation = queries.operation(SYSTEM, sys.argv[1])
        for n in range(int(sys.argv[2])):
            user = User.objects.create_user(f"o{n}@example.org", None, name=f"Officer {n}")
            Membership.objects.create(
                compartment_id=operation.compartment_id, user=user, role="officer")
            found.append(issue_key(actor=user, label="phone")[1])
    print(json.dumps(found))
"""


def enrol(stack: Stack, operation: str, people: int) -> list[Phone]:
    import json

    done = subprocess.run(
        [sys.executable, "-c", ENROL, operation, str(people)],
        env={**stack.environment, "VARANGIAN_DB_ROLE": "worker"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    skews = [0, DAY, -DAY, 0]
    return [
        Phone(f"p{n}", f"/duress/{secret}", stack.url, stack.live_url, skews[n % 4])
        for n, secret in enumerate(json.loads(done.stdout))
    ]


def connect(stack: Stack) -> psycopg.Connection:
    """As the owner of the tables, over the socket of the embedded server."""
    lines = (stack.home / "postgres" / "postmaster.pid").read_text().splitlines()
    return psycopg.connect(host=lines[4], port=int(lines[3]), user=OWNER, dbname=DATABASE)


KEPT = """select split_part(key, ':', 3) as press, count(*), count(call_id)
from protection_press where via = 'slide' group by 1"""
CALLS = """select count(*) from protection_duress d where not exists (
select 1 from alerts_alert a where a.about = d.id and a.source in ('duress', 'dead_man'))"""


def account(connect: Callable[[], object], heard: set[str]) -> dict[str, int]:
    """What became of the presses, straight from the tables."""
    with connect() as connection:  # pyright: ignore
        rows = connection.execute(KEPT).fetchall()
        mute = connection.execute(CALLS).fetchone()[0]
    kept = {row[0]: row[1] for row in rows}
    return {
        "acknowledged": len(heard),
        "kept": len(kept),
        "lost": len(heard - set(kept)),
        "doubled": sum(1 for count in kept.values() if count > 1),
        "unanswered": sum(row[1] - row[2] for row in rows),
        "calls_without_alert": mute,
    }
