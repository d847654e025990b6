"""Routing tiles of the invented city, and what the router says about them."""

import pytest

pytest.importorskip("valhalla")
pytest.importorskip("osmium")
pytest.importorskip("scipy")

from varangian.engines.routing import city, osm_write, valhalla_tiles
from varangian.engines.routing.errors import BadMap, Cancelled
from varangian.engines.routing.polyline import decode, encode
from varangian.engines.routing.valhalla import NoRoute, Router, rings


@pytest.fixture(scope="module")
def town():
    return city.build()


@pytest.fixture(scope="module")
def extract(town, tmp_path_factory):
    path = tmp_path_factory.mktemp("extract") / "city.osm.pbf"
    osm_write.write(town, path)
    return path


@pytest.fixture(scope="module")
def router(extract, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    tar, config = folder / "tiles.tar", folder / "valhalla.json"
    valhalla_tiles.build(extract, tar, folder / "work")
    valhalla_tiles.configure(tar, config)
    return Router(config)


def at(graph, row, column):
    node = row * 24 + column
    return float(graph.lat[node]), float(graph.lon[node])


@pytest.fixture(scope="module")
def ends(town):
    return at(town, 1, 1), at(town, 15, 21)


def test_a_route_crosses_the_river_and_says_how(router, ends):
    route = router.route(ends)
    assert 4_000 < route.metres < 9_000 and 300 < route.seconds < 1_200
    assert route.shape[0] == pytest.approx(ends[0], abs=0.001)
    assert route.shape[-1] == pytest.approx(ends[1], abs=0.001)
    assert sum(step.metres for step in route.steps) == pytest.approx(route.metres, rel=0.01)
    assert route.steps[0].words.startswith("Drive") and route.steps[-1].metres == 0


def test_costs_and_areas_lead_elsewhere(router, ends):
    first = router.route(ends)
    dear = router.route(ends, factors=[(first.shape, 4.0)])
    used = set(first.shape)
    assert len(used & set(dear.shape)) < len(used)
    lat, lon = first.shape[len(first.shape) // 2]
    box = [[lon + x * 0.003, lat + y * 0.003] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    area = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[*box, box[0]]]}}
    round_ = router.route(ends, avoid=area)
    assert not any(abs(y - lat) < 0.0029 and abs(x - lon) < 0.0029 for y, x in round_.shape[1:-1])


def test_a_track_is_laid_onto_roads(router, ends):
    shape = router.route(ends).shape
    track = [(lat + 0.00004, lon - 0.00003) for lat, lon in shape[:12]]
    found = router.match(track)
    assert len(found.at) == len(track) and all(edge >= 0 for _, edge, _ in found.at)
    assert max(metres for _, _, metres in found.at) < 40
    assert all("way_id" in edge for edge in found.edges)


def test_reach_and_nearest_roads(router, ends):
    areas = router.isochrone(ends[0], [2, 4], towards=True)
    assert [row["geometry"]["type"] for row in areas["features"]] == ["Polygon", "Polygon"]
    assert router.locate(ends[0])[0]["edge_info"]["way_id"] > 0


def test_points_without_a_road_are_refused_in_words(router, ends):
    with pytest.raises(NoRoute, match="No road lies near"):
        router.route([ends[0], (54.0, 10.0)])
    with pytest.raises(NoRoute):
        router.route([ends[0], (ends[0][0] + 0.1, ends[0][1])])


def test_a_broken_extract_makes_no_tiles(extract, tmp_path):
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(extract.read_bytes()[:-3000])
    with pytest.raises(BadMap, match="valhalla_build"):
        valhalla_tiles.build(cut, tmp_path / "tiles.tar", tmp_path / "work")


def test_the_work_can_be_stopped(extract, tmp_path):
    def stop(step, share):
        raise Cancelled

    with pytest.raises(Cancelled):
        valhalla_tiles.build(extract, tmp_path / "tiles.tar", tmp_path / "work", stop)
    assert not (tmp_path / "tiles.tar").exists()


def test_lines_as_text():
    line = [(54.52, 11.02), (-1.000001, 179.999999), (0.0, 0.0), (-89.5, -179.25)]
    assert decode(encode(line)) == line
    assert decode("") == [] and encode([]) == ""


def test_rings_of_any_geojson():
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    many = {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
    both = [{"type": "Feature", "geometry": many}, {"type": "Feature", "geometry": None}]
    assert rings({"type": "FeatureCollection", "features": both}) == [ring, ring]
    assert rings({"type": "Point", "coordinates": [0, 0]}) == []
