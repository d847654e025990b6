"""Buttons over MQTT: a press calls, silence is an alert, and the broker lets devices only speak."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts import queries as alerts
from varangian.kernel.clock import now
from varangian.protection.services import silence
from varangian.tracking.gateway.broker import Broker, account, configuration
from varangian.tracking.gateway.topics import meaning
from varangian.tracking.models import Pulse
from varangian.tracking.services.devices import enrol, revoke
from varangian.tracking.services.pulses import beat, watch_pulses


@pytest.fixture
def button():
    leader = factories.person("Lea Leader")
    operation = factories.operation(leader)
    type(operation).objects.filter(pk=operation.pk).update(state="active")
    device, _ = enrol(
        actor=leader,
        operation=operation,
        kind="button",
        label="Lobby",
        outside_id="b1",
        period_s=60,
    )
    return leader, device


def asked(leader):
    return alerts.alerts(leader).filter(source="device").count()


@pytest.mark.django_db
def test_a_silent_button_is_an_alert_until_it_is_heard_again(button):
    leader, device = button
    beat({device.pk: 0.8})
    assert watch_pulses() == 0
    Pulse.objects.update(heard_at=now() - timedelta(seconds=119))
    assert watch_pulses() == 0
    Pulse.objects.update(heard_at=now() - timedelta(seconds=121))
    assert watch_pulses() == 1 and watch_pulses() == 0
    assert asked(leader) == 1 and silence.settle() == 0
    beat({device.pk: None})
    assert silence.settle() == 1 and asked(leader) == 0
    assert Pulse.objects.get().battery == 0.8


@pytest.mark.django_db
def test_a_button_that_was_never_heard_is_silent_too(button):
    leader, device = button
    type(device).objects.update(enrolled_at=now() - timedelta(minutes=5))
    assert watch_pulses() == 1 and asked(leader) == 1
    revoke(actor=leader, device=device)
    assert silence.settle() == 1 and asked(leader) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_accounts_are_made_once_for_the_service_alone(tmp_path):
    known = account(tmp_path / "gateway")
    assert account(tmp_path / "gateway") == known
    assert (tmp_path / "gateway" / "accounts.json").stat().st_mode & 0o077 == 0
    text = configuration(tmp_path / "gateway", "127.0.0.1:1883", 4222, ("c.pem", "k.pem"))
    assert known.device in text and 'cert_file: "c.pem"' in text


@pytest.fixture
def broker(tmp_path):
    pytest.importorskip("paho.mqtt", reason="the extra mqtt is not installed")
    found = Broker(tmp_path / "gateway", "127.0.0.1", free_port(), None)
    found.start()
    yield found
    found.stop()


def client(broker, user, name, **more):
    from paho.mqtt.client import Client, MQTTv311
    from paho.mqtt.enums import CallbackAPIVersion

    made = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv311, **more)
    made.username_pw_set(user, getattr(account(broker.folder), user))
    made.connect("127.0.0.1", broker.port)
    made.loop_start()
    return made


def close(made):
    made.disconnect()
    made.loop_stop()


def test_what_was_not_acknowledged_is_delivered_again_and_devices_cannot_listen(broker):
    heard, refused, listens = [], [], threading.Event()
    first = client(broker, "house", "gateway", clean_session=False, manual_ack=True)
    first.on_message = lambda _c, _d, told: heard.append(told)
    first.on_subscribe = lambda *_: listens.set()
    first.subscribe("shellies/#", 1)
    assert listens.wait(20)
    spy = client(broker, "device", "spy")
    spy.on_subscribe = lambda _c, _d, _mid, codes, _p: refused.extend(c.is_failure for c in codes)
    spy.subscribe("shellies/#", 1)
    button = client(broker, "device", "button")
    payload = b'{"event": "L", "event_cnt": 3}'
    button.publish("shellies/b1/input_event/0", payload, 1).wait_for_publish(10)
    wait(lambda: heard)
    close(first)
    again = threading.Event()
    second = client(broker, "house", "gateway", clean_session=False, manual_ack=True)
    second.on_message = lambda c, _d, told: (c.ack(told.mid, told.qos), again.set())
    assert again.wait(40), "the broker kept what the gateway had not acknowledged"
    wait(lambda: refused)
    assert refused == [True]
    assert meaning(heard[0].topic, heard[0].payload).pressed
    for one in (spy, button, second):
        close(one)


def wait(found, seconds=20):
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.05)
    assert found()
