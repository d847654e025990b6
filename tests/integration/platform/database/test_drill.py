"""The drill: a house is made, backed up, wiped and brought back, by real processes."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.seed import furnish

PASSPHRASE = "correct horse battery"
ROOT = Path(__file__).resolve().parents[4]
OURS = ("VARANGIAN_DSN", "DATABASE_URL", "VARANGIAN_DB_ROLE", "VARANGIAN_HOME")
MAKE = """
import json
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.models import User
from varangian.platform.storage.services import keep
from varangian.log.services import write_entry
from tests import factories
with acting(SYSTEM, purpose="drill"):
    leader = factories.person("Astrid Leader")
    operation = factories.operation(leader, title="Two days in Helsinki")
    for number in range(20):
        write_entry(actor=leader, operation=operation, event=f"event {number}")
    keep(data=b"original itinerary", name="a.ics", media_type="text/calendar",
         key=operation.key, compartment_id=operation.compartment_id)
    print(json.dumps({"key": str(operation.key_id), "slug": operation.slug}))
"""
READ = """
import json
from varangian.log.models import LogEntry
from varangian.platform.storage.models import StoredFile
from varangian.platform.storage.services import read
from varangian.kernel.results import Refused
from varangian.platform.audit.models import AuditEntry, AuditSeal
try:
    kept = read(StoredFile.objects.get()).decode()
except Refused as refused:
    kept = refused.what
print(json.dumps({
    "event": LogEntry.objects.order_by("-serial").first().body.get("event"),
    "entries": LogEntry.objects.count(), "file": kept,
    "audit": AuditEntry.objects.count(), "seals": AuditSeal.objects.count()}))
"""
ERASE = """
import sys
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.crypto.keys import destroy
with acting(SYSTEM, purpose="erase"):
    destroy(sys.argv[1])
"""
BOOT = """
import os, sys
from varangian.platform.database.connect import database_at_hand
with database_at_hand():
    import django
    django.setup()
    exec(os.environ["SCRIPT"])
"""


@dataclass
class House:
    home: Path

    def run(self, *words: str, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
        return self._process(["-m", "varangian.cli", *words], passphrase=passphrase)

    def script(self, text: str, *words: str) -> str:
        done = self._process(["-c", BOOT, *words], script=text)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def _process(self, words: list[str], passphrase: str = "", script: str = ""):
        known = {name: value for name, value in os.environ.items() if name not in OURS}
        given = {
            "VARANGIAN_HOME": str(self.home),
            "VARANGIAN_BACKUP_PASSPHRASE": passphrase,
            "VARANGIAN_DB_ROLE": "worker",
            "DJANGO_SETTINGS_MODULE": "varangian.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "SCRIPT": script,
        }
        return subprocess.run(
            [sys.executable, *words],
            env={**known, **given},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=self.home.parent,
        )


@dataclass
class Drill:
    house: House
    file: Path
    made: dict[str, str]
    before: dict[str, object]


@pytest.fixture(scope="module")
def drill(tmp_path_factory) -> Drill:
    folder = tmp_path_factory.mktemp("drill")
    house = House(furnish(folder / "a"))
    assert house.run("audit", "verify").returncode == 0
    made = json.loads(house.script(MAKE))
    file = folder / "house.backup"
    done = house.run("backup", str(file), "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    before = json.loads(house.script(READ))
    assert manifest["counts"]["log_logentry"] == before["entries"]
    return Drill(house, file, made, before)


def test_backup_is_private_and_sealed(drill):
    assert drill.file.stat().st_mode & 0o777 == 0o600
    content = drill.file.read_bytes()
    for secret in (b"PGDMP", b"Astrid", b"ustar", b"audit_auditentry"):
        assert secret not in content
    assert not list(drill.file.parent.glob("*.partial"))
    again = drill.house.run("backup", str(drill.file))
    assert again.returncode == 1 and "already such a file" in again.stderr


def test_wiped_house_comes_back_whole(drill):
    """In another home, with nothing but the file and the passphrase."""
    other = House(drill.file.parent / "b")
    done = other.run("restore", str(drill.file))
    assert done.returncode == 0, done.stderr
    assert "audit and 1 logs are whole" in done.stderr
    found = json.loads(other.script(READ))
    assert found["event"] == drill.before["event"] == "event 19"
    assert (found["entries"], found["file"]) == (drill.before["entries"], "original itinerary")
    assert other.run("audit", "verify").returncode == 0
    assert (other.home / "keys" / "master.key").stat().st_mode & 0o777 == 0o600
    assert not (other.home / "restoring").exists() and not (other.home / "replaced").exists()
    doctor = other.run("doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    states = {check["name"]: check["state"] for check in json.loads(doctor.stdout)}
    assert states["walls"] == states["roles"] == states["erasure"] == "ok"
    refused = other.run("restore", str(drill.file))
    assert refused.returncode == 1
    assert "would lose" in refused.stderr and "1 operations" in refused.stderr


def test_who_was_erased_after_the_backup_stays_erased(drill):
    house = House(drill.file.parent / "c")
    shutil.copytree(drill.house.home / "keys", house.home / "keys")
    (house.home / "keys" / "erased.txt").write_text(drill.made["key"] + "\n")
    done = house.run("restore", str(drill.file), "--replace")
    assert done.returncode == 0, done.stderr
    assert "Erased again: the keys of 1 subjects" in done.stderr
    found = json.loads(house.script(READ))
    assert found["event"] is None and "erased" in found["file"]
    assert drill.made["key"] in (house.home / "keys" / "erased.txt").read_text()
    assert house.run("audit", "verify").returncode == 0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda c: c[: len(c) // 2], "damaged or cut off"),
        (
            lambda c: c[: len(c) // 2] + bytes([c[len(c) // 2] ^ 4]) + c[len(c) // 2 + 1 :],
            "damaged",
        ),
    ],
    ids=["half", "one bit"],
)
def test_damaged_files_touch_nothing(drill, damage, words):
    file = drill.file.with_name("damaged.backup")
    file.write_bytes(damage(drill.file.read_bytes()))
    house = House(drill.file.parent / "d")
    done = house.run("restore", str(file))
    assert done.returncode == 1 and words in done.stderr
    assert not (house.home / "postgres").exists() and not (house.home / "restoring").exists()


def test_wrong_and_missing_passphrase(drill):
    house = House(drill.file.parent / "e")
    done = house.run("restore", str(drill.file), passphrase="not the passphrase")
    assert done.returncode == 1 and "passphrase does not fit" in done.stderr
    assert "needs a passphrase" in house.run("restore", str(drill.file), passphrase="").stderr


def test_doctor_names_what_is_wrong(drill):
    key = drill.house.home / "keys" / "master.key"
    key.chmod(0o644)
    try:
        done = drill.house.run("doctor")
    finally:
        key.chmod(0o600)
    assert done.returncode == 1
    assert "open to others" in done.stdout and "chmod 600" in done.stdout
    nothing = House(drill.file.parent / "empty").run("doctor")
    assert nothing.returncode == 1 and "not made yet" in nothing.stdout
