"""What becomes of an item, a task and a file; who may see them; what the register hears."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests import factories

from varangian.alerts.models import Alert
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.platform.thread.models import Edge, StaleMark
from varangian.principals import services as files
from varangian.principals.models import Exposure, ExposureChange, TakeDown
from varangian.principals.queries import exposure as queries
from varangian.principals.services import exposure as services
from varangian.threats.models import ThreatSource

pytestmark = pytest.mark.django_db
CSV = b"what,kind,seen\n@heron_reads,handle,2026-11-20\n@HERON_reads,handle,\n,phone,\nX,opera,\n"


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


@pytest.fixture
def analyst(contract):
    return factories.member(contract, Role.ANALYST)


@pytest.fixture
def heron(contract):
    return factories.principal(contract, slug="heron")


@pytest.fixture
def item(leader, heron):
    return services.add_exposure(
        actor=leader,
        principal=heron,
        kind="footprint",
        detail="phone",
        what="+47 00 00 01 02",
        where="People finder",
        sensitivity="reaches",
    )


@pytest.fixture
def task(leader, analyst, item):
    return services.add_takedown(actor=leader, item=item, owner=analyst, counter="broker")


def events(item) -> list[str]:
    return list(item.changes.order_by("at", "pk").values_list("event", flat=True))


def test_an_item_is_sealed_and_has_a_day_for_the_next_look(item):
    assert (item.label, item.status, item.recheck_due - now().date()) == (
        "E1", "public", timedelta(days=90),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("select what from principals_exposure")
        assert b"00 00" not in bytes(cursor.fetchone()[0])
    assert events(item) == ["added"]


def test_what_is_wrong_is_said(leader, heron, item):
    for fields, words in [
        ({"kind": "opera", "what": "x"}, "no kind"),
        ({"kind": "work", "what": " "}, "what is public"),
        ({"kind": "work", "what": "x", "detail": "phone"}, "Only a digital footprint"),
        ({"kind": "work", "what": "x", "sensitivity": "9"}, "no such sensitivity"),
        ({"kind": "work", "what": "x", "score": 4}, "no such fields"),
        ({"kind": "work", "what": "x", "seen_on": now().date() + timedelta(days=9)}, "seen on"),
        ({"kind": "work", "what": "x", "recheck_due": now().date()}, "lies in the past"),
    ]:
        with pytest.raises(Refused, match=words):
            services.add_exposure(actor=leader, principal=heron, **fields)


def test_history_is_never_changed(leader, item):
    services.change_exposure(actor=leader, item=item, sensitivity="finds", notes="x")
    assert events(item) == ["added", "changed"]
    assert "from Reaches to Finds" in item.changes.last().words
    with pytest.raises(DatabaseError, match="append"), transaction.atomic():
        ExposureChange.objects.update(event="other")


def test_a_masked_item_is_not_shown_by_giving_it_another_kind(leader, item):
    with pytest.raises(Refused, match="masked"):
        services.change_exposure(actor=leader, item=item, kind="profile", detail="")
    assert services.change_exposure(actor=leader, item=item, detail="address").detail == "address"


def test_after_two_hundred_days_it_is_due_and_a_look_makes_it_current(leader, item):
    with frozen(now() + timedelta(days=200)):
        old = queries.item(leader, item.pk)
        assert (old.due, old.days) == (True, 200)
        assert queries.standing(leader, item.principal)["due"] == 1
        found = services.look_again(actor=leader, item=item, there=True)
        assert (found.due, found.days, found.status) == (False, 0, "public")


def test_it_is_taken_down_and_comes_back(leader, item):
    assert services.look_again(actor=leader, item=item, there=False).status == "taken_down"
    assert services.look_again(actor=leader, item=item, there=True).status == "came_back"
    assert events(item)[-1] == "came_back"


def test_accepting_needs_a_leader_a_name_and_a_reason(leader, analyst, item):
    with pytest.raises(Denied):
        services.accept_exposure(actor=analyst, item=item, reason="needed for readers")
    with pytest.raises(Refused, match="8 characters"):
        services.accept_exposure(actor=leader, item=item, reason="so")
    found = services.accept_exposure(actor=leader, item=item, reason="needed for readers")
    assert (found.status, found.accepted_by) == ("accepted", leader)
    with pytest.raises(Refused, match="not open"):
        services.accept_exposure(actor=leader, item=item, reason="needed for readers")


def test_a_task_from_giving_to_done(leader, analyst, item, task):
    item.refresh_from_db()
    assert item.status == "taking_down" and task.due == now().date() + timedelta(days=14)
    assert "broker" in task.what.lower()
    services.change_takedown(actor=analyst, task=task, sent_to="Desk", sent_on=now().date())
    done = services.end_takedown(actor=analyst, task=task, gone=True, answer="Deleted")
    item.refresh_from_db()
    assert (done.state, done.ended_by, item.status) == ("done", analyst, "taken_down")
    with pytest.raises(Refused, match="has ended"):
        services.end_takedown(actor=analyst, task=task, gone=True)


def test_a_task_that_fails_leaves_it_public(analyst, item, task):
    with pytest.raises(Refused, match="what came of it"):
        services.end_takedown(actor=analyst, task=task, gone=False)
    services.end_takedown(actor=analyst, task=task, gone=False, answer="No legal ground")
    item.refresh_from_db()
    assert item.status == "public"


def test_an_operator_writes_only_their_own_task(contract, leader, item, task):
    operator = factories.member(contract, Role.OPERATOR)
    with pytest.raises(Denied):
        services.change_takedown(actor=operator, task=task, answer="x")
    own = services.add_takedown(actor=leader, item=item, owner=operator, what="Ask the school")
    services.change_takedown(actor=operator, task=own, answer="They will")
    with pytest.raises(Denied):
        services.change_takedown(actor=operator, task=own, due=now().date())
    driver = factories.member(contract, Role.DRIVER)
    with pytest.raises(Refused, match="may not see this"):
        services.add_takedown(actor=leader, item=item, owner=driver, what="x")


def test_who_needs_to_know(contract, heron, item, task):
    for role in (Role.OFFICER, Role.DRIVER, Role.CLIENT):
        person = factories.member(contract, role)
        with pytest.raises(Denied):
            queries.principal_with_exposure(person, "heron")
        assert not queries.exposures(person, heron)
        assert not TakeDown.objects.visible_to(person)
    stranger = factories.member(factories.engagement(), Role.DETAIL_LEADER)
    with pytest.raises(NotFound):
        queries.principal_with_exposure(stranger, "heron")
    with pytest.raises(NotFound):
        queries.item(stranger, item.pk)


def test_an_overdue_task_asks_each_operation_once_and_falls_when_done(leader, analyst, heron, item):
    task = services.add_takedown(actor=leader, item=item, owner=analyst, counter="broker")
    contract = leader.memberships.get().compartment
    operation = factories.operation(leader, engagement=contract_of(contract), principal=heron)
    with frozen(now() + timedelta(days=20)):
        assert services.tell_overdue() == 1
        services.tell_overdue()
        alert = Alert.objects.get(source="takedown", operation=operation)
        assert "E1 is overdue" in alert.title and "00 00" not in alert.title
        assert alert.compartment_id == heron.compartment_id
        services.end_takedown(actor=analyst, task=task, gone=True)
        alert.refresh_from_db()
        assert alert.state not in Alert.OPEN


def contract_of(compartment):
    from varangian.operations.models import Engagement

    return Engagement.objects.get(compartment=compartment)


def test_nobody_is_asked_in_a_privacy_window(leader, heron, item, task):
    factories.operation(leader, engagement=contract_of(heron.compartment), principal=heron)
    with frozen(now() + timedelta(days=20)):
        starts, ends = now() - timedelta(hours=1), now() + timedelta(hours=1)
        files.add_window(actor=leader, principal=heron, starts=starts, ends=ends)
        assert services.tell_overdue() == 0 and not Alert.objects.exists()
    with frozen(now() + timedelta(days=21)):
        assert services.tell_overdue() == 1 and Alert.objects.exists()


def test_a_threat_is_drafted_upward_and_hears_of_changes(leader, heron, item):
    with pytest.raises(Refused, match="No operation"):
        services.raise_threat(actor=leader, item=item)
    operation = factories.operation(
        leader, engagement=contract_of(heron.compartment), principal=heron
    )
    leader.__dict__.pop("_reach", None)
    made = services.raise_threat(actor=leader, item=item)
    source = ThreatSource.objects.get(operation=operation)
    assert made == [f"threat T1 of {operation.slug}"] and source.state == "draft"
    assert "00 00" not in source.evidence + source.title
    assert Edge.objects.filter(left_id=item.pk, right_id=source.pk).exists()
    services.look_again(actor=leader, item=item, there=False)
    assert "E1" in StaleMark.objects.get(record=source.pk).reason
    services.look_again(actor=leader, item=item, there=True)
    with pytest.raises(Refused, match="in each register already"):
        services.raise_threat(actor=leader, item=item)


def test_a_table_is_taken_row_by_row(leader, heron):
    upload = services.take_in(
        actor=leader, principal=heron, data=CSV, name="found.csv", where="Sweep of November"
    )
    assert not Exposure.objects.exists() and upload.reading["columns"]["what"] == 0
    taken = services.take_import(actor=leader, upload=upload)
    assert [row["result"] for row in taken.report] == ["added", "duplicate", "refused", "refused"]
    assert (taken.added, taken.duplicates, taken.refused) == (1, 1, 2)
    assert taken.report[3]["raw"] == "X | opera | "
    item = Exposure.objects.get()
    assert (item.where, str(item.seen_on)) == ("Sweep of November", "2026-11-20")
    with pytest.raises(Refused, match="no longer waiting"):
        services.take_import(actor=leader, upload=upload)
    again = services.take_in(actor=leader, principal=heron, data=CSV, name="found.csv")
    assert services.take_import(actor=leader, upload=again).added == 0


def test_the_same_phone_from_a_card_is_known(leader, heron, item):
    card = b"BEGIN:VCARD\nVERSION:4.0\nFN:A\nTEL:+47 0000 0102\nEMAIL:a@example.org\nEND:VCARD\n"
    upload = services.take_in(actor=leader, principal=heron, data=card, name="a.vcf")
    taken = services.take_import(actor=leader, upload=upload)
    assert [row["result"] for row in taken.report] == ["duplicate", "added"]
    assert "E1" in taken.report[0]["words"]


def test_a_dropped_file_loses_its_content(leader, heron):
    upload = services.take_in(actor=leader, principal=heron, data=CSV, name="found.csv")
    dropped = services.drop_import(actor=leader, upload=upload)
    assert (dropped.state, dropped.original) == ("dropped", "")


def test_two_thousand_rows_are_taken_in_seconds(leader, heron):
    rows = "".join(f"Item {n},work\n" for n in range(2000))
    upload = services.take_in(
        actor=leader, principal=heron, data=f"what,kind\n{rows}".encode(), name="many.csv"
    )
    assert services.take_import(actor=leader, upload=upload).added == 2000
    assert len(set(Exposure.objects.values_list("serial", flat=True))) == 2000


def test_what_changed_since_the_last_look(leader, heron, item):
    assert queries.news(leader, heron).since is None
    services.note_look(actor=leader, principal=heron)
    assert queries.news(leader, heron).words == "Nothing has changed."
    services.look_again(actor=leader, item=item, there=False)
    services.add_exposure(actor=leader, principal=heron, kind="work", what="Board")
    assert queries.news(leader, heron).words == "1 added, 1 no longer there."
    assert queries.months(leader, heron)[-1].total() == 1


def test_opening_leaves_who_and_why(leader, heron, item):
    with pytest.raises(Refused, match="8 characters"):
        services.open_exposure(actor=leader, principal=heron, purpose="so")
    services.open_exposure(actor=leader, principal=heron, purpose="broker letter today")
    assert AuditEntry.objects.get(kind="unmask").purpose == "broker letter today"


def test_erasing_leaves_nothing_to_read(leader, heron, item, task):
    upload = services.take_in(actor=leader, principal=heron, data=CSV, name="found.csv")
    heron = files.erase(actor=leader, principal=heron, reason="asked for it in writing")
    assert not queries.exposures(leader, heron) and not queries.imports(leader, heron)
    assert queries.months(leader, heron) == []
    with pytest.raises(NotFound):
        queries.item(leader, item.pk)
    with pytest.raises(NotFound):
        queries.upload(leader, upload.pk)
    with pytest.raises(Refused, match="erased"):
        services.add_exposure(actor=leader, principal=heron, kind="work", what="x")
    assert Exposure.objects.get(pk=item.pk).what == "[erased]"
    with frozen(now() + timedelta(days=20)):
        assert services.tell_overdue() == 0
