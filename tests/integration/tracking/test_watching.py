"""Fences, the leash and silence, as one worker looks at them each second."""

from datetime import timedelta

import pytest
from tests.factories import member, operation, person

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.log.models import LogEntry
from varangian.operations.models import Operation
from varangian.operations.services import start_duty
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.principals.services import add_window
from varangian.tracking import events
from varangian.tracking.models import Device, Fence, LastPosition
from varangian.tracking.services import watching
from varangian.tracking.services.fences import add_fence

pytestmark = pytest.mark.django_db
HERE, OUT, FAR = (60.1700, 24.9400), (60.1760, 24.9400), (60.1900, 24.9400)


@pytest.fixture
def scene():
    watching._looked.clear()
    where = operation()
    Operation.objects.filter(pk=where.pk).update(state="active")
    return where


@pytest.fixture
def heard():
    told = []

    def keep(sender, **given):
        told.append(given)

    for signal in (events.fence_crossed, events.device_silent):
        signal.connect(keep)
    yield told
    for signal in (events.fence_crossed, events.device_silent):
        signal.disconnect(keep)


def device(where, **fields) -> Device:
    if "carried_by_principal" not in fields:
        fields["person"] = member(where, Role.OFFICER, person(call_sign="W2"))
        start_duty(actor=fields["person"], operation=where)
    given = {"kind": "owntracks", "label": "Phone", "period_s": 10, **fields}
    return Device.objects.create(compartment_id=where.compartment_id, operation=where, **given)


def at(one: Device, place: tuple[float, float], seconds_ago: float = 0, accuracy: float = 5):
    moment = now() - timedelta(seconds=seconds_ago)
    given = {"at": moment, "heard_at": moment, "lat": place[0], "lon": place[1]}
    LastPosition.objects.update_or_create(
        device=one,
        defaults={**given, "accuracy": accuracy, "compartment_id": one.compartment_id},
    )


def circle(where, **fields) -> Fence:
    given = {"name": "Residence", "position": list(HERE), "radius_m": 200, **fields}
    return add_fence(actor=SYSTEM, operation=where, **given)


def test_leaving_and_coming_back_is_told_once_each(scene, heard):
    one = device(scene)
    circle(scene)
    crossed = []
    for place in (HERE, OUT, OUT, OUT, HERE, HERE, HERE):
        at(one, place)
        crossed.append(watching.watch_fences())
    assert crossed == [0, 0, 1, 0, 0, 1, 0]
    assert [told["kind"] for told in heard] == ["exit", "enter"]
    assert LogEntry.objects.filter(operation=scene).count() >= 2


def test_the_same_fix_is_held_against_a_fence_once(scene, heard):
    one = device(scene)
    circle(scene)
    at(one, HERE)
    watching.watch_fences()
    at(one, OUT)
    assert [watching.watch_fences() for _ in range(4)] == [0] * 4


def test_a_fence_of_the_principal_does_not_tell_of_the_team(scene, heard):
    one = device(scene)
    circle(scene, about="principal")
    for place in (HERE, OUT, OUT):
        at(one, place)
        assert watching.watch_fences() == 0


def test_nobody_near_the_principal(scene, heard):
    own = device(scene, carried_by_principal=True)
    one = device(scene)
    add_fence(actor=SYSTEM, operation=scene, name="Leash", kind="leash", radius_m=150)
    for place in (HERE, FAR, FAR):
        at(own, HERE)
        at(one, place)
        watching.watch_fences()
    assert [told["fence"].kind for told in heard] == ["leash"]


def test_in_private_time_nobody_has_to_be_near(scene, heard):
    own = device(scene, carried_by_principal=True)
    one = device(scene)
    add_fence(actor=SYSTEM, operation=scene, name="Leash", kind="leash", radius_m=150)
    start, end = now() - timedelta(hours=1), now() + timedelta(hours=1)
    add_window(actor=SYSTEM, principal=scene.principal, starts=start, ends=end, rule="quiet")
    for place in (HERE, FAR, FAR):
        at(own, HERE)
        at(one, place)
        watching.watch_fences()
    assert heard == []


def test_silence_is_told_once_and_only_of_those_on_duty(scene, heard):
    one, other = device(scene), device(scene)
    at(one, HERE, seconds_ago=70)
    at(other, HERE, seconds_ago=40)
    assert watching.watch_silence() == 1
    assert watching.watch_silence() == 0
    assert heard[0]["person"] == one.person
    other.person.duties.update(ended_at=now())
    at(other, HERE, seconds_ago=90)
    assert watching.watch_silence() == 0


def test_fences_are_drawn_by_those_who_may_and_make_sense(scene):
    officer = member(scene, Role.OFFICER, person())
    with pytest.raises(Denied):
        add_fence(actor=officer, operation=scene, name="x", position=list(HERE))
    for bad in (
        {"position": None},
        {"position": [91, 0]},
        {"radius_m": 5},
        {"kind": "outline", "ring": [[1, 1]]},
        {"kind": "blob"},
        {"name": " "},
    ):
        with pytest.raises(Refused):
            circle(scene, **bad)
