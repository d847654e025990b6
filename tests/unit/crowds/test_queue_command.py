"""``varangian crowd queue``."""

import json

import pytest
from tests.unit.engines.crowdflow.plans import box, feature, hall, text

from varangian.cli import main


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["crowd", "queue", *map(str, words)])
    return end.value.code, capsys.readouterr()


def test_lanes_are_found(capsys):
    code, said = run(capsys, "--people", 1200, "--longest-wait", 8, "--runs", 20, "--json")
    answer = json.loads(said.out)
    assert code == 0 and answer["lanes"] == answer["lanes_needed"]["lanes"] >= 3
    assert answer["longest_wait"][2] <= 8


def test_lanes_and_area_of_a_plan(tmp_path, capsys):
    document = hall()
    document["features"] += [feature(f"l{k}", "screening", "Point", [9 + k, -5]) for k in range(2)]
    document["features"].append(box("q", "queue", 5, -9, 25, -6))
    path = tmp_path / "plan.geojson"
    path.write_bytes(text(document))
    code, said = run(capsys, "--people", 1500, "--venue", path, "--runs", 20, "--json")
    answer = json.loads(said.out)
    assert code == 0 and answer["lanes"] == 2 and answer["area"]["m2"] == 60.0
    assert answer["area"]["level_of_service"] == "F"
    assert answer["lanes_needed"]["lanes"] > 2


def test_a_profile(tmp_path, capsys):
    path = tmp_path / "p.json"
    path.write_text("[[-60, 0], [-20, 5], [0, 0]]")
    code, said = run(
        capsys, "--people", 400, "--profile", path, "--lanes", 2, "--runs", 10, "--json"
    )
    assert code == 0 and json.loads(said.out)["lanes"] == 2
    path.write_text("{}[")
    code, said = run(capsys, "--people", 400, "--profile", path)
    assert code == 1 and "no profile" in said.err


def test_nobody(capsys):
    code, said = run(capsys, "--people", 0)
    assert code == 1 and "0 people" in said.err
