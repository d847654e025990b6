"""Clips pushed in parts: resumed, proved whole, seen by those who may."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.factories import member, operation, person, picture, signed_in
from tests.integration.platform.access.test_api import bearer
from tests.integration.surveillance.test_cameras import camera
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.kernel.ids import new_id
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.surveillance.commands.clips import clip as verbs
from varangian.surveillance.models import Clip
from varangian.surveillance.services import clips as services
from varangian.surveillance.services import keeping
from varangian.surveillance.services.clips import begin_clip, take_part

pytestmark = pytest.mark.django_db
DATA = picture((300, 200)) + bytes(9000)


@pytest.fixture
def scene():
    return operation()


def begun(scene, who, **given):
    said = {
        "act": new_id(), "what": "A car at the gate", "media_type": "image/png",
        "size": len(DATA), "sha256": hashlib.sha256(DATA).hexdigest(), **given,
    }  # fmt: skip
    return begin_clip(actor=who, operation=scene, **said)


def test_a_push_goes_on_where_it_broke_off(scene):
    officer = member(scene, Role.OFFICER)
    clip = begun(scene, officer)
    clip = take_part(actor=officer, clip=clip, offset=0, data=DATA[:4000])
    assert begun(scene, officer, act=clip.act).received == 4000
    again = take_part(actor=officer, clip=clip, offset=0, data=DATA[:4000])
    assert again.received == 4000
    with pytest.raises(Conflict) as why:
        take_part(actor=officer, clip=clip, offset=6000, data=DATA[6000:])
    assert "Go on at 4000" in str(why.value)
    whole = take_part(actor=officer, clip=clip, offset=4000, data=DATA[4000:])
    assert whole.whole_at is not None


def test_what_is_wrong_as_a_whole_begins_anew(scene):
    officer = member(scene, Role.OFFICER)
    clip = begun(scene, officer, sha256="0" * 64)
    row = take_part(actor=officer, clip=clip, offset=0, data=DATA)
    assert (row.received, row.parts, row.whole_at) == (0, [], None)


@pytest.mark.parametrize(
    "given",
    [
        {"media_type": "text/html"},
        {"size": 0},
        {"size": 10**10},
        {"sha256": "zz"},
        {"position": [99, 0]},
    ],
)
def test_what_cannot_be_a_clip_is_refused(scene, given):
    with pytest.raises(Refused):
        begun(scene, member(scene, Role.DRIVER), **given)


def test_what_comes_must_be_what_was_announced(scene):
    driver, other = member(scene, Role.DRIVER), member(scene, Role.OFFICER)
    clip = begun(scene, driver, media_type="video/mp4")
    with pytest.raises(Refused):
        take_part(actor=driver, clip=clip, offset=0, data=DATA)
    with pytest.raises(Conflict):
        take_part(actor=other, clip=clip, offset=0, data=DATA)


def test_over_the_api_and_on_the_page(scene):
    driver, leader = member(scene, Role.DRIVER), member(scene, Role.DETAIL_LEADER)
    api, kind = bearer(driver), {"content_type": "application/json"}
    words = json.dumps(
        {
            "act": str(new_id()), "media_type": "image/png", "size": len(DATA),
            "sha256": hashlib.sha256(DATA).hexdigest(), "what": "A car",
        }
    )  # fmt: skip
    made = api.post(f"/api/v1/operations/{scene.slug}/clips", words, **kind).json()
    address = f"/api/v1/clips/{made['id']}"
    told = api.put(f"{address}/parts?offset=0", DATA, content_type="application/octet-stream")
    assert told.json()["whole_at"]
    assert api.get(f"{address}/file").status_code == 404
    assert bearer(person()).get(f"{address}/file").status_code == 404
    assert Client().get(f"{address}/file").status_code == 401
    assert b"".join(bearer(leader).get(f"{address}/file").streaming_content) == DATA
    assert AuditEntry.objects.filter(kind="clip", actor=str(leader.pk)).exists()
    page = signed_in(leader).get(f"/surveillance/of/{scene.slug}/clips/").content.decode()
    assert "A car" in page
    form = signed_in(driver).get(f"/surveillance/of/{scene.slug}/clips/").content.decode()
    assert "Push a clip" in form and "A car" not in form
    Clip.objects.update(expires_at=now() - timedelta(seconds=1))
    assert keeping.forget() == 1 and not Clip.objects.exists()


def pushed(*words: str, who=None, monkeypatch=None):
    monkeypatch.setattr("varangian.platform.ui.console._who", who.email)
    return CliRunner().invoke(verbs, ["push", *words])


def test_a_push_from_the_command_line_goes_on_where_it_broke_off(scene, tmp_path, monkeypatch):
    officer, gate = member(scene, Role.OFFICER), camera(scene, position=[60.1, 24.9])
    file = tmp_path / "gate.png"
    file.write_bytes(DATA)
    monkeypatch.setattr(services, "MOST_PART", 4000)
    words = [str(file), "--operation", scene.slug, "--camera", str(gate.pk), "--json"]
    real, count = services.take_part, []

    def breaks_off(**given):
        count.append(given["offset"])
        if len(count) == 2:
            raise ConnectionError("cable")
        return real(**given)

    monkeypatch.setattr(services, "take_part", breaks_off)
    assert pushed(*words, who=officer, monkeypatch=monkeypatch).exit_code == 1
    assert Clip.objects.get().received == 4000
    done = pushed(*words, who=officer, monkeypatch=monkeypatch)
    assert done.exit_code == 0, done.output
    assert count[:3] == [0, 4000, 4000]
    row = Clip.objects.get()
    assert (row.what, row.position, row.media_type) == ("Gate", [60.1, 24.9], "image/png")
    assert row.whole_at is not None and row.person_id == officer.pk
    assert "already" in pushed(*words, who=officer, monkeypatch=monkeypatch).output
    assert Clip.objects.count() == 1
    monkeypatch.setattr("varangian.platform.ui.console._who", member(scene, Role.OPERATOR).email)
    out = tmp_path / "out.png"
    done = CliRunner().invoke(verbs, ["open", str(row.pk), "--out", str(out)])
    assert done.exit_code == 0 and out.read_bytes() == DATA


def test_what_is_no_clip_is_not_pushed(scene, tmp_path, monkeypatch):
    officer = member(scene, Role.OFFICER)
    for name, data in (("a.mp4", b"plain words and more"), ("b.png", b"")):
        (tmp_path / name).write_bytes(data)
        done = pushed(
            str(tmp_path / name), "--operation", scene.slug, who=officer, monkeypatch=monkeypatch
        )
        assert isinstance(done.exception, Refused)
    assert services.kind_of(b"\0\0\0 ftypqt  ....") == "video/quicktime"
    assert services.kind_of(b"\0\0\0 ftypisom....") == "video/mp4"
