"""``varangian crowd wayout``, ``rope`` and ``import``: words for people, JSON for machines."""

import json

import pytest
from tests.unit.engines.crowdflow.drawings import svg
from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.config.commands import root
from varangian.kernel.results import Refused


@pytest.fixture
def file(tmp_path):
    document = hall()
    document["features"].append(feature("car", "vehicle", "Point", [46, 6]))
    path = tmp_path / "hall.geojson"
    path.write_bytes(text(document))
    return str(path)


def told(capsys, *words):
    assert root(["crowd", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_way_out(file, capsys):
    words = ("wayout", file, "--at", "20,12", "--people", "300", "--runs", "2")
    found = told(capsys, *words)
    assert found["options"][0]["what"] == "go now" and found["trade"]
    later = told(capsys, *words, "--incident", "40,6")
    assert later["options"][0]["moving"] > found["options"][0]["moving"]
    assert root(["crowd", *words]) == 0
    assert "The leader decides" in capsys.readouterr().err
    with pytest.raises(Refused, match="no place"):
        root(["crowd", "wayout", file, "--at", "somewhere"])


def test_rope(capsys):
    assert told(capsys, "rope", "--length", "40", "--people", "200")["pens"] == 4


def test_import_prints_a_plan(tmp_path, capsys):
    (tmp_path / "a.svg").write_bytes(svg())
    assert root(["crowd", "import", str(tmp_path / "a.svg")]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["format"] == "varangian-venue/1" and len(out["features"]) == 10


def test_run_with_an_incident(file, capsys):
    asked = ("run", file, "--people", "300", "--runs", "2", "--workers", "1")
    calm, there = told(capsys, *asked), told(capsys, *asked, "--incident", "0,6")
    assert there["t95"][1] > calm["t95"][1]
