"""Ways side by side: bands with reasons, unknowns said, and no total anywhere."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from varangian.kernel.geometry import destination
from varangian.kernel.results import Refused
from varangian.travel.modes.compare import compare
from varangian.travel.modes.flights import about, differs, plain_number, read_flights
from varangian.travel.modes.library import modes
from varangian.travel.modes.values import Hub, Journey, Told, band
from varangian.travel.modes.way import off_line_km

AIRPORTS = ([Hub("HEL Helsinki", 15, "list of airports")], [Hub("LHR London", 25, "list")])
FAR = Journey(
    km=1850, party=3, light="day", light_words="Sun", hubs={"airport": AIRPORTS, "fbo": AIRPORTS},
    trauma=(("North", (5, 10)), ("South", (10, 20))), airports_on_way="9 airports",
)  # fmt: skip
NEAR = Journey(km=4, party=1)
AT = datetime(2026, 12, 2, 16, tzinfo=UTC)


def ways(journey):
    return {one.mode.id: one for one in compare(modes(), journey)}


def test_each_way_speaks_to_each_line():
    asked = {one.id for one in modes().criteria}
    for journey in (FAR, NEAR, Journey(km=None)):
        found = ways(journey)
        assert set(found) == {
            "car", "flight", "private", "helicopter", "rail", "boat", "foot"
        }  # fmt: skip
        for one in found.values():
            assert set(one.cells) == asked
            assert all(cell.words for cell in one.cells.values())


def test_what_the_distance_rules_out_is_last_with_its_reason():
    rows = compare(modes(), FAR)
    out = {one.mode.id for one in rows if one.standing == "no"}
    assert out == {"car", "helicopter", "foot", "boat"}
    assert {one.mode.id for one in rows[-4:]} == out
    assert "more than the 500 km" in ways(FAR)["helicopter"].why[0]
    assert ways(NEAR)["foot"].standing == "possible" and ways(NEAR)["flight"].standing == "no"


def test_a_flight_is_slower_at_the_kerb_and_more_public_than_a_private_one():
    found = ways(FAR)
    flight, private = found["flight"].cells, found["private"].cells
    assert (flight["waiting"].low, flight["waiting"].high) == (80, 180)
    assert private["waiting"].low == 0
    assert flight["handovers"].words == "4" and private["handovers"].words == "4"
    air = 1850 * 1.05
    road = (40 * 1.3 / 70 * 60, 40 * 1.3 / 30 * 60)
    assert flight["time"].low == pytest.approx(80 + air / 850 * 60 + 35 + road[0])
    assert flight["time"].high == pytest.approx(180 + air / 600 * 60 + 60 + road[1])
    assert flight["time"].basis == "reckoned" and "planning figure" in flight["time"].reasons[-1]


def test_a_place_that_is_not_on_record_makes_the_time_unknown():
    rail = ways(replace(FAR, km=120))["rail"]
    assert rail.standing == "doubtful" and "No station on record near the start" in rail.why
    assert rail.cells["time"].unknown and rail.cells["time"].low is None
    assert "way to the station" in rail.cells["time"].words
    assert not rail.cells["waiting"].unknown


def test_without_a_map_nothing_is_reckoned_from_distance():
    found = ways(Journey(km=None))
    assert {one.standing for one in found.values()} == {"doubtful"}
    assert found["car"].cells["time"].unknown and found["car"].cells["light"].unknown
    assert found["car"].cells["trauma"].unknown and found["car"].cells["haven"].unknown


def test_what_a_person_tells_goes_before_all_else():
    told = {
        "rail": {"time": Told("2 h 10 by the timetable", 130, 130, "Ana, 2026-11-30")},
        "helicopter": {"possible": Told("no: fog all week", by="Ana")},
        "car": {"possible": Told("yes, with two drivers", by="Ana")},
    }
    found = ways(replace(FAR, told=told))
    cell = found["rail"].cells["time"]
    assert (cell.basis, cell.low, cell.high) == ("told", 130, 130)
    assert cell.reasons == ("2 h 10 by the timetable (Ana, 2026-11-30)",)
    assert found["helicopter"].standing == "no" and found["car"].standing == "possible"


def test_a_leg_of_the_plan_gives_the_time_of_its_stage():
    booked = {"flight": ("leg 1, AY 1331", (180.0, 180.0))}
    cell = ways(replace(FAR, booked=booked))["flight"].cells["time"]
    assert cell.basis == "record" and cell.low == pytest.approx(80 + 180 + 40 * 1.3 / 70 * 60)
    assert "leg 1" in cell.reasons[0]


def test_a_survey_speaks_before_the_list_and_the_list_beside_it():
    hub = Hub("Jet Centre", 5, "a place on record", {"weapons": "Declared (survey, fresh)"})
    cell = ways(replace(FAR, hubs={"fbo": ([hub], [hub])}))["private"].cells["weapons"]
    assert cell.basis == "record" and cell.words.startswith("Jet Centre: Declared")
    assert cell.reasons[0].startswith("The list says:")


def test_the_trauma_centre_is_the_worse_of_both_ends():
    cell = ways(FAR)["flight"].cells["trauma"]
    assert (cell.low, cell.high) == (10, 20) and "only after it stops or lands" in cell.reasons[-1]
    one_end = ways(replace(FAR, trauma=(("North", (5, 10)), None)))["flight"].cells["trauma"]
    assert one_end.unknown and one_end.low is None


def test_a_helicopter_in_the_dark_is_not_certain():
    night = replace(FAR, km=80, light="night", hubs={"helipad": AIRPORTS})
    assert ways(night)["helicopter"].why == ("It would be dark",)
    assert "Night flight" in ways(night)["helicopter"].cells["light"].words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(3.2, 7.7, "3 to 8 min"), (42, 58, "40 to 60 min"), (70, 190, "1 h 10 to 3 h 10"),
     (60, 60, "60 min"), (0, 0, "0 min")],
)  # fmt: skip
def test_bands_are_as_rough_as_what_they_rest_on(low, high, words):
    assert band(low, high) == words


def test_how_far_a_place_lies_off_the_way():
    first, last = (60.0, 25.0), (60.0, 35.0)
    middle = (60.11, 30.0)
    north = destination(middle, 0, 40)
    assert off_line_km(first, last, middle) < 2
    assert off_line_km(first, last, north) == pytest.approx(40, abs=2)
    behind = destination(first, 270, 30)
    assert off_line_km(first, last, behind) == pytest.approx(30, abs=0.1)
    beyond = destination(last, 90, 25)
    assert off_line_km(first, last, beyond) == pytest.approx(25, abs=0.1)
    assert off_line_km(first, last, first) == 0


def flight(number="LH401", **given):
    return {"ident_iata": number, "scheduled_out": "2026-12-02T16:00:00Z"} | given


def answer(*rows):
    return json.dumps({"flights": rows, "num_pages": 1}).encode()


def test_an_answer_is_read_with_what_did_not_fit():
    late = flight(estimated_out="2026-12-02T17:10:00Z", status="Delayed", gate_origin="B4")
    found = read_flights(answer(late, {"ident": ""}, flight(scheduled_out="2026-12-02T16:00")))
    one = found.flights[0]
    assert one.out == AT + timedelta(minutes=70) and one.what == "expected" and one.gate == "B4"
    assert found.not_read[0] == "flight 2: it has no number" and "no zone" in found.not_read[1]


@pytest.mark.parametrize("data", [b"", b"[]", b'{"flights": 3}', b"\xff\xfe", b'{"x": []}'])
def test_what_is_no_answer_is_refused(data):
    with pytest.raises(Refused):
        read_flights(data)


def test_the_flight_of_a_leg_is_the_nearest_of_its_number():
    days = [flight(), flight(scheduled_out="2026-12-03T16:00:00Z"), flight("BA1")]
    said = read_flights(answer(*days)).flights
    assert about(said, "LH 0401", AT + timedelta(hours=1)) is said[0]
    assert about(said, "LH401", AT - timedelta(days=2)) is None
    assert about(said, "LH401", None) is None and about(said, "XX9", AT) is None
    assert plain_number("lh 0401") == "LH401" and plain_number("LH") == ""


def test_small_differences_are_no_news():
    one = read_flights(answer(flight(estimated_out="2026-12-02T16:04:00Z"))).flights[0]
    assert not differs(one, AT, None) and differs(one, AT - timedelta(minutes=30), None)
    gone = read_flights(answer(flight(cancelled=True))).flights[0]
    assert gone.what == "cancelled" and differs(gone, AT, None)
