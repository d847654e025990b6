"""Crossings and sightings, as alerts in minutes on foot."""

from datetime import timedelta

import pytest
from tests.factories import member, operation, person

from varangian.alerts.models import Alert
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.log.models import LogEntry
from varangian.operations.models import Operation
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.principals.services import add_window
from varangian.protection.models import FieldReport
from varangian.protection.queries.patterns import patterns
from varangian.protection.services.nearness import report_near
from varangian.protection.services.patterns import look_again
from varangian.tracking.models import Device, LastPosition
from varangian.tracking.services import watching
from varangian.tracking.services.fences import add_fence

pytestmark = pytest.mark.django_db
HERE, STREET, FAR = (60.1700, 24.9400), (60.1720, 24.9400), (60.2600, 24.9400)


@pytest.fixture
def scene():
    leader = person("Lea")
    where = operation(leader)
    Operation.objects.filter(pk=where.pk).update(state="active")
    return where, leader


def principal_at(where, place) -> Device:
    device, _ = Device.objects.get_or_create(
        operation=where,
        carried_by_principal=True,
        defaults={"compartment_id": where.compartment_id, "kind": "tracker", "label": "Fob"},
    )
    given = {"at": now(), "heard_at": now(), "lat": place[0], "lon": place[1], "accuracy": 5}
    LastPosition.objects.update_or_create(
        device=device, defaults={**given, "compartment_id": where.compartment_id}
    )
    return device


def private(where) -> None:
    start, end = now() - timedelta(hours=1), now() + timedelta(hours=1)
    add_window(actor=SYSTEM, principal=where.principal, starts=start, ends=end, rule="quiet")


def seen(scene, place, **fields):
    where, leader = scene
    given = {"what": "The man of the letters", "position": list(place), **fields}
    return report_near(actor=leader, operation=where, **given)


def test_near_and_confirmed_is_urgent(scene):
    principal_at(scene[0], HERE)
    told = seen(scene, STREET, confirmed=True)
    assert 2 < told["minutes"] < 5 and "north of the principal" in told["words"]
    alert = Alert.objects.get(pk=told["alert"])
    assert (alert.urgency, alert.source, alert.minutes) == ("now", "sighting", 3)
    assert LogEntry.objects.filter(operation=scene[0], kind="entry").count() == 1


def test_near_and_unconfirmed_is_for_attention_and_far_is_for_the_log(scene):
    principal_at(scene[0], HERE)
    assert Alert.objects.get(pk=seen(scene, STREET)["alert"]).urgency == "attention"
    assert seen(scene, FAR, what="A car", confirmed=True)["alert"] is None


def test_an_unknown_place_is_taken_to_be_near(scene):
    told = seen(scene, FAR)
    assert told["minutes"] is None and told["alert"] is not None


def test_private_time_tells_no_distance(scene):
    principal_at(scene[0], HERE)
    private(scene[0])
    told = seen(scene, STREET, confirmed=True)
    assert told["minutes"] is None and "private" in told["words"]


def test_what_makes_no_sense_and_who_may_not(scene):
    for bad in ({"what": " "}, {"position": [1.0]}, {"position": [91.0, 0.0]}):
        with pytest.raises(Refused):
            seen(scene, STREET, **bad)
    client = member(scene[0], Role.CLIENT, person())
    with pytest.raises(Denied):
        report_near(actor=client, operation=scene[0], what="x", position=list(HERE))


def crossings(scene, **fence) -> list[Alert]:
    where, _ = scene
    add_fence(
        actor=SYSTEM, operation=where, name="Hotel", position=list(HERE), radius_m=200, **fence
    )
    watching._looked.clear()
    for place in (HERE, FAR, FAR):
        principal_at(where, place)
        watching.watch_fences()
    return list(Alert.objects.filter(operation=where, source="fence"))


def test_a_crossing_raises_the_alert_that_its_fence_asks_for(scene):
    (alert,) = crossings(scene, urgency="now", about="principal")
    assert alert.urgency == "now" and alert.title == "Principal left Hotel"


def test_a_fence_may_be_for_the_log_alone(scene):
    assert crossings(scene, urgency="") == []
    assert LogEntry.objects.filter(operation=scene[0]).exists()


def test_in_private_time_no_fence_asks_for_anybody(scene):
    private(scene[0])
    assert crossings(scene, urgency="now") == []


def test_what_is_reported_near_is_weighed_for_patterns(scene):
    where, leader = scene
    principal_at(where, HERE)
    for number in range(30):
        at = [60.17 + 0.04 * (number % 3), 24.94 + 0.1 * (number % 3)]
        seen(scene, at, what="A car", plate=f"XYZ-{100 + number}")
    for number in range(3):
        at = [60.17 + 0.04 * number, 24.94 + 0.1 * number]
        told = seen(scene, at, what="Grey van", plate="ABC 123")
        assert told["weighed"]
    rows = FieldReport.objects.filter(operation=where, kind="sighting")
    assert rows.count() == 33 and {row.content["what"] for row in rows} == {"vehicle"}
    assert LogEntry.objects.filter(operation=where, kind="entry").count() == 33
    found = patterns(leader, where)
    assert [one.name for one in found.report.patterns] == ["A8C123"]
    assert look_again(where.pk) == 1


def test_without_a_plate_it_is_a_person_unless_said(scene):
    seen(scene, STREET, what="Green parka, red rucksack")
    seen(scene, STREET, what="Two on a corner", kind="group")
    kinds = [row.content["what"] for row in FieldReport.objects.order_by("received_at")]
    assert kinds == ["person", "group"]
    with pytest.raises(Refused, match="no such kind"):
        seen(scene, STREET, what="A dog", kind="dog")


def test_the_house_itself_is_no_witness_and_a_bolo_is_not_weighed_twice(scene):
    where, leader = scene
    told = report_near(actor=SYSTEM, operation=where, what="A van", position=list(STREET))
    again = seen(scene, STREET, weighed=False)
    assert not told["weighed"] and not again["weighed"]
    assert not FieldReport.objects.filter(operation=where).exists()
    assert LogEntry.objects.filter(operation=where, kind="entry").count() == 2
