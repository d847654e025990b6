"""Enrolment, share modes, withdrawal, tracks from files, calls for help."""

from datetime import timedelta

import pytest
from tests.factories import member, operation, person, signed_in

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.roles import Role
from varangian.tracking import events
from varangian.tracking.models import Device, Position
from varangian.tracking.queries import position_of
from varangian.tracking.services.calls import hear_sos
from varangian.tracking.services.devices import change_device, enrol, renew_token, revoke
from varangian.tracking.services.keeping import forget, make_days, thin
from varangian.tracking.services.uploads import upload_track
from varangian.tracking.tokens import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    leader = person("Lea")
    where = operation(leader)
    return where, leader, member(where, Role.OFFICER, person("Olli"))


def own(scene, **fields) -> tuple[Device, str]:
    where, _, officer = scene
    given = {"kind": "owntracks", "label": "Phone of W2", "person": officer, **fields}
    return enrol(actor=officer, operation=where, **given)


def test_only_the_hash_of_a_token_is_kept(scene):
    device, secret = own(scene)
    assert device.digest == digest(secret) and secret not in str(vars(device))
    _, fresh = renew_token(actor=scene[2], device=device)
    device.refresh_from_db()
    assert device.digest == digest(fresh) != digest(secret)


def test_an_officer_enrols_their_own_and_the_leader_any(scene):
    where, leader, officer = scene
    with pytest.raises(Denied):
        own(scene, person=leader)
    with pytest.raises(Denied):
        own(scene, carried_by_principal=True)
    car, _ = enrol(actor=leader, operation=where, kind="tracker", label="Car 1")
    with pytest.raises(Denied):
        change_device(actor=officer, device=car, share="off")
    assert change_device(actor=leader, device=car, share="off").share == "off"


@pytest.mark.parametrize(
    "bad",
    [{"kind": "pigeon"}, {"label": ""}, {"share": "always"}, {"period_s": 0}, {"days": 400}],
)
def test_what_makes_no_sense_is_refused(scene, bad):
    with pytest.raises(Refused):
        own(scene, **bad)


def test_a_node_is_enrolled_once(scene):
    own(scene, kind="meshtastic", outside_id="!a1b2c3d4")
    with pytest.raises(Refused, match="enrolled already"):
        own(scene, kind="meshtastic", outside_id="!a1b2c3d4")


def test_a_person_decides_what_their_own_device_shares(scene):
    device, _ = own(scene)
    assert change_device(actor=scene[2], device=device, share="emergency").share == "emergency"
    assert revoke(actor=scene[2], device=device).revoked_at


def gpx(count: int, start=None) -> bytes:
    start = start or now() - timedelta(hours=2)
    points = "".join(
        f'<trkpt lat="60.{1700 + n}" lon="24.94"><time>'
        f"{(start + timedelta(seconds=5 * n)).isoformat()}</time></trkpt>"
        for n in range(count)
    )
    return f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>".encode()


def test_a_track_is_added_whatever_is_shared_now(scene):
    device, _ = own(scene, share="off")
    told = upload_track(actor=scene[2], device=device, data=gpx(30))
    assert told == {"kept": 30, "refused": {}}
    again = upload_track(actor=scene[2], device=device, data=gpx(30, now() - timedelta(days=90)))
    assert again == {"kept": 0, "refused": {"past": 30}}
    with pytest.raises(Refused):
        upload_track(actor=scene[2], device=device, data=b"no track")


def test_after_a_day_one_position_a_minute_is_enough(scene):
    device, _ = own(scene)
    upload_track(actor=scene[2], device=device, data=gpx(48, now() - timedelta(days=2)))
    Position.objects.update(trigger="")
    assert thin() >= 40
    assert 4 <= Position.objects.filter(device=device).count() <= 5


def test_days_are_made_ahead_and_dropped_in_time(scene, settings):
    device, _ = own(scene)
    make_days()
    upload_track(actor=scene[2], device=device, data=gpx(3, now() - timedelta(days=20)))
    settings.POSITIONS_DAYS = 10
    assert forget() >= 1
    assert not Position.objects.filter(device=device).exists()


def test_a_call_for_help_is_news_and_opens_the_device(scene):
    device, _ = own(scene, share="off")
    heard = []

    def keep(sender, **given):
        heard.append(given)

    events.sos_heard.connect(keep)
    hear_sos(device_id=device.pk, at=now(), position=(60.0, 24.0), via="osmand", key="k1")
    events.sos_heard.disconnect(keep)
    assert heard[0]["person"] == scene[2] and heard[0]["key"] == "k1"
    device.refresh_from_db()
    assert device.emergency_until > now()


def test_screens_of_the_devices(scene):
    where, leader, officer = scene
    browser = signed_in(officer)
    page = f"/tracking/of/{where.slug}/"
    form = {"kind": "owntracks", "label": "Phone", "carrier": str(officer.pk), "share": "duty"}
    made = browser.post(page, {**form, "period_s": 15, "days": 30})
    assert made.status_code == 200 and b"OwnTracks" in made.content and b"/ingest/" in made.content
    device = Device.objects.get(label="Phone")
    upload_track(actor=officer, device=device, data=gpx(5))
    for path in (
        page,
        f"{page}rows/",
        f"{page}map.json",
        f"{page}positions.json",
        "/tracking/positions.json",
        f"/tracking/devices/{device.pk}/",
        f"/tracking/devices/{device.pk}/state/",
        f"/tracking/devices/{device.pk}/trail.json",
    ):
        assert browser.get(path).status_code == 200, path
    shown = browser.get("/tracking/positions.json").json()["features"]
    assert shown[0]["properties"]["state"] == "lost"
    assert position_of(officer, officer) is not None
    leader_page = signed_in(leader).post(
        f"{page}fences/new/",
        {"name": "Quay", "kind": "circle", "position": "60.17, 24.94", "radius_m": 100,
         "tells": "both", "about": "all", "urgency": "attention"},
    )  # fmt: skip
    assert leader_page.status_code == 302
    assert b"Quay" in browser.get(page).content
    assert browser.post(f"/tracking/devices/{device.pk}/revoke/").status_code == 302


def test_the_client_sees_no_positions(scene):
    where, _, officer = scene
    device, _ = own(scene)
    upload_track(actor=officer, device=device, data=gpx(5))
    client = signed_in(member(where, Role.CLIENT, person()))
    assert client.get("/tracking/positions.json").json()["features"] == []
    assert client.get(f"/tracking/devices/{device.pk}/").status_code == 404
