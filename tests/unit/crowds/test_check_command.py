"""``varangian crowd check`` and ``schema``, without a database."""

import json

import pytest
from tests.unit.engines.crowdflow.plans import hall, line, text

from varangian.cli import main, needs_database


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["crowd", *map(str, words)])
    return end.value.code, capsys.readouterr()


def test_no_database_is_needed():
    assert not needs_database(["crowd", "check", "plan.geojson"])


def test_a_sound_plan(tmp_path, capsys):
    path = tmp_path / "plan.geojson"
    path.write_bytes(text(hall()))
    code, said = run(capsys, "check", path, "--json")
    assert code == 0 and json.loads(said.out) == {"venue": "Test hall", "faults": 0, "findings": []}


def test_a_fault_has_a_place_and_a_mending(tmp_path, capsys):
    document = hall(origin=[24.9, 60.17])
    document["features"].append(line("lost", "door", (10, 10), (12, 10)))
    path = tmp_path / "plan.geojson"
    path.write_bytes(text(document))
    code, said = run(capsys, "check", path, "--json")
    (finding,) = json.loads(said.out)["findings"]
    assert code == 1 and finding["code"] == "door_off_wall" and finding["at"] == [11.0, 10.0]
    assert finding["lonlat"][0] > 24.9 and finding["mend"]
    assert "1 fault, 0 warnings" in said.err


def test_no_plan(tmp_path, capsys):
    path = tmp_path / "plan.geojson"
    path.write_text("{")
    code, said = run(capsys, "check", path)
    assert code == 1 and "not valid JSON" in said.err


def test_the_schema(capsys):
    code, said = run(capsys, "schema")
    assert code == 0 and json.loads(said.out)["title"].startswith("Venue plan")
