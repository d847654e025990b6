"""From an alert to the devices of those on shift: who, over what, how often, and what is kept."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from tests import factories
from tests.integration.alerts.outside import AtOnce, outside

from varangian.alerts import queries, services
from varangian.alerts.channels import push
from varangian.alerts.models import Delivery, PersonalChannel, PushSubscription
from varangian.alerts.services import flood, sending
from varangian.kernel import clock
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations.services import start_duty
from varangian.platform.access.context import act_as, release
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.database.embedded import APP

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(sending, "_pool", AtOnce())
    monkeypatch.setattr(sending, "_rushing", AtOnce())


@pytest.fixture
def server():
    with outside() as found:
        yield found


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def browser_of(user, server, path="one") -> PushSubscription:
    services.set_switch(actor=SYSTEM, service="push", on=True, hosts=["127.0.0.1"])
    services.public_key()
    key = ec.generate_private_key(push.CURVE).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return services.subscribe(
        actor=user,
        endpoint=f"http://{server.address}/{path}",
        p256dh=push._coded(point),
        auth=push._coded(b"0123456789abcdef"),
    )


def address_of(user, server, **given) -> PersonalChannel:
    services.set_switch(actor=SYSTEM, service="webhook", on=True, hosts=["127.0.0.1"])
    return services.add_channel(actor=user, url=f"json://{server.address}/hook", **given)


def raised(operation, **given):
    fields = {"title": "Storm on leg 2", "source": "signal", "dedupe": "storm:2", **given}
    return services.raise_alert(operation=operation, **fields)


def beat(commits, at=START) -> None:
    with clock.frozen(at), commits(execute=True):
        services.tick()


def rows(channel: str = "", **more) -> list[Delivery]:
    found = Delivery.objects.filter(**more).order_by("queued_at", "pk")
    return list(found.filter(channel=channel) if channel else found)


def test_the_beat_tells_the_desk_and_writes_down_how_it_went(
    leader, operation, server, django_capture_on_commit_callbacks
):
    address_of(leader, server)
    browser_of(leader, server)
    with clock.frozen(START):
        alert = raised(operation, urgency="now")
    beat(django_capture_on_commit_callbacks)
    alert.refresh_from_db()
    assert (alert.state, alert.rounds) == ("notified", 1)
    assert {(r.channel, r.state, r.attempts) for r in rows()} == {
        ("screen", "sent", 1),
        ("push", "sent", 1),
        ("apprise", "sent", 1),
    }
    assert all(r.person_id == leader.pk and r.latency_ms is not None for r in rows())
    hook = next(body for path, _, body in server.heard if path == "/hook")
    assert f"ALERT {alert.code}, open Varangian".encode() in hook and b"Storm" not in hook
    _, head, sealed = next(one for one in server.heard if one[0] == "/one")
    assert head["Content-Encoding"] == "aes128gcm" and head["Urgency"] == "high"
    assert head["Authorization"].startswith("vapid t=") and alert.code.encode() not in sealed
    assert f"Alert {alert.code} notified" in log.entries(leader, operation).first().body["event"]


def test_the_same_step_reaches_a_device_once(
    leader, operation, server, django_capture_on_commit_callbacks
):
    address_of(leader, server)
    raised(operation, urgency="now")
    for _ in range(3):
        beat(django_capture_on_commit_callbacks, clock.now())
    assert len(server.heard) == 1 and len(rows("apprise")) == 1


def test_roles_of_this_shift_then_wider(leader, operation, django_capture_on_commit_callbacks):
    on, off = (factories.member(operation, Role.OPERATOR) for _ in range(2))
    officer = factories.member(operation, Role.OFFICER)
    start_duty(actor=on, operation=operation)
    with clock.frozen(START):
        raised(operation, urgency="now")
    asked = []
    for seconds in (0, 121, 302, 603):
        before = {r.pk for r in rows("screen")}
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=seconds))
        asked.append({r.person_id for r in rows("screen") if r.pk not in before})
    assert asked == [{on.pk}, {on.pk}, everybody := {leader.pk, on.pk, off.pk, officer.pk},
                     everybody]  # fmt: skip


def test_what_fails_is_tried_again_and_at_last_given_up(
    leader, operation, server, django_capture_on_commit_callbacks
):
    address, server.answer = address_of(leader, server), 500
    with clock.frozen(START):
        raised(operation, urgency="now")
    for seconds in (0, 1, 3, 9, 25, 90):
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=seconds))
    (row,) = rows("apprise")
    assert (row.state, row.attempts, len(server.heard)) == ("failed", 5, 5)
    address.refresh_from_db()
    assert row.error == address.last_error == "the service did not take it"


def test_a_browser_that_is_gone_is_forgotten(
    leader, operation, server, django_capture_on_commit_callbacks
):
    browser_of(leader, server)
    server.answer = 410
    raised(operation, urgency="now")
    beat(django_capture_on_commit_callbacks, clock.now())
    (row,) = rows("push")
    assert (row.state, row.error) == ("failed", "push service answered 410")
    assert not PushSubscription.objects.exists()


def test_a_row_of_a_process_that_died_is_sent_by_another(
    leader, operation, server, django_capture_on_commit_callbacks
):
    address_of(leader, server)
    with clock.frozen(START):
        raised(operation, urgency="now")
        services.escalate()
        (row,) = rows("apprise")
        assert sending.claim(row.pk) is not None and sending.claim(row.pk) is None
    beat(django_capture_on_commit_callbacks, START + timedelta(seconds=5))
    assert not server.heard
    beat(django_capture_on_commit_callbacks, START + timedelta(seconds=40))
    row.refresh_from_db()
    assert (row.state, row.attempts, len(server.heard)) == ("sent", 2, 1)


def test_what_was_answered_meanwhile_is_not_sent(leader, operation, server):
    address_of(leader, server)
    alert = raised(operation, urgency="now")
    services.escalate()
    services.acknowledge(actor=leader, alert=alert)
    (row,) = rows("apprise")
    assert sending.claim(row.pk) is None
    row.refresh_from_db()
    assert row.state == "dropped"


@pytest.mark.parametrize("source", ["duress", "dead_man"])
def test_lives_go_out_at_the_commit_to_all_but_the_sender(
    leader, operation, server, source, django_capture_on_commit_callbacks
):
    sender = factories.member(operation, Role.OPERATOR)
    for user in (leader, sender):
        address_of(user, server)
        browser_of(user, server, user.name)
    with django_capture_on_commit_callbacks(execute=True):
        alert = raised(operation, source=source, urgency="now", silent_for=sender)
    alert.refresh_from_db()
    assert alert.state == "notified" and len(server.heard) == 2
    assert {row.person_id for row in rows()} == {leader.pk}
    assert not queries.alerts(sender) and queries.open_count(sender) == 0
    assert [row.pk for row in queries.alerts(leader)] == [alert.pk]
    with pytest.raises(NotFound):
        queries.alert(sender, alert.pk)


def test_nothing_holds_duress_back(leader, operation, django_capture_on_commit_callbacks):
    made = [
        raised(operation, source="duress", urgency="now", dedupe=f"press {n}", place="gate")
        for n in range(15)
    ]
    assert not any(alert.group_id for alert in made)
    services.tick()
    assert {row.alert_id for row in rows("screen")} == {alert.pk for alert in made}
    assert not Delivery.objects.filter(state="held").exists()
    for act in (services.dismiss, services.close):
        with pytest.raises(Refused, match="ends with what raised it"):
            act(actor=leader, alert=made[0], reason="x")
    with pytest.raises(Refused, match="never shelved"):
        services.shelve(actor=leader, alert=made[0], minutes=5, reason="x")


def test_duress_asks_again_until_somebody_answers_and_never_stops(leader, operation):
    with clock.frozen(START):
        alert = raised(operation, source="duress", urgency="now", dedupe="press")
        services.escalate()
    for seconds in range(0, 3600, 5):
        with clock.frozen(START + timedelta(seconds=seconds)):
            services.escalate()
    alert.refresh_from_db()
    assert alert.rounds > 110
    with clock.frozen(START + timedelta(hours=1)):
        services.acknowledge(actor=leader, alert=alert)
    with clock.frozen(START + timedelta(hours=1, seconds=121)):
        services.escalate()
    alert.refresh_from_db()
    assert alert.state == "raised", "acknowledged, and nobody responds"


def test_in_a_flood_a_device_rings_once_a_while_but_act_now_always_does(
    leader, operation, server, django_capture_on_commit_callbacks
):
    address_of(leader, server, from_urgency="inform")
    browser_of(leader, server)
    for number in range(14):
        with clock.frozen(START + timedelta(seconds=number)):
            raised(operation, dedupe=f"{number}")
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=number))
    states = [row.state for row in rows("push")]
    assert states == ["sent"] * 10 + ["held"] * 4, states
    with clock.frozen(START + timedelta(seconds=20)):
        raised(operation, dedupe="now", urgency="now")
    beat(django_capture_on_commit_callbacks, START + timedelta(seconds=20))
    assert rows("push")[-1].state == "sent"


def test_in_a_flood_a_device_that_told_nobody_anything_rings(
    leader, operation, server, django_capture_on_commit_callbacks
):
    """One that was subscribed a moment ago, and one whose service is out of order."""
    first = browser_of(leader, server, "one")
    for number in range(12):
        with clock.frozen(START + timedelta(seconds=number)):
            raised(operation, dedupe=f"{number}")
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=number))
    assert [row.state for row in rows("push")][-2:] == ["held", "held"]
    second = browser_of(leader, server, "two")
    with clock.frozen(START + timedelta(seconds=20)):
        raised(operation, dedupe="20")
    beat(django_capture_on_commit_callbacks, START + timedelta(seconds=20))
    assert {row.target: row.state for row in rows("push")[-2:]} == {
        first.pk: "held", second.pk: "sent"
    }  # fmt: skip
    Delivery.objects.filter(target=second.pk).update(state="due", error="answer 503", attempts=1)
    with clock.frozen(START + timedelta(seconds=21)):
        raised(operation, dedupe="21")
    beat(django_capture_on_commit_callbacks, START + timedelta(seconds=21))
    assert rows("push", target=second.pk)[-1].state == "sent"


def test_what_was_held_back_is_told_of_once_when_the_device_may_ring_again(
    leader, operation, server, django_capture_on_commit_callbacks
):
    browser_of(leader, server)
    for number in range(14):
        with clock.frozen(START + timedelta(seconds=number)):
            raised(operation, dedupe=f"{number}")
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=number))
    for seconds, released in ((60, 0), (128, 0), (131, 1), (140, 0)):
        with clock.frozen(START + timedelta(seconds=seconds)):
            assert flood.release() == released, seconds
        beat(django_capture_on_commit_callbacks, START + timedelta(seconds=seconds))
    states = [row.state for row in rows("push")]
    assert (states.count("sent"), states.count("held")) == (11, 3)
    for row in queries.alerts(leader):
        services.acknowledge(actor=leader, alert=row)
    with clock.frozen(START + timedelta(seconds=300)):
        assert flood.release() == 0, "nobody is wanted any more"


def test_nothing_leaves_before_an_administrator_says_so(leader, operation, server):
    with pytest.raises(Refused, match="off in this house"):
        services.add_channel(actor=leader, url="ntfys://ntfy.sh/topic")
    with pytest.raises(Denied):
        services.set_switch(actor=leader, service="webhook", on=True)
    address_of(leader, server)
    services.set_switch(actor=SYSTEM, service="webhook", on=False)
    raised(operation, urgency="now")
    services.escalate()
    assert not rows("apprise")


def test_an_address_is_its_owners_and_sealed(leader, server):
    address = address_of(leader, server)
    assert services.try_channel(actor=leader, pk=address.pk) == ""
    assert b"EXERCISE ALERT" in server.heard[0][2]
    with pytest.raises(NotFound):
        services.remove_channel(actor=factories.person(), pk=address.pk)
    with connection.cursor() as cursor:
        cursor.execute("select url from alerts_personalchannel")
        assert b"hook" not in bytes(cursor.fetchone()[0])
    services.remove_channel(actor=leader, pk=address.pk)
    assert not PersonalChannel.objects.exists()


def test_a_browser_belongs_to_who_used_it_last(leader, server):
    other = factories.person()
    browser_of(leader, server)
    browser_of(other, server)
    (row,) = PushSubscription.objects.all()
    assert row.user_id == other.pk
    endpoint = row.endpoint
    assert services.unsubscribe(actor=leader, endpoint=endpoint) == 0
    assert services.unsubscribe(actor=other, endpoint=endpoint) == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DRIVER])
def test_the_web_role_sends_what_it_committed_though_its_person_sees_little(
    leader, operation, server, role, django_capture_on_commit_callbacks
):
    """The committing process speaks as the plain role, in the name of whoever pressed."""
    address_of(leader, server)
    sender = factories.member(operation, role)
    with django_capture_on_commit_callbacks(execute=False) as later, plain_web(sender):
        alert = raised(operation, source="duress", urgency="now", silent_for=sender)
    with plain_web(sender):
        assert not server.heard
        while later:
            with django_capture_on_commit_callbacks() as more:
                for callback in later:
                    callback()
            later = more
    alert.refresh_from_db()
    assert alert.state == "notified" and len(server.heard) == 1
    assert {(row.channel, row.state) for row in rows()} == {("screen", "sent"), ("apprise", "sent")}


@contextmanager
def plain_web(user):
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {APP}")
    act_as(user)
    try:
        yield
    finally:
        release()
        with connection.cursor() as cursor:
            cursor.execute("reset role")
