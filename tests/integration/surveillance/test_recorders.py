"""Recorders asked over HTTP: what they saw is kept once, their picture is shown and not kept."""

import gzip
import json
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import member, operation, person, picture, signed_in
from tests.frigate import FrigateRecorder
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.commands.events import sensor as verbs
from varangian.surveillance.models import CameraView, SeenEvent, Sensor
from varangian.surveillance.sensors import recorder as calls
from varangian.surveillance.sensors import things
from varangian.surveillance.services import recorders
from varangian.surveillance.services.cameras import mask_camera
from varangian.surveillance.services.sensing import add_sensor, remove_sensor

pytestmark = pytest.mark.django_db
TOKEN = "invented.token.of.the.recorder"  # not-a-secret: of an invented recorder


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def there():
    with FrigateRecorder(TOKEN) as recorder:
        yield recorder


def registered(scene, there, **given) -> Sensor:
    said = {"address": there.address, "access_token": TOKEN, "outside_id": "frigate", **given}
    made, _ = add_sensor(actor=SYSTEM, operation=scene, name="Box", kind="recorder", **said)
    return made


def asked(sensor: Sensor) -> int:
    Sensor.objects.filter(pk=sensor.pk).update(ask_at=now() - timedelta(seconds=1))
    return recorders.ask_one(sensor.pk)


def names() -> list[str]:
    return list(SeenEvent.objects.order_by("at").values_list("name", flat=True))


def test_what_it_saw_is_kept_once_and_its_end_is_seen(scene, there):
    one, gate = registered(scene, there), camera(scene)
    begun = now().timestamp() + 1
    row = there.sees("1.a-b", begun, camera="Gate")
    there.sees("0.old", begun - 600, begun - 500)
    there.sees("1.wrong", begun, begun + 1, false_positive=True)
    assert asked(one) == 1
    assert names() == ["person.begun"]
    kept = SeenEvent.objects.get()
    assert (kept.camera, kept.detail, kept.sensor) == (gate, {"words": "drive"}, one)
    assert asked(one) == 0
    row["end_time"] = begun + 4
    there.sees("2.c-d", begun + 2, begun + 3, label="car")
    assert asked(one) == 3
    assert names() == ["person.begun", "car.begun", "car.ended", "person.ended"]
    assert asked(one) == 0 and Sensor.objects.get().asked_to == begun + 2


def test_nothing_is_kept_twice_when_it_speaks_over_mqtt_as_well(scene, there):
    one = registered(scene, there)
    row = there.sees("1.a-b", now().timestamp() + 1)
    over_mqtt = {**row, "entered_zones": ["drive"]}
    assert things.on_told(scene.pk, "frigate", {"type": "new", "after": over_mqtt})
    assert asked(one) == 0
    row["end_time"] = over_mqtt["end_time"] = row["start_time"] + 2
    assert asked(one) == 1
    things.on_told(scene.pk, "frigate", {"type": "end", "after": over_mqtt})
    assert names() == ["person.begun", "person.ended"]


def test_many_events_come_page_by_page(scene, there):
    one, begun = registered(scene, there), now().timestamp() + 1
    for number in range(230):
        there.sees(f"{number}.x", begun + number / 10, begun + number / 10 + 1)
    assert asked(one) == 460
    assert len(there.asked) == 3


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ((200, b"no json", {}), "no recorder"),
        ((200, b'{"a": 1}', {}), "no recorder"),
        ((200, b"[" * 90_000, {}), "no recorder"),
        ((200, b"x" * (calls.MOST_LIST + 1), {}), "too much"),
        ((200, gzip.compress(b"[]"), {"Content-Encoding": "gzip"}), "no recorder"),
        ((302, b"", {"Location": "http://127.0.0.1:1/"}), "no recorder"),
        ((401, b"", {}), "refused the token"),
    ],
)
def test_a_hostile_recorder_is_told_of_and_asked_less_often(scene, there, says, words):
    one = registered(scene, there)
    there.says = says
    assert asked(one) == 0 and asked(one) == 0
    one = Sensor.objects.get()
    assert words in one.ask_fault and one.ask_failures == 2
    assert one.ask_at - now() > timedelta(seconds=30)
    page = signed_in(member(scene, Role.DETAIL_LEADER)).get(
        f"/surveillance/of/{scene.slug}/sensors/"
    )
    assert words in page.content.decode()
    there.says = None
    asked(one)
    one = Sensor.objects.get()
    assert (one.ask_fault, one.ask_failures) == ("", 0) and one.heard_at is not None


@pytest.mark.parametrize(
    "row",
    [
        *({"id": "../x"}, {"id": 7}, {"start_time": "now"}, {"start_time": None}),
        *({"end_time": "x"}, {"zones": 3, "label": None, "camera": ["\ud800"]}),
        {"start_time": float("inf")},
    ],
)
def test_rows_that_lie_break_nothing(scene, there, row):
    one = registered(scene, there)
    good = there.sees("1.a", now().timestamp() + 1)
    there.says = (200, json.dumps([good, {**good, "id": "2.b", **row}, 7, []]).encode(), {})
    assert asked(one) >= 1
    assert Sensor.objects.get().ask_fault == ""


def test_the_tick_hands_out_one_job_for_each_that_is_due(scene, there):
    one = registered(scene, there)
    add_sensor(actor=SYSTEM, operation=scene, name="Speaks itself", kind="recorder")
    assert recorders.ask_due() == 1 and recorders.ask_due() == 0
    assert ProcrastinateJob.objects.filter(task_name="surveillance.ask_recorder").count() == 1
    remove_sensor(actor=SYSTEM, sensor=one)
    one = Sensor.objects.get(pk=one.pk)
    assert (one.address, one.access, one.ask_at) == ("", "", None)
    assert recorders.ask_one(one.pk) == 0 and there.asked == []


def test_its_address_and_token(scene, there):
    one = registered(scene, there)
    with connection.cursor() as cursor:
        cursor.execute("select access from surveillance_sensor where id = %s", [one.pk])
        assert TOKEN.encode() not in bytes(cursor.fetchone()[0])
    assert not AuditEntry.objects.filter(changes__icontains=TOKEN).exists()
    for address in ("http://169.254.169.254/", "ftp://x", "http://u:p@x/", "x y"):
        with pytest.raises(Refused):
            registered(scene, there, address=address, outside_id="")
    with pytest.raises(Refused):
        add_sensor(actor=SYSTEM, operation=scene, name="D", kind="door", address="http://x")


def seen(scene, there, **more) -> SeenEvent:
    one = registered(scene, there)
    there.picture = picture((320, 180))
    there.sees("1.a-b", now().timestamp() + 1, **more)
    asked(one)
    return SeenEvent.objects.get()


def test_its_picture_is_shown_to_who_says_why_and_kept_nowhere(scene, there):
    gate, officer = camera(scene), member(scene, Role.OFFICER)
    event = seen(scene, there, camera="Gate")
    client, page = signed_in(officer), f"/surveillance/seen/{event.pk}/"
    shown = client.get(page).content.decode()
    assert "Why you look" in shown and not any("snapshot" in path for path in there.asked)
    assert client.post(page, {"purpose": ""}).status_code == 422
    shown = client.post(page, {"purpose": "Who is at the gate"}).content.decode()
    assert 'src="data:image/jpeg;base64,' in shown
    assert there.asked[-1] == "/api/events/1.a-b/snapshot.jpg"
    view = CameraView.objects.get()
    assert (view.person_id, view.purpose) == (officer.pk, "Who is at the gate")
    note = AuditEntry.objects.get(kind="watch")
    assert note.purpose == "Who is at the gate" and note.record == str(event.pk)
    there.picture = b"<script>"
    answer = client.post(page, {"purpose": "Once more"})
    assert answer.status_code == 422 and "not a picture" in answer.content.decode()
    mask_camera(actor=SYSTEM, camera=gate, masks=[[[0, 0], [1, 0], [1, 1]]])
    assert "Why you look" not in client.get(page).content.decode()
    assert "private areas" in client.post(page, {"purpose": "Who is there"}).content.decode()


def test_who_may_not_watch_sees_no_picture(scene, there):
    event = seen(scene, there)
    analyst = member(scene, Role.ANALYST)
    page = f"/surveillance/seen/{event.pk}/"
    shown = signed_in(analyst).get(page)
    assert shown.status_code == 200 and "Why you look" not in shown.content.decode()
    assert signed_in(analyst).post(page, {"purpose": "curious"}).status_code == 403
    assert signed_in(person()).get(page).status_code == 404
    with pytest.raises(Denied):
        recorders.look_at(actor=analyst, event=event, purpose="curious")
    with pytest.raises(Refused):
        recorders.look_at(actor=SYSTEM, event=event, purpose="the house")


def test_over_the_api_and_on_the_command_line(scene, there, tmp_path, monkeypatch):
    leader = member(scene, Role.DETAIL_LEADER)
    event = seen(scene, there)
    client = bearer(leader)
    answer = client.post(
        f"/api/v1/seen/{event.pk}/picture", json.dumps({"purpose": "Who is it"}), "application/json"
    )
    assert answer.headers["Content-Type"] == "image/jpeg" and answer.content[:2] == b"\xff\xd8"
    listed = client.get(f"/api/v1/operations/{scene.slug}/sensors").json()["items"]
    assert listed[0]["address"] == there.address and TOKEN not in json.dumps(listed)
    monkeypatch.setattr("varangian.platform.ui.console._who", leader.email)
    out = tmp_path / "seen.jpg"
    done = CliRunner().invoke(
        verbs, ["picture", str(event.pk), "--purpose", "Who is it", "--out", str(out)]
    )
    assert done.exit_code == 0 and out.read_bytes()[:2] == b"\xff\xd8"
    words = ["add", scene.slug, "Other", "recorder", "--address", "192.0.2.5:5000", "--json"]
    made = json.loads(CliRunner().invoke(verbs, words).output)
    assert made["address"] == "http://192.0.2.5:5000"
