"""``varangian crowd door`` and ``run``."""

import json

import pytest
from tests.unit.engines.crowdflow.plans import hall, text

from varangian.cli import main


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(["crowd", *map(str, words)])
    return end.value.code, capsys.readouterr()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "plan.geojson"
    file.write_bytes(text(hall(origin=[24.9, 60.17])))
    return file


def test_a_door(capsys):
    code, said = run(capsys, "door", "--width", 1.2, "--json")
    answer = json.loads(said.out)
    assert code == 0 and answer["crowd"][0] < answer["crowd"][1] < answer["crowd"][2]
    code, said = run(capsys, "door", "--width", 0.2)
    assert code == 1 and "0.2 m" in said.err


def test_a_run(path, capsys):
    words = ("--people", 500, "--runs", 4, "--workers", 1, "--block", "west", "--surge", "front:50")
    code, said = run(capsys, "run", path, *words, "--json")
    answer = json.loads(said.out)
    assert code == 0 and answer["t95"][0] <= answer["t95"][2] and answer["maps"][0]["peak_p90"]
    assert answer["worst"][0]["lonlat"][0] == pytest.approx(24.9, abs=0.01)
    code, said = run(capsys, "run", path, *words)
    assert code == 0 and "95 in 100" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--people", 0), "0 people"),
        (("--people", 10, "--block", "nowhere"), "nowhere"),
        (("--people", 10, "--surge", "front"), "GATE:N"),
        (("--people", 10, "--start", "soon"), "LOW:HIGH"),
    ],
    ids=range(4),
)
def test_refusals(path, capsys, words, told):
    code, said = run(capsys, "run", path, "--runs", 2, *words)
    assert code == 1 and told in said.err
