"""Groups, shelves, chattering, nuisance and the load: fewer rings, and nothing lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests import factories

from varangian.alerts import queries, services
from varangian.alerts.models import Annunciation
from varangian.config.commands import root
from varangian.kernel import clock
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import start_duty
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def raised(operation, at=START, **given):
    fields = {"title": "Storm on leg 2", "source": "signal", "dedupe": "storm:2", **given}
    with clock.frozen(at):
        return services.raise_alert(operation=operation, **fields)


def test_the_first_of_a_place_asks_for_all_of_them(leader, operation):
    first = raised(operation, dedupe="1", place="gate", title="Camera 1")
    second = raised(operation, START + timedelta(seconds=30), dedupe="2", place="gate")
    elsewhere = raised(operation, START + timedelta(seconds=30), dedupe="3", place="lobby")
    later = raised(operation, START + timedelta(seconds=90), dedupe="4", place="gate")
    worse = raised(
        operation, START + timedelta(seconds=31), dedupe="5", place="gate", urgency="now"
    )
    assert second.group_id == first.pk and second.next_at is None
    assert not any(one.group_id for one in (elsewhere, later, worse))
    shown = {row.pk: row.group_size for row in queries.alerts(leader)}
    assert second.pk not in shown and shown[first.pk] == 1 and len(shown) == 4
    assert queries.open_count(leader) == 4
    assert [row.pk for row in queries.group_of(leader, first)] == [second.pk]


def test_what_comes_after_a_person_has_seen_the_first_asks_for_itself(leader, operation):
    with clock.frozen(START):
        services.acknowledge(actor=leader, alert=raised(operation, dedupe="1", place="gate"))
    later = raised(operation, START + timedelta(seconds=9), dedupe="2", place="gate")
    assert later.group_id is None and later.next_at


def test_whoever_has_seen_the_first_has_seen_the_group_and_its_end_lets_the_rest_ask(
    leader, operation
):
    first, second, third = (
        raised(operation, START + timedelta(seconds=n), dedupe=f"{n}", place="gate")
        for n in range(3)
    )
    services.dismiss(actor=leader, alert=first, reason="A cat")
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.group_id is None and second.next_at and third.group_id == second.pk
    services.acknowledge(actor=leader, alert=second)
    third.refresh_from_db()
    assert third.state == "acknowledged" and third.acknowledged_by == leader


def test_a_shelf_has_a_reason_and_an_end(leader, operation):
    alert = raised(operation)
    for minutes, reason in ((10, " "), (0, "x"), (481, "x")):
        with pytest.raises(Refused):
            services.shelve(actor=leader, alert=alert, minutes=minutes, reason=reason)
    with clock.frozen(START):
        services.shelve(actor=leader, alert=alert, minutes=10, reason="Lift is being mended")
    assert not queries.alerts(leader) and queries.open_count(leader) == 0
    assert [row.pk for row in queries.alerts(leader, view="shelved")] == [alert.pk]
    with clock.frozen(START + timedelta(minutes=9)):
        assert services.escalate() == 0
    with clock.frozen(START + timedelta(minutes=10)):
        services.escalate()
    (back,) = queries.alerts(leader)
    assert (back.state, back.shelved_until, back.shelf_reason) == ("raised", None, "")


def test_what_gets_worse_comes_off_the_shelf(leader, operation):
    alert = raised(operation)
    services.shelve(actor=leader, alert=alert, minutes=60, reason="Known")
    raised(operation, urgency="now")
    assert [row.pk for row in queries.alerts(leader)] == [alert.pk]


@pytest.mark.parametrize(("urgency", "shelved"), [("attention", True), ("now", False)])
def test_what_chatters_is_shelved_by_the_engine_unless_it_is_for_now(
    leader, operation, urgency, shelved
):
    for number in range(4):
        alert = raised(operation, START + timedelta(seconds=number), urgency=urgency)
        if number < 3:
            services.close(actor=leader, alert=alert)
    assert (alert.shelved_until is not None) is shelved
    if shelved:
        assert "raised 4 times in 60 s" in alert.shelf_reason and alert.shelved_by is None


def test_acknowledged_and_left_alone_is_raised_again(leader, operation):
    alert = raised(operation, urgency="now")
    with clock.frozen(START):
        services.acknowledge(actor=leader, alert=alert)
    with clock.frozen(START + timedelta(minutes=16)):
        services.escalate()
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_at) == ("raised", None)
    with clock.frozen(START + timedelta(minutes=17)):
        services.respond(actor=leader, alert=alert)
    with clock.frozen(START + timedelta(days=1)):
        assert services.escalate() == 0
    alert.refresh_from_db()
    assert (alert.state, alert.assigned_to) == ("responding", leader)


def test_seen_and_passed_expires_unseen_stays(leader, operation):
    seen = raised(operation, dedupe="1", ends=START)
    raised(operation, dedupe="2", ends=START)
    with clock.frozen(START):
        services.acknowledge(actor=leader, alert=seen)
    with clock.frozen(START + timedelta(hours=2)):
        assert services.expire() == 1
    seen.refresh_from_db()
    assert (seen.state, seen.reason) == ("expired", "Its time is over")
    assert queries.open_count(leader) == 1


def test_nothing_asks_for_an_operation_that_is_over(leader, operation):
    raised(operation)
    raised(operation, source="duress", dedupe="press", urgency="now")
    operation.state = "closed"
    operation.save()
    services.escalate()
    assert {a.source: a.state for a in queries.alerts(leader)} == {
        "signal": "raised",
        "duress": "notified",
    }


def test_one_that_cannot_be_taken_on_does_not_hold_up_the_others(operation, leader, monkeypatch):
    from varangian.alerts.services import engine

    bad, good = (raised(operation, dedupe=f"{n}") for n in range(2))
    real = engine.notifying.notify

    def notify(alert, step) -> tuple[str, bool]:
        if alert.pk == bad.pk:
            raise ValueError("spoilt")
        return real(alert, step)

    monkeypatch.setattr(engine.notifying, "notify", notify)
    with clock.frozen(START):
        for _ in range(2):
            services.escalate()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("notified", "raised")
    assert bad.next_at == START + timedelta(seconds=30)


def test_the_load_counts_time_that_somebody_watched(leader, operation):
    with clock.frozen(START):
        start_duty(actor=leader, operation=operation)
    for number in range(12):
        raised(operation, START + timedelta(seconds=number), dedupe=f"{number}")
    raised(operation, START + timedelta(minutes=30), dedupe="late", urgency="now")
    first = queries.alerts(leader, view="all").get(dedupe="3")
    services.report_nuisance(actor=leader, alert=first, words="A cat again")
    assert services.report_nuisance(actor=leader, alert=first).words == "A cat again"
    with clock.frozen(START + timedelta(seconds=90)):
        services.acknowledge(actor=leader, alert=first)
    with clock.frozen(START + timedelta(minutes=59)):
        page = queries.load(leader, days=1)
    load = page.load
    assert (load.asked, load.slots, load.peak, load.watched) == (13, 6, 12, True)
    assert load.per_slot == pytest.approx(13 / 6) and load.band == "over-demanding"
    assert load.flood_percent == pytest.approx(100 / 6)
    assert page.answer.middle == 87 and page.waiting == 12
    assert [row.alert.pk for row in page.causes] == [first.pk]
    assert {row.urgency: row.count for row in load.shares} == {
        "inform": 0,
        "attention": 12,
        "now": 1,
    }


def test_a_stranger_counts_nothing(operation):
    raised(operation)
    assert Annunciation.objects.count() == 1
    assert queries.load(factories.person(), days=30).load.asked == 0


def test_screens(leader, operation):
    first = raised(operation, dedupe="1", place="gate", title="Camera 1")
    raised(operation, START + timedelta(seconds=3), dedupe="2", place="gate", title="Camera 2")
    services.escalate()
    browser = factories.signed_in(leader)
    assert b"and 1 more" in browser.get("/alerts/").content
    page = browser.get(f"/alerts/{first.pk}/").content
    assert b"Camera 2" in page and b"Who was told" in page and first.code.encode() in page
    assert browser.get(f"/alerts/code/{first.code}/").headers["Location"] == f"/alerts/{first.pk}/"
    assert browser.get("/alerts/code/zzzz/").status_code == 404
    browser.post(f"/alerts/{first.pk}/nuisance/", {"words": "A cat"})
    answer = browser.post(f"/alerts/{first.pk}/shelve/", {"minutes": "5", "reason": ""})
    assert answer.status_code == 422
    browser.post(f"/alerts/{first.pk}/shelve/", {"minutes": "5", "reason": "Lift"})
    assert b"Lift" in browser.get("/alerts/?view=shelved").content
    browser.post(f"/alerts/{first.pk}/unshelve/")
    browser.post(f"/alerts/{first.pk}/respond/")
    assert b"responding" in browser.get("/alerts/").content
    load = browser.get("/alerts/load/?days=1").content
    assert b"Alarm load" in load and b"Camera 1" in load
    assert browser.get("/alerts/load/?days=9").status_code == 200


def test_screens_of_ones_own_devices_and_of_the_administrator(leader):
    boss = factories.signed_in(factories.person("Boss", is_administrator=True))
    mine = factories.signed_in(leader)
    assert b"calls nobody outside" in mine.get("/alerts/reach/").content
    assert mine.get("/alerts/channels/").status_code == 403
    boss.post("/alerts/channels/push/", {"on": "1", "hosts": "push.example.org"})
    boss.post("/alerts/channels/webhook/", {"on": "1", "hosts": "hooks.example.org"})
    assert b"push.example.org" in boss.get("/alerts/channels/").content
    key = mine.get("/alerts/push/key/").json()["key"]
    given = {"endpoint": "https://push.example.org/x", "keys": {"p256dh": key, "auth": "AAAA"}}
    made = mine.post("/alerts/push/", json.dumps(given), content_type="application/json")
    assert made.status_code == 201
    for spoilt in (b"{", b"[]", b'{"keys": 1}', b"x" * 5000):
        answer = mine.post("/alerts/push/", spoilt, content_type="application/json")
        assert answer.status_code == 422, spoilt[:10]
    mine.post("/alerts/reach/add/", {"url": "jsons://hooks.example.org/x", "from_urgency": "now"})
    shown = mine.get("/alerts/reach/").content
    assert b"hooks.example.org/x" not in shown and b"webhook" in shown
    assert mine.post(f"/alerts/push/{made.json()['id']}/remove/").status_code == 302
    assert boss.post(f"/alerts/push/{made.json()['id']}/remove/").status_code == 404
    assert b"showNotification" in b"".join(mine.get("/alerts/worker.js").streaming_content)


def test_api_and_console(leader, operation, capsys):
    alert = raised(operation, urgency="now")
    services.escalate()
    head = {"Authorization": f"Bearer {issue_token(user=leader, label='t', writes=True)[1]}"}
    client = Client(headers=head)

    def post(path, **body):
        return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")

    (told,) = client.get(f"/api/v1/alerts/{alert.pk}/deliveries").json()["items"]
    assert (told["channel"], told["state"]) == ("screen", "sent")
    assert post(f"/alerts/{alert.pk}/shelve", minutes=5, reason="x").json()["shelved_until"]
    assert post(f"/alerts/{alert.pk}/shelve", minutes=999, reason="x").status_code == 422
    assert post(f"/alerts/{alert.pk}/unshelve").json()["shelved_until"] is None
    assert post(f"/alerts/{alert.pk}/nuisance", words="cat").status_code == 201
    assert post(f"/alerts/{alert.pk}/respond").json()["state"] == "responding"
    assert client.get("/api/v1/alert-load?days=30").json()["causes"][0]["nuisance"] == 1
    assert post("/me/channels", url="ntfys://ntfy.sh/t").status_code == 422
    assert root(["channel", "on", "ntfy"]) == root(["channel", "list"]) == 0
    made = post("/me/channels", url="ntfys://ntfy.sh/t").json()
    assert client.get("/api/v1/me/channels").json()["items"] == [made] and "url" not in made
    assert client.delete(f"/api/v1/me/channels/{made['id']}").status_code == 204
    who = ["--as", leader.email]
    with pytest.raises(Denied):
        root([*who, "channel", "on", "ntfy"])
    assert root([*who, "channel", "add", "ntfys://ntfy.sh/t", "--label", "Mine"]) == 0
    with pytest.raises(NotFound):
        root([*who, "channel", "remove", str(alert.pk)])
    capsys.readouterr()
    assert root([*who, "alert", "who", str(alert.pk), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["person"] == "Leader One"
    assert root([*who, "alert", "load", "--json", "--days", "30"]) == 0
    assert root([*who, "alert", "nuisance", str(alert.pk)]) == 0
    assert root([*who, "alert", "respond", str(alert.pk)]) == 0
    assert root([*who, "alert", "shelve", str(alert.pk), "--minutes", "5", "--reason", "x"]) == 0


@pytest.mark.parametrize("role", [Role.DRIVER, Role.CLIENT])
def test_who_may_not_see_alerts_is_never_asked(operation, role):
    user = factories.member(operation, role)
    alert = raised(operation, source="duress", urgency="now")
    services.escalate()
    assert not alert.deliveries.filter(person=user).exists()
    with pytest.raises(Denied):
        services.respond(actor=user, alert=alert)
