"""What cameras and sensors tell, and which of it asks for a person."""

import json
from datetime import time, timedelta

import pytest
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.alerts.models import Alert
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import digest
from varangian.surveillance.events import plate_read
from varangian.surveillance.models import SeenEvent, Sensor
from varangian.surveillance.queries import events as queries
from varangian.surveillance.sensors.reading import read
from varangian.surveillance.services import keeping, placing
from varangian.surveillance.services.events import add_rule, hear_camera, remove_rule
from varangian.surveillance.services.sensing import add_sensor, hear_token, remove_sensor

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return operation()


def sensor(scene, kind="door", **given):
    said = {"legal_basis": "Consent"} if kind == "plates" else {}
    return add_sensor(
        actor=SYSTEM, operation=scene, name=f"{kind} one", kind=kind, **{**said, **given}
    )


def say(secret, body):
    return hear_token(digest=digest(secret), told=read(json.dumps(body).encode()))


def test_an_event_of_a_camera_is_kept_and_seen_by_members(scene):
    one = camera(scene)
    placing.claim(grip=grip(one), owner="w")
    hear_camera(grip=grip(one), name="motion.begun", detail={"share": 0.1})
    officer = member(scene, Role.OFFICER)
    row = queries.events(officer, scene).get()
    assert row.detail == {"share": 0.1} and row.expires_at > now() + timedelta(days=2)
    assert not queries.events(person())
    assert not queries.events(officer, scene, name="door")
    assert queries.events(officer, scene, source=str(one.pk)).count() == 1
    assert (
        "Motion begins"
        in signed_in(officer)
        .get(f"/surveillance/of/{scene.slug}/events/?name=motion")
        .content.decode()
    )


def test_a_rule_raises_one_alert_within_its_quiet_time(scene):
    one = camera(scene)
    placing.claim(grip=grip(one), owner="w")
    rule = add_rule(actor=SYSTEM, operation=scene, name="motion.*", urgency="now", camera=one)
    at = now().replace(second=0, microsecond=0) - timedelta(minutes=now().minute % 5)
    for seconds in (1, 20):
        hear_camera(
            grip=grip(one), name="motion.begun", detail={}, at=at + timedelta(seconds=seconds)
        )
    alert = Alert.objects.get()
    assert (alert.title, alert.urgency, alert.source) == (
        "Gate: Motion begins",
        "now",
        "surveillance",
    )
    hear_camera(grip=grip(one), name="source.lost", detail={})
    assert Alert.objects.count() == 1
    remove_rule(actor=SYSTEM, rule=rule)
    hear_camera(grip=grip(one), name="motion.begun", detail={}, at=at - timedelta(hours=1))
    assert Alert.objects.count() == 1


def test_rules_know_their_hours_and_their_source(scene):
    door, secret = sensor(scene)
    _, other = sensor(scene, kind="motion")
    clock = now().astimezone().time()
    add_rule(
        actor=SYSTEM, operation=scene, name="door.opened", sensor=door,
        begins=time(clock.hour), ends=time(clock.hour),
    )  # fmt: skip
    say(other, {"event": "door.opened"})
    assert not Alert.objects.exists()
    say(secret, {"event": "open"})
    assert Alert.objects.count() == 1
    for bad in ({"name": "no such!"}, {"urgency": "soon"}, {"begins": time(1)}, {"quiet_s": -1}):
        with pytest.raises(Refused):
            add_rule(actor=SYSTEM, operation=scene, **{"name": "motion.begun", **bad})
    with pytest.raises(Denied):
        add_rule(actor=member(scene, Role.OFFICER), operation=scene, name="motion.begun")


def test_a_sensor_speaks_with_its_token_alone(scene):
    door, secret = sensor(scene)
    assert say(secret, {"event": "open", "id": "7"}) == 1
    assert say(secret, {"event": "open", "id": "7"}) == 0
    assert say(secret, [{"contact": True}, {"occupancy": True, "battery": 80}]) == 2
    assert say(secret, {"event": "alive"}) == 0
    assert say("guessed", {"event": "open"}) is None
    names = list(SeenEvent.objects.order_by("heard_at").values_list("name", flat=True))
    assert names == ["door.opened", "door.closed", "motion.begun"]
    remove_sensor(actor=SYSTEM, sensor=door)
    assert say(secret, {"event": "open"}) is None


def test_times_that_cannot_be_are_heard_as_now(scene):
    _, secret = sensor(scene)
    say(secret, {"event": "open", "at": "2001-01-01T00:00:00Z"})
    row = SeenEvent.objects.get()
    assert row.at > now() - timedelta(minutes=1)
    assert row.detail["claimed_at"].startswith("2001")


def test_a_plate_goes_upward_and_needs_its_legal_basis(scene):
    heard = []

    def listen(**told):
        heard.append((told["plate"], told["position"], told["operation"].pk))

    plate_read.connect(listen, weak=False, dispatch_uid="test.plates")
    try:
        with pytest.raises(Refused):
            sensor(scene, kind="plates", legal_basis=" ")
        one = camera(scene, position=[60.1, 24.9])
        _, secret = sensor(scene, kind="plates")
        say(secret, {"plate": "zph-771", "camera": one.name})
    finally:
        plate_read.disconnect(dispatch_uid="test.plates")
    assert heard == [("ZPH771", [60.1, 24.9], scene.pk)]
    assert SeenEvent.objects.get().detail == {}, "nobody looks out for it, so it is not kept"


def test_silence_is_told_once_and_days_end(scene):
    scene.state = "active"
    scene.save()
    one, secret = sensor(scene, period_s=30)
    say(secret, {"event": "open"})
    Sensor.objects.update(heard_at=now() - timedelta(minutes=2))
    assert (keeping.watch_sensors(), keeping.watch_sensors()) == (1, 0)
    say(secret, {"event": "alive"})
    one.refresh_from_db()
    assert one.silent_since is None
    SeenEvent.objects.update(expires_at=now() - timedelta(seconds=1))
    assert keeping.forget() == 1 and not SeenEvent.objects.exists()


def test_page_and_api_register_sensors_and_rules(scene):
    leader = member(scene, Role.DETAIL_LEADER)
    client = signed_in(leader)
    words = {"name": "Door", "kind": "door", "retention_days": "3", "period_s": "0"}
    page = client.post(f"/surveillance/of/{scene.slug}/sensors/", words)
    assert page.status_code == 200 and "/sense/" in page.content.decode()
    one = Sensor.objects.get()
    bad = client.post(
        f"/surveillance/of/{scene.slug}/sensors/", {**words, "kind": "panel", "panel_key": "xyz"}
    )
    assert bad.status_code == 422
    made = client.post(
        f"/surveillance/of/{scene.slug}/rules/",
        {"name": "door.opened", "source": str(one.pk), "urgency": "now", "quiet_s": "60"},
    )
    assert made.status_code == 302
    api = bearer(leader)
    rules = api.get(f"/api/v1/operations/{scene.slug}/event-rules").json()["items"]
    assert rules[0]["sensor"] == "Door"
    kind = {"content_type": "application/json"}
    panel = json.dumps({"name": "P", "kind": "panel", "outside_id": "4711", "panel_key": "ab" * 16})
    told = api.post(f"/api/v1/operations/{scene.slug}/sensors", panel, **kind).json()
    assert told["encrypted"] and "ab" * 16 not in json.dumps(told)
    with pytest.raises(Conflict):
        sensor(scene, kind="panel", outside_id="4711")
    assert api.delete(f"/api/v1/event-rules/{rules[0]['id']}").status_code == 200
    assert client.post(f"/surveillance/sensors/{one.pk}/remove/").status_code == 302


def test_a_panel_is_answered_when_its_event_is_kept(scene):
    from varangian.surveillance.sensors import panels, sia

    sensor(scene, kind="panel", outside_id="4711")
    burglary = sia.read(sia.frame('"SIA-DCS"0001R0L0#4711[#4711|NBA07]'))
    assert b'"ACK"0001' in panels.hear(burglary)
    assert b'"ACK"0001' in panels.hear(burglary)
    assert SeenEvent.objects.get().name == "panel.BA" and not Alert.objects.exists()
    panic = sia.read(sia.frame('"SIA-DCS"0002R0L0#4711[#4711|NPA01]'))
    assert b'"ACK"0002' in panels.hear(panic)
    alert = Alert.objects.get()
    assert (alert.urgency, alert.title) == ("now", "panel one: Panic alarm, zone 1")
    unknown = sia.read(sia.frame('"SIA-DCS"0001R0L0#9999[#9999|NBA07]'))
    assert b'"DUH"' in panels.hear(unknown)
    old = sia.read(sia.frame('"SIA-DCS"0001R0L0#4711[#4711|NBA07]_10:00:00,01-01-2020'))
    assert b'"NAK"' in panels.hear(old)
    assert b'"ACK"' in panels.hear(sia.read(sia.frame('"NULL"0000R0L0#4711[]')))
    assert SeenEvent.objects.count() == 2


def test_what_speaks_mqtt_is_known_by_its_name(scene):
    from varangian.tracking.events import thing_told
    from varangian.tracking.gateway.run import _told
    from varangian.tracking.gateway.topics import meaning

    sensor(scene, kind="motion", outside_id="hall")
    sensor(scene, kind="recorder", outside_id="frigate")
    hall = meaning("zigbee2mqtt/hall", b'{"occupancy": true, "battery": 90}')
    assert thing_told.has_listeners() and _told(scene.pk, hall)
    assert not _told(scene.pk, meaning("zigbee2mqtt/cellar", b'{"occupancy": true}'))
    after = {"id": "17.1-x", "camera": "Gate", "label": "person", "entered_zones": ["yard"]}
    for kind in ("new", "update", "end"):
        told = json.dumps({"type": kind, "before": {}, "after": after}).encode()
        assert _told(scene.pk, meaning("frigate/events", told))
    names = list(SeenEvent.objects.order_by("heard_at").values_list("name", flat=True))
    assert names == ["motion.begun", "person.begun", "person.ended"]
    assert SeenEvent.objects.get(name="person.begun").detail == {"words": "yard"}
