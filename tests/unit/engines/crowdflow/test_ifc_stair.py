"""Stairs of a building model that turn: round a landing, in two flights, winding."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from tests.unit.engines.crowdflow.ifc_model import Model, walls

from varangian.engines.crowdflow.drawings import ifc_floor, read_drawing
from varangian.engines.crowdflow.drawings.ifc_stair import Tread, joined, line_of, treads_of
from varangian.engines.crowdflow.venue import check, read_venue

RISE, GOING, WIDE = 0.175, 0.28, 1.2


def block(x0, y0, x1, y1, z, low=0.0):
    """A body with a flat top at ``z``, its triangles looking outwards."""
    corners = np.array([[x, y, h] for h in (low, z) for x, y in (
        (x0, y0), (x1, y0), (x1, y1), (x0, y1))])  # fmt: skip
    faces = [(4, 5, 6), (4, 6, 7), (0, 2, 1), (0, 3, 2)]
    for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)):
        faces += [(a, b, b + 4), (a, b + 4, a + 4)]
    return corners, np.array(faces)


def body(*blocks):
    points, faces, count = [], [], 0
    for corners, of in blocks:
        points.append(corners)
        faces.append(of + count)
        count += len(corners)
    return np.concatenate(points), np.concatenate(faces)


def up(steps, z, x=0.0, y=0.0, way=1):
    """Steps along x from ``x``; ``way`` -1: back."""
    rows = []
    for k in range(steps):
        a, b = sorted((x + way * k * GOING, x + way * (k + 1) * GOING))
        rows.append(block(a, y, b, y + WIDE, z + (k + 1) * RISE, z))
    return rows


def half_turn():
    """Ten steps up, a landing as wide as both flights, nine back beside them."""
    landing = block(10 * GOING, 0, 10 * GOING + 1.2, 2 * WIDE + 0.2, 11 * RISE)
    back = up(9, 11 * RISE, 10 * GOING, WIDE + 0.2, -1)
    return [*up(10, 0.0), landing, *back]


def test_treads_of_a_straight_stair_and_of_none():
    treads = treads_of(*body(*up(10, 0.0)))
    assert len(treads) == 10 and treads[0].wide == pytest.approx(WIDE, abs=0.01)
    line, wide = line_of(treads, 0.3)
    assert line.length == pytest.approx(10 * GOING + 0.6) and wide == pytest.approx(WIDE, abs=0.01)
    assert len(line.coords) == 2
    assert treads_of(*body(block(0, 0, 3, 1, 1.0))) == [], "a podium"
    apart = body(*up(5, 0.0), *up(5, 0.0, y=4.0))
    assert treads_of(*apart) == [], "two stairs in one body: which to follow is not known"
    high = body(block(0, 0, 1, 1, 0.2), block(1, 0, 2, 1, 1.2), block(2, 0, 3, 1, 2.2))
    assert treads_of(*high) == [], "no step is so high"


def test_a_half_turn_in_one_body_is_followed_round_its_landing():
    treads = treads_of(*body(*half_turn()))
    assert len(treads) == 20
    line, wide = line_of(treads, 0.3)
    foot, head = shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])
    assert (foot.x, foot.y) == pytest.approx((-0.3, 0.6), abs=0.05)
    assert (head.x, head.y) == pytest.approx((GOING - 0.3, 2.0), abs=0.05)
    assert wide == pytest.approx(WIDE, abs=0.01), "not the width of the landing"
    walked = 10 * GOING + 9 * GOING + 2 * 0.6 + 1.4
    assert line.length == pytest.approx(walked, rel=0.15)


def test_a_winding_stair_is_a_line_of_many_corners():
    rows = []
    for k, angle in enumerate(np.linspace(0, np.pi, 16)):
        x, y = 2 * np.cos(angle), 2 * np.sin(angle)
        rows.append(block(x - 0.2, y - 0.2, x + 0.2, y + 0.2, (k + 1) * RISE))
    line, _ = line_of(treads_of(*body(*rows)), 0.3)
    assert line.length > 5.5 and len(line.coords) >= 4


@dataclass
class Flight:
    name: str
    treads: tuple[Tread, ...]
    storey: int = 0


def flight(name, *blocks):
    return Flight(name, tuple(treads_of(*body(*blocks))))


def chains(flights, *heights):
    return [[one.name for one in chain] for chain in joined(flights, heights)]


def test_flights_are_joined_over_a_landing_and_storeys_are_not():
    lower = flight("lower", *up(10, 0.0))
    upper = flight("upper", *up(9, 11 * RISE - RISE, 10 * GOING, WIDE + 0.2, -1))
    assert chains([upper, lower], 0.0, 20 * RISE) == [["lower", "upper"]]
    assert chains([upper, lower], 0.0, 10 * RISE, 20 * RISE) == [["upper"], ["lower"]]
    far = flight("far", *up(9, 10 * RISE, 30.0))
    assert chains([lower, far], 0.0, 20 * RISE) == [["lower"], ["far"]]
    bare = Flight("ramp", ())
    assert chains([lower, bare], 0.0, 20 * RISE) == [["lower"], ["ramp"]]
    twin = flight("twin", *up(9, 10 * RISE, 10 * GOING, -WIDE - 1.2, -1))
    assert sorted(map(len, joined([lower, upper, twin], (0.0, 20 * RISE)))) == [1, 2]


def parts(*bodies, heights=(0.0, 3.5)):
    rows = []
    for storey, height in enumerate(heights):
        rows += [
            {"kind": "slab", "storey": storey, "name": "slab", "low": height - 0.2,
             "high": height, "shape": shapely.to_wkt(shapely.box(-5, -5, 12, 8))}
        ]  # fmt: skip
    for name, made in bodies:
        points, faces = body(*made)
        treads = [[t.x, t.y, t.z, t.wide] for t in treads_of(points, faces)]
        rows.append({
            "kind": "stair", "storey": 0, "name": name, "treads": treads,
            "low": float(points[:, 2].min()), "high": float(points[:, 2].max()),
            "shape": shapely.to_wkt(shapely.MultiPoint(points[:, :2]).convex_hull),
            "foot": [0.0, 0.0], "head": [0.0, 0.0],
        })  # fmt: skip
    storeys = [{"name": f"S{k}", "height": h} for k, h in enumerate(heights)]
    return {"parts": rows, "storeys": storeys}


@pytest.mark.parametrize("larger", [1.0, 2.0])
@pytest.mark.parametrize("split", [False, True], ids=["one body", "two flights"])
def test_the_plan_has_one_stair_between_its_levels(split, larger):
    lower, upper = up(10, 0.0), up(9, 10 * RISE, 10 * GOING, WIDE + 0.2, -1)
    bodies = [("Stair", lower), ("Stair 2", upper)] if split else [("Stair", half_turn())]
    found = parts(*bodies, heights=(0.0, 20 * RISE))
    features, notes = ifc_floor.built(ifc_floor.Building.of(found, larger))
    (stair,) = [f for f in features if f["properties"]["kind"] == "stair"]
    assert stair["properties"]["to_level"] == 1 and stair["properties"]["name"] == "Stair"
    assert stair["properties"]["width_m"] == pytest.approx(WIDE * larger, abs=0.1)
    assert len(stair["geometry"]["coordinates"]) >= 3
    assert "stair" not in {note.code for note in notes}


def test_a_stair_that_ends_between_storeys_is_told():
    features, notes = ifc_floor.built(
        ifc_floor.Building.of(parts(("Podium", up(10, 0.0)), heights=(0.0, 3.5)), 1.0)
    )
    assert not [f for f in features if f["properties"]["kind"] == "stair"]
    assert "Podium" in next(note.what for note in notes if note.code == "stair")


def test_a_model_with_two_flights_lets_its_upper_storey_down():
    """The whole way through the library, where it is installed."""
    pytest.importorskip("ifcopenshell", reason="the extra ifc is not installed")
    model = Model()
    ground, upper = model.storey("Ground", 0.0), model.storey("Gallery", 3.5)
    around = walls(model, ground, 20, 12)
    walls(model, upper, 20, 12)
    model.door(ground, "Front", around["west"], -0.2, 4, 0, 6)
    model.flight(ground, "Stair", 6, 5, 1.4, 1.75, steps=10)
    model.flight((ground[0], 1.75), "Stair on", 8.8, 6.6, 1.4, 1.75, steps=10)
    venue = read_venue(json.dumps(read_drawing(model.text(), "hall.ifc").document)).venue
    (stair,) = venue.of("stair")
    assert (stair.level, stair.props.to_level) == (0, 1)
    assert not [finding for finding in check(venue) if finding.severity == "fault"]
