"""The one way to ask a person to act."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests import factories

from varangian.alerts import queries, services
from varangian.alerts.models import Alert
from varangian.kernel import clock
from varangian.kernel.ids import new_id
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def raised(operation, **fields) -> Alert:
    given = {"title": "Storm on leg 2", "source": "signal", "dedupe": "storm:2", **fields}
    return services.raise_alert(operation=operation, **given)


def test_the_same_cause_asks_once(leader, operation):
    first = raised(operation, minutes=20)
    second = raised(operation, minutes=35, title="Storm on leg 2, growing")
    assert first.pk == second.pk
    (alert,) = queries.alerts(leader)
    assert (alert.minutes, alert.title) == (35, "Storm on leg 2, growing")
    texts = [row.body["event"] for row in log.entries(leader, operation)]
    assert texts[0].startswith("Alert changed") and texts[1].startswith("Alert, attention")


def test_nothing_new_says_nothing(leader, operation):
    raised(operation, minutes=20)
    before = log.entries(leader, operation).count()
    raised(operation, minutes=20)
    assert log.entries(leader, operation).count() == before


def test_acknowledge_is_a_persons_and_safe_to_repeat(leader, operation):
    alert = raised(operation)
    with pytest.raises(Refused, match="named person"):
        services.acknowledge(actor=SYSTEM, alert=alert)
    services.acknowledge(actor=leader, alert=alert)
    again = services.acknowledge(actor=leader, alert=alert)
    assert (again.state, again.acknowledged_by) == ("acknowledged", leader)
    acknowledged = [r for r in log.entries(leader, operation) if "acknowledged" in r.body["event"]]
    assert len(acknowledged) == 1


def test_more_urgent_waits_for_a_person_again(leader, operation):
    alert = services.acknowledge(actor=leader, alert=raised(operation))
    worse = raised(operation, urgency="now")
    assert (worse.pk, worse.state, worse.acknowledged_at) == (alert.pk, "raised", None)


def test_dismissal_needs_a_reason_and_is_remembered(leader, operation):
    alert = raised(operation, minutes=20)
    with pytest.raises(Refused, match="reason"):
        services.dismiss(actor=leader, alert=alert, reason="  ")
    services.dismiss(actor=leader, alert=alert, reason="Leg goes by tunnel")
    assert raised(operation, minutes=20).pk == alert.pk
    assert queries.open_count(leader) == 0
    assert raised(operation, minutes=50).pk != alert.pk
    assert queries.open_count(leader) == 1


def test_closed_alerts_take_no_more_answers(leader, operation):
    alert = services.close(actor=leader, alert=raised(operation), reason="Rerouted")
    for act in (services.acknowledge, services.close):
        with pytest.raises(Refused, match="resolved already"):
            act(actor=leader, alert=alert)


def test_assign_only_to_those_who_handle_alerts(leader, operation):
    alert = raised(operation)
    officer = factories.member(operation, Role.OFFICER)
    assert services.assign(actor=leader, alert=alert, to=officer).state == "raised"
    assert [a.pk for a in queries.alerts(officer, view="mine")] == [alert.pk]
    for wrong in (factories.member(operation, Role.DRIVER), factories.person()):
        with pytest.raises(Refused, match="does not handle"):
            services.assign(actor=leader, alert=alert, to=wrong)


def test_supersede_ends_what_a_record_asked_for(leader, operation):
    about, other = new_id(), new_id()
    for number in range(2):
        raised(operation, dedupe=f"a:{number}", about=about)
    kept = raised(operation, dedupe="b", about=other)
    assert services.supersede(source="signal", about=about, reason="Cancelled by the source") == 2
    assert [a.pk for a in queries.alerts(leader)] == [kept.pk]


def test_drivers_and_strangers(operation):
    alert = raised(operation)
    driver = factories.member(operation, Role.DRIVER)
    with pytest.raises(Denied):
        services.acknowledge(actor=driver, alert=alert)
    stranger = factories.person()
    with pytest.raises(NotFound):
        services.dismiss(actor=stranger, alert=alert, reason="x")
    assert not queries.alerts(driver) and not queries.alerts(stranger)


def test_the_most_urgent_comes_first(leader, operation):
    for urgency in ("inform", "now", "attention"):
        raised(operation, urgency=urgency, dedupe=urgency)
    assert [a.urgency for a in queries.queue(leader)] == ["now", "attention", "inform"]


def test_escalation_raises_announces_and_ends(leader, operation):
    with clock.frozen(START):
        alert = raised(operation)
        assert services.escalate() == 0
    with clock.frozen(START + timedelta(minutes=15)):
        assert services.escalate() == 1
        assert services.escalate() == 0
    alert.refresh_from_db()
    assert (alert.urgency, alert.escalations) == ("now", 1)
    assert "not acknowledged for 15 min" in log.entries(leader, operation).first().body["event"]
    rounds = 0
    for minutes in range(16, 300):
        with clock.frozen(START + timedelta(minutes=minutes)):
            rounds += services.escalate()
    assert rounds == 13, "the shift once, everybody twelve times"


def test_acknowledged_alerts_are_left_alone(leader, operation):
    with clock.frozen(START):
        services.acknowledge(actor=leader, alert=raised(operation))
    with clock.frozen(START + timedelta(days=1)):
        assert services.escalate() == 0


def test_words_are_sealed(operation):
    from django.db import connection

    raised(operation, title="Protest at Senaatintori")
    with connection.cursor() as cursor:
        cursor.execute("select title from alerts_alert")
        assert b"Senaatintori" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("role", [Role.DETAIL_LEADER, Role.OFFICER, Role.ANALYST, Role.OPERATOR])
def test_screens(operation, role):
    alert = raised(operation, action="Take the tunnel", minutes=35, distance_km=2.25)
    client = factories.signed_in(factories.member(operation, role))
    assert b"Storm on leg 2" in client.get("/alerts/").content
    assert b"35 min affected" in client.get("/alerts/queue/").content
    page = client.get(f"/alerts/{alert.pk}/")
    assert page.status_code == 200 and b"Take the tunnel" in page.content
    assert client.get("/alerts/?view=closed").status_code == 200
    answer = client.post(f"/alerts/{alert.pk}/acknowledge/", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and b"acknowledged" in answer.content
    empty = client.post(f"/alerts/{alert.pk}/dismiss/", {"reason": ""})
    assert empty.status_code == 422
    client.post(f"/alerts/{alert.pk}/dismiss/", {"reason": "Leg goes by tunnel"})
    assert b"Leg goes by tunnel" in client.get("/alerts/?view=closed").content


def test_screens_of_others(operation):
    alert = raised(operation)
    for user in (factories.member(operation, Role.DRIVER), factories.person()):
        client = factories.signed_in(user)
        assert client.get(f"/alerts/{alert.pk}/").status_code == 404
        assert client.post(f"/alerts/{alert.pk}/acknowledge/").status_code == 404
        assert b"Storm" not in client.get("/alerts/").content


def test_api(leader, operation):
    alert = raised(operation)
    _, secret = issue_token(user=leader, label="t", writes=True)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get("/api/v1/alerts").json()["items"][0]["id"] == str(alert.pk)
    done = client.post(f"/api/v1/alerts/{alert.pk}/acknowledge")
    assert done.json()["acknowledged_by"] == "Leader One"
    address = f"/api/v1/alerts/{alert.pk}/assign"
    wrong = client.post(address, '{"email": "no@example.org"}', content_type="application/json")
    assert wrong.status_code == 404
    body = json.dumps({"email": leader.email})
    assert (
        client.post(address, body, content_type="application/json").json()["state"] == "responding"
    )
    gone = client.post(
        f"/api/v1/alerts/{alert.pk}/dismiss", '{"reason": "no"}', content_type="application/json"
    )
    assert gone.json()["state"] == "cancelled"


def test_command_line(leader, operation, capsys):
    from varangian.config.commands import root

    alert = raised(operation)
    assert root(["alert", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == str(alert.pk)
    with pytest.raises(Refused, match="named person"):
        root(["alert", "ack", str(alert.pk)])
    who = ["--as", leader.email]
    assert root([*who, "alert", "ack", str(alert.pk)]) == 0
    assert root([*who, "alert", "dismiss", str(alert.pk), "--reason", "done"]) == 0
    root(["alert", "list"])
    alert.refresh_from_db()
    assert alert.state == "cancelled"
