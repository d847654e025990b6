"""The impact assessment of a deployment record is the paper itself, and part of what is signed."""

import json
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories import member, operation, person, signed_in
from tests.integration.surveillance import faces
from typer.testing import CliRunner

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.platform.storage.stores import store
from varangian.platform.ui import console
from varangian.surveillance.commands.faces import faces as command
from varangian.surveillance.models import FaceDeployment
from varangian.surveillance.services.faces import assessing, naming, records, signing

pytestmark = pytest.mark.django_db
OTHER = faces.PAPER.replace(b"invented", b"altered!")


@pytest.fixture
def at():
    scene = operation()
    leader, analyst = member(scene, Role.DETAIL_LEADER), member(scene, Role.ANALYST)
    camera = faces.gate(scene)
    bare = faces.drawn(analyst, scene, camera, assessment=b"")
    return SimpleNamespace(scene=scene, leader=leader, analyst=analyst, camera=camera, record=bare)


def laid(at, data: bytes = faces.PAPER):
    return assessing.keep_assessment(
        actor=at.analyst, record=at.record, data=data, name="dpia-7.pdf"
    )


def test_nobody_signs_a_reference(at):
    with pytest.raises(Refused, match="reference only"):
        records.sign_record(actor=at.leader, record=at.record)
    signed = records.sign_record(actor=at.leader, record=laid(at))
    assert signed.state == "signed" and not signing.fault(FaceDeployment.objects.get())


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"%PDF-1.7 without an end", b"x" + faces.PAPER], ids=range(4)
)
def test_only_a_whole_pdf_of_a_size_is_kept(at, data, monkeypatch):
    with pytest.raises(Refused):
        laid(at, data)
    monkeypatch.setattr(assessing, "MOST_BYTES", 20)
    with pytest.raises(Refused, match="up to"):
        laid(at)


def test_it_is_sealed_and_opening_it_is_on_record(at):
    row = laid(at)
    sealed = store().get(row.assessment.blob)
    assert sealed and faces.PAPER[10:30] not in bytes(sealed)
    assert assessing.open_assessment(actor=at.leader, record=row) == faces.PAPER
    asked = AuditEntry.objects.filter(kind="face", purpose="impact assessment opened")
    assert asked.get().actor == str(at.leader.pk)
    with pytest.raises(Denied):
        assessing.open_assessment(actor=member(at.scene, Role.OFFICER), record=row)
    with pytest.raises(NotFound):
        assessing.open_assessment(actor=person(), record=row)


def test_whoever_lays_it_does_not_sign_and_a_signed_record_keeps_its_paper(at):
    other = member(at.scene, Role.DETAIL_LEADER)
    row = assessing.keep_assessment(actor=other, record=at.record, data=faces.PAPER)
    with pytest.raises(Refused, match="what they wrote"):
        records.sign_record(actor=other, record=row)
    records.sign_record(actor=at.leader, record=row)
    with pytest.raises(Refused, match="new record"):
        assessing.keep_assessment(actor=other, record=row, data=OTHER)


def test_a_draft_that_changed_while_it_was_read_is_not_signed(at):
    read = signing.content_digest(laid(at))
    laid(at, OTHER)
    with pytest.raises(Conflict, match="while you read"):
        records.sign_record(actor=at.leader, record=at.record, seen=read)
    again = signing.content_digest(FaceDeployment.objects.get())
    assert again != read
    assert records.sign_record(actor=at.leader, record=at.record, seen=again).state == "signed"


def test_the_signature_covers_the_paper(at):
    records.sign_record(actor=at.leader, record=laid(at))
    FaceDeployment.objects.update(assessment_sha256="0" * 64)
    row = FaceDeployment.objects.get()
    assert "not the one that was signed" in signing.fault(row)
    with pytest.raises(Refused, match="SHA-256 differs"):
        assessing.open_assessment(actor=at.leader, record=row)
    page = signed_in(at.leader).get(f"/surveillance/faces/records/{row.pk}/").content.decode()
    assert "The signature does not hold" in page


def test_one_that_was_signed_before_stays_in_force_and_says_so(at):
    FaceDeployment.objects.update(state="signed", signed_by=at.leader, signed_at=now())
    row = FaceDeployment.objects.get()
    assert naming.in_force(at.camera) == row and row.reference_only and not signing.fault(row)
    page = signed_in(at.leader).get(f"/surveillance/faces/records/{row.pk}/").content.decode()
    assert "signed before the assessment was kept as a file" in page
    told = signed_in(at.leader).get(f"/api/v1/face-records/{row.pk}").json()
    assert told["reference_only"] and told["assessment"] is None
    assert signed_in(at.leader).get(f"/api/v1/face-records/{row.pk}/assessment").status_code == 404


def test_on_the_page(at):
    where = f"/surveillance/faces/records/{at.record.pk}/"
    writer, signer = signed_in(at.analyst), signed_in(at.leader, fresh=True)
    assert "not signed without the file" in signer.get(f"{where}sign/").content.decode()
    bad = SimpleUploadedFile("a.pdf", b"GIF89a")
    assert writer.post(f"{where}assessment/", {"file": bad}).status_code == 422
    good = SimpleUploadedFile("dpia-7.pdf", faces.PAPER)
    assert writer.post(f"{where}assessment/", {"file": good}).status_code == 302
    page = signer.get(f"{where}sign/").content.decode()
    row = FaceDeployment.objects.get()
    assert "dpia-7.pdf" in page and row.assessment_sha256 in page
    answer = signer.get(f"{where}assessment/")
    assert answer.content == faces.PAPER and answer["Content-Type"] == "application/pdf"
    assert "inline" in answer["Content-Disposition"]
    assert "attachment" in signer.get(f"{where}assessment/?save")["Content-Disposition"]
    assert signer.post(f"{where}sign/", {"digest": "0" * 64}).status_code == 409
    digest = signing.content_digest(row)
    assert signer.post(f"{where}sign/", {"digest": digest}).status_code == 302
    assert FaceDeployment.objects.get().signature


def test_with_the_form_of_the_draft(at):
    where = f"/surveillance/faces/records/{at.record.pk}/change/"
    said = {**faces.LAW, "cameras": [str(at.camera.pk)], "deletion_days": "2"}
    said |= {"valid_from": "2099-12-01T10:00", "valid_until": "2099-12-03T10:00"}
    paper = SimpleUploadedFile("new.pdf", faces.PAPER)
    assert signed_in(at.analyst).post(where, {**said, "assessment": paper}).status_code == 302
    assert FaceDeployment.objects.get().assessment.name == "new.pdf"
    assert "Laid already: new.pdf" in signed_in(at.analyst).get(where).content.decode()
    bad = SimpleUploadedFile("new.pdf", b"nothing")
    answer = signed_in(at.analyst).post(where, {**said, "assessment": bad})
    assert answer.status_code == 422 and "no whole PDF" in answer.content.decode()


def test_over_the_api_and_at_the_command_line(at, tmp_path):
    where = f"/api/v1/face-records/{at.record.pk}"
    client = signed_in(at.analyst)
    file = SimpleUploadedFile("dpia-7.pdf", faces.PAPER)
    told = client.post(f"{where}/assessment", {"file": file}).json()
    assert told["assessment"]["name"] == "dpia-7.pdf" and len(told["assessment"]["sha256"]) == 64
    assert client.get(f"{where}/assessment").content == faces.PAPER
    signer = signed_in(at.leader, fresh=True)
    assert signer.post(f"{where}/sign?digest={'0' * 64}").status_code == 409
    paper, out = tmp_path / "b.pdf", tmp_path / "out.pdf"
    paper.write_bytes(OTHER)
    console.act_for(at.analyst.email)
    try:
        for words in (["assess", str(at.record.pk), str(paper)],
                      ["assessment", str(at.record.pk), "--out", str(out)]):  # fmt: skip
            done = CliRunner().invoke(command, words)
            assert done.exit_code == 0, done.output
        assert out.read_bytes() == OTHER
        console.act_for(at.leader.email)
        digest = signer.get(where).json()["content_digest"]
        done = CliRunner().invoke(
            command, ["sign", str(at.record.pk), "--digest", digest, "--json"]
        )
        assert json.loads(done.stdout)["state"] == "signed"
    finally:
        console.act_for("")
