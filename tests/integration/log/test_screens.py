"""The log on screen, over the API and on the command line."""

import io
import json
import re
import zipfile

import pytest
from django.test import Client
from pypdf import PdfReader
from tests import factories

from varangian.log import exports, queries, services
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.audit.models import AuditEntry
from varangian.platform.audit.verify import verify_bundle

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, title="Two days in Töölö")


@pytest.mark.parametrize(
    "role", [Role.DETAIL_LEADER, Role.OFFICER, Role.DRIVER, Role.ANALYST, Role.OPERATOR]
)
def test_every_role_that_may_reads_and_writes(operation, role):
    client = factories.signed_in(factories.member(operation, role))
    page = client.get(f"/log/of/{operation.slug}/")
    assert page.status_code == 200 and b"chain whole" in page.content
    answer = client.post(
        f"/log/of/{operation.slug}/", {"event": "Car 2 at the gate", "from_": "ALPHA"}
    )
    assert answer.status_code == 302
    assert b"Car 2 at the gate" in client.get(f"/log/of/{operation.slug}/entries/").content
    assert b"Car 2 at the gate" in client.get("/log/").content


def test_client_sees_no_entries_and_no_form(operation):
    client = factories.signed_in(factories.member(operation, Role.CLIENT))
    page = client.get(f"/log/of/{operation.slug}/")
    assert page.status_code == 200
    assert b"Operation opened" not in page.content and b"log_event" not in page.content


def test_stranger_gets_404(operation):
    client = factories.signed_in(factories.person())
    for tail in ("", "entries/", "correct/1/", "export.zip"):
        assert client.get(f"/log/of/{operation.slug}/{tail}").status_code in (404, 422), tail
    assert client.post(f"/log/of/{operation.slug}/", {"event": "x"}).status_code == 404


def test_never_more_than_fifty_rows(leader, operation):
    for number in range(60):
        services.write_entry(actor=leader, operation=operation, event=f"event {number}")
    page = factories.signed_in(leader).get(f"/log/of/{operation.slug}/").content.decode()
    assert len(re.findall(r'<tr id="\d+"', page)) == 50


def test_refusal_stands_in_the_form_and_nothing_is_lost(leader, operation):
    page = factories.signed_in(leader).post(
        f"/log/of/{operation.slug}/", {"event": "typed words", "at": "half past"}
    )
    assert page.status_code == 200
    assert b"This is no time" in page.content and b"typed words" in page.content


def test_typed_time_is_in_the_zone_of_the_operation(leader, operation):
    factories.signed_in(leader).post(
        f"/log/of/{operation.slug}/", {"event": "seen", "at": "2026-01-05 14:05"}
    )
    entry = queries.entries(leader, operation).first()
    assert entry.at.isoformat() == "2026-01-05T12:05:00+00:00"


def test_correction_on_screen(leader, operation):
    wrong = services.write_entry(actor=leader, operation=operation, event="Left at 14:05")
    client = factories.signed_in(leader)
    address = f"/log/of/{operation.slug}/correct/{wrong.serial}/"
    assert b"Left at 14:05" in client.get(address).content
    assert client.post(address, {"event": "Left at 14:15"}).status_code == 302
    page = client.get(f"/log/of/{operation.slug}/").content.decode()
    assert f"corrects {wrong.serial}" in page and "corrected by" in page


def test_the_key_n_leads_to_the_line(leader, operation):
    answer = factories.signed_in(leader).get("/log/new/")
    assert answer.url == f"/log/of/{operation.slug}/#log_event"


def test_export_asks_again_and_is_audited(leader, operation):
    leader.set_password("a long pass phrase")
    leader.save()
    stale = factories.signed_in(leader).get(f"/log/of/{operation.slug}/export.zip")
    assert stale.status_code == 302 and "reauthenticate" in stale.url
    client = factories.signed_in(leader, fresh=True)
    paper = client.get(f"/log/of/{operation.slug}/export.pdf")
    assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    bundle = client.get(f"/log/of/{operation.slug}/export.zip")
    assert bundle.headers["Content-Type"] == "application/zip"
    notes = AuditEntry.objects.filter(kind="export", record=str(operation.pk))
    assert {note.purpose for note in notes} == {"log PDF", "log bundle"}
    assert {note.actor for note in notes} == {str(leader.pk)}


def test_officers_export_nothing(operation):
    officer = factories.member(operation, Role.OFFICER)
    officer.set_password("a long pass phrase")
    officer.save()
    client = factories.signed_in(officer, fresh=True)
    assert client.get(f"/log/of/{operation.slug}/export.zip").status_code == 403


def test_pdf_carries_classification_serial_pages_and_strange_letters(leader, operation):
    words = 'Škoda, Łódź, Ørsted, Ærø, naïve #eval("1+1") *not bold* $x$ [b] <a@b>'
    services.write_entry(actor=leader, operation=operation, event=words, from_="ÅSA", to="OPS")
    paper = PdfReader(io.BytesIO(exports.export_pdf(actor=leader, operation=operation)))
    text = "\n".join(page.extract_text() for page in paper.pages)
    flat = re.sub(r"\s+", " ", text)
    for expected in ("RESTRICTED", "Destroy after", "page 1 of 1", "Töölö", "Łódź", "Ærø", "ÅSA"):
        assert expected in flat, expected
    assert '#eval("1+1")' in flat and "*not bold*" in flat


def test_bundle_verifies_and_an_edit_is_named(leader, operation, tmp_path):
    for number in range(3):
        services.write_entry(actor=leader, operation=operation, event=f"event {number}")
    whole = tmp_path / "log.zip"
    exports.export_bundle(actor=leader, operation=operation, out=whole)
    found = verify_bundle(whole)
    assert (found.kind, found.erased, found.count) == ("log", 0, found.serial)
    assert found.head == queries.entries(leader, operation).first().hash


def test_api_lists_writes_once_and_pages(leader, operation):
    _, secret = issue_token(user=leader, label="t", writes=True)
    head = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"}
    client, address = Client(headers=head), f"/api/v1/operations/{operation.slug}/log"
    body = json.dumps({"event": "by radio", "from_": "ALPHA"})
    first = client.post(address, body, content_type="application/json")
    second = client.post(address, body, content_type="application/json")
    assert first.status_code == 200 and first.json()["serial"] == second.json()["serial"]
    found = client.get(address, {"kind": "entry"}).json()
    assert found["count"] == 1 and found["items"][0]["from"] == "ALPHA"
    assert client.get(address, {"limit": 51}).status_code == 422
    bundle = client.get(f"{address}/bundle")
    assert zipfile.ZipFile(io.BytesIO(bundle.content)).namelist() == [
        "entries.jsonl",
        "manifest.json",
    ]


def test_api_of_a_stranger(operation):
    _, secret = issue_token(user=factories.person(), label="t", writes=True)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    address = f"/api/v1/operations/{operation.slug}/log"
    assert client.get(address).status_code == 404
    answer = client.post(address, '{"event": "x"}', content_type="application/json")
    assert answer.status_code == 404


def test_command_line(leader, operation, capsys, tmp_path):
    from varangian.config.commands import root

    slug = operation.slug
    assert root(["log", "write", slug, "from the console", "--from", "OPS", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["author"], written["from"]) == ("console", "OPS")
    assert root(["log", "list", slug, "--json", "--kind", "entry"]) == 0
    assert [row["event"] for row in json.loads(capsys.readouterr().out)] == ["from the console"]
    for name in ("log.zip", "log.pdf"):
        assert root(["log", "export", slug, "--out", str(tmp_path / name)]) == 0
    assert verify_bundle(tmp_path / "log.zip").count == written["serial"]
    assert (tmp_path / "log.pdf").read_bytes().startswith(b"%PDF")
