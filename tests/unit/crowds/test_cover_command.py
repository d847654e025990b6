"""``varangian crowd cover`` and ``overlook``: words for people, JSON for machines."""

import json

import pytest
from tests.unit.engines.crowdflow.plans import feature, hall, line, text

from varangian.config.commands import root
from varangian.kernel.results import Refused


@pytest.fixture
def file(tmp_path):
    document = hall()
    document["features"] += [
        feature("come", "way", "LineString", [[9, -10], [20, -5], [20, 20]], name="Arrival"),
        feature("win", "overlook", "Point", [2, -1]),
        line("wall", "wall", (0, 0), (17, 0)),
    ]
    path = tmp_path / "hall.geojson"
    path.write_bytes(text(document))
    return str(path)


def told(capsys, *words):
    assert root(["crowd", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_cover(file, capsys):
    found = told(capsys, "cover", file, "--posts", "2")
    assert len(found["posts"]) == 2 and found["proved"] and found["shade"]["0"]
    assert root(["crowd", "cover", file, "--share", "0.5"]) == 0
    err = capsys.readouterr().err
    assert "of what is to be watched" in err and "Unseen" in err
    given = told(capsys, "cover", file, "--posts", "1", "--at", "20,10", "--at", "5,-5,0")
    assert given["candidates"] == 2
    for wrong in ("somewhere", "1,2,up"):
        with pytest.raises(Refused):
            root(["crowd", "cover", file, "--at", wrong])


def test_overlook(file, capsys):
    found = told(capsys, "overlook", file)
    assert 0 < found["share"] < 1 and found["stretches"][0]["name"] == "Arrival"
    assert "looks for no places" in found["use"]
    assert root(["crowd", "overlook", file]) == 0
    assert "In view for" in capsys.readouterr().err


def test_weights(file, capsys):
    usual = told(capsys, "weights")
    assert [row["id"] for row in usual][:3] == ["rope", "stay", "out"] and usual[2]["value"] == 3
    assert all(row["changes"] for row in usual)
    as_usual = told(capsys, "cover", file, "--posts", "1")
    other = told(
        capsys, "cover", file, "--posts", "1", "--weight", "zone=0", "--weight", "entrance=0"
    )
    assert as_usual["inputs"]["weights"]["zone"] == 120
    assert (
        other["inputs"]["weights"] | {"zone": 120, "entrance": 60}
        == (as_usual["inputs"]["weights"])
    )
    assert other["places"] < as_usual["places"]
    for wrong in ("zone", "zone=many", "colour=3", "out=-1", "out=nan"):
        with pytest.raises(Refused):
            root(["crowd", "cover", file, "--weight", wrong])
