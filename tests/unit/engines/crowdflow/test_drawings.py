"""Drawings become plans: by their layers, in the units they say or show."""

import json
import struct

import pytest
from tests.unit.engines.crowdflow.drawings import dxf, imdf, svg
from tests.unit.engines.crowdflow.plans import hall, text

from varangian.engines.crowdflow.drawings import read_drawing
from varangian.engines.crowdflow.drawings.layers import meaning
from varangian.engines.crowdflow.drawings.outline import even_odd
from varangian.engines.crowdflow.drawings.svg_path import subpaths
from varangian.engines.crowdflow.venue import check, read_venue
from varangian.kernel.results import Refused


def venue_of(drawn):
    read = read_venue(json.dumps(drawn.document))
    assert not read.findings
    return read.venue


def counted(venue):
    return {kind: len(venue.of(kind)) for kind in {item.kind for item in venue.items}}


WANTED = {
    "area": 1, "stage": 1, "door": 2, "gate": 1, "zone": 1, "vehicle": 1, "safe_room": 1,
    "post": 1, "screening": 1,
}  # fmt: skip


@pytest.mark.parametrize(("scale", "units"), [(1000, 4), (100, 5), (1, 6), (1 / 0.3048, 2)])
def test_a_dxf_in_any_units(scale, units):
    drawn = read_drawing(dxf(scale, units), "north_hall.dxf")
    venue = venue_of(drawn)
    assert venue.name == "north hall" and counted(venue) == WANTED
    assert venue.of("area")[0].shape.area == pytest.approx(600, rel=1e-3)
    assert venue.doors[2].width == 2.4 and venue.doors[2].props.entrance
    assert [note.code for note in drawn.notes] == ["layers"]
    assert not [f for f in check(venue) if f.severity == "fault"]


@pytest.mark.parametrize(("scale", "units"), [(1000, 0), (1000, 6)])
def test_doors_tell_the_units_that_a_dxf_does_not_or_says_wrongly(scale, units):
    drawn = read_drawing(dxf(scale, units), "hall.dxf")
    assert drawn.units == "millimetres" and drawn.notes[0].code == "units_guessed"
    assert venue_of(drawn).of("area")[0].shape.area == pytest.approx(600)


def test_units_that_are_asked_for_win():
    drawn = read_drawing(dxf(100, 4), "hall.dxf", units="centimetres")
    assert venue_of(drawn).of("area")[0].shape.area == pytest.approx(600)
    with pytest.raises(Refused, match="cubits"):
        read_drawing(dxf(), "hall.dxf", units="cubits")


@pytest.mark.parametrize("transform", ["", "translate(3 4) scale(0.1)", "matrix(.1 0 0 .1 5 5)"])
def test_an_svg(transform):
    venue = venue_of(read_drawing(svg(transform=transform), "hall.svg"))
    assert counted(venue) == WANTED
    assert venue.of("area")[0].shape.area == pytest.approx(600)


def test_an_svg_of_paper_millimetres_is_found_out_by_its_doors():
    drawn = read_drawing(svg(units='width="400mm" height="300mm" viewBox="0 0 400 300"'), "a.svg")
    assert drawn.units == "metres" and drawn.notes[0].code == "units_guessed"


def test_an_imdf_archive():
    drawn = read_drawing(imdf(), "annexe.zip")
    venue = venue_of(drawn)
    assert venue.name == "Annexe" and len(venue.of("area")) == 2
    assert [door.props.leads for door in venue.doors] == ["inside", "outside"]
    assert "stairs" in [note.code for note in drawn.notes]
    assert not [f for f in check(venue) if f.severity == "fault"]


def test_a_picture_has_no_scale_of_its_own():
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 800, 400) + b"\0" * 20
    with pytest.raises(Refused, match="scale"):
        read_drawing(png, "hall.png")
    drawn = read_drawing(png, "hall.png", metres_wide=60)
    assert drawn.document["picture"] == {"at": [0.0, 0.0], "metres": [60, 30.0]}
    with pytest.raises(Refused, match="no venue"):
        read_drawing(png, "hall.png", metres_wide=0.4)


def test_our_own_geojson_is_kept_as_it_is():
    assert read_drawing(text(hall()), "x.geojson").document["features"] == hall()["features"]


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"{broken", b"<svg><g>", b"0\nSECTION\n rubbish",
     b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>", svg().replace(b"id=", b"title=")],
)  # fmt: skip
def test_what_cannot_be_read_says_how_to_mend_it(data):
    with pytest.raises(Refused) as told:
        read_drawing(data, "file")
    assert told.value.mend


def test_layers():
    assert meaning("VARANGIAN-Door-Outside-L2-w1.2").props == {"leads": "outside", "width_m": 1.2}
    assert meaning("door outside l-1").level == -1
    assert meaning("jps-walkablearea").kind == "area" and meaning("walkablearea").kind == "area"
    assert meaning("jps-exits").props == {"leads": "outside"}
    assert meaning("safe_room").kind == meaning("Safe-Room").kind == "safe_room"
    assert meaning("stair-to3").props["to_level"] == 3
    assert meaning("stair_L1").props == {"to_level": 2, "width_m": 1.2}
    assert meaning("zone-seated").props == {"use": "seated"}
    assert meaning("Dimensions") is None and meaning("") is None


def test_a_ring_in_a_ring_is_a_hole():
    import shapely

    outer, inner = shapely.box(0, 0, 10, 10), shapely.box(4, 4, 6, 6)
    beside = shapely.box(9, 0, 20, 5)
    assert even_odd([inner, outer]).area == pytest.approx(96)
    assert even_odd([outer, beside]).area == pytest.approx(150)


def test_the_path_language():
    assert subpaths("M0 0 h4 v3 H0 z m10,10 l1-1") == [
        ([(0, 0), (4, 0), (4, 3), (0, 3)], True),
        ([(10, 10), (11, 9)], False),
    ]
    curve = subpaths("M0,0 C0,10 10,10 10,0")[0][0]
    assert curve[4] == pytest.approx((5, 7.5)) and curve[-1] == (10, 0)
