"""Worked examples of the sources, exact; figures that contradict each other are found."""

import pytest
from tests.unit.engines.crowdflow.plans import box, feature, get, hall, line, plan

from varangian.engines.crowdflow.standards import (
    capacities,
    contradictions,
    density_band,
    martyns_law,
    queue_service,
    rules_of,
    staff,
    standards,
    walkway_service,
    width_needed,
)
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import NotFound

UK, US, HOUSE = rules_of("uk"), rules_of("us"), rules_of("house")


def venue(document):
    read = read_venue(document)
    assert not read.findings
    return read.venue


def test_width_of_the_worked_example():
    """10,000 people in 8 minutes on the level need 15.3 m beside the widest exit."""
    assert width_needed(10_000, 82, 8) == 15.3
    assert width_needed(656, 82, 8) == 1.0 and width_needed(657, 82, 8) == 1.1


def test_holding_is_47_on_ten_square_metres():
    square = plan(
        box("a", "area", 0, 0, 10, 10),
        box("z", "zone", 0, 0, 10, 10),
        line("d", "door", (0, 4), (0, 6), leads="outside"),
    )
    assert capacities(venue(square), UK).of("holding") == 470
    assert capacities(venue(square), HOUSE).of("holding") == 200
    assert capacities(venue(square), US).of("holding") == 153
    get(square, "z")["properties"] |= {"p": 0.9, "s": 0.6}
    assert capacities(venue(square), UK).of("holding") == 282


def test_the_widest_exit_does_not_count():
    document = hall()
    get(document, "front")["geometry"]["coordinates"] = [[8, -10.2], [14, -10.2]]
    answer = capacities(venue(document), UK, risk="high")
    assert answer.of("exit") == int(4.8 * 82 * 8)
    assert answer.of("emergency") == 984
    assert answer.least == "emergency" and answer.people == 984
    assert answer.exit_loss == {"west": 5510, "east": 5510, "front": 3148}


def test_steps_and_alcohol_slow_an_exit():
    document = hall()
    get(document, "front")["properties"]["steps"] = True
    get(document, "west")["properties"]["width_m"] = 2.0
    calm = capacities(venue(document), UK)
    assert calm.of("exit") == 2579
    drunk = capacities(venue(document), UK, alcohol=True)
    assert drunk.of("exit") < calm.of("exit")


def test_entry_is_the_less_of_turnstiles_and_lanes():
    document = hall()
    assert capacities(venue(document), UK).of("entry") is None
    get(document, "front")["properties"]["turnstiles"] = 4
    assert capacities(venue(document), UK).of("entry") == 2640
    document["features"] += [feature(f"l{k}", "screening", "Point", [9, -5]) for k in range(5)]
    assert capacities(venue(document), UK).of("entry") == 2000
    document["features"][-1]["properties"]["per_hour"] = 100
    assert capacities(venue(document), UK).of("entry") == 1700


def test_unknown_is_said_and_not_taken_as_unlimited():
    answer = capacities(venue(hall()), UK)
    assert any("entry is unknown" in note for note in answer.notes)
    assert answer.people is not None


@pytest.mark.parametrize("simulated", [0, 500, 10**6])
def test_a_simulation_lowers_and_never_raises(simulated):
    plain = capacities(venue(hall()), UK)
    assert capacities(venue(hall()), UK, simulated=simulated).people == min(simulated, plain.people)


def test_narrow_locked_and_inward_doors_are_no_exits():
    document = hall()
    get(document, "west")["properties"]["width_m"] = 0.6
    get(document, "east")["properties"]["direction"] = "in"
    answer = capacities(venue(document), UK)
    assert answer.of("exit") == 0 and set(answer.exit_loss) == {"front"}
    assert any("west" in note for note in answer.notes)


def test_the_stockton_trap():
    """The page computes 1,150 m2 "at 2 on a square metre" as 4,600: that is 4."""
    claim = {
        "what": "holding", "people": 4600, "area_m2": 1150, "per_m2": 2, "source": "council page",
    }  # fmt: skip
    place = venue(hall(claims=[claim]))
    (wrong,) = contradictions(place, capacities(place, UK), UK)
    assert wrong.computed == 2300 and "would be 4.00" in wrong.why
    right = venue(hall(claims=[{**claim, "people": 2300}]))
    assert contradictions(right, capacities(right, UK), UK) == []


def test_claims_against_the_plan():
    claims = [
        {"what": "exit", "people": 9000, "exit_width_m": 4.8, "minutes": 8},
        {"what": "emergency", "people": 1_000_000},
        {"what": "capacity", "people": 10},
    ]
    place = venue(hall(claims=claims, people=900_000))
    wrong = contradictions(place, capacities(place, UK), UK)
    assert [w.what for w in wrong] == ["exit", "emergency", "expected"]
    assert wrong[0].computed == 3148


def test_zones_that_are_overfilled():
    document = hall()
    get(document, "floor")["properties"]["people"] = 3000
    place = venue(document)
    (wrong,) = contradictions(place, capacities(place, HOUSE), HOUSE)
    assert wrong.what == "zone floor" and wrong.computed == 1368


def test_seats_count_as_seats():
    document = hall()
    get(document, "floor")["properties"] |= {"use": "seated", "seats": 350, "s": 0.8}
    assert capacities(venue(document), UK).of("holding") == 280
    del get(document, "floor")["properties"]["seats"]
    document["features"].append(feature("r", "seats", "MultiPoint", [[x, 9] for x in range(5, 15)]))
    assert capacities(venue(document), UK).of("holding") == 8


def test_a_gallery_holds_what_its_stairs_let_off():
    document = hall()
    document["features"] += [
        box("gallery", "area", 0, 30, 40, 60, level=1),
        box("up", "zone", 0, 30, 40, 60, level=1),
        line("s", "stair", (30, 20), (30, 31), to_level=1, width_m=1.2),
    ]
    answer = capacities(venue(document), UK)
    assert next(h for h in answer.held if h.zone == "up").people == int(1.2 * 66 * 8)


@pytest.mark.parametrize(
    ("people", "aiders", "posts", "ambulances"),
    [(50, 2, 1, 0), (500, 2, 1, 0), (3000, 6, 1, 1), (5000, 8, 1, 1), (10_000, 13, 2, 2),
     (20_000, 23, 4, 4)],
)  # fmt: skip
def test_first_aid_by_the_table(people, aiders, posts, ambulances):
    found = staff(people, UK)
    assert (found.first_aiders, found.first_aid_posts, found.ambulances) == (
        aiders, posts, ambulances,
    )  # fmt: skip


def test_stewards_static_posts_first():
    assert staff(5000, UK, static_posts=12).stewards == 32
    assert staff(5001, UK, static_posts=12).stewards == 33
    assert staff(5000, UK, static_posts=12, high_risk=True).stewards == 62


def test_crowd_managers():
    assert staff(100, US).crowd_managers == 2
    assert staff(1001, US).crowd_managers == 5
    assert staff(1001, UK).crowd_managers is None


@pytest.mark.parametrize(
    ("people", "duty"), [(199, ""), (200, "standard"), (799, "standard"), (800, "enhanced")]
)
def test_martyns_law(people, duty):
    assert duty in martyns_law(people, UK) and bool(martyns_law(people, UK)) == bool(duty)


def test_staff_count_for_the_law():
    assert "enhanced" in staff(790, UK, static_posts=10).duty.name


@pytest.mark.parametrize(
    ("flow", "level"),
    [(0, "A"), (22.9, "A"), (23, "B"), (33, "C"), (49, "D"), (66, "E"), (83, "F")],
)
def test_walkways_by_flow(flow, level):
    assert walkway_service(per_metre_minute=flow) == level


def test_bands_by_space_and_density():
    assert [walkway_service(m2=m) for m in (4, 3, 2, 1, 0.6, 0.3)] == list("ABCDEF")
    assert [queue_service(m) for m in (1.3, 1, 0.7, 0.3, 0.2, 0.1)] == list("ABCDEF")
    assert density_band(0.2) == "free" and density_band(4.2) == "critical"
    assert density_band(8) == "static limit"


def test_every_figure_has_source_and_edition():
    for rules in standards().jurisdictions:
        for figure in (rules.standing, rules.per_steward, rules.exits.sober.level):
            assert figure.source and figure.edition
    with pytest.raises(NotFound, match="no jurisdiction"):
        rules_of("atlantis")
