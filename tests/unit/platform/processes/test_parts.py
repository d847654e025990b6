"""Which parts a machine runs, where it listens, and the units that keep them."""

from pathlib import Path

import pytest

from varangian.kernel.results import Conflict, Refused
from varangian.platform.processes import parts, units
from varangian.platform.processes.beats import library_print


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ([], ("web", "live", "worker")),
        (["worker"], ("worker",)),
        (["worker", "web"], ("web", "worker")),
        (["live,web"], ("web", "live")),
    ],
)
def test_parts_in_their_order(monkeypatch, only, found):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/ops")
    monkeypatch.setenv("VARANGIAN_VISION", "0")
    assert parts.asked(only) == found
    assert [child.name for child in parts.children(Path("/h"), found)] == list(found)


def test_a_part_alone_needs_a_shared_database(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(Refused, match="needs a database"):
        parts.asked(["web"])
    with pytest.raises(Refused, match="no part 'wed'"):
        parts.asked(["wed"])


@pytest.mark.parametrize(
    ("host", "near"),
    [("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.11", "10.0.0.11")],
)
def test_the_address_at_which_a_machine_reaches_itself(monkeypatch, host, near):
    monkeypatch.delenv("VARANGIAN_HOST", raising=False)
    if host:
        monkeypatch.setenv("VARANGIAN_HOST", host)
    assert parts.near() == near


def test_units_name_this_installation_and_no_unit_is_overwritten(tmp_path):
    given = units.texts(
        program=Path("/opt/varangian/.venv/bin/varangian"),
        home=Path("/srv/house"),
        user="guard",
        environment=Path("/etc/varangian/environment"),
    )
    assert {path.name for path in units.write(tmp_path, given)} == set(given)
    service = (tmp_path / "varangian@.service").read_text()
    for line in (
        "ExecStart=/opt/varangian/.venv/bin/varangian up --only %i",
        "User=guard",
        "ReadWritePaths=/srv/house",
        "Documentation=file:/opt/varangian/docs/how-to/run-on-several-machines.md",
    ):
        assert line in service.splitlines()
    with pytest.raises(Conflict):
        units.write(tmp_path, given)


def test_libraries_of_two_homes_differ_by_a_word(tmp_path):
    one, two = tmp_path / "a", tmp_path / "b"
    for home in (one, two):
        (home / "library").mkdir(parents=True)
        assert library_print(home) == ""
        (home / "library" / "risks.yaml").write_text("format: 1\n")
    assert library_print(one) == library_print(two) != ""
    (two / "library" / "risks.yaml").write_text("format: 2\n")
    assert library_print(one) != library_print(two)


def test_a_machine_that_can_look_looks(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/ops")
    monkeypatch.delenv("VARANGIAN_VISION", raising=False)
    monkeypatch.setattr(parts, "can_look", lambda: True)
    assert parts.children(Path("/h"), parts.PARTS)[-1].name == "vision"
    assert [child.name for child in parts.children(Path("/h"), ("web",))] == ["web"]
    assert parts.asked(["vision"]) == ("vision",)
    assert [child.name for child in parts.children(Path("/h"), ("vision",))] == ["vision"]
    monkeypatch.setattr(parts, "can_look", lambda: False)
    assert parts.children(Path("/h"), parts.PARTS)[-1].name == "worker"
    with pytest.raises(Refused):
        parts.asked(["vision"])
