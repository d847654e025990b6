"""What comes from one place in one minute is one group, and asks once."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts.models import Alert, Delivery
from varangian.alerts.services import close
from varangian.alerts.services.forgetting import forget_deliveries
from varangian.kernel.clock import frozen, now
from varangian.operations.services import add_post
from varangian.operations.services.duties import start_duty
from varangian.platform.access.roles import Role
from varangian.protection.services import buttons, checks, incidents, keys, nearness
from varangian.protection.shapes.duress import check_shape
from varangian.protection.spots import spot
from varangian.tracking.services.devices import enrol
from varangian.tracking.services.fences import add_fence

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


def groups(source):
    """How many ask for themselves, and how many stand under another."""
    rows = list(Alert.objects.filter(source=source))
    return sum(row.group_id is None for row in rows), sum(row.group_id is not None for row in rows)


def test_two_who_leave_one_fence_are_one_group(leader, operation):
    def fence(name):
        return add_fence(
            actor=leader, operation=operation, name=name, position=[60.17, 24.95], urgency="now"
        )

    gate, yard = fence("Gate"), fence("Yard")
    for name, where in (("One", gate), ("Two", gate), ("Three", yard)):
        device, _ = enrol(actor=leader, operation=operation, kind="tracker", label=name)
        nearness.on_fence(where, device, "exit", now(), (60.18, 24.95))
    assert groups("fence") == (2, 1)


def test_two_overdue_at_one_post_are_one_group(leader, operation):
    post = add_post(
        actor=leader, operation=operation, title="PPO", role="officer", edition="detail"
    )
    checks.set_rule(actor=leader, operation=operation, minutes=10)
    for number in range(3):
        officer = factories.member(operation, Role.OFFICER)
        start_duty(actor=officer, operation=operation, post=post if number < 2 else None)
    for seconds in (599, 661):
        with frozen(now() + timedelta(seconds=seconds)):
            checks.look()
    assert groups("check_call") == (2, 1)


def test_two_reports_of_one_place_are_one_group(leader, operation):
    for title, where in (("Smoke", "Lobby"), ("Fire alarm", " lobby "), ("A fall", "Stairs")):
        incidents.report_incident(
            actor=leader, operation=operation, kind="fire", title=title, where=where
        )
    assert groups("incident") == (2, 1)


def test_buttons_that_fall_silent_together_are_one_group(leader, operation):
    for label in ("Lobby", "Suite"):
        keys.issue_place_key(actor=leader, operation=operation, label=label, alive_every_s=60)
    with frozen(now() + timedelta(seconds=130)):
        assert buttons.look() == 2
    assert groups("button") == (1, 1)


def test_a_place_is_a_street_corner():
    assert spot([60.17012, 24.94049]) == spot((60.1699, 24.9404)) == "60.170 24.940"
    assert spot(None) == spot([]) == ""


def test_a_check_call_has_the_same_keys_whether_or_not_one_is_due(leader, operation):
    checks.set_rule(actor=leader, operation=operation, minutes=10)
    start_duty(actor=leader, operation=operation)
    row = checks.check_call(person=leader)
    assert check_shape(row).keys() == check_shape(None).keys()
    assert check_shape(row)["due"] and not check_shape(None)["due"]


def test_deliveries_of_alerts_long_over_are_dropped(leader, operation, settings):
    settings.DELIVERIES_DAYS = 90
    for title in ("Smoke", "Fall"):
        incidents.report_incident(actor=leader, operation=operation, kind="fire", title=title)
    for alert in Alert.objects.all():
        Delivery.objects.create(
            compartment_id=alert.compartment_id,
            alert=alert,
            person=leader,
            channel="screen",
            round=9,
        )
    first = Alert.objects.earliest("raised_at")
    close(actor=leader, alert=first, reason="Out")
    before = Delivery.objects.count()
    assert forget_deliveries() == 0
    with frozen(now() + timedelta(days=91)):
        gone = forget_deliveries()
        assert forget_deliveries() == 0
    assert gone and Delivery.objects.count() == before - gone
    assert not first.deliveries.exists() and Alert.objects.filter(pk=first.pk).exists()
