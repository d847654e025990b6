"""The sealer looks only at what is new, and yet passes nobody who commits late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from varangian.platform.audit import live
from varangian.platform.audit.models import AuditEntry, AuditSeal, Watermark
from varangian.platform.audit.services import WRITERS, note, seal

pytestmark = pytest.mark.django_db
INSERT = """insert into audit_auditentry (at, kind, table_name, record, actor, purpose, request)
values (clock_timestamp(), 'read', '', '', 'writer', %s, '')"""
PURPOSE = "watermark test"


@contextmanager
def writer() -> Iterator[psycopg.Connection]:
    """Somebody else's connection."""
    known = connection.get_connection_params()
    given = {name: known[name] for name in ("dbname", "user", "host", "port") if known.get(name)}
    with psycopg.connect(**given) as other:
        yield other


@pytest.fixture(scope="module", autouse=True)
def swept(django_db_setup) -> Iterator[None]:
    """What the other connections committed must not meet the tests of other modules."""
    yield
    with writer() as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("delete from audit_auditentry where purpose like %s", [f"{PURPOSE}%"])


def sealed(purpose: str) -> int:
    return AuditSeal.objects.filter(entry__purpose=purpose).count()


def below() -> int:
    return Watermark.objects.get().below


def test_the_mark_rises_and_the_old_is_not_looked_through():
    for number in range(3):
        note(kind="read", purpose=f"{PURPOSE} {number}")
    seal()
    seal()
    newest = AuditEntry.objects.order_by("-pk").first().pk
    assert below() == newest
    note(kind="read")
    with CaptureQueriesContext(connection) as asked:
        assert seal() == 1
    looked = [q["sql"] for q in asked if 'FROM "audit_auditentry"' in q["sql"]]
    assert looked and all(f'"audit_auditentry"."id" > {newest}' in sql for sql in looked)
    assert live.unsealed() == 0
    assert live.verify_audit().whole


def test_a_lower_number_that_commits_late_is_sealed():
    purpose = f"{PURPOSE} late"
    with writer() as slow, writer() as quick:
        slow.execute(INSERT, [purpose])
        for number in range(4):
            quick.execute(INSERT, [f"{purpose} quick {number}"])
            quick.commit()
            seal()
        drawn = AuditEntry.objects.order_by("-pk").first().pk
        assert below() < drawn, "the slow one holds a lower number"
        slow.commit()
    assert seal() == 1
    seal()
    assert sealed(purpose) == 1
    assert below() >= drawn
    assert live.verify_audit().whole


def test_who_is_rolled_back_does_not_hold_the_mark_for_ever():
    with writer() as other:
        other.execute(INSERT, [PURPOSE])
        seal()
        with connection.cursor() as cursor:
            cursor.execute(WRITERS)
            assert cursor.fetchall()
        other.rollback()
    note(kind="read")
    seal()
    seal()
    assert below() == AuditEntry.objects.order_by("-pk").first().pk


def test_who_only_vacuums_does_not_hold_the_mark():
    with writer() as keeper:
        keeper.execute("lock table audit_auditentry in share update exclusive mode")
        note(kind="read")
        seal()
        seal()
        assert below() == AuditEntry.objects.order_by("-pk").first().pk
        keeper.rollback()


def test_a_full_batch_passes_only_what_it_sealed():
    seal()
    for _ in range(7):
        note(kind="read")
    assert [seal(limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert live.verify_audit().whole


def test_concurrent_writers_lose_no_entry():
    """Six connections with transactions of all lengths, while the sealer runs without a pause."""
    purpose, each = f"{PURPOSE} crowd", 40
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with writer() as mine:
                for turn in range(each):
                    mine.execute(INSERT, [purpose])
                    if turn % (number + 1) == 0:
                        mine.commit()
                mine.commit()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with transaction.atomic():
            seal(limit=10)
    while seal(limit=50):
        pass
    assert failed == []
    assert sealed(purpose) == AuditEntry.objects.filter(purpose=purpose).count() >= 6 * each
    assert live.unsealed() == 0
    assert live.verify_audit().whole


def test_an_entry_slipped_in_below_the_mark_is_found():
    note(kind="read")
    seal()
    seal()
    with connection.cursor() as cursor:
        cursor.execute("select nextval('audit_auditentry_id_seq')")
        hole = cursor.fetchone()[0]
    note(kind="read")
    seal()
    seal()
    assert below() > hole
    AuditEntry.objects.create(id=hole, kind="read", table_name="", record="", actor="x")
    assert f"entry number {hole} was never sealed" in live.verify_audit().reason
