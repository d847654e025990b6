"""From an extract to a road network: cuts, directions, lights, barriers, sites, and bad files."""

import numpy as np
import pytest

pytest.importorskip("osmium")
pytest.importorskip("scipy")

from tests.unit.engines.routing.extracts import street, write

from varangian.engines.routing import city, osm, osm_write
from varangian.engines.routing.errors import BadMap, Cancelled
from varangian.engines.routing.graph import BRIDGE, ONE_WAY, OVERLOOK, SIGNAL, TUNNEL

ROW = {n: (n, 0) for n in range(6)}


def load(tmp_path, nodes, ways, **more):
    return osm.read_extract(write(tmp_path / "x.osm.pbf", nodes, ways, **more))


def links(graph):
    """Edges as (from, to) in steps of the grid."""
    at = [
        (round((lon - 11) * 1000), round((lat - 54) * 1000))
        for lon, lat in zip(graph.lon, graph.lat, strict=True)
    ]
    return sorted((at[t], at[h]) for t, h in zip(graph.tail, graph.head, strict=True))


def test_roads_are_cut_where_they_meet(tmp_path):
    nodes = {**ROW, 9: (2, 3)}
    graph = load(tmp_path, nodes, {7: street(0, 1, 2, 3, 4), 8: street(9, 2, oneway="yes")}).graph
    assert graph.size == (4, 5)
    assert links(graph)[-1] == ((4, 0), (2, 0)) and ((2, 3), (2, 0)) in links(graph)
    assert ((2, 0), (2, 3)) not in links(graph)
    lone = np.flatnonzero(graph.back < 0)
    assert (graph.flags[lone] & ONE_WAY > 0).all() and graph.way[lone].tolist() == [8]
    assert graph.metres[lone] == pytest.approx(333.6, abs=1)
    assert len(graph.course([0])) == 3


def test_a_loop_and_two_arcs_of_a_way_keep_the_way_back(tmp_path):
    ring = {0: (0, 0), 1: (1, 0), 2: (2, 1), 3: (1, 2), 4: (0, 1), 8: (-3, 0), 9: (4, 1)}
    ways = {5: street(0, 1, 2, 3, 4, 0), 6: street(8, 0), 7: street(2, 9)}
    graph = load(tmp_path, ring, ways).graph
    back = graph.back
    assert (back >= 0).all() and (back[back] == np.arange(len(back))).all()
    assert np.allclose(graph.metres, graph.metres[back])
    assert graph.core.all()


def test_time_grows_with_lights_and_crossings_and_falls_with_speed(tmp_path):
    nodes = {0: (0, 0), 1: (5, 0, {"highway": "traffic_signals"}), 2: (5, 5), 3: (10, 0)}
    ways = {4: street(0, 1, maxspeed="30 mph"), 5: street(1, 2), 6: street(1, 3)}
    graph = load(tmp_path, nodes, ways).graph
    there = next(e for e in np.flatnonzero(graph.way == 4) if graph.flags[e] & SIGNAL)
    back = int(graph.back[there])
    assert not graph.flags[back] & SIGNAL
    bare = graph.metres[there] / (48.28 / 3.6)
    assert graph.seconds[there] == pytest.approx(bare + 12 + 2, rel=0.01)
    assert graph.seconds[back] == pytest.approx(bare, rel=0.01)


def test_a_light_before_a_crossing_holds_those_who_come_to_it(tmp_path):
    nodes = {**ROW, 4: (4, 0, {"highway": "traffic_signals"}), 9: (5, 3)}
    graph = load(tmp_path, nodes, {7: street(0, 1, 2, 3, 4, 5), 8: street(5, 9)}).graph
    lit = np.flatnonzero(graph.flags & SIGNAL)
    assert [int(graph.way[e]) for e in lit] == [7]
    assert graph.lon[graph.head[lit[0]]] == pytest.approx(11.005)


def test_bridges_tunnels_and_who_looks_down(tmp_path):
    nodes = {0: (0, 0), 1: (4, 0), 2: (2, -2), 3: (2, 2), 4: (3, -2), 5: (3, 2), 6: (9, 0)}
    foot = ([2, 3], {"highway": "footway", "bridge": "yes", "layer": "1"})
    ways = {7: street(0, 1, name="Low Street", lanes="4"), 8: foot, 9: street(4, 5, tunnel="yes"),
            10: street(1, 6, bridge="yes")}  # fmt: skip
    graph = load(tmp_path, nodes, ways).graph
    low = graph.way == 7
    assert (graph.flags[low] & OVERLOOK > 0).all() and (graph.lanes[low] == 2).all()
    assert {graph.names[n] for n in graph.name[low]} == {"Low Street"}
    assert (graph.flags[graph.way == 9] & (TUNNEL | OVERLOOK) == TUNNEL).all()
    assert (graph.flags[graph.way == 10] & BRIDGE > 0).all()


def test_a_bollard_ends_the_drive(tmp_path):
    nodes = {**ROW, 2: (2, 0, {"barrier": "bollard"})}
    graph = load(tmp_path, nodes, {7: street(0, 1, 2, 3, 4), 8: street(4, 5)}).graph
    from scipy.sparse.csgraph import connected_components

    assert connected_components(graph.matrix(graph.seconds))[0] == 2


def test_roads_out_of_the_extract_end_and_are_counted(tmp_path):
    nodes = {n: ROW[n] for n in (0, 1, 4, 5)}
    made = load(tmp_path, nodes, {7: street(0, 1, 2, 3, 4, 5), 8: street(2, 3), 9: street(0, 3)})
    assert made.graph.size == (4, 4)
    assert made.counts["missing_nodes"] == 5 and made.counts["torn_roads"] == 3
    assert "out of the extract" in made.problems[0]


def test_sites_as_points_and_as_buildings(tmp_path):
    nodes = {
        **ROW,
        10: (0, 5, {"amenity": "police", "name": "Station 1", "phone": "112", "shop": "no"}),
        11: (0, 6), 12: (2, 6), 13: (2, 8), 14: (0, 8),
        15: (1, 7, {"amenity": "hospital", "name": "General"}),
        16: (3, 3, {"tourism": "hotel"}),
        17: (4, 4, {"amenity": "hospital", "name": "Old Infirmary (historical)"}),
        18: (5, 5, {"office": "diplomatic", "name": "Consulate", "country": "FI"}),
    }  # fmt: skip
    house = {"amenity": "hospital", "name": "General", "emergency": "yes", "building": "yes"}
    made = load(tmp_path, nodes, {1: street(0, 1, 2), 2: ([11, 12, 13, 14, 11], house)})
    found = {site.kind: site for site in made.graph.sites}
    assert set(found) == {"police", "hospital", "embassy"} and len(made.graph.sites) == 3
    assert found["police"].tags == {"phone": "112"}
    assert found["hospital"].tags == {"emergency": "yes"}
    assert (found["hospital"].lat, found["hospital"].lon) == (54.007, 11.001)
    assert "Left out: 1 place that the map calls historical" in " ".join(made.problems)


def test_the_date_of_the_data_and_the_digest_are_told(tmp_path):
    source = load(tmp_path, ROW, {7: street(0, 1, 2)}).graph.source
    assert source.data_date == "2024-05-06" and len(source.digest) == 64 and source.name == "x"
    made = load(tmp_path, ROW, {7: street(0, 1, 2)}, when="1970-01-01T00:00:00Z")
    assert made.graph.source.data_date == "" and "how old" in " ".join(made.problems)


def test_words_that_are_no_speed_are_told(tmp_path):
    made = load(tmp_path, ROW, {7: street(0, 1, 2, maxspeed="brisk")})
    assert "1 speed limit not understood (“brisk”)" in " ".join(made.problems)


@pytest.mark.parametrize("data", [b"", b"not a map at all" * 50, b"<osm><way", b"\0\0\0\r\n\tOSM"])
def test_bad_files_are_refused_in_words(tmp_path, data):
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(data)
    with pytest.raises(BadMap) as caught:
        osm.load(path)
    assert caught.value.what and caught.value.mend


def test_an_extract_that_breaks_off_and_one_without_roads(tmp_path):
    whole = tmp_path / "city.osm.pbf"
    osm_write.write(city.build(), whole)
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole.read_bytes()[:-2000])
    with pytest.raises(BadMap, match="breaks off"):
        osm.load(cut)
    write(cut, ROW, {7: ([0, 1], {"building": "yes"})})
    with pytest.raises(BadMap, match="no road"):
        osm.load(cut)
    with pytest.raises(BadMap, match="not there"):
        osm.load(tmp_path / "nothing.osm.pbf")


def test_progress_is_told_and_can_end_the_work(tmp_path):
    path = write(tmp_path / "x.osm.pbf", ROW, {7: street(0, 1, 2)})
    told = []
    osm.load(path, lambda step, share: told.append((step, share)))
    assert len({step for step, _ in told}) == 2 and all(0 <= share <= 1 for _, share in told)

    def stop(step, share):
        raise Cancelled

    with pytest.raises(Cancelled):
        osm.load(path, stop)


def test_the_invented_city_comes_back_as_it_went(tmp_path):
    town = city.build()
    path = tmp_path / "city.osm.pbf"
    osm_write.write(town, path, osm_write.scenery(town))
    graph = osm.load(path)
    assert graph.size == town.size and graph.source.data_date == "2026-01-01"
    for bit in (BRIDGE, TUNNEL, SIGNAL, ONE_WAY):
        assert (graph.flags & bit > 0).sum() == (town.flags & bit > 0).sum()
    assert graph.metres.sum() == pytest.approx(town.metres.sum(), rel=0.01)
    kinds = sorted((site.kind, site.name) for site in town.sites)
    assert sorted((site.kind, site.name) for site in graph.sites) == kinds


def test_real_extracts(shared_data):
    reading = osm.read_extract(shared_data / "travel" / "baltimore.osm.pbf")
    assert reading.graph.source.data_date == "2015-02-27"
    assert reading.graph.core.mean() > 0.9
    kinds = {site.kind for site in reading.graph.sites}
    assert {"police", "hospital", "fire_station", "hotel", "helipad"} <= kinds
    torn = osm.read_extract(shared_data / "travel" / "Helsinki.osm.pbf")
    assert torn.counts["missing_nodes"] > 100 and torn.graph.size[0] > 800
