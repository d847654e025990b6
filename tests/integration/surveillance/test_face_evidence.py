"""A confirmed face as a zip that a stranger verifies: signed, on record, never of a denied one."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from tests.factories import member, operation, person, signed_in
from tests.integration.surveillance import faces
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.platform.audit.signing import public_key
from varangian.platform.audit.verify import Broken, verify_bundle
from varangian.platform.ui import console
from varangian.surveillance.commands.faces import faces as command
from varangian.surveillance.models import FaceExport, FaceMatch
from varangian.surveillance.queries import faces as queries
from varangian.surveillance.services.faces import deciding, evidence, records

pytestmark = pytest.mark.django_db
WHY = "For the police, file 77/26"


@pytest.fixture
def at(monkeypatch):
    """A candidate that waits at the gate of an operation, and those who have to do with it."""
    faces.pretend(monkeypatch)
    scene = operation()
    leader, analyst = member(scene, Role.DETAIL_LEADER), member(scene, Role.ANALYST)
    camera = faces.gate(scene)
    records.sign_record(actor=leader, record=faces.drawn(analyst, scene, camera))
    entry = faces.listed(analyst, scene, leader)
    desk = member(scene, Role.OPERATOR)
    match = faces.candidate(camera, entry)
    deciding.look(actor=desk, match=match, purpose="Watch at the gate")
    return SimpleNamespace(scene=scene, leader=leader, analyst=analyst, desk=desk, match=match)


def decided(at, confirmed: bool = True):
    words = "Scar at the ear" if confirmed else "A florist"
    return deciding.decide(actor=at.desk, match=at.match, confirmed=confirmed, words=words)


def opened(data: bytes) -> tuple[list[str], list[dict], dict]:
    with zipfile.ZipFile(BytesIO(data)) as found:
        steps = [json.loads(line)["content"] for line in found.read("entries.jsonl").splitlines()]
        return found.namelist(), steps, json.loads(found.read("manifest.json"))


def test_what_is_taken_out_proves_itself_offline(at, tmp_path):
    decided(at)
    taken = evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY)
    out = tmp_path / taken.name
    out.write_bytes(taken.data)
    told = verify_bundle(out, public_key())
    assert told.kind == "face" and told.pinned and told.count == 6 and told.files == 5
    names, steps, _ = opened(taken.data)
    assert {"shots/1.jpg", "shots/3.jpg", "entry/1.jpg", "statement.txt"} <= set(names)
    by = {one["step"]: one for one in steps}
    assert by["deployment record"]["signed_by"] == str(at.leader)
    assert by["entry"]["reviewed_by"] == str(at.leader)
    assert by["candidate"]["similarity_of_the_pictures"] == 0.71
    assert by["networks"]["used"][-1]["licence"] == "CC0-1.0"
    assert by["networks"]["used"][-1]["sha256"] == at.match.model_sha256
    assert by["decision"]["by"] == str(at.desk) and len(by["decision"]["looked_before"]) == 1
    assert by["export"]["purpose"] == WHY and by["export"]["exports_before"] == 0
    assert "Watch at the gate" not in json.dumps(steps)


@pytest.mark.parametrize("part", ["shots/1.jpg", "statement.txt", "entries.jsonl", "added.jpg"])
def test_a_zip_that_was_touched_is_broken(at, tmp_path, part):
    decided(at)
    data = evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY).data
    out = tmp_path / "touched.zip"
    with zipfile.ZipFile(BytesIO(data)) as found, zipfile.ZipFile(out, "w") as forged:
        for name in found.namelist():
            body = found.read(name)
            forged.writestr(name, body.replace(body[-9:-5], b"FAKE") if name == part else body)
        if part == "added.jpg":
            forged.writestr(part, b"x")
    with pytest.raises(Broken):
        verify_bundle(out)


def test_never_of_a_denied_or_an_undecided_one(at):
    with pytest.raises(Refused, match="confirmed is evidence"):
        evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY)
    decided(at, confirmed=False)
    with pytest.raises(Refused, match="nothing of it leaves"):
        evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY)
    assert not FaceExport.objects.exists()


def test_it_is_on_record_with_its_purpose_and_outlives_the_candidate(at):
    decided(at)
    with pytest.raises(Refused, match="why you look"):
        evidence.export_evidence(actor=at.desk, match=at.match, purpose=" ")
    made = evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY).record
    assert AuditEntry.objects.filter(kind="export", purpose=WHY, record=str(at.match.pk)).exists()
    told = [one.body["event"] for one in LogEntry.objects.all()]
    assert f"Evidence of W1 taken out, SHA-256 {made.sha256}" in told
    assert [one.purpose for one in queries.exports(at.leader, at.scene)] == [WHY]
    assert not queries.exports(at.desk, at.scene)
    FaceMatch.objects.all().update(expires_at=now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        evidence.export_evidence(actor=at.desk, match=at.match, purpose=WHY)
    assert FaceExport.objects.count() == 1


def test_who_may_not_see_it_takes_nothing_out(at):
    decided(at)
    for who in (at.analyst, member(at.scene, Role.OFFICER)):
        with pytest.raises(Denied):
            evidence.export_evidence(actor=who, match=at.match, purpose=WHY)
    with pytest.raises(NotFound):
        evidence.export_evidence(actor=person(), match=at.match, purpose=WHY)


def test_on_the_page_after_a_fresh_proof_and_over_the_api(at):
    page = f"/surveillance/faces/matches/{at.match.pk}/evidence/"
    client = signed_in(at.desk, fresh=True)
    assert client.post(page, {"purpose": WHY}).status_code == 422
    decided(at)
    assert b"SHA-256" in client.get(page).content
    assert client.post(page, {"purpose": ""}).status_code == 422
    answer = client.post(page, {"purpose": WHY})
    assert (
        answer["Content-Type"] == "application/zip"
        and "face-W1-" in answer.headers["Content-Disposition"]
    )
    assert len(opened(answer.content)[1]) == 6
    assert signed_in(at.analyst, fresh=True).get(page).status_code in (403, 404)
    looked = f"/surveillance/of/{at.scene.slug}/faces/looked/"
    assert WHY in signed_in(at.leader).get(looked).content.decode()
    asked = {"data": json.dumps({"purpose": WHY}), "content_type": "application/json"}
    answer = client.post(f"/api/v1/face-matches/{at.match.pk}/evidence", **asked)
    assert opened(answer.content)[1][-1]["exports_before"] == 1
    rows = signed_in(at.leader).get(f"/api/v1/operations/{at.scene.slug}/face-exports").json()
    assert len(rows["items"]) == 2 and rows["items"][0]["person"] == str(at.desk)


def test_at_the_command_line(at, tmp_path):
    decided(at)
    out = tmp_path / "case.zip"
    console.act_for(at.desk.email)
    try:
        words = ["evidence", str(at.match.pk), "--purpose", WHY, "--out", str(out)]
        done = CliRunner().invoke(command, words)
        assert done.exit_code == 0, done.output
        assert verify_bundle(out).files == 5 and out.stat().st_mode & 0o077 == 0
        console.act_for(at.leader.email)
        done = CliRunner().invoke(command, ["exports", at.scene.slug, "--json"])
        assert json.loads(done.stdout)[0]["purpose"] == WHY
    finally:
        console.act_for("")
