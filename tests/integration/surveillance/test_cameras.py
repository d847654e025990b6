"""Cameras: who sees them, what is sealed, who looked, and who owns one."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from tests.factories import engagement, member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.models import Camera, CameraRun, CameraView, LivePart
from varangian.surveillance.queries import cameras as queries
from varangian.surveillance.services import keeping, placing, watching
from varangian.surveillance.services.cameras import (
    add_camera,
    change_camera,
    mask_camera,
    retire_camera,
    switch_camera,
)
from varangian.surveillance.services.placing import Fenced, Grip

pytestmark = pytest.mark.django_db
SOURCE = "rtsp://gate:hush-hush-7@camera.example/stream?key=9"
SQUARE = [[0, 0], [0.5, 0], [0.5, 0.5]]


def camera(owner, **given) -> Camera:
    said = {"purpose": "The gate", "legal_basis": "Consent of the owner", **given}
    return add_camera(actor=SYSTEM, owner=owner, name="Gate", source=SOURCE, **said)


@pytest.fixture
def scene():
    return operation()


@pytest.fixture
def leader(scene):
    return member(scene, Role.DETAIL_LEADER)


def grip(one: Camera, job: int = 1, attempt: int = 0) -> Grip:
    return Grip(one.pk, job, attempt)


def test_only_members_know_of_a_camera(scene, leader):
    one = camera(scene)
    officer, stranger = member(scene, Role.OFFICER), person()
    driver = member(scene, Role.DRIVER)
    assert queries.camera(officer, one.pk) == one
    for nobody in (stranger, driver):
        assert not queries.cameras(nobody)
        with pytest.raises(NotFound):
            queries.camera(nobody, one.pk)
    assert signed_in(stranger).get(f"/surveillance/cameras/{one.pk}/").status_code == 404
    page = signed_in(leader).get(f"/surveillance/cameras/{one.pk}/").content.decode()
    assert "The gate" in page and "hush" not in page and "key=9" not in page
    assert "rtsp://camera.example/stream" in page


def test_one_of_the_engagement_is_not_for_members_of_an_operation():
    contract = engagement()
    below = operation(engagement=contract)
    one = camera(contract)
    assert not queries.cameras(member(below, Role.OFFICER))
    assert queries.cameras(member(contract, Role.OFFICER)).get() == one


def test_the_address_is_sealed_in_the_table_and_the_audit(scene):
    one = camera(scene)
    with connection.cursor() as cursor:
        cursor.execute("select source from surveillance_camera where id = %s", [one.pk])
        assert b"hush" not in bytes(cursor.fetchone()[0])
    assert not AuditEntry.objects.filter(changes__icontains="hush").exists()
    assert Camera.objects.get().source == SOURCE


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"purpose": " "}, "on record"),
        ({"legal_basis": ""}, "on record"),
        ({"retention_days": 400}, "1 to 90"),
        ({"width_deg": 2}, "5 to 360"),
        ({"position": [91, 0]}, "no place on earth"),
        ({"colour": "blue"}, "no such field"),
    ],
)
def test_what_is_missing_is_said(scene, given, words):
    with pytest.raises(Refused) as why:
        camera(scene, **given)
    assert words in str(why.value)


def test_files_are_cameras_only_where_the_house_says_so(scene, settings):
    with pytest.raises(Refused):
        add_camera(
            actor=SYSTEM,
            owner=scene,
            name="F",
            source="file:///a.mp4",
            purpose="x",
            legal_basis="y",
        )
    settings.CAMERA_FILES = "/somewhere"
    change_camera(actor=SYSTEM, camera=camera(scene), source="file:///a.mp4")


def test_an_empty_address_keeps_the_one_that_is_there(scene, leader):
    one = camera(scene)
    change_camera(actor=leader, camera=one, source="", bearing=365, name="North gate")
    one = Camera.objects.get()
    assert (one.source, one.bearing, one.name) == (SOURCE, 5, "North gate")
    with pytest.raises(Denied):
        change_camera(actor=member(scene, Role.OFFICER), camera=one, name="Mine")


def test_a_retired_camera_forgets_its_address_and_keeps_who_looked(scene, leader):
    one = camera(scene)
    watching.begin_view(actor=leader, camera=one, purpose="arrival at the gate")
    retire_camera(actor=leader, camera=one)
    one = Camera.objects.get()
    assert one.source == "" and not queries.cameras(leader)
    assert queries.views(leader, one).count() == 1
    with pytest.raises(Refused):
        mask_camera(actor=leader, camera=one, masks=[SQUARE])


def test_a_view_is_on_record_before_the_picture_and_ends(scene, leader):
    one, officer = camera(scene), member(scene, Role.OFFICER)
    with pytest.raises(Refused):
        watching.begin_view(actor=officer, camera=one, purpose=" x ")
    with pytest.raises(Denied):
        watching.begin_view(
            actor=member(scene, Role.ANALYST), camera=one, purpose="just to have a look"
        )
    view = watching.begin_view(actor=officer, camera=one, purpose="arrival of the principal")
    assert watching.watched(one.pk)
    with pytest.raises(NotFound):
        watching.own_view(leader, view.pk)
    CameraView.objects.update(
        began_at=now() - timedelta(seconds=90), seen_at=now() - timedelta(seconds=40)
    )
    assert not watching.watched(one.pk)
    assert keeping.close_views() == 1 and keeping.close_views() == 0
    row = queries.views(leader, one).get()
    assert (row.person, row.purpose, row.seconds) == (officer, "arrival of the principal", 50)
    notes = AuditEntry.objects.filter(kind__in=["watch", "watched"]).order_by("pk")
    assert [(n.kind, n.actor) for n in notes] == [
        ("watch", str(officer.pk)),
        ("watched", str(officer.pk)),
    ]
    assert notes[1].purpose == "50 s: arrival of the principal"
    with pytest.raises(Denied):
        queries.views(officer, one)
    with pytest.raises(NotFound):
        watching.own_view(officer, view.pk)


def test_who_leaves_the_team_sees_no_further_part(scene):
    from varangian.platform.access.models import Membership

    one, officer = camera(scene), member(scene, Role.OFFICER)
    view = watching.begin_view(actor=officer, camera=one, purpose="arrival of the principal")
    assert watching.own_view(officer, view.pk)
    Membership.objects.filter(user=officer).delete()
    officer.__dict__.pop("_reach", None)
    with pytest.raises(NotFound):
        watching.own_view(officer, view.pk)


def test_the_picture_is_served_part_by_part_to_the_one_who_began(scene, leader):
    one, officer = camera(scene), member(scene, Role.OFFICER)
    placing.claim(grip=grip(one), owner="w")
    client = signed_in(officer)
    page = client.post(f"/surveillance/cameras/{one.pk}/watch/", {"purpose": "arrival at two"})
    view = CameraView.objects.get()
    assert str(view.pk) in page.content.decode()
    assert "blob:" in page.headers["Content-Security-Policy"].split("media-src")[1].split(";")[0]
    address = f"/surveillance/views/{view.pk}/live.m3u8"
    assert client.get(address).status_code == 204
    for number in (5, 6):
        placing.keep_part(grip=grip(one), opened="1c", number=number, seconds=1.0, data=b"picture")
    assert b"picture" not in bytes(LivePart.objects.first().sealed)
    listed = client.get(address).content.decode()
    part = next(line for line in listed.splitlines() if line.endswith("6.ts"))
    assert client.get(part).content == b"picture"
    for other in (signed_in(leader), signed_in(person())):
        assert other.get(address).status_code == 404
        assert other.get(part).status_code == 404
    assert client.post(f"/surveillance/views/{view.pk}/end/").status_code == 200
    assert client.get(part).status_code == 404


def test_the_ring_is_short_and_masks_empty_it(scene):
    one = camera(scene)
    placing.claim(grip=grip(one), owner="w")
    for number in range(placing.RING + 9):
        placing.keep_part(grip=grip(one), opened="1c", number=number, seconds=1.0, data=b"x")
    assert LivePart.objects.count() == placing.RING
    mask_camera(actor=SYSTEM, camera=one, masks=[SQUARE])
    assert not LivePart.objects.exists()


def test_a_later_owner_fences_the_earlier_one_off(scene):
    one = camera(scene)
    first, second, third = grip(one, 7, 0), grip(one, 7, 1), grip(one, 9, 0)
    assert placing.claim(grip=first, owner="a").source == SOURCE
    placing.claim(grip=second, owner="b")
    for write in (
        lambda: placing.beat(grip=first, health={}),
        lambda: placing.set_state(grip=first, state="live"),
        lambda: placing.keep_part(grip=first, opened="1c", number=1, seconds=1, data=b"x"),
        lambda: placing.keep_still(grip=first, data=b"x"),
        lambda: placing.let_go(grip=first),
        lambda: placing.claim(grip=first, owner="a"),
    ):
        with pytest.raises(Fenced):
            write()
    placing.claim(grip=third, owner="c")
    with pytest.raises(Fenced):
        placing.beat(grip=second, health={})
    run = CameraRun.objects.get()
    assert (run.owner, run.job) == ("c", 9) and not LivePart.objects.exists()


def test_what_is_switched_off_or_over_is_let_go(scene, leader):
    one = camera(scene)
    assert placing.claim(grip=grip(one), owner="a")
    switch_camera(actor=leader, camera=one, running=False)
    assert placing.beat(grip=grip(one), health={}) is None
    assert placing.claim(grip=grip(one, 2), owner="b") is None
    assert queries.state_of(queries.camera(leader, one.pk))[1] == "Off"


def test_each_camera_gets_one_job(scene):
    one = camera(scene)
    assert placing.place_all() == 1 and placing.place_all() == 0
    with connection.cursor() as cursor:
        cursor.execute("select queue_name, lock from procrastinate_jobs where lock like 'camera:%'")
        assert cursor.fetchall() == [("vision", f"camera:{one.pk}")]


def test_what_beats_no_more_is_not_live(scene, leader):
    one = camera(scene)
    placing.claim(grip=grip(one), owner="a")
    placing.set_state(grip=grip(one), state="live")
    placing.beat(grip=grip(one), health={"frames": 9, "fps": 9.0, "jumps": 0})
    assert queries.state_of(queries.camera(leader, one.pk))[1] == "Live"
    CameraRun.objects.update(beat_at=now() - timedelta(seconds=11))
    assert queries.state_of(queries.camera(leader, one.pk))[1] == "Waits for a worker"
    placing.place_all()
    assert CameraRun.objects.get().state == "waiting"


def test_page_and_api_do_the_same(scene, leader):
    client = signed_in(leader)
    words = {
        "owner": str(scene.compartment_id), "name": "Lobby", "source": SOURCE,
        "purpose": "Who comes in", "legal_basis": "Consent", "retention_days": "2",
        "position": "60.17, 24.94", "bearing": "90", "width_deg": "60", "reach_m": "30",
    }  # fmt: skip
    assert client.post("/surveillance/cameras/new/", {**words, "purpose": ""}).status_code == 422
    bad = client.post("/surveillance/cameras/new/", {**words, "source": "ftp://x"})
    assert bad.status_code == 422 and "no address of a stream" in bad.content.decode()
    assert client.post("/surveillance/cameras/new/", words).status_code == 302
    one = Camera.objects.get()
    assert (one.position, one.bearing, one.operation) == ([60.17, 24.94], 90, scene)
    shown = client.get("/surveillance/map.json").json()["features"]
    assert [f["geometry"]["type"] for f in shown] == ["Polygon", "Point"]
    masks = client.post(f"/surveillance/cameras/{one.pk}/masks/", {"masks": json.dumps([SQUARE])})
    assert masks.status_code == 302
    told = bearer(leader).get(f"/api/v1/cameras/{one.pk}").json()
    assert told["masks"] == [SQUARE] and "hush" not in json.dumps(told)
    for address in (
        "/surveillance/",
        f"/surveillance/of/{scene.slug}/",
        f"/surveillance/of/{scene.slug}/events/",
        f"/surveillance/of/{scene.slug}/sensors/",
        f"/surveillance/of/{scene.slug}/rules/",
        f"/surveillance/of/{scene.slug}/wall/",
        f"/surveillance/of/{scene.slug}/watched/",
        f"/surveillance/cameras/{one.pk}/change/",
        f"/surveillance/cameras/{one.pk}/masks/",
        f"/surveillance/cameras/{one.pk}/?part=health",
        f"/surveillance/cameras/{one.pk}/?part=views",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get(f"/surveillance/cameras/{one.pk}/still.jpg").status_code == 204
    placing.claim(grip=grip(one), owner="a")
    assert placing.beat(grip=grip(one), health={}).still
    placing.keep_still(grip=grip(one), data=b"jpeg")
    assert client.get(f"/surveillance/cameras/{one.pk}/still.jpg").content == b"jpeg"
    assert client.post(f"/surveillance/cameras/{one.pk}/retire/").status_code == 302
