"""Incidents from the report to the review: states, command, tasks, calls, evidence, figures."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from tests import factories

from varangian.alerts import queries as alerts
from varangian.alerts.services import raise_alert
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.platform.access import unseen
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.storage import services as storage
from varangian.protection.models import Command, Incident, Notification
from varangian.protection.printing import incident_pdf, printed
from varangian.protection.queries import incidents
from varangian.protection.services import casualty
from varangian.protection.services import incidents as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))


@pytest.fixture
def driver(operation):
    return factories.member(operation, Role.DRIVER, factories.person("Dan Driver"))


def report(actor, operation, **given):
    fields = {"kind": "medical", "title": "Guest collapsed at the buffet", **given}
    return services.report_incident(actor=actor, operation=operation, **fields)


def told(operation):
    return [row.body["event"] for row in log.entries(SYSTEM, operation)][::-1]


def figures(leader, incident):
    return {one.key: one.seconds for one in incidents.after_action(leader, incident)}


def test_a_report_brings_tasks_and_the_people_to_tell(leader, driver, operation):
    incident = report(driver, operation, where="Second floor")
    assert (incident.serial, incident.state, incident.severity) == (1, "reported", "serious")
    assert incidents.tasks(leader, incident).count() == 4
    rows = {node["row"].node: node for node in incidents.tree(leader, incident)}
    assert rows["hospital"]["blocked"] and not rows["ambulance"]["blocked"]
    assert (rows["hospital"]["depth"], rows["ambulance"]["depth"]) == (1, 0)
    assert "Incident 1 reported, serious: Guest collapsed at the buffet" in told(operation)


def test_somebody_is_asked_to_command(leader, driver, operation):
    incident = report(driver, operation)
    (asked,) = alerts.alerts(leader)
    assert (asked.source, asked.urgency, asked.about) == ("incident", "now", incident.pk)
    services.take_command(actor=leader, incident=incident)
    assert not alerts.alerts(leader).exists()


def test_one_alert_opens_one_incident_and_gives_its_time(leader, operation):
    alert = raise_alert(
        operation=operation, title="Cry", source="system", dedupe="a", urgency="now"
    )
    later = alert.raised_at + timedelta(seconds=40)
    with frozen(later):
        first = report(leader, operation, alert=alert)
        assert report(leader, operation, alert=alert).pk == first.pk
        services.take_command(actor=leader, incident=first)
    assert figures(leader, first)["acknowledge"] == 40


def test_the_life_and_the_figures_come_from_the_log(leader, officer, operation):
    begun = now()
    with frozen(begun):
        incident = report(officer, operation, started_at=begun - timedelta(seconds=30))
    with frozen(begun + timedelta(seconds=20)):
        services.take_command(actor=leader, incident=incident)
    first = incidents.notifications(leader, incident)[0]
    with frozen(begun + timedelta(seconds=45)):
        services.record_notification(actor=leader, notification=first, result="reached")
    with frozen(begun + timedelta(seconds=90)):
        services.first_arrival(actor=officer, incident=incident)
        services.first_arrival(actor=officer, incident=incident)
    with frozen(begun + timedelta(seconds=300)):
        services.set_state(actor=leader, incident=incident, state="contained")
        services.set_state(
            actor=leader, incident=incident, state="handed_over", handed_to="Ambulance crew"
        )
    done = services.set_state(actor=leader, incident=incident, state="closed", note="calm")
    assert figures(leader, done) == {
        "detect": 30,
        "notify": 45,
        "acknowledge": 20,
        "arrive": 90,
        "secure": 300,
        "hand_over": 300,
    }
    for one in incidents.after_action(leader, done):
        assert all(log.entry(leader, operation, serial) for serial in one.entries)
    words = told(operation)
    assert words.count("Incident 1: Amara Officer is on the scene") == 1
    assert "Incident 1 handed over to Ambulance crew" in words
    assert log.chain_state(leader, operation).broken is None


def test_a_closed_incident_takes_no_more_until_it_is_opened_again(leader, operation):
    incident = report(leader, operation)
    services.take_command(actor=leader, incident=incident)
    incident = services.set_state(actor=leader, incident=incident, state="closed")
    assert incidents.commander(leader, incident) is None
    with pytest.raises(Refused, match="closed"):
        services.add_task(actor=leader, incident=incident, title="Late task")
    with pytest.raises(Refused, match="written down"):
        services.set_state(actor=leader, incident=incident, state="reviewed")
    done = services.review_incident(
        actor=leader, incident=incident, happened="Fainted", improve="Water"
    )
    assert done.state == "reviewed" and done.review["by"] == "Lea Leader"


def test_one_commander_at_a_time_with_a_handover_that_is_accepted(leader, officer, operation):
    incident = report(leader, operation)
    services.take_command(actor=leader, incident=incident)
    assert incidents.incident(leader, incident.pk).state == "active"
    with pytest.raises(Refused, match="Lea Leader commands"):
        services.take_command(actor=officer, incident=incident)
    with pytest.raises(Refused, match="was not offered"):
        services.accept_command(actor=officer, incident=incident)
    services.offer_command(actor=leader, incident=incident, to=officer, brief="All out, one hurt")
    assert incidents.commander(leader, incident).person == leader, "until it is accepted"
    services.accept_command(actor=officer, incident=incident)
    assert incidents.commander(leader, incident).person == officer
    assert "Incident 1: Amara Officer has command, handed over by Lea Leader" in told(operation)
    services.take_command(actor=leader, incident=incident, reason="Officer is hurt")
    held = Command.objects.filter(incident=incident, ended_at=None)
    assert [row.person for row in held] == [leader]


def test_the_database_itself_refuses_a_second_commander(leader, officer, operation):
    incident = report(leader, operation)
    services.take_command(actor=leader, incident=incident)
    with pytest.raises(IntegrityError), transaction.atomic():
        Command.objects.create(
            compartment_id=incident.compartment_id, key_id=incident.key_id, incident=incident,
            person=officer, accepted_at=now(),
        )  # fmt: skip


def test_tasks_are_ended_by_their_owner_or_by_command(leader, officer, driver, operation):
    incident = report(leader, operation)
    task = services.add_task(actor=leader, incident=incident, title="Lift", owner=driver)
    with pytest.raises(Refused, match="not of the team"):
        services.add_task(actor=leader, incident=incident, title="No", owner=factories.person())
    other = incidents.tasks(leader, incident)[0]
    with pytest.raises(Denied):
        services.end_task(actor=driver, task=other)
    assert services.end_task(actor=driver, task=task, note="held").state == "done"
    with pytest.raises(Refused, match="done"):
        services.end_task(actor=driver, task=task)
    with pytest.raises(Refused, match="for a reason"):
        services.end_task(actor=leader, task=other, dropped=True)


def test_the_tree_waits_for_the_one_before(leader, operation):
    incident = report(leader, operation)
    late = now() + timedelta(hours=1)
    rows = {row.node: row for row in incidents.notifications(leader, incident)}
    with frozen(late):
        tree = {node["row"].node: node for node in incidents.tree(leader, incident)}
        assert tree["ambulance"]["late"] and not tree["hospital"]["late"]
        record = services.record_notification
        record(actor=leader, notification=rows["ambulance"], result="no_answer")
        record(actor=leader, notification=rows["ambulance"], result="reached", note="12 min")
        tree = {node["row"].node: node for node in incidents.tree(leader, incident)}
        assert not tree["hospital"]["blocked"]
    assert Notification.objects.get(pk=rows["ambulance"].pk).tries == 2
    with pytest.raises(Refused, match="Say why"):
        record(actor=leader, notification=rows["client"], result="not_needed")


def test_evidence_is_named_by_its_hash_and_proved_when_read(leader, driver, operation):
    incident = report(leader, operation)
    data = b"a picture of the exit"
    add = services.add_evidence
    exhibit = add(actor=driver, incident=incident, data=data, name="exit.jpg")
    assert add(actor=leader, incident=incident, data=data, name="copy.jpg").pk == exhibit.pk
    digest = sha256(data).hexdigest()
    assert exhibit.sha256 == digest and any(digest in words for words in told(operation))
    assert services.read_evidence(actor=leader, exhibit=exhibit) == data
    assert incidents.exhibits(driver, incident).count() == 0, "who adds does not read"
    exhibit.file = storage.keep(
        data=b"another", name="x", media_type="x", key=incident.key,
        compartment_id=incident.compartment_id,
    )  # fmt: skip
    with pytest.raises(Refused, match="SHA-256 differs"):
        services.read_evidence(actor=leader, exhibit=exhibit)


def test_a_casualty_card_and_the_hospital_to_go_to(leader, officer, operation):
    near = factories.place(operation, kind="hospital", name="Near", position=[60.171, 24.941])
    centre = factories.place(operation, kind="trauma_centre", name="Far", position=[60.2, 25.0])
    incident = report(leader, operation, position=[60.17, 24.94])
    found = incidents.nearest_hospitals(leader, incident)
    assert [row["place"].pk for row in found] == [centre.pk, near.pk] and found[0]["first"]
    assert 4 < found[0]["km"] < 6
    card = casualty.add_casualty(actor=officer, incident=incident, who="Guest, grey suit")
    casualty.write_casualty(actor=officer, casualty=card, priority="p1", avpu="v", pulse="130")
    casualty.write_casualty(actor=officer, casualty=card, tourniquet="left leg")
    assert incidents.card(leader, card)["avpu"].value == "V"
    assert incidents.casualty(leader, card.pk).priority == "p1"
    casualty.hand_over_casualty(actor=officer, casualty=card, to="Crew 12", hospital=centre)
    with pytest.raises(Refused, match="handed over"):
        casualty.write_casualty(actor=officer, casualty=card, note="late")
    assert not any("grey suit" in words for words in told(operation)), "the log names the card only"
    analyst = factories.member(operation, Role.ANALYST)
    with pytest.raises(NotFound):
        incidents.casualty(analyst, card.pk)


def test_the_time_line_fills_itself(leader, operation):
    incident = report(leader, operation)
    raise_alert(operation=operation, title="Smoke", source="system", dedupe="b", urgency="now")
    services.take_command(actor=leader, incident=incident)
    words = [row.body["event"] for row in incidents.timeline(leader, incident)]
    assert "Incident 1: Lea Leader takes command" in words
    assert any(line.startswith("Alert, act now: Smoke") for line in words)


def test_an_exercise_is_marked_everywhere(leader, operation):
    incident = report(leader, operation, drill=True)
    assert any(words.startswith("EXERCISE EXERCISE EXERCISE: ") for words in told(operation))
    assert printed(leader, incident)["house"]["title"].startswith("EXERCISE")
    node = incidents.tree(leader, incident)[0]
    assert node["simulated"], "nobody outside is rung"


def test_the_report_prints(leader, operation):
    incident = report(leader, operation)
    services.take_command(actor=leader, incident=incident)
    assert incident_pdf(leader, incident).startswith(b"%PDF")


def test_what_is_kept_from_the_sender_of_a_duress_call(leader, officer, operation):
    incident = report(leader, operation, kind="duress", title="Amara presses")
    Incident.objects.filter(pk=incident.pk).update(silent_for=officer)
    assert not incidents.incidents(officer).exists()
    assert incident.pk in unseen.kept_from(officer) and not unseen.kept_from(leader)
    with pytest.raises(NotFound):
        incidents.incident(officer, incident.pk)
    task = incidents.tasks(leader, incident)[0]
    with pytest.raises(NotFound):
        incidents.task(officer, task.pk)
    assert incidents.incident(leader, incident.pk)
    services.set_state(actor=leader, incident=incident, state="closed")
    assert incidents.incident(officer, incident.pk), "after it is over"


def test_strangers_and_the_client(leader, operation):
    incident = report(leader, operation)
    for user in (factories.person(), factories.member(operation, Role.CLIENT)):
        with pytest.raises(NotFound):
            incidents.incident(user, incident.pk)
        with pytest.raises(Refused):
            report(user, operation)
