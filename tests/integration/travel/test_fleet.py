"""The fleet against the database: custody, checks, finds, assignments, hours."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests import factories

from varangian.alerts.models import Alert
from varangian.kernel import clock
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.operations.models import Movement
from varangian.planning.models import Card
from varangian.planning.services import add_absence
from varangian.planning.services.cards import take_cards
from varangian.platform.access.roles import Role
from varangian.travel import services
from varangian.travel.events import drill_asked
from varangian.travel.models import Allotment, Find, FleetHold, Inspection, Wheel
from varangian.travel.queries import allotments, drivers, fleet
from varangian.travel.queries import inspections as checks

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 12, 1, tzinfo=UTC)


def at(hours: float):
    return clock.frozen(DAY + timedelta(hours=hours))


@pytest.fixture(autouse=True)
def early():
    with at(6):
        yield


@pytest.fixture
def leader():
    return factories.person("Ingrid Falk")


@pytest.fixture
def operation(leader):
    made = factories.operation(leader)
    leader.__dict__.pop("_reach", None)
    return made


@pytest.fixture
def driver(operation):
    return factories.member(operation, Role.DRIVER, factories.person("Leo Marchetti"))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Mia Sand"))


@pytest.fixture
def leg(operation, leader):
    return add_leg(leader, operation, 10, 12)


def add_leg(leader, operation, starts: float, ends: float | None, title: str = "To the venue"):
    return operations.add_movement(
        actor=leader,
        operation=operation,
        kind="road",
        title=title,
        starts=DAY + timedelta(hours=starts),
        ends=DAY + timedelta(hours=ends) if ends else None,
    )


@pytest.fixture
def car(operation, leader):
    return add_car(leader, operation)


def add_car(leader, operation, name: str = "Car 1", plate: str = "ABC-123", **fields):
    given = {"kind": "saloon", "seats": 5, "drive": "diesel", "range_km": 700, **fields}
    return services.add_vehicle(
        actor=leader, engagement=operation.engagement, name=name, plate=plate, **given
    )


def searched(car, person, second, *, grade: str = "full", minutes: float = 20, movement=None):
    """A whole search, done in a plausible time and signed."""
    begun = services.begin_check(actor=person, vehicle=car, checklist=grade, movement=movement)
    done = finish(begun, person, minutes=minutes)
    if second and done.state == "second":
        with clock.frozen(done.ended_at + timedelta(minutes=1)):
            done = services.sign_second(actor=second, inspection=done)
    return done


def finish(begun, person, *, minutes: float = 20, pictures: bool = True, **states):
    checklist = checks.checklist_of(begun)
    for step in checklist.items:
        if step.photo and pictures:
            services.add_check_photo(
                actor=person, inspection=begun, item=step.id, data=factories.picture()
            )
    answers = {step.id: {"state": states.get(step.id, "ok")} for step in checklist.items}
    with clock.frozen(begun.began_at + timedelta(minutes=minutes)):
        return services.finish_check(
            actor=person,
            inspection=begun,
            answers=answers,
            seals=[{"where": "boot", "number": "0417"}],
        )


def stand(car, who):
    return fleet.stand(fleet.vehicle(who, car.pk))


def test_a_new_car_needs_a_full_search_and_is_not_ready(car, leader):
    found = stand(car, leader)
    assert found.due.grade == "full" and not found.ready
    assert "Registration" in {line.title for line in found.lines if line.state == "unknown"}


def test_the_plate_is_sealed_and_a_car_is_in_the_fleet_once(car, leader, operation):
    with pytest.raises(Conflict, match="this plate"):
        add_car(leader, operation, "Car 2", "abc 123")


def test_a_search_in_a_plausible_time_and_signed_twice_makes_ready(car, driver, officer):
    done = searched(car, driver, officer)
    assert done.state == "clear" and done.second_by == officer
    services.begin_check(actor=driver, vehicle=car, checklist="roadworthy")
    road = Inspection.objects.get(checklist="roadworthy")
    finish(road, driver)
    found = stand(car, driver)
    assert found.due.grade == "cursory" and found.search == done and found.ready
    assert checks.last_seals(driver, car) == [{"where": "boot", "number": "0417"}]


def test_twenty_steps_in_forty_seconds_are_refused_and_on_record(car, driver):
    begun = services.begin_check(actor=driver, vehicle=car)
    done = finish(begun, driver, minutes=40 / 60)
    assert done.state == "refused" and "20 steps in 40 s" in done.flags[0]
    assert not stand(car, driver).ready


def test_gaps_and_missing_pictures_are_refused_in_words(car, driver):
    begun = services.begin_check(actor=driver, vehicle=car)
    with pytest.raises(Refused, match="picture is wanted"):
        finish(begun, driver, pictures=False)
    with pytest.raises(Refused, match="Not answered"):
        services.finish_check(actor=driver, inspection=begun, answers={"around": "ok"})


def test_the_second_signature_is_another_persons(car, driver):
    done = searched(car, driver, None)
    with pytest.raises(Refused, match="another person"):
        services.sign_second(actor=driver, inspection=done)


def test_losing_sight_ends_a_search_and_custody_asks_for_the_next(car, driver, officer):
    searched(car, driver, officer)
    with at(7):
        services.hand_over(actor=driver, vehicle=car, state="locked", where="Hotel garage, bay 3")
    with at(8):
        found = stand(car, driver)
        assert found.search is None and found.due.grade == "cursory"
        assert any("out of sight" in line.words for line in found.lines)
        done = searched(car, driver, None, grade="cursory", minutes=5)
        assert done.state == "clear" and stand(car, driver).custody.state == "guarded"
    with at(9):
        assert stand(car, driver).search == done
        services.hand_over(actor=driver, vehicle=car, state="public", where="Kerb")
    with at(9.1):
        assert stand(car, driver).due.grade == "full"
        with pytest.raises(Refused, match="full search is due"):
            services.begin_check(actor=driver, vehicle=car, checklist="cursory")


def test_a_car_that_leaves_sight_during_the_search_must_be_searched_anew(car, driver):
    begun = services.begin_check(actor=driver, vehicle=car)
    with at(6.1):
        services.hand_over(actor=driver, vehicle=car, state="unknown")
    begun.refresh_from_db()
    with pytest.raises(Refused, match="left sight"):
        finish(begun, driver)


def test_a_blocking_fault_keeps_it_off_the_road_until_a_named_person_clears_it(car, driver, leader):
    begun = services.begin_check(actor=driver, vehicle=car, checklist="roadworthy")
    done = finish(begun, driver, tyres="fault", wipers="fault")
    assert done.faults == 2
    first, second = fleet.defects(leader, car)
    assert first.blocking and not second.blocking
    assert stand(car, leader).light == "red"
    with pytest.raises(Denied):
        services.clear_defect(actor=driver, defect=first, words="Changed")
    services.clear_defect(actor=leader, defect=first, words="Tyre changed at the garage")
    assert not any(line.state == "block" for line in stand(car, leader).lines)


def test_a_find_stops_the_leg_and_only_the_leader_releases_it(car, driver, officer, leader, leg):
    searched(car, driver, officer)
    services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    operations.set_movement_state(actor=leader, movement=leg, state="confirmed")
    with at(7):
        begun = services.begin_check(actor=driver, vehicle=car, checklist="cursory", movement=leg)
        given = {"actor": driver, "inspection": begun, "item": "arches"}
        found = services.report_find(**given, words="Tape, left")
        assert services.report_find(**given) == found
    leg.refresh_from_db()
    assert leg.state == "planned"
    alert = Alert.objects.get(source="find")
    assert alert.urgency == "now" and alert.movement_id == leg.pk
    with pytest.raises(Refused, match="find on Car 1 stops"):
        operations.set_movement_state(actor=leader, movement=leg, state="under_way")
    assert Movement.objects.get(pk=leg.pk).state == "planned"
    with pytest.raises(Refused, match="a find is reported"):
        services.begin_check(actor=driver, vehicle=car)
    with pytest.raises(Denied):
        services.release_find(actor=driver, find=found, reason="Nothing")
    with pytest.raises(Refused, match="why"):
        services.release_find(actor=leader, find=found, reason=" ")
    services.release_find(actor=leader, find=found, reason="Police: tape of the garage")
    alert.refresh_from_db()
    assert alert.state not in Alert.OPEN
    assert stand(car, leader).due.grade == "full", "nothing is clear by itself"
    leg.refresh_from_db()
    operations.set_movement_state(actor=leader, movement=leg, state="under_way")


def test_a_find_in_the_answers_is_a_find(car, driver):
    begun = services.begin_check(actor=driver, vehicle=car)
    done = finish(begun, driver, minutes=1, under_rear="find")
    assert done.state == "find" and Find.objects.get().item == "under_rear"


def test_nobody_and_nothing_twice(car, driver, officer, leader, operation, leg):
    services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    other = add_leg(leader, operation, 11, 13, "Airport")
    with pytest.raises(Refused, match="Taken from 01 Dec 10:00"):
        services.assign_vehicle(actor=leader, movement=other, vehicle=car, driver=officer)
    spare = add_car(leader, operation, "Car 2", "XYZ-9")
    with pytest.raises(Conflict, match="Leo Marchetti is taken"):
        services.assign_vehicle(actor=leader, movement=other, vehicle=spare, driver=driver)
    after = add_leg(leader, operation, 12, 13, "Back")
    services.assign_vehicle(actor=leader, movement=after, vehicle=car, driver=driver)
    row = Allotment.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Allotment.objects.filter(pk=row.pk).update(ends=DAY + timedelta(hours=14))


def test_the_hold_says_nothing_of_other_operations_but_counts(car, driver, leader, operation, leg):
    services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    stranger = factories.person()
    elsewhere = factories.operation(stranger)
    stranger.__dict__.pop("_reach", None)
    same = add_car(stranger, elsewhere, "Hired", "abc123")
    theirs = add_leg(stranger, elsewhere, 11, 13, "Theirs")
    with pytest.raises(Refused, match="Taken") as refused:
        services.assign_vehicle(actor=stranger, movement=theirs, vehicle=same)
    assert "venue" not in str(refused.value)
    with pytest.raises(NotFound):
        fleet.vehicle(stranger, car.pk)


def test_an_assignment_follows_its_leg_and_a_clash_is_shown(car, driver, leader, operation, leg):
    first = services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    later = add_leg(leader, operation, 14, 15, "Later")
    second = services.assign_vehicle(actor=leader, movement=later, vehicle=car, driver=driver)
    operations.change_movement(
        actor=leader,
        movement=leg,
        starts=DAY + timedelta(hours=10.5),
        ends=DAY + timedelta(hours=14.5),
    )
    first.refresh_from_db()
    assert first.state == "clash"
    assert not allotments.vehicles_ready(leader, leg)[0]["ready"]
    operations.set_movement_state(actor=leader, movement=later, state="cancelled")
    second.refresh_from_db()
    assert second.state == "over" and FleetHold.objects.count() == 0


def test_a_leg_without_an_end_is_refused_in_words(car, leader, operation):
    with pytest.raises(Refused, match="no span of time"):
        services.assign_vehicle(
            actor=leader, movement=add_leg(leader, operation, 20, None), vehicle=car
        )


def test_hours_come_from_duty_and_wheel_and_speak_before_the_assignment(
    car, driver, leader, operation, leg
):
    with at(5):
        operations.start_duty(actor=driver, operation=operation)
        services.take_wheel(actor=driver, kind="driving")
    with at(9):
        services.take_wheel(actor=driver, kind="waiting")
        hours = drivers.driver(driver, driver).hours
        assert hours.driven_day == timedelta(hours=4) == hours.duty_day
    with at(9.5):
        (breach,) = allotments.hours_broken(driver.pk, leg)
        assert breach.rule == "break", "waiting is duty and no break"
        with pytest.raises(Refused, match="driving hours"):
            services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
        made = services.assign_vehicle(
            actor=leader, movement=leg, vehicle=car, driver=driver, reason="Relief is ill"
        )
        assert made.override == "Relief is ill" and breach.words in made.against


def test_a_leg_under_way_is_time_at_the_wheel(car, driver, leader, leg):
    services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    with at(10):
        operations.set_movement_state(actor=leader, movement=leg, state="under_way")
    with at(11):
        operations.set_movement_state(actor=leader, movement=leg, state="arrived")
    (row,) = Wheel.objects.all()
    assert row.kind == "driving" and row.ends - row.starts == timedelta(hours=1)


def test_a_file_of_a_driver_is_for_the_driver_and_who_plans(driver, officer, leader, operation):
    facts = {
        "licences": [{"name": "B", "until": "2026-11-30"}],
        "courses": [{"name": "Evasive", "on": "2026-01-01", "until": "2027-01-01"}],
        "medical": {"until": "2027-05-01"},
        "languages": ["fi", "en"],
        "places": [{"place": "Helsinki", "note": "drives it every day"}],
    }
    services.write_driver(actor=leader, person=driver, **facts)
    assert drivers.driver(leader, driver).over == ["Licence B"]
    assert drivers.driver(driver, driver).facts["languages"] == ["fi", "en"]
    assert not drivers.files(officer).exists()
    with pytest.raises(NotFound):
        drivers.person(officer, driver.email)
    with pytest.raises(Denied):
        services.write_driver(actor=driver, person=driver, languages=["sv"])
    with pytest.raises(Refused):
        services.write_driver(actor=leader, person=driver, score=7)


def test_readiness_of_a_leg_is_offered_to_planning(car, driver, officer, leader, leg):
    assert allotments.vehicles_ready(leader, leg) == []
    services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    (row,) = allotments.vehicles_ready(leader, leg)
    assert not row["ready"] and any("Full systematic search" in why for why in row["why"])
    searched(car, driver, officer)
    finish(services.begin_check(actor=driver, vehicle=car, checklist="roadworthy"), driver)
    (row,) = allotments.vehicles_ready(leader, leg)
    assert row["ready"] and row["checked_at"]


def test_a_route_card_takes_cues_as_routes_give_them(car, leader, leg):
    made = services.assign_vehicle(actor=leader, movement=leg, vehicle=car)
    cue = {
        "words": "Turn left",
        "metres": 120,
        "seconds": 14,
        "lat": 60.1,
        "lon": 24.9,
        "turn": -90,
    }
    services.write_cues(actor=leader, allotment=made, cues=[cue])
    made.refresh_from_db()
    assert made.cues == [cue]
    with pytest.raises(Refused, match="turn 1"):
        services.write_cues(actor=leader, allotment=made, cues=[{"metres": "far"}])


def test_who_is_on_leave_drives_no_leg(car, driver, leader, operation, leg):
    add_absence(
        actor=leader,
        operation=operation,
        person=driver,
        starts=DAY,
        ends=DAY + timedelta(hours=24),
    )
    with pytest.raises(Conflict, match="away then: leave"):
        services.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)


def test_the_drill_is_the_card_of_the_operation_when_it_has_one(leader, operation):
    (before,) = [lines for _, lines in drill_asked.send(None, operation=operation, actor=leader)]
    assert before == []
    take_cards(actor=leader, operation=operation)
    card = Card.objects.get(operation=operation, library_id="suspect_item")
    Card.objects.filter(pk=card.pk).update(in_force=1)
    ((_, lines),) = drill_asked.send(None, operation=operation, actor=leader)
    assert any("Leave it as it is" in line for line in lines)
