"""Cameras of the network on page, API and command line; what is kept of them, and who may ask."""

import json
from unittest.mock import patch

import pytest
from django.db import connection
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import grip
from tests.onvif import PASSWORD, USER, OnvifCamera, Responder, match
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.commands.cameras import camera as verbs
from varangian.surveillance.models import Camera
from varangian.surveillance.onvif import finding
from varangian.surveillance.services import devices, placing
from varangian.surveillance.services.cameras import add_camera, change_camera, retire_camera

pytestmark = pytest.mark.django_db
SAID = {"purpose": "The gate", "legal_basis": "Consent of the owner", "retention_days": "3",
        "bearing": "0", "width_deg": "70", "reach_m": "40"}  # fmt: skip
SECRET = "hush-hush"  # not-a-secret: of an invented camera


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


def access(camera: OnvifCamera, password: str = PASSWORD) -> dict[str, str]:
    return {"address": camera.address, "user": USER, "password": password}


def test_found_chosen_asked_and_registered(scene, leader):
    client = signed_in(leader)
    page = f"/surveillance/cameras/network/?operation={scene.slug}"
    assert "Search the network" in client.get(page).content.decode()
    with OnvifCamera() as camera:
        scopes = "onvif://www.onvif.org/name/Hall%20north onvif://www.onvif.org/mfr/Invented"
        with (
            Responder(match(camera.address, scopes)) as there,
            patch.object(finding, "GROUP", there.group),
            patch.object(finding, "SECONDS", 1.0),
        ):
            shown = client.post(page, {"step": "search"}).content.decode()
        assert "Hall north" in shown and f"127.0.0.1%3A{camera.port}" in shown
        chosen = f"{page}&name=Hall+north&address={camera.address}"
        assert camera.address in client.get(chosen).content.decode()
        assert camera.calls == []
        wrong = client.post(chosen, {"step": "ask", **access(camera, "wrong")})
        assert wrong.status_code == 422 and "refused user" in wrong.content.decode()
        filled = client.post(chosen, {"step": "ask", **access(camera)}).content.decode()
    assert "Invented Dome 4" in filled and 'value="Hall north"' in filled
    assert 'value="rtsp://127.0.0.1:554/live/sub?a=1"' in filled
    assert f'action="/surveillance/cameras/new/?operation={scene.slug}"' in filled
    said = {
        **SAID, "owner": str(scene.compartment_id), "name": "Hall north",
        "source": "rtsp://127.0.0.1:554/live/sub?a=1", "onvif_address": camera.address,
        "onvif_user": USER, "onvif_password": PASSWORD,
    }  # fmt: skip
    assert client.post("/surveillance/cameras/new/", said).status_code == 302
    one = Camera.objects.get()
    assert one.onvif == access(camera)
    assert one.source == "rtsp://operator:Hush-hush%207@127.0.0.1:554/live/sub?a=1"
    shown = client.get(f"/surveillance/cameras/{one.pk}/").content.decode()
    assert "waits for a worker" in shown and "Hush" not in shown
    form = client.get(f"/surveillance/cameras/{one.pk}/change/").content.decode()
    assert camera.address in form and "Hush" not in form
    assert AuditEntry.objects.filter(kind="find").count() == 2


def test_the_password_is_sealed_and_follows_to_no_other_machine(scene, leader):
    given = {"address": "192.0.2.9", "user": "u", "password": SECRET}
    one = add_camera(
        actor=SYSTEM, owner=scene, name="Gate", source="rtsp://192.0.2.9/a", onvif=given,
        purpose="x", legal_basis="y",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select onvif, source from surveillance_camera where id = %s", [one.pk])
        assert all(SECRET.encode() not in bytes(value) for value in cursor.fetchone())
    assert not AuditEntry.objects.filter(changes__icontains=SECRET).exists()
    kept = change_camera(actor=leader, camera=one, onvif={**given, "password": ""})
    assert kept.onvif["password"] == SECRET
    moved = change_camera(
        actor=leader, camera=one, onvif={"address": "192.0.2.66", "user": "u", "password": ""}
    )
    assert moved.onvif["password"] == ""
    with pytest.raises(Refused):
        change_camera(actor=leader, camera=one, onvif={"address": "169.254.169.254"})
    assert retire_camera(actor=leader, camera=one).onvif == {}


def test_who_registers_no_cameras_asks_nobody(scene):
    officer, stranger = member(scene, Role.OFFICER), person()
    for nobody in (officer, stranger):
        with pytest.raises(Denied):
            devices.find_devices(actor=nobody)
        with pytest.raises(Denied):
            devices.ask_device(actor=nobody, address="192.0.2.9")
        assert signed_in(nobody).get("/surveillance/cameras/network/").status_code == 403


def test_over_the_api(scene, leader):
    client = bearer(leader)
    of = f"/api/v1/operations/{scene.slug}"
    with OnvifCamera() as camera:
        with (
            Responder(match(camera.address)) as there,
            patch.object(finding, "GROUP", there.group),
            patch.object(finding, "SECONDS", 1.0),
        ):
            found = client.post(f"{of}/camera-devices").json()["items"]
        assert [one["address"] for one in found] == [camera.address]
        asked = client.post(
            f"{of}/camera-devices/streams", json.dumps(access(camera)), "application/json"
        ).json()
        assert [one["token"] for one in asked["profiles"]] == ["main", "sub", "jpeg"]
        body = {"name": "Gate", "onvif": access(camera), "profile": "Main",
                "purpose": "x", "legal_basis": "y"}  # fmt: skip
        made = client.post(f"{of}/cameras", json.dumps(body), "application/json").json()
        assert made["source"] == "rtsp://127.0.0.1:554/live/main"
        assert made["onvif"] == camera.address and "Hush" not in json.dumps(made)
        body["profile"] = "none"
        answer = client.post(f"{of}/cameras", json.dumps(body), "application/json")
        assert answer.status_code == 422 and "Main, Sub, Still" in answer.content.decode()


def test_on_the_command_line(scene):
    run = CliRunner(env={"VARANGIAN_CAMERA_PASSWORD": PASSWORD}).invoke
    with OnvifCamera() as camera:
        with (
            Responder(match(camera.address)) as there,
            patch.object(finding, "GROUP", there.group),
        ):
            done = run(verbs, ["network", "--seconds", "2", "--json"])
        assert done.exit_code == 0, done.exception
        assert json.loads(done.output)[0]["address"] == camera.address
        done = run(verbs, ["streams", camera.address, "--user", USER, "--json"])
        assert json.loads(done.output)["model"] == "Dome 4"
        words = ["add", "Gate", "--operation", scene.slug, "--onvif", camera.address, "--user",
                 USER, "--purpose", "x", "--legal-basis", "y", "--json"]  # fmt: skip
        done = run(verbs, words)
        assert json.loads(done.output)["source"] == "rtsp://127.0.0.1:554/live/sub"
    one = Camera.objects.get()
    assert json.loads(run(verbs, ["onvif", str(one.pk), "--json"]).output)["onvif"] == ""


def test_its_worker_is_told_where_to_listen_and_how_it_is_stands_on_the_page(scene, leader):
    one = add_camera(
        actor=SYSTEM, owner=scene, name="Gate", source="rtsp://192.0.2.9/a", purpose="x",
        legal_basis="y", onvif={"address": "192.0.2.9", "user": "u", "password": SECRET},
    )  # fmt: skip
    order = placing.claim(grip=grip(one), owner="w")
    assert order is not None and order.onvif == one.onvif
    health = {"events_reason": "The device refused user or password"}
    placing.beat(grip=grip(one), health=health)
    page = signed_in(leader).get(f"/surveillance/cameras/{one.pk}/").content.decode()
    assert "refused user or password" in page
    placing.beat(grip=grip(one), health={"events_reason": "", "events_at": now()})
    page = signed_in(leader).get(f"/surveillance/cameras/{one.pk}/").content.decode()
    assert "last answer" in page and "refused" not in page
