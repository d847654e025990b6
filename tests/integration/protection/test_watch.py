"""The operations centre: wall, what is overdue, the queue with its steps, the handover."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts import queries as alerts
from varangian.alerts.services import raise_alert
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations.models import Operation
from varangian.operations.services import add_movement, start_duty
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.protection.queries import watch
from varangian.protection.services import incidents
from varangian.protection.services import muster as musters
from varangian.protection.services import watch as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    made = factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))
    Operation.objects.filter(pk=made.pk).update(state="active")
    made.refresh_from_db(fields=["state"])
    return made


@pytest.fixture
def operator(operation):
    return factories.member(operation, Role.OPERATOR, factories.person("Pia Operator"))


@pytest.fixture
def relief(operation):
    return factories.member(operation, Role.OPERATOR, factories.person("Rolf Relief"))


def alert(operation, title="Cry for help", source="duress", **given):
    fields = {"urgency": "now", "dedupe": title, **given}
    return raise_alert(operation=operation, title=title, source=source, **fields)


def late(user):
    return [(one["row"].kind, one["row"].title) for one in watch.wall(user)["late"]]


def told(operation):
    return [row.body["event"] for row in log.entries(SYSTEM, operation)]


def test_what_nobody_watches_is_unknown_and_never_green(leader, operation):
    (row,) = watch.wall(leader)["rows"]
    assert (row["tone"], row["late"]) == ("grey", [])
    start_duty(actor=leader, operation=operation)
    assert watch.wall(leader)["rows"][0]["tone"] == "green"
    assert watch.wall(leader)["rows"][0]["statuses"] == [("On post", 1)]


def test_overdue_stands_on_top_of_everything(leader, operation):
    alert(operation)
    incidents.report_incident(actor=leader, operation=operation, kind="fire", title="Smoke")
    musters.call_muster(actor=leader, operation=operation, reason="Smoke")
    add_movement(
        actor=leader, operation=operation, kind="road", title="To the hall",
        starts=now() - timedelta(minutes=20), ends=now() + timedelta(minutes=20),
    )  # fmt: skip
    with frozen(now() + timedelta(minutes=12)):
        found = late(leader)
    kinds = [kind for kind, _ in found]
    assert set(kinds) == {"Alert", "No commander", "Roll call", "Task", "Call", "Not begun"}
    assert kinds.index("Task") > kinds.index("Roll call"), "red before amber"
    assert ("Call", "Tell Client") not in found, "it waits for the detail leader"
    assert watch.wall(leader)["rows"][0]["tone"] == "red"


def test_an_alert_is_taken_with_its_steps(operator, relief, operation):
    asked = alert(operation)
    handling = services.take(actor=operator, alert=asked)
    assert alerts.alert(operator, asked.pk).acknowledged_by == operator
    assert services.take(actor=relief, alert=asked).pk == handling.pk
    row = watch.queued(operator, asked.pk)
    assert row["procedure"].id == "duress" and row["steps"][0]["mark"].step == "take"
    with pytest.raises(Refused, match="for a reason"):
        services.mark_step(actor=operator, handling=handling, step="place", skipped=True)
    services.mark_step(actor=operator, handling=handling, step="place", note="no fix", skipped=True)
    with pytest.raises(Refused, match="no such step"):
        services.mark_step(actor=operator, handling=handling, step="dance")
    services.relieve(actor=relief, handling=handling)
    assert watch.queued(relief, asked.pk)["handling"].taken_by == relief
    assert watch.queued(relief, asked.pk)["next"]["step"].id == "silent"
    assert any(
        words.startswith("Step left out: Read the last position") for words in told(operation)
    )


def test_the_queue_has_the_most_urgent_first(operator, operation):
    alert(operation, "Rain", source="signal", urgency="attention")
    alert(operation, "Press")
    titles = [row["alert"].title for row in watch.queue(operator)]
    assert titles == ["Press", "Rain"]


def test_officers_keep_no_watch(operation):
    officer = factories.member(operation, Role.OFFICER)
    asked = alert(operation)
    with pytest.raises(NotFound):
        watch.queued(officer, asked.pk)
    with pytest.raises(Denied):
        services.take(actor=officer, alert=asked)
    assert watch.wall(officer)["rows"] == [] and watch.queue(officer) == []
    analyst = factories.member(operation, Role.ANALYST)
    assert watch.wall(analyst)["rows"]
    with pytest.raises(Denied):
        services.take(actor=analyst, alert=asked)


def test_the_watch_changes_hands_with_what_is_open(operator, relief, leader, operation):
    alert(operation)
    incidents.report_incident(actor=leader, operation=operation, kind="medical", title="Faint")
    change = services.hand_over_watch(actor=operator, words="Coffee is cold")
    (row,) = watch.change_of_watch(relief, change)
    assert row.content["incidents"][0] == "Incident 1, Faint: reported, no commander"
    assert any("Cry for help" in line for line in row.content["alerts"])
    with pytest.raises(Refused, match="somebody else"):
        services.take_watch(actor=operator, change=change)
    services.take_watch(actor=relief, change=change)
    assert watch.change_of_watch(relief, change)[0].taken_by == relief
    words = told(operation)
    assert "Pia Operator hands over the watch: 1 incident, 2 alerts" in words
    assert "Rolf Relief has the watch, from Pia Operator" in words
    stranger = factories.member(factories.operation(), Role.OPERATOR)
    with pytest.raises(NotFound):
        watch.change_of_watch(stranger, change)


def test_the_price_of_the_wall(leader, django_assert_max_num_queries):
    contract = factories.engagement(leader)
    who = factories.principal(contract)
    for number in range(8):
        made = factories.operation(
            leader, engagement=contract, principal=who, title=f"Day {number}", starts=now()
        )
        Operation.objects.filter(pk=made.pk).update(state="active")
    with django_assert_max_num_queries(60):
        watch.wall(leader)
