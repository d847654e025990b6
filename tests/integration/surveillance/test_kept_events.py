"""Pictures of an event kept as evidence: past the days of its camera, on record, proved offline."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.db import connection
from tests.factories import member, operation, person, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera, grip

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.platform.audit.signing import public_key
from varangian.platform.audit.verify import Broken, verify_bundle
from varangian.surveillance.models import Clip, KeptEvent, KeptUse, SeenEvent
from varangian.surveillance.queries import kept as queries
from varangian.surveillance.services import clips, events, keeping, kept, kept_export, placing
from varangian.surveillance.services.cameras import change_camera

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0 an invented picture of a gate"
WHY, CASE = "The police asked for it", "File 77/26"


@pytest.fixture
def at():
    scene = operation()
    leader, desk = member(scene, Role.DETAIL_LEADER), member(scene, Role.OPERATOR)
    one = camera(scene, keeps_stills=True, reach_m=40)
    placing.claim(grip=grip(one), owner="w")
    event = events.hear_camera(
        grip=grip(one), name="behaviour.zone", detail={"words": "Yard: inside"}, still=JPEG
    )
    return SimpleNamespace(scene=scene, leader=leader, desk=desk, camera=one, event=event)


def pushed(at, data: bytes = b"\x00\x00\x00\x18ftypmp42 a clip") -> Clip:
    import hashlib

    row = clips.begin_clip(
        actor=at.desk, operation=at.scene, act=new_id(), what="The gate", media_type="video/mp4",
        size=len(data), sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    return clips.take_part(actor=at.desk, clip=row, offset=0, data=data)


def keep(at, **given) -> KeptEvent:
    said = {"actor": at.desk, "reason": WHY, "reference": CASE, "days": 90, **given}
    return kept.keep_event(event=at.event, **said)


def test_a_camera_keeps_a_picture_only_when_its_record_says_so_and_of_behaviour(at):
    assert bytes(at.event.still) and JPEG not in bytes(at.event.still)
    assert placing.beat(grip=grip(at.camera), health={}).stills
    plain = events.hear_camera(grip=grip(at.camera), name="motion.begun", detail={}, still=JPEG)
    assert not plain.still
    odd = events.hear_camera(grip=grip(at.camera), name="behaviour.zone", detail={}, still=b"GIF")
    assert not odd.still
    change_camera(actor=at.leader, camera=at.camera, keeps_stills=False)
    off = events.hear_camera(grip=grip(at.camera), name="behaviour.zone", detail={}, still=JPEG)
    assert not off.still


def test_it_outlives_the_event_and_ends_at_its_date(at):
    row = keep(at, clips=[pushed(at)])
    assert row.label == "EV1" and [one["name"] for one in row.files] == [
        "picture.jpg",
        "clips/1.mp4",
    ]
    SeenEvent.objects.update(expires_at=now() - timedelta(days=1))
    Clip.objects.update(expires_at=now() - timedelta(days=1))
    keeping.forget()
    assert not SeenEvent.objects.exists() and not Clip.objects.exists()
    row = queries.kept_event(at.desk, row.pk)
    assert kept.file_of(row, 1)[1] == JPEG and kept.end_kept() == 0
    kept.move_end(actor=at.desk, kept=row, days=5, purpose="The case is nearly closed")
    KeptEvent.objects.update(ends_at=now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        queries.kept_event(at.desk, row.pk)
    assert kept.end_kept() == 1 and not KeptEvent.objects.exists()
    with pytest.raises(Refused):
        kept.file_of(row, 1)
    assert [one.kind for one in queries.uses(at.leader, at.scene)] == ["prolonged", "kept"]


def test_without_reason_case_picture_or_right_nothing_is_kept(at):
    for given, said in (
        ({"reason": " "}, "on record"),
        ({"reference": ""}, "on record"),
        ({"days": 0}, "1 to 3650"),
    ):
        with pytest.raises(Refused, match=said):
            keep(at, **given)
    with pytest.raises(Refused, match="named person"):
        keep(at, actor=SYSTEM)
    for role in (Role.OFFICER, Role.ANALYST):
        with pytest.raises(Denied):
            keep(at, actor=member(at.scene, role))
    with pytest.raises(NotFound):
        keep(at, actor=person())
    bare = events.hear_camera(grip=grip(at.camera), name="motion.begun", detail={})
    with pytest.raises(Refused, match="no picture"):
        kept.keep_event(actor=at.desk, event=bare, reason=WHY, reference=CASE, days=9)
    elsewhere = operation()
    at.desk = member(elsewhere, Role.OPERATOR, at.desk)
    other = pushed(SimpleNamespace(desk=at.desk, scene=elsewhere))
    with pytest.raises(Refused, match="another operation"):
        keep(at, clips=[other])
    assert not KeptEvent.objects.exists() and not KeptUse.objects.exists()


def test_the_zip_proves_itself_offline_and_every_touch_is_told(at, tmp_path):
    row = keep(at, clips=[pushed(at)])
    kept.look_kept(actor=at.leader, kept=row, purpose="Is it the right man")
    taken = kept_export.export_kept(actor=at.desk, kept=row, purpose="For the court")
    out = tmp_path / taken.name
    out.write_bytes(taken.data)
    told = verify_bundle(out, public_key())
    assert (told.kind, told.pinned, told.count, told.files) == ("event", True, 4, 3)
    with zipfile.ZipFile(BytesIO(taken.data)) as found:
        steps = [json.loads(line)["content"] for line in found.read("entries.jsonl").splitlines()]
        assert found.read("picture.jpg") == JPEG and CASE in found.read("statement.txt").decode()
    by = {one["step"]: one for one in steps}
    assert by["kept"]["digest"] == row.digest and by["kept"]["reference"] == CASE
    assert [one["what"] for one in by["uses"]["since"]] == ["kept", "looked"]
    assert "right man" not in json.dumps(steps) and by["export"]["purpose"] == "For the court"
    with zipfile.ZipFile(BytesIO(taken.data)) as found, zipfile.ZipFile(out, "w") as forged:
        for name in found.namelist():
            body = found.read(name)
            forged.writestr(name, body + b"x" if name == "picture.jpg" else body)
    with pytest.raises(Broken):
        verify_bundle(out)


def test_what_was_changed_in_the_database_does_not_leave_the_house(at):
    row = keep(at)
    row.reference = "File 1/1"
    row.save()
    with pytest.raises(Refused, match="not what was kept"):
        kept_export.export_kept(actor=at.desk, kept=row, purpose="For the court")


def test_reason_files_and_case_are_sealed_and_reads_are_on_record(at):
    row = keep(at)
    with connection.cursor() as cursor:
        cursor.execute("select reason, reference, told, files from surveillance_keptevent")
        assert not any(
            word in bytes(cell)
            for cell in cursor.fetchone()
            for word in (b"police", b"77", b"Yard", b"jpg")
        )
    kept.look_kept(actor=at.desk, kept=row, purpose="Before the hearing")
    assert queries.uses(at.leader, at.scene, row)[0].purpose == "Before the hearing"
    assert AuditEntry.objects.filter(kind="evidence looked", purpose="Before the hearing").exists()
    with pytest.raises(Denied):
        queries.uses(at.desk, at.scene)


def test_page_api_and_console_do_the_same(at, tmp_path, capsys):
    clip = pushed(at)
    client = signed_in(at.desk, fresh=True)
    assert "Keep as evidence" in client.get(f"/surveillance/seen/{at.event.pk}/").content.decode()
    page = f"/surveillance/seen/{at.event.pk}/keep/"
    assert "The gate" in client.get(page).content.decode()
    assert client.post(page, {"reason": "", "reference": CASE, "days": 9}).status_code == 422
    said = {"reason": WHY, "reference": CASE, "days": 9, "clips": [str(clip.pk)]}
    assert client.post(page, said).status_code == 302
    row = KeptEvent.objects.get()
    shown = f"/surveillance/kept/{row.pk}/"
    assert "kept-looks" not in client.get(shown).content.decode()
    assert client.post(shown, {"purpose": ""}).status_code == 422
    looked = client.post(shown, {"purpose": "Before the hearing"}).content.decode()
    use = KeptUse.objects.get(kind="looked")
    link = f"/surveillance/kept-looks/{use.pk}/1/"
    assert link in looked and client.get(link).content == JPEG
    assert signed_in(at.leader).get(link).status_code == 404
    listed = f"/surveillance/of/{at.scene.slug}/kept/"
    assert CASE in client.get(listed).content.decode()
    assert "Before the hearing" in signed_in(at.leader).get(listed).content.decode()
    assert "Before the hearing" not in client.get(listed).content.decode()
    assert client.post(shown + "end/", {"days": "x", "purpose": WHY}).status_code == 422
    assert client.post(shown + "end/", {"days": "400", "purpose": WHY}).status_code == 302
    assert client.post(shown + "take/", {"purpose": "For the court"}).content[:2] == b"PK"
    body = {"reason": WHY, "reference": CASE, "clips": [str(clip.pk)]}
    api = bearer(at.desk)
    made = api.post(
        f"/api/v1/seen/{at.event.pk}/keep", json.dumps(body), content_type="application/json"
    )
    assert made.status_code == 200 and made.json()["label"] == "EV2"
    assert "parts" not in made.content.decode()
    lost = json.dumps({**body, "clips": [str(new_id())]})
    refused = api.post(f"/api/v1/seen/{at.event.pk}/keep", lost, content_type="application/json")
    assert refused.status_code == 422
    file = api.post(
        f"/api/v1/kept-events/{made.json()['id']}/files/1",
        json.dumps({"purpose": "Before the hearing"}), content_type="application/json",
    )  # fmt: skip
    assert file.content == JPEG
    out = tmp_path / "taken.zip"
    said = ["evidence", "export", made.json()["id"], "--purpose", "For counsel", "--out", str(out)]
    assert root(["--as", at.desk.email, *said]) == 0
    assert verify_bundle(out, public_key()).kind == "event"
    assert root(["--as", at.desk.email, "evidence", "list", at.scene.slug, "--json"]) == 0
    assert (
        len(bearer(at.leader).get(f"/api/v1/operations/{at.scene.slug}/kept-uses").json()["items"])
        >= 6
    )
