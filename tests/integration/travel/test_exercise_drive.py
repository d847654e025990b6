"""A leg simulated in an exercise: followed there with its alarms, and no trace of it in life."""

# ruff: noqa: F811 fixtures are shared by import

from datetime import timedelta

import pytest

from varangian.alerts.models import Alert
from varangian.kernel import clock
from varangian.operations import queries as operations
from varangian.operations.services import copy_for_exercise
from varangian.platform.access.context import acting
from varangian.tracking.models import LastPosition, Position
from varangian.travel import services
from varangian.travel.queries import movement_board as queries
from varangian.travel.services import movement_simulation as simulation
from varangian.travel.services.movement_watch import watch_movements
from varangian.travel.shapes.movement_board import leg_row

from .test_movement_board import START, home, leader, leg, operation  # noqa: F401

pytestmark = pytest.mark.django_db


def inside(person):
    person.__dict__.pop("_reach", None)
    return acting(person, purpose="exercise", exercise=True)


def test_what_is_driven_in_an_exercise_is_followed_there_alone(leg, leader, operation):
    copy = copy_for_exercise(actor=leader, operation=operation, moment=leg.starts)
    with inside(leader):
        (twin,) = operations.movements(leader, copy)
        plan = services.plan_routes(actor=leader, movement=twin, budget=1.4)
        services.approve_routes(actor=leader, plan=plan)
        drive = simulation.Drive(stray_m=500.0)
        device, address = simulation.prepare(actor=leader, movement=twin, drive=drive)
        followed = queries.tracking_plan(leader, twin)
        assert followed.device == device and "/ingest/" in address
        line = queries.line_of(followed.payload)
        for number, share in enumerate((0.1, 0.2, 0.4, 0.42, 0.44), start=1):
            at = clock.now() + timedelta(seconds=20 * number)
            lat, lon = simulation._place(line, share * line.seconds, followed, drive)
            given = {"lat": lat, "lon": lon, "accuracy": 8.0, "at": at, "heard_at": at}
            circle = {"compartment_id": device.compartment_id}
            Position.objects.create(device=device, **circle, **given)
            LastPosition.objects.update_or_create(device=device, defaults={**given, **circle})
            with clock.frozen(at):
                watch_movements()
        row = leg_row(leader, queries.leg(leader, twin.pk))
        assert row["state"] == "under way" and row["progress"] > 0.1
        assert [alarm["name"] for alarm in row["alarms"]] == ["corridor"]
    found = Alert.objects.filter(source="track_corridor")
    assert {alert.compartment_id for alert in found} == {copy.compartment_id}
    leader.__dict__.pop("_reach", None)
    row = leg_row(leader, leg)
    assert row["plan"] is None and row["alarms"] == [] and row["state"] == "not begun"
    assert not Alert.objects.visible_to(leader).filter(source="track_corridor").exists()
