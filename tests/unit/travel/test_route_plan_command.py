"""``varangian route plan``: a map file in, a plan as JSON out; no database, refusals in words.

On an invented city, kept as a map of the house keeps its network.
"""

import json

import django
import pytest

pytest.importorskip("scipy")

from varangian.cli import needs_database
from varangian.engines.routing import city, store
from varangian.kernel.results import Refused

django.setup()

from varangian.config.commands import root  # noqa: E402


@pytest.fixture
def here(tmp_path):
    file, graph = tmp_path / "town.npz", city.build()
    store.save(graph, file)
    points = [f"{graph.lat[node]},{graph.lon[node]}" for node in (26, 404)]
    return ["route", "plan", "--map", str(file), "--from", points[0], "--to", points[1]]


def test_no_database_is_needed(here):
    assert not needs_database([*here, "--json"])
    assert needs_database(["itinerary", "show", "heron"])


def test_the_plan_has_what_was_asked_for(here, capsys):
    assert root([*here, "--depart", "2027-05-04T08:00+03:00", "--window", "60", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert {"routes", "bound", "time_ratio", "forced", "havens"} <= set(plan)
    for row in plan["routes"]:
        assert {"geometry", "seconds", "metres", "probability", "exposure"} <= set(row)
    assert sum(row["probability"] for row in plan["routes"]) == pytest.approx(1, abs=1e-4)
    assert plan["time_ratio"] <= 1.2 + 1e-6 and 0 < plan["bound"] < 0.5
    assert plan["departures"][0]["at"].startswith("2027-05-04T08:")
    assert not any(haven["verified"] for haven in plan["havens"])
    assert plan["source"] == {
        "name": "invented city 7", "data_date": "2026-01-01", "licence": "Invented, Apache-2.0",
    }  # fmt: skip


def test_for_people_it_is_a_table_and_words(here, capsys):
    assert root([*here, "--depart", "23:50", "--window", "30", "--routes", "3"]) == 0
    told = capsys.readouterr()
    assert "chance" in told.out
    assert "Both ends need people" in " ".join(told.err.split())
    assert "2026-01-01" in told.err


def _told(words, capsys):
    root(words)
    return capsys.readouterr().out


def test_areas_are_kept_out_of(here, tmp_path, capsys):
    areas = tmp_path / "areas.geojson"
    first = json.loads(_told([*here, "--json"], capsys))
    lon, lat = max(first["routes"], key=lambda row: row["chance"])["geometry"][12]
    ring = [[lon + x * 1e-3, lat + y * 1e-3] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, -1))]
    areas.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert root([*here, "--avoid", str(areas), "--json"]) == 0
    avoided = json.loads(capsys.readouterr().out)
    assert all([lon, lat] not in row["geometry"] for row in avoided["routes"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--from", "here"], "no position"),
        (["--from", "95,11"], "not on the earth"),
        (["--from", "50.0,11.0"], "lies outside"),
        (["--depart", "soon"], "no time"),
        (["--window", "-5"], "ends before it opens"),
        (["--budget", "0.5"], "budget of 0.5"),
        (["--map", "nowhere.npz"], "no such file"),
    ],
)
def test_bad_input_is_refused_with_what_to_mend(here, words, told):
    with pytest.raises(Refused, match=told):
        root([*here, *words, "--json"])


def test_a_broken_map_and_a_broken_area_say_so(here, tmp_path):
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"no map")
    with pytest.raises(Refused, match="cannot be read"):
        root([*here, "--map", str(bad)])
    with pytest.raises(Refused, match="no GeoJSON"):
        root([*here, "--avoid", str(bad)])
