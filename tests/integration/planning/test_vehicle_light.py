"""The light of the vehicles reads what travel knows of them; the roster and the driver's file."""

from datetime import timedelta

import pytest
from tests import factories
from tests.integration.travel.test_fleet import (  # noqa: F401
    DAY,
    add_leg,
    car,
    driver,
    early,
    finish,
    leader,
    leg,
    officer,
    operation,
    searched,
)

from varangian.kernel.results import Refused
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.queries.readiness import readiness
from varangian.planning.services import roster_people
from varangian.planning.services.roster_duties import assign
from varangian.planning.services.roster_shifts import add_shift
from varangian.platform.access.roles import Role
from varangian.travel import services as travel
from varangian.travel.queries import allotments, drivers

pytestmark = pytest.mark.django_db


def light(leader, operation):  # noqa: F811
    rows = readiness(leader, operation)
    return next(row for row in rows if row.artefact.id == "vehicles_checked")


def ready(car, driver, officer):  # noqa: F811
    searched(car, driver, officer)
    finish(travel.begin_check(actor=driver, vehicle=car, checklist="roadworthy"), driver)


def test_with_no_vehicle_assigned_a_word_counts(leader, operation, leg):  # noqa: F811
    assert light(leader, operation).state == "unknown"
    given = {"actor": leader, "operation": operation, "artefact": "vehicles_checked"}
    services.confirm_artefact(**given, note="Hired with its driver")
    assert light(leader, operation).state == "fresh"


def test_with_a_vehicle_assigned_its_checks_count_and_no_word(
    leader, operation, leg, car, driver, officer  # noqa: F811
):  # fmt: skip
    given = {"actor": leader, "operation": operation, "artefact": "vehicles_checked"}
    services.confirm_artefact(**given, note="Looked at it")
    analyst = factories.member(operation, Role.ANALYST)
    assert light(analyst, operation).state == "fresh"
    travel.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    shown = light(leader, operation)
    assert shown.state in ("missing", "due") and "leg 1, Car 1" in shown.why
    assert "/travel/" in shown.url
    assert light(analyst, operation).state in ("missing", "due"), "never fresh for want of a right"
    with pytest.raises(Refused, match="read from their checks"):
        services.confirm_artefact(**given, note="Looked at it again")
    ready(car, driver, officer)
    shown = light(leader, operation)
    assert shown.state == "fresh" and shown.at is not None
    travel.hand_over(actor=leader, vehicle=car, state="public", where="street")
    assert light(leader, operation).state in ("missing", "due"), "out of sight it is searched anew"


def test_a_leg_without_a_vehicle_beside_legs_with_one_is_missing(
    leader, operation, leg, car, driver, officer  # noqa: F811
):  # fmt: skip
    travel.assign_vehicle(actor=leader, movement=leg, vehicle=car, driver=driver)
    ready(car, driver, officer)
    other = add_leg(leader, operation, 14, 15, "Back again")
    shown = light(leader, operation)
    assert shown.state == "missing" and shown.why == f"leg {other.serial}: no vehicle"
    operations.set_movement_state(actor=leader, movement=other, state="cancelled")
    assert light(leader, operation).state == "fresh"


def test_two_records_of_one_person_are_shown_where_they_differ(
    leader, operation, driver  # noqa: F811
):  # fmt: skip
    travel.write_driver(
        actor=leader, person=driver, licences=[{"name": "B", "until": "2030-01-01"}]
    )
    facts = drivers.driver(leader, driver).facts
    assert drivers.disagreements(leader, driver, facts) == []
    roster_people.write_officer(
        actor=leader, operation=operation, person=driver,
        driving=[{"name": "B", "until": "2029-01-01"}],
    )  # fmt: skip
    (found,) = drivers.disagreements(leader, driver, facts)
    assert found.title == "Licence B" and found.roster == "until 2029-01-01"
    page = factories.signed_in(leader).get(f"/travel/drivers/{driver.pk}/").content.decode()
    assert "on the roster until 2029-01-01" in page
    page = (
        factories.signed_in(leader)
        .get(f"/planning/{operation.slug}/officers/{driver.pk}/")
        .content.decode()
    )
    assert "there until 2030-01-01" in page
    stranger = factories.person()
    assert drivers.on_the_roster(stranger, driver) is None


def test_duties_ahead_by_the_roster_count_as_work(
    leader, operation, driver, car  # noqa: F811
):  # fmt: skip
    late = add_leg(leader, operation, 22, 23.5, "At night")
    assert allotments.hours_broken(driver.pk, late) == []
    shift = add_shift(
        actor=leader, operation=operation, title="Gate", starts=DAY + timedelta(hours=7),
        ends=DAY + timedelta(hours=21),
    )  # fmt: skip
    assign(actor=leader, shift=shift, person=driver, reason="Short of people")
    spans = drivers.rostered(driver.pk, DAY, DAY + timedelta(hours=24))
    assert [(span.kind, span.starts) for span in spans] == [("duty", DAY + timedelta(hours=7))]
    assert allotments.hours_broken(driver.pk, late), "fourteen hours of duty leave no rest"
