"""``varangian crowd capacity``."""

import json

import pytest
from tests.unit.engines.crowdflow.plans import hall, scaled, text

from varangian.cli import main


def run(capsys, path, document, *words):
    path.write_bytes(text(document))
    with pytest.raises(SystemExit) as end:
        main(["crowd", "capacity", str(path), *words])
    return end.value.code, capsys.readouterr()


def test_the_answer_names_sources(tmp_path, capsys):
    path = tmp_path / "plan.geojson"
    code, said = run(capsys, path, hall(people=1000), "--jurisdiction", "uk", "--json")
    answer = json.loads(said.out)
    assert (code == 0 and answer["least"] == "exit") or answer["people"]
    assert all(f["source"] for line in answer["capacities"] for f in line["figures"])
    assert answer["staff"]["stewards"] == 4 and "enhanced" in answer["staff"]["duty"]["name"]
    assert answer["exit_width_needed_m"] == 1.6


def test_wrong_units_are_refused(tmp_path, capsys):
    code, said = run(capsys, tmp_path / "p", scaled(hall(), 1000))
    assert code == 1 and "millimetres" in said.err


def test_an_unknown_jurisdiction_and_risk(tmp_path, capsys):
    code, said = run(capsys, tmp_path / "p", hall(), "--jurisdiction", "atlantis")
    assert code == 1 and "uk" in said.err
    code, said = run(capsys, tmp_path / "p", hall(), "--risk", "some")
    assert code == 2


def test_the_plan_names_its_jurisdiction(tmp_path, capsys):
    _, said = run(capsys, tmp_path / "p", hall(jurisdiction="us"), "--json")
    assert json.loads(said.out)["jurisdiction"] == "us"
