"""The log: serial, chained, sealed, written by hand and by every state change."""

import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries, services
from varangian.log.models import LogEntry
from varangian.operations.services import add_movement, set_operation_state
from varangian.platform.access.context import acting
from varangian.platform.access.roles import Role
from varangian.platform.crypto import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def as_app(cursor_role: str = "varangian_app") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {cursor_role}")


def newest(leader, operation) -> LogEntry:
    return queries.entries(leader, operation).first()


def test_an_operation_logs_its_own_opening(leader, operation):
    first = queries.entries(leader, operation).last()
    assert (first.serial, first.kind, first.topic) == (1, "auto", "operations")
    assert "opened" in first.body["event"] and first.author == "Leader One"


def test_entry_by_hand_follows_the_chain(leader, operation):
    entry = services.write_entry(
        actor=leader, operation=operation, event="Car 2 at the gate", from_="ALPHA", to="OPS"
    )
    before = queries.entry(leader, operation, entry.serial - 1)
    assert entry.previous == before.hash
    assert newest(leader, operation).body["from"] == "ALPHA"
    assert queries.chain_state(leader, operation).broken is None


def test_words_lie_sealed_in_the_row(leader, operation):
    entry = services.write_entry(actor=leader, operation=operation, event="Rendezvous at Kamppi")
    with connection.cursor() as cursor:
        cursor.execute("select body from log_logentry where id = %s", [entry.pk])
        assert b"Kamppi" not in bytes(cursor.fetchone()[0])
        cursor.execute("select count(*) from audit_auditentry where changes::text like '%Kamppi%'")
        assert cursor.fetchone()[0] == 0


def test_correction_is_a_new_entry_that_names_the_old(leader, operation):
    wrong = services.write_entry(actor=leader, operation=operation, event="Left at 14:05")
    right = services.correct_entry(
        actor=leader, operation=operation, serial=wrong.serial, event="Left at 14:15"
    )
    assert (right.kind, right.corrects, right.at) == ("correction", wrong.serial, wrong.at)
    assert queries.entry(leader, operation, wrong.serial).body["event"] == "Left at 14:05"
    found = queries.corrections(leader, [wrong])
    assert found == {(operation.pk, wrong.serial): right.serial}


def test_automatic_entries_are_not_corrected(leader, operation):
    with pytest.raises(Refused, match="automatic"):
        services.correct_entry(actor=leader, operation=operation, serial=1, event="no")


def test_an_entry_may_be_back_dated_but_not_lie_ahead(leader, operation):
    past = now() - timedelta(hours=2)
    entry = services.write_entry(actor=leader, operation=operation, event="seen", at=past)
    assert entry.at == past and entry.recorded_at > past
    ahead = now() + timedelta(hours=1)
    with pytest.raises(Refused, match="future"):
        services.write_entry(actor=leader, operation=operation, event="x", at=ahead)


@pytest.mark.parametrize("event", ["", "   ", "x" * 4001])
def test_empty_or_endless_words_are_refused(leader, operation, event):
    with pytest.raises(Refused):
        services.write_entry(actor=leader, operation=operation, event=event)


def test_rows_cannot_be_changed_or_deleted(leader, operation):
    services.write_entry(actor=leader, operation=operation, event="first")
    for statement in ("update log_logentry set author = 'x'", "delete from log_logentry"):
        refused = pytest.raises(DatabaseError, match="never changed")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_tampering_names_the_first_broken_serial(leader, operation):
    for number in range(4):
        services.write_entry(actor=leader, operation=operation, event=f"event {number}")
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "update log_logentry set author = 'Mallory' where operation_id = %s and serial = 3",
            [operation.pk],
        )
    broken = queries.chain_state(leader, operation).broken
    assert broken.serial == 3 and "changed" in broken.reason


def test_strangers_find_nothing_and_clients_may_not_write(operation):
    stranger = factories.person()
    with pytest.raises(NotFound):
        services.write_entry(actor=stranger, operation=operation, event="x")
    client = factories.member(operation, Role.CLIENT)
    with pytest.raises(Denied):
        services.write_entry(actor=client, operation=operation, event="x")
    assert not queries.entries(client, operation)


@pytest.mark.parametrize("role", [Role.DRIVER, Role.CLIENT, Role.OFFICER])
def test_actions_of_people_who_may_not_read_the_log_are_logged_under_row_security(role):
    """The client sees no log, but what the client does enters it."""
    leader = factories.person()
    operation = factories.operation(leader)
    actor = factories.member(operation, role)
    with acting(actor, purpose="test"):
        as_app()
        from varangian.platform.news.services import announce

        announce(
            topic="itinerary",
            event="imported",
            text="Itinerary imported",
            compartment_id=operation.compartment_id,
            operation_id=operation.pk,
            actor=actor,
        )
        as_app("postgres")
    entry = newest(leader, operation)
    assert (entry.body["event"], entry.author_id) == ("Itinerary imported", actor.pk)
    assert queries.chain_state(leader, operation).broken is None


def test_leader_of_the_engagement_reaches_down_under_row_security():
    leader = factories.person()
    contract = factories.engagement(leader)
    operation = factories.operation(leader, engagement=contract)
    late = factories.member(contract, Role.OPERATOR)
    with acting(late, purpose="test"):
        as_app()
        entry = services.write_entry(actor=late, operation=operation, event="from the desk")
        assert newest(late, operation).pk == entry.pk
        as_app("postgres")


def test_a_stranger_cannot_insert_past_the_wall(leader, operation):
    stranger = factories.person()
    entry = newest(leader, operation)
    with pytest.raises(DatabaseError, match="row-level security"), acting(stranger):
        as_app()
        services._append(operation=operation, actor=stranger, kind="entry", body={"event": "x"})
    assert newest(leader, operation).pk == entry.pk


def test_changes_of_movements_and_state_enter_the_log(leader, operation):
    add_movement(actor=leader, operation=operation, kind="road", title="Hotel to venue")
    set_operation_state(actor=leader, operation=operation, state="planned")
    topics = [row.topic for row in queries.entries(leader, operation)]
    assert topics[:2] == ["operations", "movements"]


def test_after_erasure_the_chain_goes_on_without_words(leader, operation):
    services.write_entry(actor=leader, operation=operation, event="before")
    keys.destroy(operation.key_id)
    keys.forget_open_keys()
    set_operation_state(actor=leader, operation=operation, state="planned")
    entry = newest(leader, operation)
    assert entry.body == {} and entry.topic == "operations"
    assert queries.chain_state(leader, operation).broken is None


def test_text_is_found_in_the_newest_entries(leader, operation):
    services.write_entry(actor=leader, operation=operation, event="Blue Škoda twice", action="told")
    found = queries.filtered(queries.entries(leader, operation), text="škoda")
    assert [row.body["action"] for row in found] == ["told"]
    assert not queries.filtered(queries.entries(leader, operation), text="salt")


def test_one_entry_costs_little(leader, operation):
    services.write_entry(actor=leader, operation=operation, event="warm")
    begin = time.perf_counter()
    for number in range(50):
        services.write_entry(actor=leader, operation=operation, event=f"event {number}")
    each = (time.perf_counter() - begin) / 50
    assert each < 0.02, f"one entry took {each * 1000:.2f} ms"
