"""Which search is due, whether a check was one, whether a vehicle is ready, what speaks for it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from varangian.travel.fleet import standing
from varangian.travel.fleet.advice import Car, Need, advise, in_order
from varangian.travel.fleet.checks import judge, least
from varangian.travel.fleet.custody import Held, due, lost_sight
from varangian.travel.fleet.library import inspections, vehicles

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
TODAY = date(2026, 11, 30)
LISTS = vehicles()


def later(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_without_any_full_search_one_is_due():
    assert due([Held("guarded", NINE)], None, later(5), LISTS).grade == "full"


@pytest.mark.parametrize(
    ("state", "minutes", "grade"),
    [
        ("guarded", 2000, "cursory"),
        ("locked", 700, "cursory"),
        ("locked", 720, "full"),
        ("cctv", 29, "cursory"),
        ("cctv", 30, "full"),
        ("public", 0.5, "full"),
        ("unknown", 0.5, "full"),
    ],
)
def test_custody_decides_which_search_is_due(state, minutes, grade):
    log = [Held("guarded", NINE, later(10)), Held(state, later(10), later(10 + minutes))]
    log.append(Held("guarded", later(10 + minutes)))
    assert due(log, NINE, later(3000), LISTS).grade == grade


def test_what_nobody_wrote_down_is_unknown_custody():
    hole = [Held("guarded", NINE, later(10)), Held("guarded", later(30))]
    found = due(hole, NINE, later(60), LISTS)
    assert found.grade == "full" and "Unknown" in found.why[0]
    assert due([], NINE, later(60), LISTS).grade == "full"


def test_sight_is_lost_at_the_first_line_without_anybody():
    log = [
        Held("guarded", NINE, later(10)),
        Held("locked", later(10), later(20)),
        Held("guarded", later(20)),
    ]
    assert lost_sight(log, NINE, LISTS).starts == later(10)
    assert lost_sight(log, later(20), LISTS) is None


FULL = inspections().search("full")
SHARE = inspections().least_share


def answers(seconds_each: float = 0, state: str = "ok", begin: datetime = NINE):
    return {
        step.id: {"state": state, "at": (begin + timedelta(seconds=seconds_each * n)).isoformat()}
        for n, step in enumerate(FULL.items)
    }


def told(given, seconds: float):
    photos = {step.id for step in FULL.items if step.photo}
    ended = NINE + timedelta(seconds=seconds)
    return judge(FULL, given, photos, started=NINE, ended=ended, least_share=SHARE)


def test_twenty_steps_in_forty_seconds_are_no_check():
    assert len(FULL.items) == 20
    found = told(answers(2), 40)
    assert found.too_quick.startswith("20 steps in 40 s is not a check")


def test_a_plausible_time_is_taken():
    needed = least(FULL, SHARE).total_seconds()
    assert told(answers(needed / 18), needed + 60).too_quick == ""


def test_waiting_with_the_page_open_and_tapping_at_the_end_is_no_check():
    assert told(answers(1, begin=later(10)), 1000).too_quick


def test_without_stamps_the_clock_of_the_house_decides():
    bare = {step.id: {"state": "ok"} for step in FULL.items}
    assert told(bare, 40).too_quick and not told(bare, 1000).too_quick


def test_missing_steps_pictures_faults_and_order_are_told():
    given = answers(20)
    del given["boot"]
    given["engine"]["state"] = "fault"
    given["under_rear"]["state"] = "find"
    given["around"]["at"] = later(7).isoformat()
    found = judge(FULL, given, {"ground"}, started=NINE, ended=later(10), least_share=SHARE)
    assert found.missing == ["boot"] and "under_rear" in found.no_photo
    assert [step.id for step in found.faults] == ["engine"]
    assert [step.id for step in found.finds] == ["under_rear"]
    reverse = dict(zip(given, reversed(list(answers(20).values())), strict=False))
    assert judge(FULL, reverse, (), started=NINE, ended=later(10), least_share=SHARE).flags


def test_every_list_covers_its_topics():
    lists = inspections()
    powdery = [step.zone for step in lists.get("roadworthy").items]
    assert list(dict.fromkeys(powdery)) == [
        *("Petrol", "Oil", "Water", "Damage", "Electrics", "Rubber", "Yourself")
    ]
    assert lists.roadworthy_for("ev").id == "roadworthy_ev"
    assert lists.roadworthy_for("diesel").id == "roadworthy"
    zones = {step.zone for step in FULL.items}
    assert {"Inside", "Boot", "Engine", "Underside", "Sweep", "Seals", "Wheels"} <= zones
    assert FULL.second and not lists.search("cursory").second


def thing(name: str, ends: date | None = None, noted: date = TODAY) -> standing.Thing:
    return standing.Thing(name, name, ends, noted)


def test_a_paper_that_ran_out_blocks_and_one_never_noted_is_unknown():
    rows = standing.papers([thing("insurance", TODAY - timedelta(days=1))], LISTS, TODAY)
    states = {row.title: row.state for row in rows}
    assert states["insurance"] == "block"
    assert states["Registration"] == "unknown"
    assert standing.worst(rows) == "block"


def test_kit_has_a_date_of_its_own_or_the_shelf_life_of_its_kind():
    old = thing("trauma_kit", noted=TODAY - timedelta(days=200))
    assert standing.kit([old], LISTS, TODAY)[-1].state == "due"
    soon = thing("extinguisher", TODAY + timedelta(days=10))
    line = standing.kit([soon], LISTS, TODAY)[-1]
    assert line.state == "soon" and standing.next_to_end([line], TODAY) is line


@pytest.mark.parametrize(
    ("service", "state"),
    [
        (standing.Service(None, None, None), "unknown"),
        (standing.Service(9_500, 10_000, None), "soon"),
        (standing.Service(10_001, 10_000, None), "due"),
        (standing.Service(None, None, TODAY + timedelta(days=400)), "ok"),
        (standing.Service(None, None, TODAY), "soon"),
        (standing.Service(1, 20_000, TODAY - timedelta(days=1)), "due"),
    ],
)
def test_service_goes_by_kilometres_and_by_date(service, state):
    assert standing.service(service, LISTS, TODAY)[0].state == state


def car(name: str = "Car 1", **fields) -> Car:
    given = {
        "seats": 5,
        "profile": "low",
        "drive": "diesel",
        "range_km": 700,
        "terrain": ("city",),
        "armour": (),
        "light": "ok",
    }
    return Car(name, **{**given, **fields})


def test_the_cold_shortens_the_reach_of_an_electric_car():
    ev = car(drive="ev", range_km=300)
    assert advise(ev, Need(distance_km=220, cold=True), LISTS).stops, "210 km are left of 300"
    assert not advise(ev, Need(distance_km=220, cold=False), LISTS).stops
    unknown = advise(ev, Need(distance_km=220), LISTS)
    assert unknown.stops and any("cold is not known" in words for words in unknown.unknown)


def test_seats_threat_profile_and_terrain_are_said_with_reasons():
    need = Need("high", "overt", seats=6, distance_km=50, terrain=("snow",))
    found = advise(car(), need, LISTS)
    assert found.stops == ["6 travel with the driver, it has 5 seats"]
    assert any("no certificate of armour" in words for words in found.bad)
    assert "Not made for snow and ice" in found.bad
    both = car(armour=("VPAM BRV edition 2009, VR7", "EN 1063, BR6"))
    shown = advise(both, Need("high"), LISTS).good
    assert len([words for words in shown if "certified" in words]) == 2, "two texts, none converted"


def test_what_is_unknown_is_no_point_against():
    found = advise(car(range_km=None), Need(), LISTS)
    assert found.unknown and not found.bad and found.tone == "grey"


def test_what_cannot_go_stands_last():
    rows = [
        advise(car("A", taken="taken from 9 to 10"), Need(), LISTS),
        advise(car("B", profile="overt"), Need(profile="low"), LISTS),
        advise(car("C"), Need(profile="low"), LISTS),
    ]
    assert [row.car.name for row in in_order(rows)] == ["C", "B", "A"]
