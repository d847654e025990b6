"""The audit: sealed late but whole, tampering named, exported without content, read by auditors."""

import json
import re

import psycopg
import pytest
from django.db import connection, transaction
from tests import factories

from varangian.kernel.results import Denied, Refused
from varangian.log import services as log
from varangian.platform.access.context import acting
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit import exports, live, queries
from varangian.platform.audit.models import AuditEntry, AuditSeal, Checkpoint
from varangian.platform.audit.services import checkpoint, note, seal, seal_all
from varangian.platform.audit.verify import verify_bundle
from varangian.platform.jobs.tasks import seal_audit

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def tamper(statement: str, *values: object) -> None:
    """As somebody with the keys of the database would."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount
        cursor.execute("set local session_replication_role = origin")


def some_work(count: int = 5):
    operation = factories.operation(factories.person("Leader One"))
    for number in range(count):
        log.write_entry(actor=SYSTEM, operation=operation, event=f"event {number}")
    seal_all()
    return operation


def test_house_is_whole_and_counts_the_logs():
    operation = some_work()
    found = {one.chain: one for one in live.verify_house()}
    assert all(one.whole for one in found.values())
    assert found["audit"].entries == AuditSeal.objects.count() > 5
    assert found[f"log {operation.slug}"].entries == 6


def test_an_entry_that_arrives_late_is_sealed_later():
    """A transaction that began earlier commits after its neighbours were sealed."""
    some_work()
    gap = AuditEntry.objects.order_by("-pk").first().pk + 1
    with connection.cursor() as cursor:
        cursor.execute("select nextval('audit_auditentry_id_seq')")
        gap = cursor.fetchone()[0]
    note(kind="read", purpose="after it")
    assert seal() == 1
    late = AuditEntry.objects.create(id=gap, kind="read", table_name="", record="", actor="late")
    assert seal() == 1
    serials = dict(AuditSeal.objects.values_list("entry_id", "serial"))
    assert serials[late.pk] == max(serials.values())
    assert live.verify_audit().whole


def test_seal_job_leaves_nothing_and_signs():
    for _ in range(3):
        note(kind="read", purpose="x")
    seal_audit(timestamp=0)
    assert live.unsealed() == 0
    head = AuditSeal.objects.order_by("-serial").first()
    assert Checkpoint.objects.order_by("-pk").first().hash == head.hash
    before = Checkpoint.objects.count()
    seal_audit(timestamp=0)
    assert Checkpoint.objects.count() == before


def test_only_one_sealer_at_a_time():
    note(kind="read")
    with psycopg.connect(**other()) as elsewhere:
        elsewhere.execute("select pg_advisory_xact_lock(727001)")
        assert seal() == 0
        elsewhere.rollback()
    assert seal() > 0


def other() -> dict[str, object]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "host", "port") if known.get(name)}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update audit_auditentry set actor = 'nobody' where id = %s", "content was changed"),
        ("update audit_auditentry set changes = '{}' where id = %s", "content was changed"),
        ("delete from audit_auditentry where id = %s", "missing"),
        ("delete from audit_auditseal where entry_id = %s", "missing"),
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_tampering_as_owner_is_found_with_its_serial(statement, words, place):
    some_work()
    serials = list(AuditSeal.objects.order_by("serial").values_list("serial", "entry_id"))
    serial, entry = {
        "first": serials[0],
        "middle": serials[len(serials) // 2],
        "last": serials[-1],
    }[place]
    before = transaction.savepoint_create()
    tamper(statement, entry)
    found = live.verify_audit()
    transaction.savepoint_rollback(before)
    assert words in found.reason
    named = re.search(r"serial (\d+) is missing", found.reason)
    assert (int(named[1]) if named else found.serial) == serial


def test_a_rewritten_chain_does_not_pass_the_signed_head():
    some_work()
    rows = list(AuditSeal.objects.select_related("entry").order_by("serial"))
    tamper("update audit_auditentry set actor = 'nobody' where id = %s", rows[0].entry_id)
    tamper("delete from audit_auditseal where serial > %s", 0)
    while seal():
        pass
    found = live.verify_audit()
    assert not found.whole and "signed head" in found.reason


def test_checkpoint_of_another_key():
    some_work()
    tamper("update audit_checkpoint set public_key = %s", "ab" * 32)
    assert "key of this house" in live.verify_audit().reason


def test_only_the_newest_can_be_walked():
    some_work()
    last = AuditSeal.objects.count()
    oldest = AuditSeal.objects.get(serial=1).entry_id
    tamper("update audit_auditentry set actor = 'nobody' where id = %s", oldest)
    assert live.verify_audit(last - 1).whole
    assert not live.verify_audit().whole


def test_tampered_log_breaks_the_house():
    operation = some_work()
    tamper("delete from log_logentry where operation_id = %s and serial = 1", operation.pk)
    broken = [one for one in live.verify_house() if not one.whole]
    assert [one.chain for one in broken] == [f"log {operation.slug}"]


def test_bundle_of_the_audit(tmp_path):
    some_work()
    exports.export_bundle(actor=SYSTEM, out=tmp_path / "audit.zip")
    found = verify_bundle(tmp_path / "audit.zip")
    assert (found.kind, found.count) == ("audit", AuditSeal.objects.count())
    assert AuditEntry.objects.filter(kind="export", purpose="audit bundle").exists()
    assert checkpoint() is not None


def test_command_line(tmp_path, capsys):
    from varangian.config.commands import root

    some_work()
    bundle = str(tmp_path / "audit.zip")
    assert root(["audit", "export", "--out", bundle]) == 0
    assert root(["audit", "verify", bundle]) == 0
    assert root(["audit", "verify"]) == 0
    capsys.readouterr()
    assert root(["audit", "list", "--json", "--kind", "export"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["purpose"] == "audit bundle"
    seal_all()
    first = AuditSeal.objects.order_by("serial").first()
    tamper("update audit_auditentry set actor = 'x' where id = %s", first.entry_id)
    with pytest.raises(Refused, match="broken at entry 1"):
        root(["audit", "verify"])


def test_auditor_sees_names_and_no_contents():
    leader = factories.person("Astrid Leader")
    with acting(leader, purpose="a visit"):
        operation = factories.operation(leader)
        log.write_entry(actor=leader, operation=operation, event="Rendezvous at Kamppi")
    client = factories.signed_in(factories.person("Auditor", is_auditor=True))
    page = client.get("/audit/").content.decode()
    assert 'data-label="Who">Astrid Leader' in page and "a visit" in page
    assert f'data-label="Who">{leader.pk}' not in page
    assert "Kamppi" not in page and "\\x" not in page
    assert len(re.findall("<tr>", page)) <= 51
    assert "Astrid Leader" in client.get("/audit/?who=astrid").content.decode()
    assert "Nothing fits" in client.get("/audit/?kind=erase").content.decode()
    assert client.get("/audit/?before=2").status_code == 200


def test_verify_button_and_csv():
    some_work()
    auditor = factories.person("Auditor", is_auditor=True)
    client = factories.signed_in(auditor)
    assert client.post("/audit/check/").status_code == 302
    assert "are whole" in client.get("/audit/").content.decode()
    row = AuditEntry.objects.create(
        kind="read", table_name="", record="", actor="x", purpose="=cmd()"
    )
    body = exports.export_csv(actor=auditor, rows=AuditEntry.objects.filter(pk=row.pk))
    assert "'=cmd()" in body
    assert AuditEntry.objects.filter(kind="export", purpose="audit CSV").exists()


@pytest.mark.parametrize("kind", ["leader", "administrator"])
def test_others_read_no_audit(kind):
    leader = factories.person(is_administrator=kind == "administrator")
    if kind == "leader":
        factories.member(factories.operation(), Role.DETAIL_LEADER, leader)
    client = factories.signed_in(leader)
    assert client.get("/audit/").status_code == 403
    assert client.post("/audit/check/").status_code == 403
    with pytest.raises(Denied):
        queries.entries(leader)
