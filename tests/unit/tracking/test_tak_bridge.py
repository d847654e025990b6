"""What comes to the TAK clients from elsewhere, and what goes to the other machines."""

import asyncio
import base64
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from varangian.platform.live.hub import Frame
from varangian.tracking.queries.tak import Named
from varangian.tracking.tak import cot
from varangian.tracking.tak.bridge import Bridge
from varangian.tracking.tak.server import FORGET, Stream

from .test_tak_relay import TEAM, Client, chat, position


class House:
    """Does at once what the real one does later, and asks no database."""

    def __init__(self, named=None):
        self.stream, self.named, self.done = Stream(), named, []

    def later(self, work):
        self.done.append(asyncio.ensure_future(work))

    async def work(self, what):
        return self.named if what.func.__name__ == "named" else what.keywords["sender"]


def row(device):
    return [str(device), 60.1, 24.9, 1_795_000_000.5, 1_795_000_001.0, 90, 1.5, 8, 0.71]


def test_a_device_of_another_kind_stands_among_the_team():
    async def scene():
        device = uuid4()
        house = House(Named(f"varangian-{device}", "OSPREY <2>", 30))
        bridge = Bridge(house)
        client = Client(house.stream.relay, "A").come()
        frame = Frame("positions", "moved", {str(device): row(device)})
        bridge.hear_frame(("positions", TEAM), frame)
        await asyncio.gather(*house.done)
        bridge.hear_frame(("positions", TEAM), frame)
        bridge.hear_frame(("positions", uuid4()), frame)
        bridge.hear_frame(("other", TEAM), frame)
        return cot.parse(client.heard())

    shown = asyncio.run(scene())
    assert (shown.callsign, shown.point) == ("OSPREY <2>", (60.1, 24.9))
    assert shown.figure("detail/status", "battery") == 71
    assert shown.at == datetime.fromtimestamp(1_795_000_000.5, UTC)


def test_a_tak_client_is_not_shown_to_the_others_twice():
    async def scene():
        house = House()
        bridge = Bridge(house)
        one, two = (Client(house.stream.relay, name).come() for name in "AB")
        one.heard(), two.heard()
        frame = Frame("positions", "moved", {"x": row(one.device)})
        bridge.hear_frame(("positions", TEAM), frame)
        return house.done, two.heard()

    assert asyncio.run(scene()) == ([], b"")


def test_messages_go_to_the_other_machines_and_positions_do_not():
    async def scene():
        house = House()
        Bridge(house)
        one = Client(house.stream.relay, "A").come()
        nobody = Client(house.stream.relay, "P", circle=None).come()
        one.say(position("A", "2026-11-24T10:00:01Z"))
        nobody.say(chat(uid="plain"))
        before = len(house.done)
        one.say(chat())
        await asyncio.gather(*house.done)
        return before, len(house.done)

    assert asyncio.run(scene()) == (0, 1)


def test_what_another_machine_heard_is_heard_here_and_the_own_is_not():
    house = House()
    bridge = Bridge(house)
    client = Client(house.stream.relay, "A").come()
    client.heard()
    told = {"circle": str(TEAM), "event": base64.b64encode(chat().raw).decode()}
    bridge._arrived(json.dumps(told | {"from": bridge.me}))
    assert not client.heard()
    bridge._arrived(json.dumps(told | {"from": "another"}))
    assert b"quay" in client.heard()
    for bad in ("", "[]", "{}", json.dumps(told | {"from": "x", "event": "AA=="})):
        bridge._arrived(bad)
    assert house.stream.relay.counts["malformed"] == 4


@pytest.mark.parametrize("speaks", [True, False])
def test_who_says_nothing_more_is_not_shown_to_newcomers_for_ever(speaks):
    stream = Stream()
    relay = stream.relay
    Client(relay, "A").come()
    for minute in range(0, int(FORGET) + 120, 60):
        if speaks or minute == 0:
            relay.inject(TEAM, position("other", f"2026-11-24T10:{minute // 60:02d}:00Z"))
        stream._forget(float(minute))
    assert ("other" in relay.group(TEAM).last) is speaks
    assert "A" in relay.group(TEAM).last
