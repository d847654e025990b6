"""Erase in earnest: real processes, a committed database, and a dump that knows nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.seed import furnish

from varangian.platform.database.embedded import EmbeddedServer, binary
from varangian.principals.rules import MEDICAL, TEXTS

MARK = "Zqx7"
FIELDS = {name: f"{MARK}-{name}" for name in TEXTS}
CARD = {name: f"{MARK}-card-{name}" for name in MEDICAL} | {"blood_group": "AB-"}
CONTACT = {name: f"{MARK}-contact-{name}" for name in ("name", "phone", "email", "notes")}
WINDOW = """
from datetime import timedelta
from varangian.kernel.clock import now
from varangian.principals import queries, services
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
with acting(SYSTEM):
    services.add_window(
        actor=SYSTEM, principal=queries.principal(SYSTEM, "heron"),
        starts=now(), ends=now() + timedelta(hours=1),
        rule="Zqx7-window-rule", agreed_with="Zqx7-window-agreed",
    )
"""


class House:
    """An installation of its own."""

    def __init__(self, home: Path, server: EmbeddedServer) -> None:
        self.home, self.server = home, server
        left_out = ("DATABASE_URL", "VARANGIAN_DSN", "VARANGIAN_DB_ROLE", "VARANGIAN_AS")
        self.environment = {k: v for k, v in os.environ.items() if k not in left_out}
        self.environment |= {
            "VARANGIAN_HOME": str(home),
            "VARANGIAN_DB_ROLE": "worker",
            "DJANGO_SETTINGS_MODULE": "varangian.config.settings",
        }

    def run(self, *words: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def varangian(self, *words: str):
        out = self.run("-m", "varangian.cli", *words, "--json")
        return json.loads(out) if out.strip() else None

    def dump(self) -> bytes:
        command = [str(binary("pg_dump")), "--inserts", "-d", self.server.dsn()]
        return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture
def house(tmp_path: Path):
    server = EmbeddedServer(furnish(tmp_path)).start()
    yield House(tmp_path, server)
    server.stop()


def readable(dump: bytes, mark: str = MARK) -> bool:
    """In plain, in the hexadecimal of a bytea column, or in either inside JSON."""
    return mark.encode() in dump or mark.encode().hex().encode() in dump.lower()


def test_nothing_readable_before_or_after_erasing(house: House) -> None:
    house.varangian("user", "create", "leader@example.org", "Leader Invented")
    house.varangian(
        "--as", "leader@example.org", "engagement", "create", "North", "--slug", "north"
    )
    profile, card = house.home / "profile.json", house.home / "card.json"
    profile.write_text(json.dumps(FIELDS))
    card.write_text(json.dumps(CARD))
    given = ("HERON", "--engagement", "north", "--file", str(profile))
    house.varangian("principal", "create", *given)
    house.varangian("principal", "medical", "heron", "--file", str(card))
    contact = [word for name, text in CONTACT.items() for word in (f"--{name}", text)]
    house.varangian("principal", "contact", "heron", "--role", "doctor", *contact)
    house.run("-c", f"import django; django.setup()\n{WINDOW}", VARANGIAN_DSN=house.server.dsn())

    opened = [w for s in ("medical", "words", "family") for w in ("--unmask", s)]
    why = ("--reason", "proof that it is there")
    seen = house.varangian("principal", "show", "heron", *opened, *why)
    assert seen["name"] == f"{MARK}-name"
    assert seen["medical"] == CARD
    assert seen["duress_word"] == f"{MARK}-duress_word"
    assert seen["windows"][0]["rule"] == "Zqx7-window-rule"
    assert readable(house.dump(), "HERON"), "the dump does hold the principal"
    assert not readable(house.dump())

    reason = ("--reason", "asked for it in writing", "--yes")
    house.varangian("--as", "leader@example.org", "principal", "erase", "heron", *reason)
    gone = house.varangian("principal", "show", "heron")
    assert (gone["state"], gone["code_name"]) == ("erased", "HERON")
    assert {gone[name] for name in (*TEXTS, "medical")} == {"[erased]"}
    assert (gone["contacts"], gone["windows"]) == ([], [])
    assert not readable(house.dump())
    assert (house.home / "keys" / "erased.txt").read_text().count("\n") == 1
