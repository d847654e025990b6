"""The spine at the console: JSON on standard output, words on standard error, exit codes."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services
from varangian.operations.models import Engagement
from varangian.platform.access.roles import Role
from varangian.platform.database.connect import owner_dsn
from varangian.platform.ui import console


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


@pytest.fixture
def leader(db):
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki")


def run(capsys, *words: str):
    code = root([*words, "--json"])
    out = capsys.readouterr().out
    assert code == 0, out
    return json.loads(out)


def test_engagements(db, capsys):
    made = run(capsys, "engagement", "create", "North contract", "--slug", "north")
    assert made["slug"] == "north"
    assert run(capsys, "engagement", "list")[0] | {"state": "active", "slug": "north"} == made
    with pytest.raises(Refused, match="taken"):
        root(["engagement", "create", "Again", "--slug", "north"])


def test_operations(capsys, leader):
    contract = factories.engagement(leader)
    factories.principal(contract, slug="kite")
    made = run(capsys, "operation", "create", "Day in town", "--principal", "kite")
    assert (made["slug"], made["state"], made["principal"]) == ("day-in-town", "draft", "kite")
    assert [row["slug"] for row in run(capsys, "operation", "list")] == ["day-in-town"]
    assert run(capsys, "operation", "state", "day-in-town", "planned")["state"] == "planned"
    shown = run(capsys, "operation", "show", "day-in-town")
    assert (shown["movements"], shown["posts"]) == ([], [])
    with pytest.raises(NotFound):
        root(["operation", "show", "nowhere"])
    assert root(["operation", "list"]) == 0
    assert "day-in-town" in capsys.readouterr().out


def test_legs(capsys, leader, operation):
    leg = services.add_movement(
        actor=leader, operation=operation, kind="road", title="To hall", zone="Europe/Helsinki"
    )
    (row,) = run(capsys, "movement", "list", "helsinki")
    assert (row["id"], row["serial"]) == (str(leg.pk), 1)
    given = ("--starts", "2026-12-01T10:00", "--title", "To the hall")
    changed = run(capsys, "movement", "change", str(leg.pk), *given)
    assert changed["version"] == 2
    leg.refresh_from_db()
    assert leg.starts.isoformat() == "2026-12-01T08:00:00+00:00"
    assert run(capsys, "movement", "state", str(leg.pk), "confirmed")["state"] == "confirmed"
    with pytest.raises(Refused, match="no time"):
        root(["movement", "change", str(leg.pk), "--starts", "noon"])


def test_posts(capsys, leader, operation):
    given = ("helsinki", "ppo", "--holder", leader.email, "--call-sign", "BRAVO")
    added = run(capsys, "post", "add", *given)
    assert (added["holder"], added["edition"]) == ("Lea Leader", "ppo")
    assert run(capsys, "post", "list", "helsinki")[0]["call_sign"] == "BRAVO"
    with pytest.raises(Refused, match="not a member"):
        root(["post", "add", "helsinki", "ppo", "--holder", factories.person().email])
    with pytest.raises(Refused):
        root(["post", "add", "helsinki", "wizard"])


def test_as_somebody(capsys, operation):
    driver = factories.member(operation, Role.DRIVER)
    assert len(run(capsys, "--as", driver.email, "operation", "list")) == 1
    with pytest.raises(Denied):
        root(["--as", driver.email, "operation", "state", "helsinki", "planned"])
    assert run(capsys, "--as", factories.person().email, "operation", "list") == []
    with pytest.raises(Refused, match="no such person"):
        root(["--as", "nobody@example.org", "operation", "list"])


def test_wrong_use_answers_two(db, capsys):
    assert root(["operation", "dance"]) == 2
    assert root(["operation", "create"]) == 2
    assert root(["movement", "state", "no-uuid", "planned"]) == 2
    assert "Usage" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_refused_command_leaves_nothing_behind(leader):
    before = Engagement.objects.count()
    with pytest.raises(Refused, match="no such principal"):
        root(["operation", "create", "x", "--principal", "nobody"])
    assert Engagement.objects.count() == before


def varangian(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, on the database of the tests."""
    dsn = make_conninfo(owner_dsn() or "", dbname=connection.settings_dict["NAME"])
    return subprocess.run(
        [sys.executable, "-m", "varangian.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "VARANGIAN_DSN": dsn, "PYTHONPATH": "src"},
    )


def test_exit_codes_of_the_process(db):
    done = varangian("operation", "list", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stderr
    refused = varangian("operation", "show", "nowhere", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no such operation" in refused.stderr and "Traceback" not in refused.stderr
    assert varangian("operation", "dance").returncode == 2
