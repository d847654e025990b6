"""Building models become plans: a level for each storey, floor from rooms, walls or slabs."""

import json

import pytest
import shapely
from tests.unit.engines.crowdflow.ifc_model import Model, hall, walls

from varangian.engines.crowdflow.drawings import ifc, ifc_floor, kind_of, read_drawing
from varangian.engines.crowdflow.flow import evacuate
from varangian.engines.crowdflow.venue import check, read_venue
from varangian.kernel.results import Refused


def box(*corners):
    return shapely.to_wkt(shapely.box(*corners))


def row(kind, *corners, storey=0, low=0.0, high=3.0, **more):
    return {"kind": kind, "storey": storey, "name": kind, "shape": box(*corners), "low": low,
            "high": high, **more}  # fmt: skip


def built(*rows, heights=(0.0,), larger=1.0):
    storeys = [{"name": f"S{k}", "height": h} for k, h in enumerate(heights)]
    found = {"parts": list(rows), "storeys": storeys}
    return ifc_floor.built(ifc_floor.Building.of(found, larger))


AROUND = (
    row("wall", -0.2, -0.2, 10.2, 0), row("wall", -0.2, 5, 10.2, 5.2),
    row("wall", -0.2, 0, 0, 5), row("wall", 10, 0, 10.2, 5),
)  # fmt: skip


def kinds(features):
    return [one["properties"]["kind"] for one in features]


def area(features):
    return sum(shapely.geometry.shape(f["geometry"]).area for f in features
               if f["properties"]["kind"] == "area")  # fmt: skip


def test_the_floor_is_what_walls_enclose_and_a_slab_carries():
    features, notes = built(*AROUND)
    assert area(features) == pytest.approx(10.4 * 5.4, rel=0.01)
    assert [note.code for note in notes] == ["floor_built"]
    features, _ = built(*AROUND, row("slab", -1, -1, 6, 9, low=-0.2, high=0.0))
    assert area(features) == pytest.approx(6.2 * 5.4, rel=0.01)
    features, notes = built(row("slab", 0, 0, 6, 9, low=-0.2, high=0.0))
    assert area(features) == pytest.approx(54) and "no wall closes" in notes[0].what


def test_open_walls_are_a_fault_and_beams_and_kerbs_are_no_walls():
    features, notes = built(*AROUND[:2])
    assert "area" not in kinds(features) and notes[0].code == "no_floor"
    features, _ = built(
        *AROUND, row("wall", 5, 0, 5.2, 5, low=2.4), row("wall", 6, 0, 6.2, 5, high=0.1)
    )
    assert kinds(features).count("wall") == 4


def test_a_door_lies_along_its_wall_and_leads_outside_where_no_house_is():
    door = row("door", -0.6, 2, 0, 2.4, width=0.38, host=box(-0.6, 0, 0, 5))
    thick = (*AROUND[:2], row("wall", -0.6, -0.2, 0, 5.2), AROUND[3])
    features, _ = built(*thick, door)
    (found,) = [f for f in features if f["properties"]["kind"] == "door"]
    assert found["geometry"]["coordinates"] == [[-0.3, 2.0], [-0.3, 2.4]]
    assert found["properties"]["leads"] == "outside" and found["properties"]["width_m"] == 0.38
    rooms = (row("space", 0, 0, 6, 5), row("wall", 6, 0, 6.2, 5))
    features, _ = built(*AROUND, *rooms, row("door", 6, 2, 6.2, 3, host=box(6, 0, 6.2, 5)))
    (found,) = [f for f in features if f["properties"]["kind"] == "door"]
    assert "leads" not in found["properties"], "behind it is the house, only no room is drawn"


def test_storeys_are_levels_and_a_stair_joins_them():
    storeys = [
        {**one, "storey": k, "low": h, "high": h + 3.0}
        for k, h in enumerate((-3.0, 0.0, 3.5))
        for one in AROUND
    ]
    stair = row("stair", 2, 1, 6, 2.2, storey=1, low=0, high=3.5, foot=[2.2, 1.6], head=[5.8, 1.6])
    nowhere = {**stair, "high": 1.7, "name": "podium"}
    features, notes = built(*storeys, stair, nowhere, heights=(-3.0, 0.0, 3.5))
    assert {f["properties"].get("level", 0) for f in features} == {-1, 0, 1}
    (found,) = [f for f in features if f["properties"]["kind"] == "stair"]
    assert found["properties"] == {
        "kind": "stair", "to_level": 1, "width_m": 1.2, "name": "stair"
    }  # fmt: skip
    assert "podium" in next(note.what for note in notes if note.code == "stair")


def test_a_model_in_the_coordinates_of_its_country_is_moved_to_its_corner():
    far = [{**one, "shape": shapely.to_wkt(shapely.affinity.translate(
        shapely.from_wkt(one["shape"]), 500_000, 6_000_000))} for one in AROUND]  # fmt: skip
    features, _ = built(*far)
    west, south, *_ = shapely.from_geojson(json.dumps(features[0]["geometry"])).bounds
    assert 0 <= west < 1.01 and 0 <= south < 1.01


def test_an_ifc_is_known_by_its_content_and_needs_its_library(monkeypatch):
    data = Model().text()
    assert kind_of(data) == "ifc"
    monkeypatch.setattr(ifc, "find_spec", lambda _: None)
    with pytest.raises(Refused, match="ifcopenshell") as refused:
        read_drawing(data, "hall.ifc")
    assert "varangian[ifc]" in refused.value.mend


@pytest.fixture
def library():
    pytest.importorskip("ifcopenshell", reason="the extra ifc is not installed")


def venue_of(drawn):
    read = read_venue(json.dumps(drawn.document))
    assert not read.findings
    return read.venue


@pytest.mark.usefixtures("library")
def test_walls_doors_and_slab_of_a_model_can_be_walked():
    drawn = read_drawing(hall().text(), "north_hall.ifc")
    venue = venue_of(drawn)
    assert drawn.units == "millimetres" and [n.code for n in drawn.notes] == ["floor_built"]
    assert not check(venue) and sorted(d.width for d in venue.doors) == [1.0, 1.0, 2.0]
    assert sorted(door.props.name for door in venue.exits) == ["Front", "Side"]
    assert evacuate(venue, 200, runs=2).left_inside.p90 == 0


@pytest.mark.usefixtures("library")
def test_rooms_in_metres_with_a_storey_that_no_stair_reaches():
    drawn = read_drawing(hall(rooms=True, storeys=2, scale=1.0, prefix="$").text(), "hall.ifc")
    venue = venue_of(drawn)
    assert drawn.units == "metres" and venue.levels == [0, 1]
    assert {item.props.name for item in venue.of("area")} == {"Hall", "Bar"}
    assert sum(i.shape.area for i in venue.of("area") if i.level == 0) == pytest.approx(237.6)
    assert all(door.level == 0 for door in venue.exits)
    assert "no_way_out" in {finding.code for finding in check(venue)}
    assert [note.code for note in drawn.notes] == ["door", "door"]
    assert read_drawing(hall().text(), "h.ifc", units="metres").document["features"]


@pytest.mark.usefixtures("library")
def test_a_stair_of_a_model_lets_the_upper_storey_down():
    model = Model()
    ground, upper = model.storey("Ground", 0.0), model.storey("Gallery", 3.5)
    around = walls(model, ground, 20, 12)
    walls(model, upper, 20, 12)
    model.door(ground, "Front", around["west"], -0.2, 4, 0, 6)
    model.flight(ground, "Stair", 6, 5, 1.4, 3.5)
    venue = venue_of(read_drawing(model.text(), "hall.ifc"))
    (stair,) = venue.of("stair")
    assert (stair.level, stair.props.to_level, stair.width) == (0, 1, 1.4)
    assert stair.shape.length == pytest.approx(20 * 0.28 + 2 * 0.3, abs=0.01)
    assert not [finding for finding in check(venue) if finding.severity == "fault"]
    assert evacuate(venue, 100, runs=2, cell=0.8).left_inside.p90 < 1


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("data", "said"),
    [(b"ISO-10303-21;\nnonsense", "cannot be read"), (Model().text(), "no wall, slab or room")],
)
def test_a_model_that_gives_nothing_is_refused(data, said):
    with pytest.raises(Refused, match=said):
        read_drawing(data, "hall.ifc")


@pytest.mark.usefixtures("library")
def test_a_model_without_doors_says_so():
    model = Model()
    walls(model, model.storey("Ground", 0.0), 20, 12)
    drawn = read_drawing(model.text(), "hall.ifc")
    assert [note.code for note in drawn.notes] == ["floor_built", "doors"]
    assert "no_exit" in {finding.code for finding in check(venue_of(drawn))}
